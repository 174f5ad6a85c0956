# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A webhook: the addresses that a forge calls when a source has changed."""

from __future__ import annotations

from typing import TypedDict

from ..wire.client import Client
from ..wire.errors import CoprError, error_context
from ..wire.shapes import shape_of
from .names import ProjectName

# The forges that Copr understands, and any other that can send a request.
FORGES = ("bitbucket", "custom", "github", "gitlab")


class Webhook(TypedDict):
    """The fields that are read of a new secret."""

    id: int
    webhook_secret: str


_SHAPE = shape_of(Webhook)


def generate(client: Client, project: ProjectName) -> dict[str, str]:
    """Replace the webhook secret with a new one (POST /webhook/generate).

    Returns the addresses, which contain the secret, by forge. The request is sent only once: each
    request creates another secret, and no other request shows it. Raises CoprError.
    """
    path = f"webhook/generate/{project.owner}/{project.name}"
    try:
        with error_context(f"create a webhook secret for {project}"):
            answer = client.submit(path, {}, shape=_SHAPE)
    except CoprError as error:
        if error.maybe_done:
            error.message += (
                " The old secret may no longer be valid, and the new one is unknown; run the task "
                "again."
            )
        raise
    number, secret = answer["id"], answer["webhook_secret"]
    return {forge: f"{client.settings.url}/webhooks/{forge}/{number}/{secret}/" for forge in FORGES}
