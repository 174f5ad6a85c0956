# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Making a project what a task says: plan from what is there, apply, and check the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..nouns.build import fetch_chroots, is_final, label, unfinished_builds
from ..nouns.chroots import fetch_mock_chroots, unknown_names
from ..nouns.names import ProjectName
from ..nouns.project import (
    ATTRIBUTES,
    PROJECT,
    Attribute,
    enabled_chroots,
    fetch_project,
    fetch_repository_data,
    forked,
)
from ..plan import Difference, Plan, Record, Step, carry_out
from ..wire.client import Client
from ..wire.errors import CoprError, doing
from .forks import fetch_fork_source, fork, looks_forked
from .wish import Wish

# How often the set of chroots is read again and sent again when others change it meanwhile.
CHROOT_ROUNDS = 4


@dataclass
class Outcome:
    """What a task found, made, or would make.

    Attributes:
        project: the project as it is, or as it is to be.
        unmanaged: enabled chroots that the task does not name.
        unverified: attributes given that no answer of the server ever shows.
    """

    project: dict[str, Any]
    unmanaged: list[str] = field(default_factory=list)
    unverified: list[str] = field(default_factory=list)


def make_present(client: Client, name: ProjectName, wish: Wish, record: Record) -> Outcome:
    """Create the project or bring it to what C(wish) says.

    Raises CoprError for a wish that the server can't fulfil, before anything is sent, and
    (server) when the server took a change and yet shows another value.
    """
    if wish.chroots is not None and not wish.chroots:
        raise CoprError(
            "invalid",
            "chroots is an empty list, which Copr ignores: the last chroot of a project can't be "
            "disabled. Leave the option out to leave the chroots alone.",
        )
    if wish.fork_of == name:
        raise CoprError("invalid", f"{name} can't be a fork of itself.")
    if wish.extra:
        _refuse_unknown_fields(client, wish.extra)
    found = base = fetch_project(client, name)
    if wish.fork_of is not None and (found is None or wish.fork_again):
        origin = fetch_fork_source(client, wish.fork_of, name)
        base = found or forked(name, origin)
        plan = _plan_fork(client, name, wish, wish.fork_of, base)
    elif found is None:
        plan = _plan_creation(client, name, wish)
    else:
        _refuse_foreign(client, name, wish.fork_of)
        plan = _plan_edit(client, name, wish, found)
    if not carry_out(plan, record):
        project = wish.predicted(name, base)
    elif found is None or plan.steps:
        project = _settled(client, name, wish)
    else:
        project = found
    unmanaged = wish.unmanaged_chroots(enabled_chroots(project))
    return Outcome(project, unmanaged, sorted(wish.blind(project)))


def _refuse_unknown_fields(client: Client, extra: Mapping[str, Any]) -> None:
    """Ask the server's own description (GET /swagger.json); unknown fields it just ignores."""
    managed = sorted(set(extra) & (set(ATTRIBUTES) | {"chroots", "name"}))
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


# --- a project that is not there -------------------------------------------------------------


def _plan_creation(client: Client, name: ProjectName, wish: Wish) -> Plan:
    if not wish.chroots:
        raise CoprError(
            "invalid", f"{name} does not exist, and creating it needs at least one chroot."
        )
    _refuse_unknown_chroots(client, wish.chroots)
    fields = {"chroots": wish.target_chroots([]), **wish.on_creation, **wish.extra}

    def create() -> None:
        # With exist_ok an answer that was lost, or somebody quicker, does no harm: what the
        # project then lacks is edited in.
        with doing(f"Creating {name}"):
            answer = client.change(
                "POST",
                f"project/add/{name.owner}",
                {"name": name.name, **fields},
                {"exist_ok": "True"},
                shape=PROJECT,
            )
        _make(_plan_edit(client, name, wish, answer))

    return Plan([Step([Difference(str(name), None, {"name": str(name), **fields})], create)])


def _refuse_unknown_chroots(client: Client, chroots: Sequence[str]) -> None:
    known = fetch_mock_chroots(client)
    unknown = [chroot for chroot in chroots if chroot not in known]
    if unknown:
        raise unknown_names(unknown, known, f"on {client.settings.url}")


def _plan_fork(
    client: Client, name: ProjectName, wish: Wish, origin: ProjectName, base: Mapping[str, Any]
) -> Plan:
    """Plan a fork, and the edits that bring it from what it will be, C(base), to the wish."""
    for key in wish.differences(base):
        _refuse_impossible(name, ATTRIBUTES[key], wish.attributes[key], base)
    new_chroots = [each for each in wish.chroots or [] if each not in base["chroot_repos"]]
    if new_chroots:
        _refuse_unknown_chroots(client, new_chroots)

    def fork_and_edit() -> None:
        project = fork(client, origin, name, confirm=wish.fork_again)
        _make(_plan_edit(client, name, wish, project))

    after = {"name": str(name), "fork_of": str(origin), **wish.wanted, **wish.extra}
    if wish.chroots is not None:
        after["chroots"] = sorted(wish.chroots)
    return Plan([Step([Difference(str(name), None, after)], fork_and_edit)])


def _refuse_foreign(client: Client, name: ProjectName, origin: ProjectName | None) -> None:
    """Refuse a project that exists and was not forked; the server guards only one's own."""
    if origin is not None and not looks_forked(client, origin, name):
        raise CoprError(
            "conflict",
            f"{name} exists and does not look like a fork of {origin}. Forking into it would add "
            "the builds of that project to its own; set fork_confirm if this is what you want.",
        )


