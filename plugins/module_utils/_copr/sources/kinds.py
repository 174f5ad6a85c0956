# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of source that are described by fields, each declared once.

Builds are submitted from them (POST /build/create/KIND), and packages store them (POST
/package/add and /package/edit). The option of a module, the request, the description by which
builds are recognized, the label in messages, and the package's name follow from a declaration.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Callable

from ..nouns.normal import as_is, namespace, plain, script, stripped, word_set
from ..nouns.resource import Field, text, texts
from ..wire.errors import CoprError
from .match import ByDescription
from .source import Source

Fields = Mapping[str, Any]

_NEEDED = text(required=True)


@dataclass(frozen=True)
class SourceField:
    """One field of a source: a suboption, and a field of requests and answers.

    Attributes:
        option: the suboption.
        default: what a package has if the field is left out, in normal form.
        normalize: brings a value from the user or from the server into one form.
        shown_as: its name in source_dict, for builds and for packages, if that differs.
        in_build: what a build has for a value, in normal form; None matches any value.
        only_for_pin: the field is never sent; it says where pin looks up a commit.
    """

    name: str
    option: Mapping[str, Any] = field(default_factory=text)
    default: Any = ""
    normalize: Callable[[Any], Any] = stripped
    shown_as: tuple[str, ...] = ()
    in_build: Callable[[Any], Any] = as_is
    only_for_pin: bool = False

    def in_normal_form(self, value: Any) -> Any:
        """Return the normal form of a value; null and empty become the default."""
        return (self.normalize(value) if value else None) or self.default


@dataclass(frozen=True)
class Kind:
    """A kind of source.

    Attributes:
        name: of the module's option, and of the kind in responses and addresses.
        label: the name of a source of this kind in messages.
        package: the name its package will most likely have, if known.
        package_is_certain: the package can have no other name.
        package_can_be: whether the package can have a given name, if it is not certain.
        repository: where pin looks up the commit of a branch or tag.
        added: fields that responses lack and that follow from others.

    The functions receive a description: all fields, in normal form.
    """

    name: str
    fields: tuple[SourceField, ...]
    label: Callable[[Fields], str]
    package: Callable[[Fields], str | None] = lambda fields: None
    package_is_certain: bool = False
    package_can_be: Callable[[Fields, str], bool] = lambda fields, name: True
    repository: Callable[[Fields], str] | None = None
    added: Callable[[Fields], Fields] = lambda shown: {}

    def option(self, *, pin: bool = False) -> dict[str, Any]:
        """Return the option; with C(pin), with the suboptions that only pin needs."""
        fields = (each for each in self.fields if pin or not each.only_for_pin)
        return {"type": "dict", "options": {each.name: dict(each.option) for each in fields}}

    def stored(self) -> Field:
        """Return the field of a package that stores a source of this kind; null means none."""
        return Field(
            self.name,
            fields={
                each.name: Field(
                    each.name, each.option, each.default, normalize=each.in_normal_form
                )
                for each in self.fields
                if not each.only_for_pin
            },
        )

    def body(self, given: Fields) -> dict[str, Any]:
        """Return the fields of a request; null is left out, so that the server decides."""
        sent = {each.name for each in self.fields if not each.only_for_pin}
        return {name: given[name] for name in given if name in sent and given[name] is not None}

    def describe(self, given: Fields) -> dict[str, Any]:
        """Return all fields as a package has them, the server's defaults filled in.

        C(given) are suboptions, or the C(source_dict) of a build or of a package. All are brought
        into one form for comparison. Omitted, null and empty are the same here, as they are for
        the server.
        """
        given = {**self.added(given), **given}
        described = {}
        for each in self.fields:
            if not each.only_for_pin:
                values = (given.get(name) for name in (each.name, *each.shown_as))
                value = next((value for value in values if value is not None), None)
                described[each.name] = each.in_normal_form(value)
        return described

    def describe_build(self, given: Fields) -> dict[str, Any]:
        """Return the same as a build has them."""
        described = self.describe(given)
        in_build = {each.name: each.in_build for each in self.fields}
        return {name: in_build[name](value) for name, value in described.items()}

    def source(self, given: Fields) -> Source:
        """Return the source that these suboptions describe."""
        described = self.describe(given)
        return Source(
            self.label(described),
            f"build/create/{self.name}",
            self.identity(given, partial(self._could_be_named, described)),
            self.body(given),
            package=self.package(described),
            package_is_certain=self.package_is_certain,
        )

    def identity(self, given: Fields, could_be_named: Callable[[str], bool]) -> ByDescription:
        """Return how builds that are submitted from these fields are recognized."""
        described = self.describe_build(given)
        return ByDescription(self.name, described, could_be_named, self.describe_build)

    def _could_be_named(self, described: Fields, name: str) -> bool:
        if self.package_is_certain:
            return name == self.package(described)
        return self.package_can_be(described, name)


# --- what the table below is made of -----------------------------------------------------------


def _any_if_newest(chroot: str) -> str | None:
    """Return None for a chroot that a build replaces with the newest Fedora of its time."""
    return None if chroot.startswith("fedora-latest-") else chroot


def _at_commit(name: str, described: Fields) -> str:
    committish = described["committish"]
    return f"{name} at {committish}" if committish else name


def _without_git(name: Any) -> str:
    return re.sub(r"\.git\Z", "", stripped(name))


