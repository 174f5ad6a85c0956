# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields that describe a source, for build/create/* and for package/add and package/edit."""

from __future__ import annotations

import posixpath
import re
from typing import Any
from urllib.parse import urlparse

from .checks import PACKAGE_NAME, is_web_address, repositories, web_address
from .current import world
from .errors import Crash
from .fields import (
    Field,
    Form,
    Invalid,
    choice,
    keep,
    names_out_of,
    stripped,
    text,
    up_to,
)

SOURCE_ENDINGS = (".src.rpm", ".nosrc.rpm", ".spec")
DISTGIT = "https://src.fedoraproject.org"
LONGEST_SCRIPT = 4096
NEEDED = "A value is needed."
NAME_RULE = f"A package is named like {PACKAGE_NAME.pattern}"


def spec_file(raw: Any) -> str:
    """Read the name of a spec file: one line, with something before the ending."""
    value = stripped(raw)
    if value and not re.fullmatch(r".+\.spec", value):
        raise Invalid("A spec file ends with .spec")
    return value


def package_name(raw: Any) -> str:
    """Read the name of a package; blanks around it are cut."""
    if not isinstance(raw, str) or not PACKAGE_NAME.fullmatch(raw.strip()):
        raise Invalid(NAME_RULE)
    return str(up_to(100)(raw))


def namespace(raw: Any) -> str:
    """Read the namespace of a dist-git; the server simplifies the path before it strips it."""
    value = text(raw)
    return posixpath.normpath(value).strip() if value else ""


def distgit(raw: Any) -> str:
    """Read the dist-git instance; which ones there are depends on the server."""
    if raw != "fedora":
        raise Invalid("This is none of the possible values.", "The instances are: fedora")
    return "fedora"


def python_versions(raw: Any) -> list[str]:
    """3 or 2, as text or number; an empty list counts as none given."""
    if raw == []:
        return keep()  # type: ignore[no-any-return]
    return names_out_of(raw, ("3", "2"))


def _none() -> str:
    raise Invalid("This is none of the possible values.")


def script(raw: Any) -> str:
    """Read a script, with one line end at its end; a first line with CRLF changes all to LF."""
    value = text(raw)
    if value.split("\n", 1)[0].endswith("\r"):
        value = value.replace("\r\n", "\n")
    if not value.endswith("\n"):
        value += "\n"
    if len(value) > LONGEST_SCRIPT:
        raise Invalid(f"The script is longer than {LONGEST_SCRIPT} characters.")
    return value


def script_chroot(raw: Any) -> str:
    """Read the chroot a script runs in: any active one, or the newest Fedora."""
    value = str(raw)
    if not re.fullmatch(r"fedora-latest-\w+", value) and value not in world().active_chroots():
        raise Invalid("This is none of the possible values.")
    return value


def script_repos(raw: Any) -> str:
    """Repositories for a script, one a line."""
    return "\n".join(repositories(raw).split())


def source_urls(raw: Any) -> list[str]:
    """URLs of source RPMs and spec files, separated by any blank space."""
    if not isinstance(raw, str):
        raise Crash
    urls = raw.split()
    if not urls:
        raise Invalid("URLs of packages are needed")
    for url in urls:
        if not is_web_address(url):
            raise Invalid(f"Packages are given as http or https addresses ('{url}' is none).")
        if not urlparse(url).path.endswith(SOURCE_ENDINGS):
            raise Invalid(f"'{url}' does not end with one of {', '.join(SOURCE_ENDINGS)}.")
    return urls


SCM = (
    Field("clone_url", web_address(), required=NEEDED),
    Field("committish", stripped),
    Field("subdirectory", stripped),
    Field("spec", spec_file),
    Field("scm_type", choice("git", "svn", empty=_none)),
    Field(
        "srpm_build_method",
        choice("rpkg", "tito", "tito_test", "make_srpm", empty=_none),
        aliases=("source_build_method",),
    ),
)
DIST_GIT = (
    Field("package_name", package_name, required=NAME_RULE),
    Field("distgit", distgit),
    Field("namespace", namespace),
    Field("committish", stripped),
)
PYPI = (
    Field("pypi_package_name", up_to(93), required=NEEDED),
    Field("pypi_package_version", stripped),
    Field("spec_generator", choice("pyp2spec", "pyp2rpm", empty=_none)),
    Field("spec_template", choice("fedora", "epel7", "mageia", "pld")),
    Field("python_versions", python_versions, keeps_lists=True),
)
RUBYGEMS = (Field("gem_name", up_to(92), required=NEEDED),)


def _custom(prefix: str = "") -> tuple[Field, ...]:
    """List the fields of a script; packages know them by another name, too."""

    def names(name: str) -> tuple[str, ...]:
        return (prefix + name,) if prefix else ()

    return (
        Field("script", script, required=NEEDED),
        Field("chroot", script_chroot, aliases=names("chroot")),
        Field("builddeps", stripped, aliases=names("builddeps")),
        Field("resultdir", stripped, aliases=names("resultdir")),
        Field("repos", script_repos, aliases=names("repos")),
    )


BUILD_SOURCES: dict[str, tuple[Field, ...]] = {
    "scm": SCM,
    "distgit": DIST_GIT,
    "pypi": PYPI,
    "rubygems": RUBYGEMS,
    "custom": _custom(),
}
PACKAGE_SOURCES = {**BUILD_SOURCES, "custom": _custom("script_")}


def source_dict(source_type: str, form: Form, versions: list[str]) -> dict[str, Any]:
    """Describe a source as it is stored; ``versions`` is the default for Python."""
    if source_type == "distgit":
        return _distgit_dict(form)
    defaults = {**_DEFAULTS[source_type]}
    if source_type == "pypi":
        defaults["python_versions"] = versions
    source = {name: form.get(name, default) for name, default in defaults.items()}
    if source_type == "scm":
        source = {"type": form.get("scm_type") or "git", **source}
    return source


def newest_chroot(source: dict[str, Any]) -> dict[str, Any]:
    """Describe a custom source as a build has it: fedora-latest is made the newest Fedora."""
    active = " ".join(world().active_chroots())
    newest = max(map(int, re.findall(r"\bfedora-(\d+)-", active)), default=0)
    chroot = source["chroot"].replace("fedora-latest", f"fedora-{newest}")
    return {**source, "chroot": chroot}


_DEFAULTS: dict[str, dict[str, Any]] = {
    "scm": {
        "clone_url": None,
        "committish": None,
        "subdirectory": None,
        "spec": None,
        "srpm_build_method": "rpkg",
    },
    "pypi": {
        "pypi_package_name": None,
        "pypi_package_version": None,
        "spec_generator": "pyp2spec",
        "spec_template": "",
        "python_versions": None,
    },
    "rubygems": {"gem_name": None},
    "custom": {
        "script": None,
        "chroot": "fedora-latest-x86_64",
        "builddeps": None,
        "resultdir": None,
        "repos": "",
    },
}


def _distgit_dict(form: Form) -> dict[str, Any]:
    namespace, committish = form.get("namespace"), form.get("committish")
    path = f"{namespace}/rpms" if namespace else "rpms"
    source = {"clone_url": f"{DISTGIT}/{path}/{form['package_name']}", "distgit": "fedora"}
    if namespace:
        source["namespace"] = namespace
    if committish:
        source["committish"] = committish
    return source
