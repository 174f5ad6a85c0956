# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever a server holds, exported and applied: it changes nothing there, and makes it elsewhere.

Projects are made with plain requests, so that the server may hold what no module would send.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import requests
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from faults.bench import ALICE, Bench, Options
from faults.operation import EPEL, F43, F44
from simulator.world import Project, World

OLD = "fedora-42-x86_64"
OWNERS = ("alice", "@packagers")
NAMES = [f"{owner}/{name}" for owner in OWNERS for name in ("one", "Two.x-y_z", "äöü")]
ADMIN = replace(ALICE, is_admin=True)

# --- states ----------------------------------------------------------------------------------

BOOLEANS = (
    *("devel_mode", "unlisted_on_hp", "module_hotfixes", "appstream", "enable_net"),
    *("follow_fedora_branching", "auto_prune", "multilib", "fedora_review"),
)
# Copr's database takes no NUL, and no half of a character.
TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
ODD = TEXT | st.sampled_from(
    ["", " ", "one\r\ntwo", "{{ 7 * 7 }}", "null", "# a", "https://me:planted-pw-5ec2e7@e.org/"]
)
WORD = st.text(st.sampled_from("aA1.-+_:/$"), min_size=1, max_size=8)
URLS = [f"https://{name}.example.org/x" for name in "abc"]
REPOSITORIES = st.lists(st.sampled_from([*URLS, f"{URLS[0]}?priority=3"]), max_size=3)


def some(**fields: Any) -> st.SearchStrategy[Options]:
    """Return a body with some of these fields."""
    return st.fixed_dictionaries({}, optional=fields)


ATTRIBUTES = some(
    **dict.fromkeys(BOOLEANS, st.booleans()),
    description=ODD,
    instructions=ODD,
    homepage=st.sampled_from([*URLS, ""]),
    contact=st.sampled_from(["me@example.org", f" {URLS[0]} "]),
    additional_repos=REPOSITORIES,
    runtime_dependencies=REPOSITORIES,
    packit_forge_projects_allowed=st.lists(st.sampled_from([*URLS, "a.example.org/y"])),
    repo_priority=st.integers(1, 99),
    delete_after_days=st.integers(-1, 720),
    persistent=st.booleans(),
    bootstrap=st.sampled_from(["default", "on", "off", "image", ""]),
    isolation=st.sampled_from(["default", "nspawn", "simple", ""]),
    storage=st.sampled_from(["backend", "pulp"]),
)
CHROOT = some(
    additional_repos=REPOSITORIES,
    additional_packages=st.lists(WORD, max_size=3),
    additional_modules=st.lists(st.sampled_from(["a:1", "!b:2"]), min_size=1, unique=True),
    with_opts=st.lists(WORD, max_size=2),
    without_opts=st.lists(WORD, max_size=2),
    bootstrap=st.sampled_from(["unchanged", "on", "image"]),
    isolation=st.sampled_from(["unchanged", "default", "simple", ""]),
)
SOURCES: dict[str, st.SearchStrategy[Options]] = {
    "scm": some(
        committish=ODD,
        subdirectory=ODD,
        spec=st.sampled_from(["", " a b.spec", "x/y.spec"]),
        scm_type=st.sampled_from(["git", "svn", ""]),
        source_build_method=st.sampled_from(["rpkg", "tito", "tito_test", "make_srpm", ""]),
    ).map(lambda body: {"clone_url": URLS[0], **body}),
    "distgit": some(namespace=st.sampled_from(["", "forks/me/", "a//b"]), committish=ODD),
    "pypi": some(
        pypi_package_version=ODD,
        spec_generator=st.sampled_from(["pyp2spec", "pyp2rpm", ""]),
        spec_template=st.sampled_from(["", "fedora", "pld"]),
        python_versions=st.lists(st.sampled_from(["3", "2", 3]), max_size=3),
    ).map(lambda body: {"pypi_package_name": "a b", **body}),
    "rubygems": st.just({"gem_name": " gem "}),
    "custom": some(
        chroot=st.sampled_from([F43, "fedora-latest-x86_64"]),
        builddeps=st.lists(WORD, max_size=3).map(" ".join),
        resultdir=ODD,
        repos=REPOSITORIES,
    ).flatmap(lambda body: ODD.map(lambda text: {"script": f"#!/bin/sh\n{text}", **body})),
    "upload": st.just({}),
}
SOURCE = st.sampled_from(sorted(SOURCES)).flatmap(
    lambda kind: st.tuples(
        st.just(kind),
        SOURCES[kind],
        some(webhook_rebuild=st.booleans(), max_builds=st.integers(0, 9)),
    )
)
PROJECT = st.fixed_dictionaries(
    {
        "attributes": ATTRIBUTES,
        # At least one that does not end: without any, no project can be created.
        "chroots": st.sets(st.sampled_from([F44, EPEL, OLD])).map(lambda more: [F43, *more]),
        "settings": st.dictionaries(st.sampled_from([F43, F44, EPEL, OLD]), CHROOT, max_size=3),
        "comps": st.none() | st.sampled_from([F43, EPEL]),
        "packages": st.dictionaries(st.sampled_from(["a", "b+c", "python-d"]), SOURCE),
        "permissions": st.dictionaries(
            st.sampled_from(["bob", "root"]),
            some(
                admin=st.sampled_from(["nothing", "request", "approved"]),
                builder=st.sampled_from(["nothing", "request", "approved"]),
            ).filter(bool),
        ),
        "disabled": st.sets(st.sampled_from([F44, EPEL])),
        "needs": st.lists(st.sampled_from(NAMES), unique=True, max_size=2),
        "builds_with": st.lists(st.sampled_from(NAMES), unique=True, max_size=2),
    }
)
STATES = st.dictionaries(st.sampled_from(NAMES), PROJECT, min_size=1, max_size=4)


