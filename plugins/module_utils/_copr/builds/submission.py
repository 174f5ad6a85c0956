# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Submitting a build exactly once, even if the response is lost."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any, Callable

from ..nouns.build import BUILD, fetch_build, list_builds, project_of
from ..nouns.names import ProjectName
from ..progress import TransferProgress
from ..sources.source import Source
from ..wire.client import Client
from ..wire.errors import CoprError, error_context
from ..wire.files import open_local
from ..wire.pages import PAGE, list_of
from ..wire.retry import delay_before, worth_another_try
from .history import Reader

# Seconds before each look for a build whose response was lost: the server may still be working on a
# request after the connection is closed.
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
# How many ids after the newest known one are tried, and how many missing ones in a row end that.
PROBES = 10
PROBES_IN_VAIN = 3


@dataclass(frozen=True)
class Submission:
    """One build to submit.

    Attributes:
        dirname: the directory of the project for the build.
        chroots: where to build; never empty, because the server treats that as all chroots.
        options: the other fields of build/create, as the API names them.
    """

    project: ProjectName
    dirname: str
    source: Source
    chroots: tuple[str, ...]
    options: dict[str, Any]

    @property
    def body(self) -> dict[str, Any]:
        """The JSON of the request, without the source."""
        body = {**self.project.query, "chroots": list(self.chroots), **self.options}
        if self.dirname != self.project.name:
            body["project_dirname"] = self.dirname
        return body


def submit(
    client: Client,
    submission: Submission,
    newest_id: int,
    say: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Submit the build and return it as the server shows it.

    Args:
        newest_id: the newest build of the project before this; builds up to it can't be ours.
        say: shows a line of progress during a long upload.

    A submission is never simply repeated. If its response is lost, the project's newer builds are
    searched for the build, and only if it is not found, it is submitted again, as often as the
    client's retries allow.
    """
    with error_context(f"submit {submission.source.label} to {submission.project}"):
        _check_first(client, submission)
        attempt = 0
        pages = cycle(random.sample(range(PAGE // 2, PAGE), PAGE // 2))
        while True:
            attempt += 1
            try:
                return _send(client, submission, say)
            except CoprError as error:
                error.attempts = attempt
                build = _find_lost(client, submission, newest_id, error, pages)
                if build is not None:
                    return build
                spent = attempt > client.settings.retries
                if spent or not worth_another_try(error, repeatable=True):
                    raise
                client.clock.sleep(delay_before(attempt, error.retry_after))


def _check_first(client: Client, submission: Submission) -> None:
    """Check whether the server would accept an upload (POST /build/check-before-build).

    The project is known to exist, so a 404 comes from a server that does not have this call yet.
    """
    if submission.source.upload is None:
        return
    try:
        client.change("POST", "build/check-before-build", submission.body)
    except CoprError as error:
        if error.kind != "not_found":
            raise


def _send(
    client: Client, submission: Submission, say: Callable[[str], None] | None
) -> dict[str, Any]:
    source = submission.source
    body = {**submission.body, **source.body}
    if source.upload is None:
        shape = list_of(BUILD) if source.answer_is_list else BUILD
        answer = client.submit(source.endpoint, body, shape=shape)
    else:
        with open_local(source.upload.path) as stream:
            answer = client.submit_file(
                source.endpoint,
                body,
                stream,
                source.upload.name,
                TransferProgress(client.clock, say, source.label).sent,
                shape=BUILD,
            )
    builds = answer.get("items", [answer])
    if len(builds) != 1:
        raise CoprError(
            "server",
            f"The server's answer to the submission of {source.label} is not a build.",
            method="POST",
            path=source.endpoint,
            transient=True,
            maybe_done=True,
        )
    return dict(builds[0])


def _find_lost(
    client: Client,
    submission: Submission,
    newest_id: int,
    lost: CoprError,
    pages: Iterator[int],
) -> dict[str, Any] | None:
    """Look for the build of a submission whose response was lost, if it may exist.

    It is a build newer than C(newest_id), by this user, of the same source, in the same chroots
    and directory. After a 500, the frontend has finished its work, so one look is enough; after a
    broken connection or a proxy's error, the build may appear later.
    A cache in front of the server may return an old version of a list. So each look asks for a
    different page length, from C(pages), and finally for single builds.
    Raises the error of the lost response, with an explanation, if this search fails, too.
    """
    if not lost.maybe_done:
        return None
    try:
        user = client.whoami()
        likely = None
        for delay in (0.0,) if lost.status == 500 else PAUSES:
            client.clock.sleep(delay)
            likely = None
            for build in list_builds(client, submission.project, page=next(pages)):
                if build["id"] <= newest_id:
                    break
                ours = _is_ours(client, submission, build, user)
                if ours:
                    return build
                if ours is None:
                    likely = build
        for build in _next_builds(client, newest_id):
            if _is_ours(client, submission, build, user):
                return build
        # Everything except the header of the file matches, and that can't be read. Submitting again
        # would most likely create a second build.
        return likely
    except CoprError as error:
        lost.message += (
            f" Whether the build of {submission.source.label} exists could not be determined "
            f"either: {error.message} Run the task again later; it uses the build if it exists."
        )
        lost.transient = False
        raise lost from error


def _next_builds(client: Client, newest_id: int) -> Iterator[dict[str, Any]]:
    """Yield the builds of the server, of any project, whose ids follow C(newest_id)."""
    missing = 0
    for number in range(newest_id + 1, newest_id + 1 + PROBES):
        build = fetch_build(client, number)
        if build is not None:
            yield build
        missing = 0 if build else missing + 1
        if missing == PROBES_IN_VAIN:
            return


def _is_ours(
    client: Client, submission: Submission, build: dict[str, Any], user: str
) -> bool | None:
    """Return whether a build came from the submission, None if only its source is unknown."""
    same_place = (
        build["submitter"] == user
        and project_of(build) == submission.project
        and build["project_dirname"] == submission.dirname
        and set(build["chroots"]) == set(submission.chroots)
    )
    if not same_place:
        return False
    # What was sent is known exactly, so the address decides, if there is one.
    identity = submission.source.by_address or submission.source.identity
    return Reader(client, {}).is_of(identity, build)
