# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tasks of the campaign: each prepares a world, and says what the server must have after it."""

from __future__ import annotations

import copy
import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from faults.bench import Bench, Options
from simulator.lifecycle import build_state, is_finished
from simulator.world import World
from unit.files import make_srpm, write_spec

F43, F44, EPEL = "fedora-43-x86_64", "fedora-44-x86_64", "epel-10-x86_64"
DEMO = "alice/demo"
URL = "https://example.org/{0}-1.0-1.src.rpm"

Reached = Callable[[World], bool]


@dataclass(frozen=True)
class Operation:
    """A task, and how to tell what it did.

    Attributes:
        reached: whether the server has what the task asks for.
        builds: how many builds there must be once the task is done; None if that is no matter.
        tells: C(changed) is whether the server's state is another one.
        again: a second run finds nothing to do; otherwise it does it all again.
        error: the kind of error with which the task ends when nothing goes wrong on the way.
        answer: for what only reads: the part of the result that must always be the same.
        believes: the task takes an answer at its word, also one that should not be believed.
    """

    module: str
    options: Options
    reached: Reached = lambda _world: True
    builds: int | None = None
    tells: bool = True
    again: bool = True
    error: str | None = None
    answer: Callable[[Options], Any] | None = None
    believes: bool = False


Prepare = Callable[[Bench, random.Random], Operation]


# --- projects --------------------------------------------------------------------------------

ATTRIBUTES: dict[str, tuple[Any, ...]] = {
    "description": ("Greetings", "", "{{ 7 * 7 }}"),
    "instructions": ("Install it.", ""),
    "additional_repos": (["https://example.org/repo"], []),
    "delete_after_days": (30, 60),
    "bootstrap": ("on", "off", "image"),
    "isolation": ("simple", "nspawn"),
    "enable_net": (True, False),
    "devel_mode": (True, False),
    "unlisted_on_hp": (True, False),
    "appstream": (True, False),
    "module_hotfixes": (True, False),
}


def attributes(rng: random.Random) -> Options:
    """Return some attributes with values."""
    names = rng.sample(sorted(ATTRIBUTES), rng.randint(1, 4))
    return {name: rng.choice(ATTRIBUTES[name]) for name in names}


def project(bench: Bench, name: str = DEMO, **options: Any) -> None:
    """Make a project, undisturbed."""
    options = {"project": name, "chroots": [F43, EPEL], **options}
    assert bench.play("copr_project", options).result


def has(name: str, settings: Options, chroots: list[str] | None = None) -> Reached:
    """Return a check that a project has these settings, by the names of the options."""

    def reached(world: World) -> bool:
        there = world.projects.get(name)
        if there is None or (chroots and sorted(chroots) != sorted(there.enabled_chroots())):
            return False
        return all(stored(there.settings, key) == value for key, value in settings.items())

    return reached


def stored(settings: Options, name: str) -> Any:
    """Return a setting of the simulator in the form in which a task gives it."""
    value = settings[name]
    if name == "additional_repos":
        return value if isinstance(value, list) else value.split()
    return value


def create(_bench: Bench, rng: random.Random) -> Operation:
    """Create a project."""
    given, chroots = attributes(rng), rng.choice(([F43], [F43, EPEL]))
    options = {"project": DEMO, "chroots": chroots, **given}
    return Operation("copr_project", options, has(DEMO, given, chroots))


def edit(bench: Bench, rng: random.Random) -> Operation:
    """Change some attributes, and leave the others alone."""
    project(bench, **attributes(rng))
    given = attributes(rng)
    kept = {
        name: copy.copy(stored(bench.world.projects[DEMO].settings, name))
        for name in ATTRIBUTES
        if name not in given
    }
    return Operation(
        "copr_project", {"project": DEMO, **given}, has(DEMO, {**kept, **given}, [F43, EPEL])
    )


def change_chroots(bench: Bench, rng: random.Random) -> Operation:
    """Enable a chroot, or that one alone."""
    project(bench, description="old")
    purge = rng.random() < 0.5
    options = {"project": DEMO, "chroots": [F44], "purge_chroots": purge, "description": "new"}
    chroots = [F44] if purge else [F43, F44, EPEL]
    return Operation("copr_project", options, has(DEMO, {"description": "new"}, chroots))


def fork(bench: Bench, rng: random.Random) -> Operation:
    """Fork a project with its builds."""
    project(bench, "alice/origin")
    built(bench, ["one", "two"], "alice/origin")
    target = rng.choice((DEMO, "@packagers/demo"))
    given = rng.choice(({}, {"description": "A fork"}))

    def reached(world: World) -> bool:
        there = world.projects.get(target)
        return there is not None and len(there.builds) == 2 and has(target, given)(world)

    options = {"project": target, "fork_of": "alice/origin", **given}
    return Operation("copr_project", options, reached, builds=4)


def delete(bench: Bench, rng: random.Random) -> Operation:
    """Delete a project, perhaps one that is building."""
    project(bench)
    if rng.random() < 0.7:
        built(bench, ["one"])
    if rng.random() < 0.5:
        started(bench, ["two"])
    options = {"project": DEMO, "state": "absent", "cancel_running": True}
    return Operation("copr_project", options, lambda world: not world.projects, builds=0)


