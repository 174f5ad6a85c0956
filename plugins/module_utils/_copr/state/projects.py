# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What only projects need: forks, sets of chroots that others change, and inherited dependencies.

Everything else is done by C(reconcile.py).
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Callable

from ..lock import one_at_a_time
from ..nouns.build import fetch_chroots, is_final, label, unfinished_builds
from ..nouns.names import ProjectName, project_at
from ..nouns.normal import words
from ..nouns.project import (
    ATTRIBUTES,
    PROJECT,
    as_thing,
    edit_project,
    enabled_chroots,
    fetch_project,
    fetch_repository_data,
    forked,
    needs_more,
)
from ..nouns.resource import Field, Resource, Thing, Values, text, texts
from ..nouns.rights import refuse_unless_editable
from ..nouns.selection import ChrootNames, refuse_empty, to_enable
from ..plan import Difference, Record, Step
from ..wire.client import Client
from ..wire.errors import CoprError
from .forks import fetch_fork_source, fork, looks_forked
from .reconcile import Outcome, Work, fulfil, prepare
from .steps import Scope, Start
from .wishes import Wish

# Seconds, at random between these, before changed chroots are read again. Others may have read the
# set before the change, and be about to write it.
SETTLING = (0.5, 1.5)


# The options for a project in copr_project and in a definition.
OPTIONS: dict[str, dict[str, Any]] = {
    **{name: field.argument_spec for name, field in PROJECT.fields.items()},
    "exclude_chroots": texts(),
    "ended_chroots": text(choices=["warn", "fail"], default="warn"),
    "extra_options": {"type": "dict"},
}


@dataclass(frozen=True)
class ProjectWish:
    """What a task wants of a project.

    Attributes:
        given: values of attributes; null is the server's default, and other attributes are not
            changed.
        chroots: which chroots to enable; None does not change the set.
        purge_chroots: disable the chroots that are not among them.
        extra: fields of the API that this collection does not know, sent as they are.
        fork_of: the project to fork, if this one should be created as a fork.
        fork_again: also fork into a project that exists.
    """

    given: Mapping[str, Any]
    chroots: ChrootNames | None = None
    purge_chroots: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)
    fork_of: ProjectName | None = None
    fork_again: bool = False


def wish_for(
    given: Mapping[str, Any],
    *,
    purge_chroots: bool = False,
    fork_of: ProjectName | None = None,
    fork_again: bool = False,
) -> ProjectWish:
    """Return the wish that OPTIONS express; C(given) has only the options that the task gives."""
    chroots = None
    if given.get("chroots") is not None:
        excluded = given.get("exclude_chroots") or ()
        ended = given.get("ended_chroots") or ChrootNames.ended
        chroots = ChrootNames(given["chroots"], excluded, ended)
    return ProjectWish(
        given={name: given[name] for name in ATTRIBUTES if name in given},
        chroots=chroots,
        purge_chroots=purge_chroots,
        extra=given.get("extra_options") or {},
        fork_of=fork_of,
        fork_again=fork_again,
    )


def plan_project(
    client: Client,
    name: ProjectName,
    wish: ProjectWish,
    warn: Callable[[str], None],
    *,
    known: Mapping[str, Any] | None = None,
    offered: Sequence[str] | None = None,
) -> Work:
    """Plan how to create or change a project so that it fulfils C(wish).

    C(known) is the project as the server shows it, or empty if it does not exist; C(offered) are
    the chroots of the server. Both are read if they are None and needed.
    Raises CoprError for a wish that can't be fulfilled.
    """
    if wish.fork_of == name:
        raise CoprError("invalid", f"{name} can't be a fork of itself.")
    if wish.chroots is not None:
        refuse_empty(wish.chroots)
    resource = PROJECT
    if wish.extra:
        _refuse_unknown_fields(client, wish.extra)
        extra = {key: Field(key) for key in wish.extra}
        resource = replace(resource, fields={**resource.fields, **extra})
    resource = replace(
        resource,
        read=partial(_read, wish, resource),
        apart={"chroots": partial(_change_chroots, warn)},
        foresee=_foresee,
        allowed=refuse_unless_editable,
    )
    scope = Scope(client, resource, name, partial(_start, client, name, wish, warn, offered))
    plain = Wish(str(name), {**wish.given, **wish.extra})
    there: dict[str, Thing] | None = None if known is None else {}
    if known:
        more = fetch_repository_data(client, name) if needs_more(plain.given) else {}
        thing = {**as_thing(known), **more}
        there = {str(name): {**thing, **_own_dependencies(client, wish, thing)}}
    return prepare(scope, [plain], warn, known=there)


