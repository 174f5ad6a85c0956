# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the server makes of a text is no difference: the second run changes nothing.

Every option of copr_project, copr_chroot, copr_package and copr_build that takes free text is tried
with values that the server's forms strip, split, or change in other ways. What the server refuses,
it refuses in both runs, and the tasks say the same.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from itertools import cycle
from typing import Any, Callable

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.chroot import SETTINGS
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.project import ATTRIBUTES
from ansible_collections.fedora.copr.plugins.module_utils._copr.sources.kinds import STORED_KINDS

from unit.lab import Lab, attempt, declared

Change = Callable[[str], str]

CHANGES: dict[str, Change] = {
    "as it is": lambda text: text,
    "blank around": lambda text: f" {text} ",
    "line end": lambda text: f"{text}\n",
    "several line ends": lambda text: f"\n\n{text}\n\n",
    "CRLF at the end": lambda text: f"{text}\r\n",
    "CR at the end": lambda text: f"{text}\r",
    "tab around": lambda text: f"\t{text}\t",
    "no-break space": lambda text: f"\u00a0{text}\u2003",
    "twice": lambda text: f"{text} {text}",
    "twice, with blanks": lambda text: f"{text}  \t {text}",
    "two lines": lambda text: f"{text}\n{text}",
    "two lines with CRLF": lambda text: f"{text}\r\n{text}\r\n",
    "two lines with CR and CRLF": lambda text: f"{text}\r\r\n{text}",
    "CRLF in the second line only": lambda text: f"{text}\n{text}\r\n",
    "upper case": str.upper,
    "unicode": lambda text: f"{text}ž",
    "percent encoded": lambda text: text.replace("e", "%65").replace("/x", "%2Fx"),
    "percent": lambda text: f"{text}%",
    "slash": lambda text: f"{text}/",
    "slash and blank": lambda text: f"{text}/ ",
    "doubled slash": lambda text: text.replace("/", "//"),
    "dots": lambda text: f"{text}/../x",
    "query": lambda text: f"{text}?a=b",
    "fragment": lambda text: f"{text}#a",
    "semicolon": lambda text: f"{text};a",
    "comma": lambda text: f"{text},{text}",
    "scheme": lambda text: f"https://{text}",
    "two schemes": lambda text: f"http://https://{text}",
    "quotes": lambda text: f"'{text}'",
    "plus and tilde": lambda text: f"{text}+~^",
    "None": lambda text: "None",
    "empty": lambda text: "",
    "blanks": lambda text: "  ",
    "blank lines": lambda text: "\n \r\n",
}

# A usual value of each field for which a word is none.
USUAL = {
    "homepage": "https://example.org/x",
    "contact": "somebody@example.org",
    "additional_repos": "https://repo.example.org/x",
    "runtime_dependencies": "https://repo.example.org/x",
    "packit_forge_projects_allowed": "github.com/org/x",
    "clone_url": "https://example.org/x.git",
    "spec": "rpm/hello.spec",
    "namespace": "forks/x",
    "script": "#!/bin/sh",
    "repos": "https://repo.example.org/x",
    "chroot": "fedora-43-x86_64",
    "url": "https://example.org/x/hello-1.0-1.src.rpm",
    "dirname": "demo:custom:x",
    "additional_modules": "nodejs:18, !php:8.1",
    "bootstrap_image": "fedora:43",
    "chroot_denylist": "epel-*",
}
NEEDED = {
    "scm": {"clone_url": "https://example.org/hello.git"},
    "distgit": {"package_name": "hello"},
    "pypi": {"pypi_package_name": "hello"},
    "rubygems": {"gem_name": "hello"},
    "custom": {"script": "#!/bin/sh"},
}
# Not of the server's forms: names of things, paths of this host, and options that are looked up.
NO_TEXT = {
    *("project", "chroots", "exclude_chroots", "fork_of", "srpm", "package", "clone_url"),
    *("chroot", "comps", "may_fail"),
}