# --- a project that is there -----------------------------------------------------------------


def _plan_edit(client: Client, name: ProjectName, wish: Wish, project: Mapping[str, Any]) -> Plan:
    current = {**project, **_repository_data(client, name, wish)}
    different = wish.differences(current)
    for key in different:
        _refuse_impossible(name, ATTRIBUTES[key], wish.attributes[key], project)
    extra = wish.extra_differences(project)
    chroots = enabled_chroots(project)
    target = wish.target_chroots(chroots)
    # What can't be seen can't call for a change of its own; it goes along with any other.
    blind = wish.blind(project)
    plan = Plan()
    if different or extra or (blind and target != chroots):
        after = {**different, **extra}
        body = {key: ATTRIBUTES[key].sent(value) for key, value in different.items()}
        body.update({**extra, **blind})
        before = {key: current.get(key) for key in after}
        difference = Difference(str(name), before, {**after, **blind})
        plan.steps.append(Step([difference], lambda: _edit(client, name, project, body)))
    if target != chroots:
        added = [each for each in target if each not in chroots]
        if added:
            _refuse_unknown_chroots(client, added)
        difference = Difference(str(name), {"chroots": chroots}, {"chroots": target})
        plan.steps.append(
            Step(
                [difference],
                lambda: None if _edit_chroots(client, name, wish) else [],
                lambda: _refuse_busy_chroots(client, name, set(chroots) - set(target)),
            )
        )
    return plan


def _make(plan: Plan) -> None:
    for step in plan.steps:
        step.call()


def _repository_data(client: Client, name: ProjectName, wish: Wish) -> dict[str, Any]:
    """Read what only GET /rpmrepo shows, if the task cares for any of it."""
    if not any(ATTRIBUTES[key].seen == "rpmrepo" for key in wish.attributes):
        return {}
    data = fetch_repository_data(client, name)
    wanted = wish.wanted.get("runtime_dependencies", [])
    shown = data["runtime_dependencies"]
    # The server adds the dependencies of dependencies; what those explain is no difference.
    if set(wanted) < set(shown):
        inherited: set[str] = set()
        for dependency in wanted:
            if dependency.startswith("copr://"):
                owner, _slash, project = dependency[len("copr://") :].partition("/")
                other = fetch_repository_data(client, ProjectName(owner, project))
                inherited |= set(other["runtime_dependencies"])
        data["runtime_dependencies"] = [
            entry for entry in shown if entry in wanted or entry not in inherited
        ]
    return data


def _refuse_impossible(
    name: ProjectName, attribute: Attribute, value: Any, project: Mapping[str, Any]
) -> None:
    if attribute.fixed:
        raise CoprError(
            "invalid",
            f"{attribute.name} of {name} is {project[attribute.name]!r} and can't be changed: "
            f"{attribute.fixed}.",
        )
    if attribute.stuck and attribute.wanted(value) is None:
        raise CoprError(
            "invalid",
            f"{attribute.name} of {name} is set and can't be cleared: {attribute.stuck}.",
        )


def _refuse_busy_chroots(client: Client, name: ProjectName, chroots: set[str]) -> None:
    """Refuse to disable chroots in which builds are at work, as the server does."""
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


def _edit(
    client: Client, name: ProjectName, project: Mapping[str, Any], body: dict[str, Any]
) -> None:
    try:
        with doing(f"Changing {name}"):
            client.change("PUT", f"project/edit/{name.owner}/{name.name}", body, shape=PROJECT)
    except CoprError as error:
        if error.status == 403 and project.get("auto_prune") is False:
            error.message = (
                f"An administrator has switched auto_prune off for {name}, and until it is on "
                "again Copr refuses every edit by its owner; set auto_prune: true in this task, "
                "or ask the administrator to make the change."
            )
        raise


def _edit_chroots(client: Client, name: ProjectName, wish: Wish) -> bool:
    """Send the whole set of chroots, and again while others overwrite it.

    An edit replaces the set, so of two callers who each add one chroot the slower wins. The set
    is therefore read right before it is sent, and again afterwards. Chroots go in a request of
    their own because one that is building makes the server refuse the whole request.
    Returns False if somebody else has made the change meanwhile.
    """
    for rounds in range(CHROOT_ROUNDS + 1):
        project = fetch_project(client, name)
        if project is None:
            raise _vanished(name)
        enabled = enabled_chroots(project)
        target = wish.target_chroots(enabled)
        if target == enabled:
            return rounds > 0
        if rounds < CHROOT_ROUNDS:
            _edit(client, name, {}, {"chroots": target})
    raise CoprError(
        "conflict",
        f"The chroots of {name} did not stay as they were set, {CHROOT_ROUNDS} times in a row; "
        "somebody else is changing them at the same time.",
    )


# --- what came of it -------------------------------------------------------------------------


def _settled(client: Client, name: ProjectName, wish: Wish) -> dict[str, Any]:
    """Return the project after the changes, making sure that they took."""
    project = fetch_project(client, name)
    if project is None:
        raise _vanished(name)
    different = sorted({**wish.differences(project), **wish.extra_differences(project)})
    if wish.target_chroots(enabled_chroots(project)) != enabled_chroots(project):
        different.append("chroots")
    if different:
        raise CoprError(
            "server",
            f"Copr took the change of {name} but shows other values for: {', '.join(different)}.",
        )
    return project


def _vanished(name: ProjectName) -> CoprError:
    return CoprError("not_found", f"{name} was deleted by somebody while it was being changed.")