def make_project(work: Work, record: Record) -> tuple[Thing, Outcome]:
    """Carry out what plan_project has planned; return the project, and the whole outcome.

    Raises CoprError as fulfil does.
    """
    try:
        outcome = fulfil(work, record)
    except CoprError as error:
        # Results show a single project under a key of its own.
        done = error.result.pop(PROJECT.plural, [])
        if done:
            error.result.setdefault("project", done[0])
        raise
    return outcome.things[str(work.scope.project)], outcome


def unmanaged_chroots(outcome: Outcome, project: Thing) -> list[str]:
    """Return the enabled chroots that a task with chroots does not name."""
    named = outcome.wishes[0].given.get("chroots")
    return [] if named is None else [each for each in project["chroots"] if each not in named]


def _refuse_unknown_fields(client: Client, extra: Mapping[str, Any]) -> None:
    """Check against the server's description (GET /swagger.json); it ignores unknown fields."""
    managed = sorted(set(extra) & {*PROJECT.fields, "name"})
    if managed:
        raise CoprError(
            "invalid",
            f"extra_options must not contain {managed[0]}, because it has an option of its own.",
        )
    definitions = client.get("swagger.json", shape={"definitions": {str: dict}})["definitions"]
    known: set[str] = set()
    for form in ("ProjectAdd", "ProjectEdit"):
        known |= set((definitions.get(form) or {}).get("properties") or {})
    unknown = sorted(set(extra) - known, key=str)
    if unknown:
        names = ", ".join(map(str, unknown))
        raise CoprError(
            "invalid", f"This Copr server has no project field named {names} (extra_options)."
        )


# --- the state that a wish starts from -------------------------------------------------------


def _start(
    client: Client,
    name: ProjectName,
    wish: ProjectWish,
    warn: Callable[[str], None],
    offered: Sequence[str] | None,
    plain: Wish,
    there: Thing | None,
) -> Start:
    """Resolve the names of chroots, and begin with a fork if one is wanted."""
    steps, thing = [], there
    if wish.fork_of is not None and (there is None or wish.fork_again):
        origin = fetch_fork_source(client, wish.fork_of, name)
        steps.append(_fork_step(client, name, wish.fork_of, again=wish.fork_again))
        thing = there or forked(name, origin)
    elif wish.fork_of is not None:
        _refuse_foreign(client, name, wish.fork_of)
    names = None
    if wish.chroots is not None:
        enabled = thing["chroots"] if thing else []
        exists = there is not None
        names = to_enable(
            client, name, wish.chroots, enabled, exists=exists, warn=warn, offered=offered
        )
    if thing is None and not names:
        raise CoprError(
            "invalid", f"{name} does not exist, and creating it needs at least one chroot."
        )
    if names:
        exactly = frozenset({"chroots"} if wish.purge_chroots else ())
        plain = replace(plain, given={**plain.given, "chroots": names}, exactly=exactly)
    return Start(plain, thing, steps)


def _fork_step(client: Client, name: ProjectName, origin: ProjectName, *, again: bool) -> Step:
    difference = Difference(str(name), None, {"name": str(name), "fork_of": str(origin)})

    def call() -> list[Difference]:
        if fork(client, origin, name, confirm=again):
            return [difference]
        # Somebody else has created the project meanwhile.
        _refuse_foreign(client, name, origin)
        return []

    return Step([difference], call)