def free_text(options: Mapping[str, Any]) -> Iterator[str]:
    """Return the options that take any text, or a list of texts."""
    for name, spec in options.items():
        is_text = spec["type"] == "str" or spec.get("elements") == "str"
        if is_text and "choices" not in spec:
            yield name


PROJECT_FIELDS = sorted(
    name for name in free_text(declared("copr_project").options) if name in ATTRIBUTES
)
SOURCE_FIELDS = sorted(
    (kind.name, name)
    for kind in STORED_KINDS.values()
    for name in free_text(kind.option()["options"])
)
BUILD_FIELDS = sorted(set(free_text(declared("copr_build").options)) - NO_TEXT)
CHROOT_FIELDS = sorted(set(free_text(declared("copr_chroot").options)) - NO_TEXT)
PACKAGE_FIELDS = sorted(set(free_text(declared("copr_package").options)) - NO_TEXT)


def as_option(spec: Mapping[str, Any], text: str) -> Any:
    return [text] if spec["type"] == "list" else text


def test_no_free_text_is_left_out() -> None:
    left_out = set(free_text(declared("copr_project").options)) - {*ATTRIBUTES, *NO_TEXT}
    assert left_out == set()
    assert BUILD_FIELDS == ["dirname", "url"]
    assert set(CHROOT_FIELDS) < set(SETTINGS)
    assert PACKAGE_FIELDS == ["chroot_denylist"]


def stored(lab: Lab, project: str) -> dict[str, Any] | None:
    """Return what the server has of a project, None if it does not exist."""
    return copy.copy(lab.settings(project)) if project in lab.sim.world.projects else None


@pytest.mark.parametrize("name", PROJECT_FIELDS)
@pytest.mark.parametrize("existing", [True, False], ids=["existing", "new"])
def test_a_project_is_changed_once(lab: Lab, name: str, existing: bool) -> None:
    spec = declared("copr_project").options[name]
    for number, (title, change) in enumerate(CHANGES.items()):
        project = f"alice/p{number}"
        if existing:
            lab.project(project)
        value = as_option(spec, change(USUAL.get(name, "word")))
        options = {"project": project, "chroots": ["fedora-43-x86_64"], name: value}
        before = stored(lab, project)
        first, refusal = attempt(lambda given=options: lab.do("copr_project", **given))
        assert refusal is None or stored(lab, project) == before, (title, refusal.message)
        lab.forget()
        second, second_refusal = attempt(lambda given=options: lab.do("copr_project", **given))
        if refusal:
            assert second_refusal, (title, refusal.message)
            assert second_refusal.message == refusal.message, title
        else:
            assert second_refusal is None, (title, second_refusal)
            assert (second["changed"], lab.changes) == (False, []), title
            assert second["project"] == first["project"], title


def done_once(lab: Lab, module: str, options: Mapping[str, Any], title: str) -> None:
    """Run a task twice, after check mode, which predicts what the first run does."""
    predicted, foreseen = attempt(lambda: lab.do(module, check=True, **options))
    assert lab.changes == [], title
    first, refusal = attempt(lambda: lab.do(module, **options))
    assert foreseen is None or refusal, (title, foreseen)
    if refusal:
        # To take a value and then show another one is no refusal.
        assert (refusal.kind, refusal.result["changed"]) == ("invalid", False), (title, refusal)
    lab.forget()
    second, second_refusal = attempt(lambda: lab.do(module, **options))
    if refusal:
        assert second_refusal, (title, refusal.message)
        assert second_refusal.message == refusal.message, title
    else:
        assert second_refusal is None, (title, second_refusal)
        assert (second["changed"], lab.changes) == (False, []), title
        assert {**second, "changed": first["changed"]} == {
            key: value for key, value in first.items() if key != "diff"
        }, title
        assert predicted["changed"] == first["changed"], title
        assert predicted.get("diff") == first.get("diff"), title
    lab.forget()


