# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Operations on projects, and on what belongs to them."""

from __future__ import annotations

import copy
import random
from typing import Any

from faults.bench import Bench, Options
from faults.operation import DEMO, EPEL, F43, F44, Operation, Reached, built, project, started
from simulator.world import World

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


def webhook(bench: Bench, _rng: random.Random) -> Operation:
    """Make a new secret, which each run does again."""
    project(bench)
    old = bench.world.projects[DEMO].webhook_secret

    def reached(world: World) -> bool:
        return world.projects[DEMO].webhook_secret != old

    return Operation("copr_webhook", {"project": DEMO}, reached, again=False)


def projects(bench: Bench, rng: random.Random) -> Operation:
    """Create and change projects with all that belongs to them, several at once."""
    project(bench, description="old")
    bench.play("copr_package", {"project": DEMO, "package": "old", "rubygems": {"gem_name": "old"}})
    names = [DEMO, *(f"alice/p{number}" for number in range(rng.randint(1, 4)))]
    description = rng.choice(("new", "old"))
    whole = {
        "chroots": [F43, F44],
        "description": description,
        "chroot_settings": [{"chroot": F44, "with_opts": ["a"]}],
        "packages": [{"package": name, "rubygems": {"gem_name": name}} for name in ("a", "b")],
        "permissions": [{"user": "bob", "builder": "approved"}],
        "purge": ["chroots", "packages"],
    }

    def reached(world: World) -> bool:
        return all(
            has(name, {"description": description}, [F43, F44])(world)
            and set(world.projects[name].packages) == {"a", "b"}
            and world.projects[name].chroots[F44].with_opts == "a"
            and world.projects[name].permissions["bob"]["builder"] == "approved"
            for name in names
        )

    options = {
        "projects": [{"project": name, **whole} for name in names],
        "connections": rng.choice((1, 4)),
    }
    return Operation("copr_projects", options, reached)
