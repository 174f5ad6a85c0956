# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What only projects need: forks, sets of chroots that others change, and inherited dependencies.

Everything else about them is reconcile's.
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

# Seconds, at random between these, before chroots that were changed are looked at again. Others may
# have read the set before, and be about to write it.
SETTLING = (0.5, 1.5)


# What a task may say of a project in copr_project and in a definition alike.
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
        given: values of attributes; null is the server's default, and what is not in here is left
            alone.
        chroots: which chroots to enable; None leaves the set alone.
        purge_chroots: disable the chroots that are not among them.
        extra: fields of the API that this collection does not know, sent as they are.
        fork_of: the project to fork, if this one is to come about as a fork.
        fork_again: fork also into a project that exists.
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
    """Return what OPTIONS say, as they were given; what was left out is not in C(given)."""
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
    """Plan how a project is created, or made what C(wish) says.

    C(known) is the project as the server shows it, or empty if there is none; C(offered) are the
    chroots of the server. What is None is read where it is needed.
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
    """Carry out what plan_project has planned; return the project, and all that came of it.

    Raises CoprError as fulfil does.
    """
    try:
        outcome = fulfil(work, record)
    except CoprError as error:
        # One project has a key of its own in results.
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
    """Ask the server's own description (GET /swagger.json); unknown fields it just ignores."""
    managed = sorted(set(extra) & {*PROJECT.fields, "name"})
    if managed:
        raise CoprError(
            "invalid", f"extra_options may not hold {managed[0]}; it is an option of its own."
        )
    definitions = client.get("swagger.json", shape={"definitions": {str: dict}})["definitions"]
    known: set[str] = set()
    for form in ("ProjectAdd", "ProjectEdit"):
        known |= set((definitions.get(form) or {}).get("properties") or {})
    unknown = sorted(set(extra) - known, key=str)
    if unknown:
        names = ", ".join(map(str, unknown))
        raise CoprError(
            "invalid", f"This Copr server knows no project field named {names} (extra_options)."
        )


# --- what a wish starts from -----------------------------------------------------------------


def _start(
    client: Client,
    name: ProjectName,
    wish: ProjectWish,
    warn: Callable[[str], None],
    offered: Sequence[str] | None,
    plain: Wish,
    there: Thing | None,
) -> Start:
    """Say by name which chroots are meant, and put a fork first where one is wanted."""
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
        # Somebody else has made the project meanwhile.
        _refuse_foreign(client, name, origin)
        return []

    return Step([difference], call)


def _refuse_foreign(client: Client, name: ProjectName, origin: ProjectName) -> None:
    """Refuse a project that exists and was not forked; the server guards only one's own."""
    if not looks_forked(client, origin, name):
        raise CoprError(
            "conflict",
            f"{name} exists and does not look like a fork of {origin}. Forking into it would "
            "add the builds of that project to its own; set fork_confirm if this is what you want.",
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

    GET /rpmrepo shows both; what the dependencies given explain is no difference.
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
    """Send the whole set of chroots, and tell whether that was still needed.

    An edit replaces the set, so of two callers who each add one chroot the slower wins. On one
    machine they take turns. For the others, the set is read right before it is sent, and reconcile
    reads it again after a pause, in which whoever read it before comes to an end, too. Chroots go
    in a request of their own because one that is building makes the server refuse all of it.
    """
    before, target = set(project["chroots"]), set(values["chroots"])
    with one_at_a_time(client, name, warn):
        there = fetch_project(client, name)
        if there is None:
            raise CoprError(
                "not_found", f"{name} was deleted by somebody while it was being changed."
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
    """Refuse to disable chroots in which builds are at work, as the server does."""
    if values is None or "chroots" not in values:
        return
    chroots = set(project.get("chroots", ())) - set(values["chroots"])
    if not chroots:
        return
    for build in unfinished_builds(client, name):
        if not chroots.isdisjoint(build["chroots"]):
            states = fetch_chroots(client, build["id"])
            busy = [each["name"] for each in states if not is_final(each)]
            if not chroots.isdisjoint(busy):
                raise CoprError(
                    "conflict",
                    f"Copr disables no chroot of {name} in which a build is at work: "
                    f"build {label(build)} in {', '.join(sorted(chroots.intersection(busy)))}. "
                    "Wait for it, or cancel it.",
                )