@pytest.mark.parametrize("name", CHROOT_FIELDS)
def test_settings_of_a_chroot_are_changed_once(demo: Lab, name: str) -> None:
    spec = declared("copr_chroot").options[name]
    chroot = {"project": "alice/demo", "chroot": "fedora-43-x86_64"}
    isolation = cycle(["simple", "nspawn"])
    for title, change in CHANGES.items():
        value = as_option(spec, change(USUAL.get(name, "word")))
        # What no answer shows is sent only along with another change.
        done_once(demo, "copr_chroot", {**chroot, "isolation": next(isolation), name: value}, title)


@pytest.mark.parametrize("edited", [True, False], ids=["edited", "new"])
@pytest.mark.parametrize(("kind", "name"), [*SOURCE_FIELDS, *(("", n) for n in PACKAGE_FIELDS)])
def test_a_package_is_changed_once(demo: Lab, kind: str, name: str, edited: bool) -> None:
    spec = _suboptions(kind)[name] if kind else declared("copr_package").options[name]
    for number, (title, change) in enumerate(CHANGES.items()):
        # Edited, each value takes the place of the one before.
        package = "x" if edited else f"x{number}"
        usual = package if kind == "distgit" else "word"
        value = as_option(spec, change(USUAL.get(name, usual)))
        source = dict(NEEDED[kind or "scm"])
        if kind == "distgit":
            source["package_name"] = package
        given = {kind: {**source, name: value}} if kind else {"scm": source, name: value}
        options = {"project": "alice/demo", "package": package, **given}
        done_once(demo, "copr_package", options, title)


def _suboptions(kind: str) -> Mapping[str, Any]:
    options: Mapping[str, Any] = STORED_KINDS[kind].option()["options"]
    return options


def build_once(lab: Lab, options: Mapping[str, Any], title: str) -> None:
    """Build something three times: at once again, and when it is finished."""
    _first, refusal = attempt(lambda: lab.build(wait=False, **options))
    assert bool(refusal) != bool(lab.builds()), (title, refusal)
    for later in (False, True):
        if later:
            lab.finish()
        lab.forget()
        again, second_refusal = attempt(lambda: lab.build(wait=False, **options))
        if refusal:
            assert second_refusal, (title, refusal.message)
            assert second_refusal.message == refusal.message, title
        else:
            assert second_refusal is None, (title, second_refusal)
            assert (again["changed"], lab.changes) == (False, []), title
    for build in lab.builds():
        lab.sim.world.remove_build(build)


@pytest.mark.parametrize(("kind", "name"), SOURCE_FIELDS)
def test_a_source_is_built_once(demo: Lab, kind: str, name: str) -> None:
    spec = STORED_KINDS[kind].option()["options"][name]
    for title, change in CHANGES.items():
        value = as_option(spec, change(USUAL.get(name, "word")))
        build_once(demo, {kind: {**NEEDED[kind], name: value}}, title)


@pytest.mark.parametrize("kind", sorted(STORED_KINDS))
def test_suboptions_that_are_null_or_left_out_are_the_same(demo: Lab, kind: str) -> None:
    nulls = dict.fromkeys(STORED_KINDS[kind].option()["options"])
    demo.build(**{kind: {**nulls, **NEEDED[kind]}}, wait=False)
    assert demo.build(**{kind: NEEDED[kind]}, wait=False)["changed"] is False
    (body,) = [body for call, body in demo.sent if "build/create" in call]
    own = {name: body[name] for name in body if name in nulls and name != "distgit"}
    assert own == NEEDED[kind]


@pytest.mark.parametrize("name", BUILD_FIELDS)
def test_a_source_is_built_once_with_every_option(demo: Lab, name: str) -> None:
    spec = declared("copr_build").options[name]
    for title, change in CHANGES.items():
        value = as_option(spec, change(USUAL[name]))
        source = {} if name == "url" else {"rubygems": {"gem_name": "x"}}
        build_once(demo, {**source, name: value}, title)