class Maker:
    """Makes projects with plain requests; what the server refuses is left out."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench

    def send(self, method: str, path: str, body: Options) -> bool:
        url = f"{self.bench.sim.url}/api_3/{path}"
        login = (ADMIN.login, ADMIN.token)
        return requests.request(method, url, json=body, auth=login, timeout=20).ok

    def make(self, full_name: str, wanted: Options) -> None:
        """Make a project, and what belongs to it."""
        owner, name = full_name.split("/")
        body = {**wanted["attributes"], "name": name, "chroots": wanted["chroots"]}
        for field, others in (
            ("runtime_dependencies", "needs"),
            ("additional_repos", "builds_with"),
        ):
            there = [f"copr://{other}" for other in wanted[others] if other in self.world.projects]
            body[field] = [*body.get(field, []), *there]
        if not self.send("POST", f"project/add/{owner}", body):
            event("a project was refused")
            return
        project = self.world.projects[full_name]
        for chroot, fields in wanted["settings"].items():
            self.send("PUT", f"project-chroot/edit/{full_name}/{chroot}", fields)
        if wanted["comps"] in project.chroots:
            project.chroots[wanted["comps"]].comps_name = "comps-1.xml"
        for package, (kind, source, more) in wanted["packages"].items():
            body = {**source, **more, "package_name": package}
            if not self.send("POST", f"package/add/{full_name}/{package}/{kind}", body):
                self.world.add_package(project, package).source_type = "upload"
        if wanted["permissions"]:
            self.send("PUT", f"project/permissions/set/{full_name}", wanted["permissions"])
        left = sorted(set(wanted["chroots"]) - wanted["disabled"])
        self.send("PUT", f"project/edit/{full_name}", {"chroots": left})

    @property
    def world(self) -> World:
        return self.bench.world


# --- comparing -------------------------------------------------------------------------------


def state_of(world: World) -> dict[str, Options]:
    """Return what each project has, by the names that not_exported gives to it."""
    return {name: _state(world, project) for name, project in world.projects.items()}


def _state(world: World, project: Project) -> Options:
    state = dict(project.settings)
    state["packit_forge_projects_allowed"] = set(state["packit_forge_projects_allowed"].split())
    state["runtime_dependencies"] = _all_dependencies(world, project)
    state["chroots"] = set(project.enabled_chroots())
    for name in project.enabled_chroots():
        chroot = project.chroots[name]
        for field in (
            *("additional_repos", "additional_packages", "additional_modules"),
            *("with_opts", "without_opts", "isolation"),
        ):
            state[f"{field} of chroot {name}"] = getattr(chroot, field)
        state[f"comps of chroot {name}"] = chroot.comps_name
    for name, package in project.packages.items():
        source = {**package.source_dict}
        if package.source_type == "pypi":
            source["python_versions"] = sorted(set(source["python_versions"] or ["3"]))
        for words in ("builddeps", "repos"):
            source[words] = set((source.get(words) or "").split())
        given_source = {key: value for key, value in source.items() if value}
        state[f"package {name}"] = (package.source_type, given_source, package.webhook_rebuild)
    for user, roles in project.permissions.items():
        granted = {role: said for role, said in roles.items() if said != "nothing"}
        if granted:
            state[f"permission {user}"] = granted
    return state


def _all_dependencies(world: World, project: Project) -> set[str]:
    found: set[str] = set()
    waiting = [project]
    while waiting:
        for one in waiting.pop().settings["runtime_dependencies"].split():
            if one not in found:
                found.add(one)
                if one.startswith("copr://"):
                    waiting.append(world.projects[one.removeprefix("copr://")])
    return found


# --- the test --------------------------------------------------------------------------------


def exported(here: Bench) -> tuple[list[Options], dict[str, set[str]]]:
    """Return the definitions of all projects, and of each what is not in them."""
    definitions: list[Options] = []
    left_out: dict[str, set[str]] = {}
    # The server keeps some answers for two minutes.
    here.sim.clock.advance(180)
    for owner in OWNERS:
        played = here.play("copr_project_info", {"owner": owner, "export": True})
        assert played.result, played.told
        definitions += played.result["definitions"]
        for one in played.result["not_exported"]:
            left_out.setdefault(one["project"], set()).add(one["what"])
    return definitions, left_out


def apply(here: Bench, definitions: list[Options]) -> Options:
    played = here.play("copr_projects", {"projects": definitions})
    assert played.result, played.told
    return played.result


def check(here: Bench, wanted: dict[str, Options], ends: bool) -> None:
    here.start_anew()
    here.world.users["alice"] = ADMIN
    maker = Maker(here)
    for name, project in wanted.items():
        maker.make(name, project)
    if ends:
        here.sim.set_chroot(OLD, "ended")
    definitions, left_out = exported(here)
    assert [each["project"] for each in definitions] == [
        name for owner in OWNERS for name in sorted(here.world.projects) if name.startswith(owner)
    ]
    before = state_of(here.world)
    if not definitions:
        return
    assert apply(here, definitions)["changed"] is False
    assert state_of(here.world) == before

    here.start_anew()
    here.world.users["alice"] = ADMIN
    if ends:
        here.sim.set_chroot(OLD, "ended")
    apply(here, definitions)
    after = state_of(here.world)
    assert after.keys() == before.keys()
    for name, ignored in left_out.items():
        assert without(after[name], ignored) == without(before[name], ignored)
    assert exported(here)[0] == definitions


def without(state: Options, ignored: set[str]) -> Options:
    return {key: value for key, value in state.items() if key not in ignored}


def test_what_a_server_holds_survives_export(here: Bench, thorough: bool) -> None:
    @settings(
        max_examples=200 if thorough else 25,
        deadline=None,
        derandomize=not thorough,
        database=None,
        # To find the smallest state takes minutes.
        phases=[Phase.generate, *([Phase.shrink] if thorough else [])],
        suppress_health_check=list(HealthCheck),
    )
    @given(wanted=STATES, ends=st.booleans())
    def holds(wanted: dict[str, Options], ends: bool) -> None:
        check(here, wanted, ends)

    holds()
