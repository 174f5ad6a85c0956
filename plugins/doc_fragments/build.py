# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from textwrap import indent

from ansible_collections.fedora.copr.plugins.doc_fragments.sources import BUILD_KINDS

_OPTIONS = r"""
  background:
    description: Whether other builds go first.
    type: bool
  timeout:
    description: Seconds after which Copr ends a build that is still running.
    type: int
  enable_net:
    description: Whether the build may use the network; as the project says if left out.
    type: bool
  bootstrap:
    description: How Mock sets up its bootstrap chroot; as the project says if left out.
    type: str
    choices: ["unchanged", "default", "on", "off", "image"]
  isolation:
    description: How Mock isolates the build; as the project says if left out.
    type: str
    choices: ["unchanged", "default", "nspawn", "simple"]
""".lstrip("\n")
_CHROOTS = r"""
  chroots:
    description:
      - Chroots to build in, out of those enabled in the project; names or patterns such as
        V(fedora-*). All of them if left out.
      - What does not exist, or an empty list, is an error.
    type: list
    elements: str
  exclude_chroots:
    description: Chroots to leave out, names or patterns. If nothing is left, that is an error.
    type: list
    elements: str
""".lstrip("\n")


class ModuleDocFragment:
    """How something is built: the same for one build and for those of a set."""

    # Annotated, since ansible-test takes plain assignments here for literal texts.
    DOCUMENTATION: str = f"options:\n{_CHROOTS}{_OPTIONS}"

    SET: str = f"""
options:
  builds:
    description:
      - The builds of the set. Each has a name, one source, and what it comes after.
      - Options that say where and how to build are for this build alone. What a build leaves out is
        as the option of the same name of the task says.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the build within the set. Each build has another one.
        type: str
        required: true
      after:
        description:
          - Names of builds of the set that must have succeeded before this one starts.
          - Names that are not there, and builds that wait for each other in a circle, are an error
            before anything is submitted.
        type: list
        elements: str
        default: []
      url:
        description: Address of a source RPM or spec file, as for M(fedora.copr.copr_build).
        type: str
      srpm:
        description:
          - Path of a source RPM or C(.spec) file, as for M(fedora.copr.copr_build), or a pattern
            that fits one.
        type: path
      package:
        description: Name of a package whose source is stored in the project.
        type: str
      may_fail:
        description: Chroots in which this build may fail, names or patterns.
        type: list
        elements: str
{indent(BUILD_KINDS + _CHROOTS + _OPTIONS, "    ")}
"""
