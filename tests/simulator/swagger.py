# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server's own description of its bodies.

It leaves out some fields that are read (delete_after_days, exclude_chroots, chroot_denylist, the
chroots of builds), and names some that are not (chroot_names, packagename). Bodies of
project-chroot/edit are not described at all; ProjectChroot is what is answered.
"""

from __future__ import annotations

from typing import Any

PROJECT = frozenset({
    *("description", "instructions", "homepage", "contact", "runtime_dependencies", "chroots"),
    *("packit_forge_projects_allowed", "unlisted_on_hp", "module_hotfixes", "appstream"),
    *("enable_net", "follow_fedora_branching", "auto_prune", "multilib", "fedora_review"),
    "devel_mode",
    *("bootstrap", "bootstrap_image", "isolation", "repo_priority"),
})  # fmt: skip
BUILD = frozenset({
    *("ownername", "projectname", "project_dirname", "chroot_names", "background", "timeout"),
    *("enable_net", "bootstrap", "isolation", "after_build_id", "with_build_id"),
})  # fmt: skip
SCM = frozenset({
    "clone_url", "committish", "subdirectory", "spec", "scm_type", "source_build_method",
})  # fmt: skip
PYPI = frozenset({
    *("pypi_package_name", "pypi_package_version", "spec_generator", "spec_template"),
    "python_versions",
})  # fmt: skip
CUSTOM = frozenset({"script", "chroot", "builddeps", "resultdir"})
PACKAGE = frozenset({"packagename", "webhook_rebuild", "max_builds", "timeout"})

DEFINITIONS: dict[str, frozenset[str]] = {
    "ProjectAdd": PROJECT | {"name", "additional_repos", "persistent", "storage"},
    "ProjectEdit": PROJECT | {"repos"},
    "ProjectFork": frozenset({"ownername", "name", "confirm"}),
    "ProjectDelete": frozenset({"verify"}),
    "ProjectChroot": frozenset({
        *("mock_chroot", "ownername", "projectname", "comps_name", "delete_after_days"),
        *("additional_repos", "additional_packages", "additional_modules"),
        *("with_opts", "without_opts", "isolation"),
    }),
    "BasePackage": PACKAGE,
    "PackageAdd": PACKAGE | SCM | PYPI | CUSTOM | {"gem_name"},
    "CreateBuildUrl": BUILD | {"pkgs"},
    "CreateBuildUpload": BUILD | {"pkgs"},
    "CreateBuildSCM": BUILD | SCM,
    "CreateBuildDistGit": BUILD | {"package_name", "distgit", "namespace", "committish"},
    "CreateBuildPyPI": BUILD | PYPI,
    "CreateBuildRubyGems": BUILD | {"gem_name"},
    "CreateBuildCustom": BUILD | CUSTOM | {"repos"},
    "DeleteBuilds": frozenset({"builds"}),
}  # fmt: skip
"""Name of a body -> names of its fields."""


def description() -> dict[str, Any]:
    """Describe the API: of all that there is to say, only the fields of bodies."""
    return {
        "swagger": "2.0",
        "basePath": "/api_3",
        "info": {"version": "v3"},
        "paths": {},
        "definitions": {
            name: {"properties": {field: {} for field in sorted(fields)}}
            for name, fields in DEFINITIONS.items()
        },
    }
