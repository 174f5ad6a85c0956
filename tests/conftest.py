# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Has the collection imported as Ansible imports it, so that plugins can be loaded by name."""

from __future__ import annotations

from ansible.plugins.loader import init_plugin_loader

# Before the first import of the collection; afterwards Ansible would not find its plugins.
init_plugin_loader()