def _refuse_foreign(client: Client, name: ProjectName, origin: ProjectName) -> None:
    """Refuse an existing project that was not forked; the server checks only the user's own."""
    if not looks_forked(client, origin, name):
        raise CoprError(
            "conflict",
            f"{name} exists and does not look like a fork of {origin}. Forking into it would "
            "add the builds of that project to its own; set fork_confirm if that is what you want.",
        )


# --- dependencies ----------------------------------------------------------------------------


def _read(
    wish: ProjectWish,
    resource: Resource,
    client: Client,
    name: ProjectName,
    keys: Collection[str] | None,
    fields: Collection[str],
) -> dict[str, Thing]:
    """Read a project, without the dependencies that come from its dependencies.

    GET /rpmrepo shows both; dependencies that the given ones imply are not a difference.
    """
    found = resource.read(client, name, keys, fields)
    return {
        key: {**thing, **_own_dependencies(client, wish, thing)} for key, thing in found.items()
    }


def _own_dependencies(client: Client, wish: ProjectWish, project: Thing) -> dict[str, Any]:
    wanted = words(wish.given.get("runtime_dependencies"))
    shown = project.get("runtime_dependencies", [])
    if not set(wanted) < set(shown):
        return {}
    inherited: set[str] = set()
    for dependency in wanted:
        other = project_at(dependency)
        if other is not None:
            inherited |= set(fetch_repository_data(client, other)["runtime_dependencies"])
    own = [entry for entry in shown if entry in wanted or entry not in inherited]
    return {"runtime_dependencies": own}


# --- chroots ---------------------------------------------------------------------------------


def _change_chroots(
    warn: Callable[[str], None],
    client: Client,
    name: ProjectName,
    _key: str,
    values: Values,
    project: Thing,
) -> bool:
    """Send the whole set of chroots; return whether that was still needed.

    An edit replaces the set, so if two callers each add a chroot, the later edit undoes the other.
    On one machine they take turns. Against others, the set is read right before it is sent, and
    reconcile reads it again after a pause, in which those who have read it before finish their
    edit. Chroots are sent in a request of their own, because the server refuses the whole request
    if a chroot to disable has a running build.
    """
    before, target = set(project["chroots"]), set(values["chroots"])
    with one_at_a_time(client, name, warn):
        there = fetch_project(client, name)
        if there is None:
            raise CoprError(
                "not_found", f"Somebody deleted {name} while this task was changing it."
            )
        now = set(enabled_chroots(there))
        wanted = (now - (before - target)) | (target - before)
        if wanted != now:
            edit_project(client, name, {"chroots": sorted(wanted)}, project)
    if wanted != now:
        client.clock.sleep(random.uniform(*SETTLING))
    return wanted != now


def _foresee(
    client: Client, name: ProjectName, _key: str, project: Thing, values: Values | None
) -> None:
    """Refuse to disable chroots with running builds, as the server does."""
    if values is None or "chroots" not in values:
        return
    chroots = set(project.get("chroots", ())) - set(values["chroots"])
    if not chroots:
        return
    try:
        unfinished = unfinished_builds(client, name)
    except CoprError as error:
        if error.kind != "not_found":
            raise
        # A fork that is only planned has no builds yet.
        return
    for build in unfinished:
        if not chroots.isdisjoint(build["chroots"]):
            states = fetch_chroots(client, build["id"])
            busy = [each["name"] for each in states if not is_final(each)]
            if not chroots.isdisjoint(busy):
                raise CoprError(
                    "conflict",
                    f"Copr can't disable a chroot of {name} while a build is running in it: "
                    f"build {label(build)} in {', '.join(sorted(chroots.intersection(busy)))}. "
                    "Wait for it, or cancel it.",
                )