# --- what belongs to a project ---------------------------------------------------------------


def packages(bench: Bench, rng: random.Random) -> Operation:
    """Create packages, and correct one that is there."""
    project(bench)
    bench.play("copr_package", {"project": DEMO, "package": "a", "rubygems": {"gem_name": "old"}})
    names = ["a", "b", "c"][: rng.randint(1, 3)]
    entries = [{"package": name, "rubygems": {"gem_name": name}} for name in names]

    def reached(world: World) -> bool:
        there = world.projects[DEMO].packages
        sources = {name: package.source_dict for name, package in there.items()}
        return all(sources.get(name) == {"gem_name": name} for name in names)

    return Operation("copr_package", {"project": DEMO, "packages": entries}, reached)


def delete_package(bench: Bench, _rng: random.Random) -> Operation:
    """Delete a package."""
    project(bench)
    bench.play("copr_package", {"project": DEMO, "package": "a", "rubygems": {"gem_name": "a"}})
    options = {"project": DEMO, "package": "a", "state": "absent"}
    return Operation("copr_package", options, lambda world: not world.projects[DEMO].packages)


def settings_of_chroots(bench: Bench, rng: random.Random) -> Operation:
    """Make settings of all chroots."""
    project(bench)
    given = rng.choice(({"isolation": "simple"}, {"with_opts": ["a", "b"]}))
    name, value = next(iter(given.items()))
    kept = value if isinstance(value, str) else " ".join(value)

    def reached(world: World) -> bool:
        chroots = world.projects[DEMO].chroots.values()
        return all(getattr(chroot, name) == kept for chroot in chroots)

    return Operation("copr_chroot", {"project": DEMO, "chroot": "*", **given}, reached)


def permissions(bench: Bench, _rng: random.Random) -> Operation:
    """Give roles to users, and take others away."""
    project(bench)
    bench.play("copr_permission", {"project": DEMO, "user": "root", "admin": "approved"})
    entries = [{"user": "bob", "builder": "approved"}]

    def reached(world: World) -> bool:
        roles = world.projects[DEMO].permissions
        return roles["bob"]["builder"] == "approved" and roles["root"]["admin"] == "nothing"

    options = {"project": DEMO, "permissions": entries, "purge": True}
    return Operation("copr_permission", options, reached)


# --- builds ----------------------------------------------------------------------------------


def started(bench: Bench, names: list[str], project_name: str = DEMO) -> list[int]:
    """Submit builds, undisturbed, and return their ids."""
    urls = [URL.format(name) for name in names]
    options = {"project": project_name, "url": urls, "wait": False}
    result = bench.play("copr_build", options).result
    assert result
    return [build["id"] for build in result["builds"]]


def built(bench: Bench, names: list[str], project_name: str = DEMO) -> list[int]:
    """Submit builds, and let them come to their end."""
    ids = started(bench, names, project_name)
    bench.sim.clock.advance(1000)
    return ids


def _package(bench: Bench) -> Options:
    stored_package = bench.world.add_package(bench.world.projects[DEMO], "hello")
    stored_package.source_type = "rubygems"
    stored_package.source_dict = {"gem_name": "hello"}
    return {"package": "hello"}


SOURCES: dict[str, Callable[[Bench], Options]] = {
    "url": lambda _bench: {"url": [URL.format("hello")]},
    "two urls": lambda _bench: {"url": [URL.format("hello"), URL.format("world")]},
    "srpm": lambda bench: {"srpm": make_srpm(bench.folder)},
    "spec": lambda bench: {"srpm": str(write_spec(bench.folder))},
    "scm": lambda _bench: {"scm": {"clone_url": "https://git.example.org/hello.git"}},
    "distgit": lambda _bench: {"distgit": {"package_name": "hello"}},
    "pypi": lambda _bench: {"pypi": {"pypi_package_name": "hello"}},
    "rubygems": lambda _bench: {"rubygems": {"gem_name": "hello"}},
    "custom": lambda _bench: {"custom": {"script": "true"}},
    "package": _package,
}


def build_from(source: str) -> Prepare:
    """Return the operation that builds from a kind of source, beside some earlier builds."""

    def build(bench: Bench, rng: random.Random) -> Operation:
        project(bench)
        earlier = built(bench, ["earlier"]) if rng.random() < 0.5 else []
        wanted = SOURCES[source](bench)
        force = rng.random() < 0.2
        options = {"project": DEMO, "wait": rng.random() < 0.5, "force": force, **wanted}
        number = len(earlier) + len(wanted.get("url", [""]))

        def reached(world: World) -> bool:
            return sum(not build.canceled_on for build in world.builds.values()) >= number

        return Operation("copr_build", options, reached, builds=number, again=not force)

    return build


def failing(bench: Bench, _rng: random.Random) -> Operation:
    """Build what fails, and read the end of its logs."""
    project(bench)
    options = {"project": DEMO, "url": [URL.format("fails")]}
    return Operation("copr_build", options, builds=1, again=False, error="build_failed")


