# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The endpoints of the API, one module for each path they begin with."""

from __future__ import annotations

from . import (
    build_chroots,
    build_create,
    builds,
    fork,
    general,
    packages,
    permissions,
    project_chroots,
    project_extras,
    projects,
    rpmrepo,
)

ENDPOINTS = (
    general.api,
    projects.api,
    fork.api,
    permissions.api,
    project_chroots.api,
    packages.api,
    builds.api,
    build_create.api,
    build_chroots.api,
    project_extras.api,
    rpmrepo.api,
)
