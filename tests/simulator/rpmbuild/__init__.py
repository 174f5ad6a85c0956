# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A builder that builds packages with rpmbuild, signs them, and publishes them with createrepo_c.

``builder`` schedules the jobs of a build and knows their states. ``sources`` makes the source RPM,
with ``checkout`` and ``placeholder``; ``chroots`` makes the packages for a ``target``. A ``job``
runs the commands and writes the logs. ``keys`` signs, ``repositories`` publishes, ``parts`` lists
the programs that are needed.
"""