def wait(bench: Bench, rng: random.Random) -> Operation:
    """Wait for builds that are on the way."""
    project(bench)
    names = ["one", "two", "slow-three"][: rng.randint(1, 3)]
    started(bench, names)
    options = {"project": DEMO, "url": [URL.format(name) for name in names]}

    def reached(world: World) -> bool:
        return all(build_state(world, build) == "succeeded" for build in world.builds.values())

    return Operation("copr_build", options, reached, builds=len(names))


def cancel(bench: Bench, rng: random.Random) -> Operation:
    """Cancel builds that are on the way."""
    project(bench)
    ids = started(bench, ["slow-one", "slow-two", "slow-three"][: rng.randint(1, 3)])
    bench.sim.clock.advance(rng.choice((0, 15, 55)))

    def reached(world: World) -> bool:
        # Under way for long, they may have come to their end before the request got through.
        return all(is_finished(world, world.builds[number]) for number in ids)

    return Operation("copr_build", {"state": "canceled", "build_ids": ids}, reached)


def delete_builds(bench: Bench, rng: random.Random) -> Operation:
    """Delete builds, perhaps some that are on the way, in two projects."""
    project(bench)
    project(bench, "alice/other")
    ids = built(bench, ["one", "two"]) + built(bench, ["three"], "alice/other")
    if rng.random() < 0.5:
        ids += started(bench, ["slow-four"])
    options = {"state": "absent", "build_ids": ids, "cancel_running": True}
    return Operation("copr_build", options, lambda world: not world.builds, builds=0)


def regenerate(bench: Bench, rng: random.Random) -> Operation:
    """Have repositories made anew, and wait for it."""
    project(bench)
    bench.sim.clock.advance(100)
    asked = len(bench.world.projects[DEMO].repositories_asked_on)

    def reached(world: World) -> bool:
        return len(world.projects[DEMO].repositories_asked_on) > asked

    options = {"project": DEMO, "wait": rng.random() < 0.8}
    return Operation("copr_regenerate", options, reached, tells=False, again=False)


def submit_by_api(bench: Bench, _rng: random.Random) -> Operation:
    """Submit a build with what sends any request, once."""
    project(bench)
    body = {"ownername": "alice", "projectname": "demo", "pkgs": [URL.format("hello")]}
    options = {"path": "build/create/url", "method": "POST", "body": body}
    return Operation("copr_api", options, builds=1, tells=False, again=False, believes=True)


def edit_by_api(bench: Bench, _rng: random.Random) -> Operation:
    """Edit a project with what sends any request, which may be sent again."""
    project(bench)
    edited = {"method": "PUT", "body": {"description": "new"}, "repeatable": True}
    options = {"path": f"project/edit/{DEMO}", **edited}
    reached = has(DEMO, {"description": "new"})
    return Operation("copr_api", options, reached, tells=False, believes=True)


# --- reading ---------------------------------------------------------------------------------


def reading(module: str, options: Options, key: str) -> Prepare:
    """Return an operation that reads of a project with builds that have come to their end."""

    def read(bench: Bench, _rng: random.Random) -> Operation:
        project(bench)
        started(bench, ["one", "fails"])
        bench.sim.clock.advance(1000)
        return Operation(module, options, answer=lambda result: without_help(result[key]))

    return read


def without_help(answer: Any) -> Any:
    """Leave out what is quoted of logs, which is there to help; one may not be readable."""
    if isinstance(answer, list):
        return [without_help(each) for each in answer]
    if isinstance(answer, dict):
        return {key: without_help(value) for key, value in answer.items() if key not in HELP}
    return answer


HELP = {"log_tail", "log_excerpt", "cause", "log_url"}
GATHER = ["chroots", "packages", "source", "logs"]

OPERATIONS: dict[str, Prepare] = {
    "create project": create,
    "edit project": edit,
    "change chroots": change_chroots,
    "fork project": fork,
    "delete project": delete,
    "packages": packages,
    "delete package": delete_package,
    "settings of chroots": settings_of_chroots,
    "permissions": permissions,
    **{f"build {source}": build_from(source) for source in SOURCES},
    "build what fails": failing,
    "wait": wait,
    "cancel": cancel,
    "delete builds": delete_builds,
    "regenerate": regenerate,
    "submit by copr_api": submit_by_api,
    "edit by copr_api": edit_by_api,
    "read builds": reading("copr_build_info", {"project": DEMO, "gather": GATHER}, "builds"),
    "read a build": reading("copr_build_info", {"build_ids": [1, 2], "gather": GATHER}, "builds"),
    "read packages": reading("copr_package_info", {"project": DEMO}, "packages"),
    "read monitor": reading("copr_monitor_info", {"project": DEMO}, "packages"),
    "read projects": reading("copr_project_info", {"owner": "alice"}, "projects"),
    "read chroots": reading("copr_chroot_info", {"project": DEMO, "build_config": True}, "chroots"),
    "read who": reading("copr_auth_info", {}, "user"),
}
# Seeds in order meet the operations in turn.
IN_TURN = tuple(itertools.chain(OPERATIONS))