def _name_in_clone_url(shown: Fields) -> Fields:
    """Return the package's name, which responses have only at the end of the clone address."""
    return {"package_name": str(shown.get("clone_url") or "").rpartition("/")[2]}


def _pypi_label(described: Fields) -> str:
    version = described["pypi_package_version"]
    return f"pypi {described['pypi_package_name']}" + (f" {version}" if version else "")


def _distgit_label(described: Fields) -> str:
    committish = described["committish"]
    return f"distgit {described['package_name']}" + (f" {committish}" if committish else "")


def _name_of_spec(described: Fields) -> str | None:
    return posixpath.basename(described["spec"])[: -len(".spec")] or None


def _distgit_repository(given: Fields) -> str:
    """Return where a dist-git package can be cloned from.

    For Fedora's, the address is built as the server does it (clone_package_uri in its table of
    dist-git instances). Raises CoprError (invalid) for others without C(clone_url).
    """
    if given.get("clone_url"):
        return str(given["clone_url"])
    described = DISTGIT.describe(given)
    if described["distgit"] != "fedora":
        raise CoprError(
            "invalid",
            f"pin does not know where the repositories of distgit {described['distgit']!r} are; "
            "set clone_url as well.",
        )
    place = "/".join(filter(None, (described["namespace"], "rpms", described["package_name"])))
    return f"https://src.fedoraproject.org/{place}.git"


def _scm_repository(given: Fields) -> str:
    if given.get("scm_type") == "svn":
        raise CoprError("invalid", "pin works only with git, but scm_type is svn.")
    return stripped(given["clone_url"])


# --- the table -----------------------------------------------------------------------------------

SCM = Kind(
    "scm",
    (
        SourceField("clone_url", _NEEDED),
        SourceField("committish"),
        SourceField("subdirectory"),
        SourceField("spec"),
        SourceField("scm_type", text(choices=["git", "svn"]), "git", shown_as=("type",)),
        SourceField(
            "source_build_method",
            text(choices=["rpkg", "tito", "tito_test", "make_srpm"]),
            "rpkg",
            shown_as=("srpm_build_method",),
        ),
    ),
    label=lambda described: _at_commit(described["clone_url"], described),
    package=_name_of_spec,
    repository=_scm_repository,
)
DISTGIT = Kind(
    "distgit",
    (
        SourceField("package_name", _NEEDED, normalize=_without_git),
        SourceField("distgit", text(default="fedora"), "fedora"),
        SourceField("namespace", normalize=namespace),
        SourceField("committish"),
        SourceField("clone_url", only_for_pin=True),
    ),
    label=_distgit_label,
    package=lambda described: str(described["package_name"]),
    package_is_certain=True,
    repository=_distgit_repository,
    added=_name_in_clone_url,
)
PYPI = Kind(
    "pypi",
    (
        SourceField("pypi_package_name", _NEEDED),
        SourceField("pypi_package_version"),
        SourceField("spec_generator", text(choices=["pyp2spec", "pyp2rpm"]), "pyp2spec"),
        SourceField("spec_template", text(choices=["", "fedora", "epel7", "mageia", "pld"])),
        SourceField(
            "python_versions",
            texts(choices=["3", "2"]),
            ["3"],
            normalize=word_set,
        ),
    ),
    label=_pypi_label,
    package=lambda described: f"python-{plain(described['pypi_package_name'])}",
    package_can_be=lambda described, name: plain(described["pypi_package_name"]) in plain(name),
)
RUBYGEMS = Kind(
    "rubygems",
    (SourceField("gem_name", _NEEDED),),
    label=lambda described: f"rubygems {described['gem_name']}",
    package=lambda described: f"rubygem-{described['gem_name']}",
    package_is_certain=True,
)
CUSTOM = Kind(
    "custom",
    (
        SourceField("script", _NEEDED, normalize=script),
        SourceField("chroot", default="fedora-latest-x86_64", in_build=_any_if_newest),
        SourceField("builddeps", default=[], normalize=word_set),
        SourceField("resultdir"),
        SourceField("repos", texts(), [], normalize=word_set),
    ),
    label=lambda described: "custom script",
)
# The kinds that a package can store, by the name of their option.
STORED_KINDS = {kind.name: kind for kind in (SCM, DISTGIT, PYPI, RUBYGEMS, CUSTOM)}
SOURCE_OPTIONS = {name: kind.option() for name, kind in STORED_KINDS.items()}


def package_source(name: str, package: Mapping[str, Any]) -> Source:
    """Return a package with the source that is stored in the project (GET /package).

    Raises CoprError (invalid) if the package has no source to build from.
    """
    kind = STORED_KINDS.get(package.get("source_type") or "")
    if kind is None:
        raise CoprError(
            "invalid",
            f"The package {name} has no source to build from; store one with copr_package.",
        )
    return Source(
        f"package {name}",
        "package/build",
        kind.identity(package.get("source_dict") or {}, lambda found: found == name),
        {"package_name": name},
        package=name,
        package_is_certain=True,
    )


def planned_package(name: str) -> Source:
    """Return a package whose source is not stored yet; no build matches it."""
    identity = ByDescription("", {}, lambda _name: False, lambda _shown: {})
    return Source(
        f"package {name}",
        "package/build",
        identity,
        {"package_name": name},
        package=name,
        package_is_certain=True,
    )
