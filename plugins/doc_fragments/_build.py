# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from textwrap import indent

from ansible_collections.fedora.copr.plugins.doc_fragments._sources import BUILD_KINDS

_OPTIONS = r"""
  background:
    description: Whether to run as a background build, with lower priority than other builds.
    type: bool
  timeout:
    description: Number of seconds after which Copr terminates a build that is still running.
    type: int
  enable_net:
    description: Whether the build may use the network. Defaults to the project's setting.
    type: bool
  bootstrap:
    description: How Mock sets up its bootstrap chroot. Defaults to the project's setting.
    type: str
    choices: ["unchanged", "default", "on", "off", "image"]
  isolation:
    description: How Mock isolates the build. Defaults to the project's setting.
    type: str
    choices: ["unchanged", "default", "nspawn", "simple"]
""".lstrip("\n")
_CHROOTS = r"""
  chroots:
    description:
      - Chroots to build in, as names or patterns such as V(fedora-*). They must be enabled in the
        project. Defaults to all enabled chroots.
      - Unknown chroots and an empty list are errors.
    type: list
    elements: str
  exclude_chroots:
    description:
      - Chroots to leave out, as names or patterns. It is an error if no chroot is left. A pattern
        that matches no enabled chroot triggers a warning.
    type: list
    elements: str
""".lstrip("\n")


class ModuleDocFragment:
    """The options that say where and how to build, for a single build and for those of a set."""

    # Annotated, since ansible-test takes plain assignments here for literal texts.
    DOCUMENTATION: str = f"options:\n{_CHROOTS}{_OPTIONS}"

    SET: str = f"""
options:
  builds:
    description:
      - The builds of the set. Each has a name and one source, and can depend on other builds.
      - Options for where and how to build apply to this build only. If omitted, they default to the
        task's option of the same name.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the build. It must be unique within the set.
        type: str
        required: true
      after:
        description:
          - Names of builds of the set that must succeed before this one starts.
          - Unknown names and circular dependencies are errors, and nothing is submitted.
        type: list
        elements: str
        default: []
      url:
        description: Address of a source RPM or spec file, as for M(fedora.copr.copr_build).
        type: str
      srpm:
        description:
          - Path of a source RPM or C(.spec) file, as for M(fedora.copr.copr_build), or a pattern
            that matches exactly one file.
        type: path
      package:
        description: Name of a package with a source that is stored in the project.
        type: str
      may_fail:
        description: Chroots in which this build may fail, as names or patterns.
        type: list
        elements: str
{indent(BUILD_KINDS + _CHROOTS + _OPTIONS, "    ")}
"""
