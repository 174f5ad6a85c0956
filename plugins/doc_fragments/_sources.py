# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from textwrap import indent

_REPOSITORIES = r"""
  scm:
    description: A repository that contains a spec file.
    type: dict
    suboptions:
      clone_url:
        description: Address to clone from, with http or https and without credentials.
        type: str
        required: true
      committish:
        description: Branch, tag or commit. Defaults to the repository's default branch.
        type: str
      subdirectory:
        description: Directory within the repository in which to build.
        type: str
      spec:
        description: Path of the spec file within the subdirectory.
        type: str
      scm_type:
        description: Type of the repository. Copr assumes V(git).
        type: str
        choices: [git, svn]
      source_build_method:
        description: How to create the source RPM. Copr assumes V(rpkg).
        type: str
        choices: [rpkg, tito, tito_test, make_srpm]
  distgit:
    description: A package from a distribution's dist-git.
    type: dict
    suboptions:
      package_name:
        description: Name of the package.
        type: str
        required: true
      distgit:
        description: Name of the dist-git instance. The available values depend on the server.
        type: str
        default: fedora
      namespace:
        description:
          - Namespace within the dist-git instance, such as V(forks/user). For V(fedora), the server
            adds C(rpms) and the name of the package.
        type: str
      committish:
        description: Branch, tag or commit. Defaults to the repository's default branch.
        type: str
""".lstrip("\n")
# Where a build looks up the commit of a branch.
_CLONE_URL = r"""
      clone_url:
        description:
          - Address of the repository in which O(pin) looks up the commit. Defaults to Fedora's
            address for V(fedora). Required for other instances. Not sent to Copr.
        type: str
""".lstrip("\n")
_OTHERS = r"""
  pypi:
    description: A package from the Python Package Index (PyPI).
    type: dict
    suboptions:
      pypi_package_name:
        description: Name of the package.
        type: str
        required: true
      pypi_package_version:
        description:
          - Version of the package. If omitted, the newest version is built. Later releases are not
            detected.
        type: str
      spec_generator:
        description: Tool that generates the spec file. Copr assumes V(pyp2spec).
        type: str
        choices: [pyp2spec, pyp2rpm]
      spec_template:
        description: Template for C(pyp2rpm).
        type: str
        choices: ["", fedora, epel7, mageia, pld]
      python_versions:
        description: Python versions to build for, with C(pyp2rpm). Builds assume V(3).
        type: list
        elements: str
        choices: ["3", "2"]
  rubygems:
    description: A gem from RubyGems.
    type: dict
    suboptions:
      gem_name:
        description: Name of the gem.
        type: str
        required: true
  custom:
    description: A script that creates the sources.
    type: dict
    suboptions:
      script:
        description: Text of the script, at most 4095 characters.
        type: str
        required: true
      chroot:
        description:
          - Chroot in which to run the script. Copr assumes V(fedora-latest-x86_64). If omitted, or
            of the form V(fedora-latest-...), builds with any chroot count as the same source.
        type: str
      builddeps:
        description: Packages that the script needs, separated by spaces.
        type: str
      resultdir:
        description: Directory in which the script leaves its results.
        type: str
      repos:
        description: Repositories that provide the packages that the script needs.
        type: list
        elements: str
""".lstrip("\n")
# The suboptions of a package, at the top and in a list.
KINDS: str = _REPOSITORIES + _OTHERS
# The same for a build.
BUILD_KINDS: str = _REPOSITORIES + _CLONE_URL + _OTHERS
FIELDS = r"""
  webhook_rebuild:
    description: Whether to build the package when a webhook reports a change to its source.
    type: bool
  max_builds:
    description:
      - How many builds of the package Copr keeps, from 0 to 100. With 0, it keeps all of them.
      - Copr never reports this setting. It is sent when the package is created, and together with
        other changes. On its own it does not cause a change. The result lists it in C(unverified).
    type: int
  timeout:
    description:
      - Number of seconds after which Copr terminates a build of the package. Copr never reports
        this setting. See C(max_builds) for when it is sent.
    type: int
  chroot_denylist:
    description:
      - Chroots in which the package is not built unless a build names them, as names or patterns.
        Copr never reports this setting. See C(max_builds) for when it is sent.
    type: list
    elements: str
""".lstrip("\n")


class ModuleDocFragment:
    """The kinds of source that builds use and packages store."""

    # Annotated, since ansible-test takes plain assignments here for literal texts.
    DOCUMENTATION: str = f"options:\n{KINDS}"

    TO_BUILD: str = f"options:\n{BUILD_KINDS}"

    PACKAGE: str = f"""
options:
{KINDS}{FIELDS}
  packages:
    description: Several packages, each with at most one kind of source.
    type: list
    elements: dict
    suboptions:
      package:
        description: Name of the package.
        type: str
        required: true
{indent(KINDS + FIELDS, "    ")}
"""
