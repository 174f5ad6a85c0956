# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bringing the .repo file of a project on a host into the state that a task asks for."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from ansible_collections.fedora.copr.plugins.module_utils._copr.hosts import repo_file
from ansible_collections.fedora.copr.plugins.module_utils._copr.hosts.offer import (
    AUTO,
    Choice,
    Offer,
    choice_for,
    named_choice,
    notices_of,
    offer_of,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.hosts.os_release import host_from
from ansible_collections.fedora.copr.plugins.module_utils._copr.hosts.repository import (
    Names,
    Repository,
    repositories_of,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.names import (
    ProjectName,
    parse_project,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.project import (
    fetch_repositories,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.plan import Plan, carry_out
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import Task
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.client import Client
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError

from .on_host import OnHost, Seen

FOLDER = "etc/yum.repos.d"

# Calls a function that reads Copr, once for all hosts of the task; the text identifies the read.
ReadOnce = Callable[[str, Callable[[], dict[str, Any]]], dict[str, Any]]


@dataclass(frozen=True)
class _File:
    """The wanted state of the file.

    Attributes:
        text: its text; None if the file should not exist.
        chroot: the chroot that the host uses, if Copr was read.
        wanted: the repositories that the text was made from.
    """

    text: str | None
    chroot: str | None = None
    wanted: list[Repository] = field(default_factory=list)


@dataclass(frozen=True)
class _Place:
    """Where the file is on a host.

    Attributes:
        root: the folder of the system.
        folder: the folder of the file.
        path: the file.
        former: the file that old versions of dnf wrote instead, if they did.
    """

    root: str
    folder: str
    path: str
    former: str | None

    @classmethod
    def of(cls, root: str, names: Names) -> _Place:
        """Return where a system has the file; raises CoprError (invalid) for a relative root."""
        if not posixpath.isabs(root):
            raise CoprError("invalid", f"root must be an absolute path of the host, not {root}.")
        folder = posixpath.join(root, FOLDER)
        former = names.former_file and posixpath.join(folder, names.former_file)
        return cls(root, folder, posixpath.join(folder, names.file), former)

    @property
    def all(self) -> list[str]:
        """The paths whose existence decides what to do."""
        return [self.root, self.folder, self.path, *([self.former] if self.former else [])]


def fulfil(
    task: Task, on_host: OnHost, read_once: ReadOnce, file_options: Iterable[str]
) -> dict[str, Any]:
    """Bring the file into the wanted state, and return the task's result.

    C(file_options) are the names of the options that are passed to ansible.builtin.copy.
    Raises CoprError.
    """
    params = task.params
    project = _project(task, read_once)
    names = Names(
        host=urlsplit(task.client.settings.url).hostname or "",
        owner=project.owner,
        dirname=_dirname(project, params["dirname"]),
    )
    place = _Place.of(params["root"], names)
    seen = on_host.look(place.root, place.all)
    if place.root not in seen.there:
        error = CoprError(
            "local_file", f"root: the folder {place.root} does not exist on the host."
        )
        return _planned(task, place, names, error)
    before = on_host.read(place.path) if place.path in seen.there else ""
    file = _without_copr(before, names, params["state"])
    if file is None:
        try:
            file = _from_copr(task, project, names, seen, before, read_once)
        except CoprError as error:
            if error.kind != "not_found":
                raise
            return _planned(task, place, names, error)
    options = {name: params[name] for name in file_options}
    backup = _hand_over(on_host, place, seen, file, options)
    return {
        **on_host.told(),
        **_result(place, file, names),
        **({"backup_file": backup} if backup else {}),
    }


def _planned(task: Task, place: _Place, names: Names, error: CoprError) -> dict[str, Any]:
    """Return the result if something is missing that an earlier task of the play may create.

    Outside of check mode, raise the error.
    """
    carry_out(Plan(missing=[error]), task.record)
    return {"changed": task.params["state"] != "absent", **_result(place, _File(""), names)}


def _hand_over(
    on_host: OnHost, place: _Place, seen: Seen, file: _File, options: dict[str, Any]
) -> str | None:
    """Write or remove the file on the host; return the path of the old file's backup."""
    backup = None
    if file.text is not None:
        new_folder = place.folder not in seen.there
        backup = on_host.write(place.path, file.text, options, new_folder=new_folder)
    elif place.path in seen.there:
        on_host.remove(place.path)
    if place.former in seen.there:
        on_host.remove(str(place.former))
    return backup


def _result(place: _Place, file: _File, names: Names) -> dict[str, Any]:
    text = file.text or ""
    return {
        "path": place.path,
        "chroot": file.chroot,
        "repositories": repo_file.shown(text, names.are_ours),
        "unmanaged": repo_file.unmanaged(text, file.wanted, names.are_ours),
    }


def _project(task: Task, read_once: ReadOnce) -> ProjectName:
    username, client = task.client.settings.username, task.client

    def own_name() -> str:
        return username or str(read_once("user", client.user)["name"])

    return parse_project(task.params["project"], own_name)


def _dirname(project: ProjectName, given: str | None) -> str:
    name = project.name
    if given in (None, name):
        return name
    if not str(given).startswith(f"{name}:"):
        raise CoprError(
            "invalid",
            f"dirname {given} is not a directory of {project}; their names begin with {name}:.",
        )
    return str(given)


def _without_copr(before: str, names: Names, state: str) -> _File | None:
    """Return the file that the task wants, or None if that takes data from Copr."""
    if state == "absent":
        return _File(repo_file.without(before, names.are_ours))
    text = repo_file.disabled(before, names.are_ours) if state == "disabled" else None
    return _File(text) if text else None


def _from_copr(
    task: Task,
    project: ProjectName,
    names: Names,
    seen: Seen,
    before: str,
    read_once: ReadOnce,
) -> _File:
    answer = read_once(f"project {project}", partial(_read, task.client, project))
    offer = offer_of(project, names.dirname, answer)
    choice = _choice(offer, task.params["chroot"], seen)
    wanted = repositories_of(names, offer, choice, task.params, task.given)
    for notice in notices_of(offer, choice):
        task.warn(notice)
    text = repo_file.merged(before, wanted, names.are_ours)
    for address in repo_file.unsigned(text, wanted):
        task.warn(
            f"{project} depends on {address}, which is not in Copr: the signatures of its packages "
            "are not verified. Set runtime_dependencies to false to leave such repositories out."
        )
    return _File(text, choice.chroot, wanted)


def _read(client: Client, project: ProjectName) -> dict[str, Any]:
    try:
        return fetch_repositories(client, project)
    except CoprError as error:
        if error.kind == "not_found":
            error.message = f"The project {project} does not exist on {client.settings.url}."
        raise


def _choice(offer: Offer, chroot: str, seen: Seen) -> Choice:
    if chroot != AUTO:
        return named_choice(offer, chroot)
    host = host_from(seen.os_release, seen.machine)
    if not host.releases:
        raise CoprError(
            "invalid",
            "The host has no os-release that names its distribution; set chroot to a name.",
        )
    return choice_for(offer, host)
