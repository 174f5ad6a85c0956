# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a build is made from: how it is sent, and how to know it again in earlier builds."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from ..wire.errors import CoprError
from .srpm import SUFFIXES, Nevr, nevr_of_file_name, open_local, read_nevr

# The fields that describe a source, with the server's defaults (GET /build/source-build-config).
# A default of None means that the field must be given, or that any value will do.
DESCRIPTIONS: dict[str, dict[str, Any]] = {
    "link": {"url": None},
    "scm": {
        "clone_url": None,
        "committish": "",
        "subdirectory": "",
        "spec": "",
        "type": "git",
        "srpm_build_method": "rpkg",
    },
    "distgit": {"package_name": None, "distgit": None, "namespace": "", "committish": ""},
    "pypi": {
        "pypi_package_name": None,
        "pypi_package_version": "",
        "spec_generator": "pyp2spec",
        "spec_template": "",
        "python_versions": ["3"],
    },
    "rubygems": {"gem_name": None},
    "custom": {"script": None, "chroot": None, "builddeps": "", "resultdir": "", "repos": []},
}
# Names under which builds, packages and requests give the same field.
_SAME_FIELD = {"scm_type": "type", "source_build_method": "srpm_build_method"}
# The server puts the newest Fedora of the time in place of such a chroot.
_NEWEST_CHROOT = "fedora-latest-"
# Fields whose order and spacing mean nothing.
_WORDS = {"python_versions", "repos", "builddeps"}


@dataclass(frozen=True)
class Source:
    """One thing to build.

    Attributes:
        kind: the module's option that names it.
        label: what messages call it.
        endpoint, body: where and with which fields it is submitted.
        package: the name its package will most likely have, if that can be told.
        sure: the package can have no other name than C(package).
        nevr: name and version, for sources that are identified by them.
        source_type, description: the server's name for this kind of source, and its fields in
            the form of C(describe), for sources that are identified by them.
        path, upload_name: the local file, and the name it is sent under.
    """

    kind: str
    label: str
    endpoint: str
    body: dict[str, Any] = field(default_factory=dict)
    package: str | None = None
    sure: bool = False
    nevr: Nevr | None = None
    source_type: str | None = None
    description: dict[str, Any] | None = None
    path: str | None = None
    upload_name: str | None = None


