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
    """What is read of a new secret."""

    id: int
    webhook_secret: str


_SHAPE = shape_of(Webhook)


def generate(client: Client, project: ProjectName) -> dict[str, str]:
    """Have Copr make a new secret in place of the old one (POST /webhook/generate).

    Returns the addresses, which hold the secret, by forge. The request is sent once: each makes
    another secret, and no other request shows it. Raises CoprError.
    """
    path = f"webhook/generate/{project.owner}/{project.name}"
    try:
        with error_context(f"Making a webhook secret for {project}"):
            answer = client.submit(path, {}, shape=_SHAPE)
    except CoprError as error:
        if error.maybe_done:
            error.message += (
                " The old secret may be void, and the new one is not known; run the task again."
            )
        raise
    number, secret = answer["id"], answer["webhook_secret"]
    return {forge: f"{client.settings.url}/webhooks/{forge}/{number}/{secret}/" for forge in FORGES}
