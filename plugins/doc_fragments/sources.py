# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from textwrap import indent

_REPOSITORIES = r"""
  scm:
    description: A repository that holds a spec file.
    type: dict
    suboptions:
      clone_url:
        description: Where to clone from; http or https, without credentials.
        type: str
        required: true
      committish:
        description: Branch, tag or commit; the default branch if left out.
        type: str
      subdirectory:
        description: Directory within the repository to build in.
        type: str
      spec:
        description: Path of the spec file within the subdirectory.
        type: str
      scm_type:
        description: Kind of repository. Copr assumes V(git).
        type: str
        choices: [git, svn]
      source_build_method:
        description: How to make the source RPM. Copr assumes V(rpkg).
        type: str
        choices: [rpkg, tito, tito_test, make_srpm]
  distgit:
    description: A package of a distribution.
    type: dict
    suboptions:
      package_name:
        description: Name of the package.
        type: str
        required: true
      distgit:
        description: Which distribution's repositories; what there is depends on the server.
        type: str
        default: fedora
      namespace:
        description:
          - Namespace within them, such as V(forks/user). For V(fedora), the server adds C(rpms) and
            the name of the package.
        type: str
      committish:
        description: Branch, tag or commit; the default branch if left out.
        type: str
""".lstrip("\n")
# Where a build looks up the commit of a branch.
_CLONE_URL = r"""
      clone_url:
        description:
          - Where O(pin) looks the commit up. Known for V(fedora), needed for others. Not sent to
            Copr, which has addresses of its own.
        type: str
""".lstrip("\n")
_OTHERS = r"""
  pypi:
    description: A package of the Python Package Index.
    type: dict
    suboptions:
      pypi_package_name:
        description: Name of the package.
        type: str
        required: true
      pypi_package_version:
        description:
          - Version of the package. If left out, the newest one at the time is built, and a newer
            one later is not noticed.
        type: str
      spec_generator:
        description: What writes the spec file. Copr assumes V(pyp2spec).
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
    description: A gem.
    type: dict
    suboptions:
      gem_name:
        description: Name of the gem.
        type: str
        required: true
  custom:
    description: A script of your own that makes the sources.
    type: dict
    suboptions:
      script:
        description: Text of the script, at most 4095 characters.
        type: str
        required: true
      chroot:
        description:
          - Chroot to run the script in, such as V(fedora-latest-x86_64), which Copr assumes. If
            left out, or of that form, builds made in any chroot count as the same source.
        type: str
      builddeps:
        description: Packages that the script needs, separated by blanks.
        type: str
      resultdir:
        description: Where the script leaves what it made.
        type: str
      repos:
        description: Repositories for the packages that the script needs.
        type: list
        elements: str
""".lstrip("\n")
# The suboptions of a package, at the top and in a list.
KINDS: str = _REPOSITORIES + _OTHERS
# The same for a build.
BUILD_KINDS: str = _REPOSITORIES + _CLONE_URL + _OTHERS
FIELDS = r"""
  webhook_rebuild:
    description: Whether the package is built when a webhook tells of a change of its source.
    type: bool
  max_builds:
    description:
      - How many builds of the package Copr keeps, 0 to 100; 0 keeps all of them.
      - Copr never shows this. It is sent when the package is created and along with any other
        change, and alone it changes nothing. The result names it in C(unverified).
    type: int
  timeout:
    description:
      - Seconds after which Copr ends a build of the package. Copr never shows this; it is sent as
        C(max_builds) is.
    type: int
  chroot_denylist:
    description:
      - Chroots in which the package is not built unless a build names them, as names or patterns.
        Copr never shows this; it is sent as C(max_builds) is.
    type: list
    elements: str
""".lstrip("\n")


class ModuleDocFragment:
    """The kinds of source that builds are made from and that packages store."""

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
