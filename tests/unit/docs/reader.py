# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Somebody who follows a guide: saves its files, and types its commands."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from unit.commands import TOKEN, run_shown
from unit.docs.examples import Example, all_examples

BIN = Path(sys.executable).parent
# The first line of an example may say under which name to save it.
NAMED = re.compile(r"# ([\w./-]+\.\w+)\n")
# Readers put their own names in place of these. In the simulator, alice is a member of @team.
NAMES = {"packager/": "alice/", "@lang/": "@team/"}
CONFIG = """[copr-cli]
copr_url = {url}
username = alice
login = alice-login
token = {token}
# expiration date: 2999-12-31
"""


@dataclass(frozen=True)
class Reader:
    """A reader's folder and home directory, and the address of the reader's server."""

    folder: Path
    home: Path
    url: str

    @property
    def config(self) -> str:
        """The text that the page /api/ of the server shows."""
        return CONFIG.format(url=self.url, token=TOKEN)

    def log_in(self) -> None:
        """Save the token where guides say."""
        (self.home / ".config").mkdir(parents=True, exist_ok=True)
        (self.home / ".config/copr").write_text(self.config, encoding="utf-8")

    def save(self, *examples: Example) -> list[str]:
        """Save examples, with the reader's own names in them; return the names of the files."""
        names = []
        for number, example in enumerate(examples):
            text = example.text
            for theirs, ours in NAMES.items():
                text = text.replace(theirs, ours)
            found = NAMED.match(text)
            names.append(found[1] if found else f"playbook-{number}.yml")
            file = self.folder / names[-1]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return names

    def run(self, *command: str, **environment: str) -> tuple[int, str]:
        """Run a command in the reader's folder; return its status and its output."""
        return run_shown(
            [BIN / command[0], *command[1:]],
            self.folder,
            {
                "HOME": str(self.home),
                "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
                "ANSIBLE_LOCALHOST_WARNING": "false",
                **environment,
            },
        )


def named(examples: Iterable[Example]) -> list[Example]:
    """Return the examples that say under which name to save them."""
    return [example for example in examples if NAMED.match(example.text)]


def playbooks() -> list[Example]:
    """Return all examples that are playbooks."""
    return [example for example in all_examples() if _is_playbook(example)]


def _is_playbook(example: Example) -> bool:
    entries = example.documents[0] if example.documents else None
    return isinstance(entries, list) and any(
        "hosts" in each and "sources" not in each for each in entries
    )
