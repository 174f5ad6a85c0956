# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tasks of the campaign: each prepares a world, and says what the server must have after it."""

from __future__ import annotations

import datetime
import itertools
import random
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from ansible_collections.fedora.copr.plugins.module_utils._copr.sources.rpm import is_whole
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.settings import (
    read_config_file,
)

from faults import of_projects
from faults.bench import LOGIN, TOKEN, Bench, Options
from faults.operation import DEMO, URL, Operation, Prepare, built, project, started
from simulator.lifecycle import build_state, is_finished
from simulator.world import World
from unit.files import make_srpm, write_spec

# --- builds ----------------------------------------------------------------------------------


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


def build_set(bench: Bench, rng: random.Random) -> Operation:
    """Build three packages one after the other and one beside them, of which some may be there."""
    project(bench)
    names = ["one", "two", "three"]
    for name in names[: rng.randint(0, 2)]:
        built(bench, [name])
    after = {"two": ["one"], "three": ["one", "two"]}
    builds = [
        {"name": name, "url": URL.format(name), "after": after.get(name, [])}
        for name in rng.sample([*names, "slow-beside"], 4)
    ]
    options = {"project": DEMO, "builds": builds, "verify_hosted": rng.random() < 0.5}

    def reached(world: World) -> bool:
        states = [build_state(world, build) for build in world.builds.values()]
        order = [build.plan.name for build in world.builds.values()]
        in_order = order.index("one") < order.index("two") < order.index("three")
        return in_order and states == ["succeeded"] * 4

    return Operation("copr_build_set", options, reached, builds=4)


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


def prune(bench: Bench, rng: random.Random) -> Operation:
    """Delete all but the newest builds and the last successes, beside one that is on the way."""
    project(bench)
    for _round in range(rng.randint(1, 3)):
        built(bench, ["one", "two"], force=True)
    stay = built(bench, ["one", "two"], force=True)
    if rng.random() < 0.7:
        # The last success in the chroots where these fail is the one before.
        failing = {"": "compiler"} if rng.random() < 0.5 else {"fedora": "compiler"}
        for _round in range(rng.randint(1, 2)):
            (newest,) = built(bench, ["one"], force=True)
            build = bench.world.builds[newest]
            build.plan = replace(build.plan, failing=failing)
        stay.append(newest)
    stay += started(bench, ["slow-one"])

    def reached(world: World) -> bool:
        return sorted(world.builds) == stay

    return Operation("copr_build_prune", {"project": DEMO, "keep": 1}, reached)


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
    reached = of_projects.has(DEMO, {"description": "new"})
    return Operation("copr_api", options, reached, tells=False, believes=True)


def renew_token(bench: Bench, _rng: random.Random) -> Operation:
    """Renew the token of a config file, which holds the one that is good."""
    config = bench.folder / "config"
    day = datetime.date.today() + datetime.timedelta(days=9)
    config.write_text(
        f"[copr-cli]\ncopr_url = {bench.sim.url}\nlogin = {LOGIN}\ntoken = {TOKEN}\n"
        f"# expiration date: {day}\n"
    )

    def reached(world: World) -> bool:
        alice = world.users["alice"]
        stored = read_config_file(str(config)).credentials
        return stored is not None and alice.token == stored.token != TOKEN

    no_login = dict.fromkeys(("copr_url", "copr_login", "copr_token"))
    # After a lost answer the old token may be void, so that it can't be run again.
    return Operation("copr_token", {**no_login, "config_file": str(config)}, reached, again=False)


def fetch_results(bench: Bench, _rng: random.Random) -> Operation:
    """Fetch the packages of builds."""
    project(bench)
    numbers = built(bench, ["one", "two"])
    folder = Path(tempfile.mkdtemp(dir=bench.folder))

    def reached(_world: World) -> bool:
        files = [path for path in folder.rglob("*") if path.is_file()]
        return len(files) == 6 and all(is_whole(str(path)) for path in files)

    options = {"build_ids": numbers, "dest": str(folder), "what": ["rpms", "srpm"]}
    return Operation("copr_results", options, reached, builds=2, tells=False, local=True)


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
    "create project": of_projects.create,
    "edit project": of_projects.edit,
    "change chroots": of_projects.change_chroots,
    "fork project": of_projects.fork,
    "delete project": of_projects.delete,
    "projects": of_projects.projects,
    "packages": of_projects.packages,
    "delete package": of_projects.delete_package,
    "settings of chroots": of_projects.settings_of_chroots,
    "permissions": of_projects.permissions,
    "webhook": of_projects.webhook,
    **{f"build {source}": build_from(source) for source in SOURCES},
    "build what fails": failing,
    "wait": wait,
    "build a set": build_set,
    "cancel": cancel,
    "delete builds": delete_builds,
    "prune builds": prune,
    "regenerate": regenerate,
    "submit by copr_api": submit_by_api,
    "edit by copr_api": edit_by_api,
    "renew token": renew_token,
    "fetch results": fetch_results,
    "wait for builds": reading(
        "copr_build_wait", {"build_ids": [1], "wait_timeout": 300}, "builds"
    ),
    "read builds": reading("copr_build_info", {"project": DEMO, "gather": GATHER}, "builds"),
    "read a build": reading("copr_build_info", {"build_ids": [1, 2], "gather": GATHER}, "builds"),
    "read permissions": reading("copr_permission_info", {"project": DEMO}, "permissions"),
    "read packages": reading("copr_package_info", {"project": DEMO}, "packages"),
    "read monitor": reading("copr_monitor_info", {"project": DEMO}, "packages"),
    "read projects": reading("copr_project_info", {"owner": "alice"}, "projects"),
    "read chroots": reading("copr_chroot_info", {"project": DEMO, "build_config": True}, "chroots"),
    "read who": reading("copr_auth_info", {}, "user"),
}
# Seeds in order meet the operations in turn.
IN_TURN = tuple(itertools.chain(OPERATIONS))
