# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection's version as requests send it; a test checks that galaxy.yml has the same."""

from __future__ import annotations

VERSION = "1.0.0"