def describe(source_type: str | None, fields: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the fields of a source with the server's defaults filled in, fit for comparison.

    None if the kind of source is one that has no description, such as an upload.
    """
    defaults = DESCRIPTIONS.get(source_type or "")
    if defaults is None:
        return None
    given = {_SAME_FIELD.get(key, key): value for key, value in fields.items()}
    if source_type == "distgit" and "package_name" not in given:
        given["package_name"] = _last_part(str(given.get("clone_url") or ""))
    described = {}
    for key, default in defaults.items():
        value = given.get(key) or default
        if key in _WORDS:
            words = value if isinstance(value, list) else str(value).split()
            value = sorted(str(word) for word in words)
        elif key == "script" and value:
            value = value.replace("\r\n", "\n").rstrip("\n")
        elif key == "chroot" and str(value).startswith(_NEWEST_CHROOT):
            value = None
        described[key] = value
    return described


def _last_part(url: str) -> str:
    name = re.split("[?#]", url)[0].rstrip("/").rpartition("/")[2]
    return name[: -len(".git")] if name.endswith(".git") else name


def same_description(wanted: Mapping[str, Any], found: Mapping[str, Any] | None) -> bool:
    """Return whether two descriptions name the same source; None in C(wanted) is any value."""
    if found is None:
        return False
    return all(value is None or found.get(key) == value for key, value in wanted.items())


def told_by_build(source: Source, build: Mapping[str, Any]) -> bool | None:
    """Return whether a build is of this source, or None if the build alone does not tell."""
    package = build["source_package"]
    if package.get("name") is None:
        return None
    if source.nevr is not None:
        return package["name"] == source.nevr.name and _same_version(
            source.nevr, package.get("version") or ""
        )
    if source.sure and package["name"] != source.package:
        return False
    if source.kind == "pypi" and _plain(str(source.body["pypi_package_name"])) not in _plain(
        package["name"]
    ):
        return False
    return None


def told_by_config(source: Source, config: Mapping[str, Any]) -> bool | None:
    """Return whether a build's source configuration is this source's.

    None means that it may be: the same spec file was uploaded, and only its text can tell.
    """
    source_type, fields = config.get("source_type"), config.get("source_dict") or {}
    if source.description is not None:
        return source.source_type == source_type and same_description(
            source.description, describe(source_type, fields)
        )
    name = fields.get("pkg") if source_type == "upload" else _last_part(fields.get("url") or "")
    if source.nevr is None:
        return None if source_type == "upload" and name == source.upload_name else False
    found = nevr_of_file_name(name or "")
    return found is not None and (found.name, found.vr) == (source.nevr.name, source.nevr.vr)


def _same_version(nevr: Nevr, shown: str) -> bool:
    """Compare with C([epoch:]version-release); an epoch of 0 and none are the same."""
    epoch, _colon, version = shown.rpartition(":")
    if version != nevr.vr:
        return False
    return nevr.epoch is None or int(epoch or 0) == nevr.epoch


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# --- from the options of a task --------------------------------------------------------------


def url_source(url: str) -> Source:
    """Return the source RPM or spec at an address, known by its version if its name tells it."""
    no_address = CoprError(
        "invalid", f"Copr builds from http and https addresses only, not {url!r}."
    )
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise no_address from error
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise no_address
    if not parts.path.endswith(SUFFIXES):
        raise CoprError(
            "invalid", f"Copr builds from addresses that end with {_either(SUFFIXES)}, not {url!r}."
        )
    nevr = nevr_of_file_name(_last_part(url))
    return Source(
        "url",
        url,
        "build/create/url",
        {"pkgs": [url]},
        package=nevr.name if nevr else None,
        nevr=nevr,
        source_type="link",
        description=None if nevr else describe("link", {"url": url}),
    )


def file_source(path: str) -> Source:
    """Return a source RPM or spec of this host.

    A source RPM is sent under the name that its header gives it, so that a build whose source
    was not yet read can be told by the name of its upload. A spec has no version before it is
    built; it is identified by its text.
    """
    if not path.lower().endswith(SUFFIXES):
        raise CoprError(
            "local_file", f"{path} can't be submitted: Copr takes {_either(SUFFIXES)} files."
        )
    name = os.path.basename(path)
    if path.lower().endswith(".spec"):
        open_local(path).close()
        upload_name = re.sub(r"[^A-Za-z0-9_.-]", "_", name).lstrip("._")
        return Source(
            "srpm",
            name,
            "build/create/upload",
            package=name[: -len(".spec")],
            path=path,
            upload_name=upload_name,
        )
    nevr = read_nevr(path)
    suffix = ".nosrc.rpm" if path.lower().endswith(".nosrc.rpm") else ".src.rpm"
    return Source(
        "srpm",
        str(nevr),
        "build/create/upload",
        package=nevr.name,
        nevr=nevr,
        path=path,
        upload_name=f"{nevr.name}-{nevr.vr}{suffix}",
    )


def described_source(kind: str, options: Mapping[str, Any]) -> Source:
    """Return a source known by its description: scm, distgit, pypi, rubygems or custom."""
    body = {key: value for key, value in options.items() if value is not None}
    if kind == "distgit":
        body.pop("clone_url", None)
    package, sure = _package_name(kind, body)
    return Source(
        kind,
        _label(kind, body),
        f"build/create/{kind}",
        body,
        package=package,
        sure=sure,
        source_type=kind,
        description=describe(kind, body),
    )


def package_source(name: str, package: Mapping[str, Any]) -> Source:
    """Return a package with the source that is stored in the project (GET /package).

    Raises CoprError (invalid) if the package has none to build from.
    """
    description = describe(package.get("source_type"), package.get("source_dict") or {})
    if description is None or package.get("source_type") == "link":
        raise CoprError(
            "invalid",
            f"The package {name} has no source stored in the project that Copr could build from.",
        )
    return Source(
        "package",
        f"package {name}",
        "package/build",
        {"package_name": name},
        package=name,
        sure=True,
        source_type=package["source_type"],
        description=description,
    )


def distgit_url(options: Mapping[str, Any]) -> str:
    """Return where a dist-git package can be cloned from, for the instances that are known here.

    Raises CoprError (invalid) for others.
    """
    if options["distgit"] != "fedora":
        raise CoprError(
            "invalid",
            f"pin does not know where the repositories of distgit {options['distgit']!r} are; "
            "set clone_url beside it.",
        )
    namespace = options.get("namespace") or "rpms"
    return f"https://src.fedoraproject.org/{namespace}/{options['package_name']}.git"


def _package_name(kind: str, body: Mapping[str, Any]) -> tuple[str | None, bool]:
    """Return the name the package will have, and whether it can have no other."""
    if kind == "distgit":
        return body["package_name"], True
    if kind == "rubygems":
        return f"rubygem-{body['gem_name']}", True
    if kind == "pypi":
        return f"python-{_plain(body['pypi_package_name'])}", False
    if kind == "scm" and body.get("spec"):
        return os.path.basename(body["spec"])[: -len(".spec")], False
    return None, False


def _label(kind: str, body: Mapping[str, Any]) -> str:
    if kind == "scm":
        at = f" at {body['committish']}" if body.get("committish") else ""
        return f"{body['clone_url']}{at}"
    if kind == "custom":
        return "custom script"
    names = {"distgit": "package_name", "pypi": "pypi_package_name", "rubygems": "gem_name"}
    version = body.get("pypi_package_version") or body.get("committish")
    return f"{kind} {body[names[kind]]}" + (f" {version}" if version else "")


def _either(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
