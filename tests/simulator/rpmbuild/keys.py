# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys that sign packages: one for each project, created when it is first needed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

from .job import Failed
from .rpms import defines

KIND = ("rsa2048", "sign", "never")
GPG = ("gpg", "--batch", "--quiet", "--no-tty")


class Keys:
    """A keyring in a private folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        self._folder = folder
        self._lock = threading.Lock()
        self._fingerprints: dict[str, str] = {}

    def public(self, project: str) -> bytes:
        """Return the public key of a project, as text."""
        return self._run([*GPG, "--armor", "--export", self._fingerprint(project)])

    def sign(self, project: str, packages: Sequence[Path]) -> None:
        """Sign packages with the key of a project; former signatures are replaced."""
        macros = {
            "__gpg": str(shutil.which("gpg")),
            "_gpg_path": str(self._folder),
            "_gpg_name": self._fingerprint(project),
            "_gpg_digest_algo": "sha256",
        }
        self._run(["rpmsign", *defines(macros), "--addsign", *map(str, packages)])

    def close(self) -> None:
        """Stop gpg's agent."""
        self._run(["gpgconf", "--kill", "all"])

    def _fingerprint(self, project: str) -> str:
        with self._lock:
            if project not in self._fingerprints:
                self._fingerprints[project] = self._new(project)
            return self._fingerprints[project]

    def _new(self, project: str) -> str:
        owner, _slash, name = project.partition("/")
        identity = f"{owner}_{name} (None) <{owner}#{name}@copr.simulator>"
        make = [*GPG, "--allow-freeform-uid", "--status-fd=1", "--passphrase=", "--quick-gen-key"]
        said = self._run([*make, identity, *KIND]).decode()
        found = re.search(r"KEY_CREATED \w ([0-9A-F]+)", said)
        if found is None:
            raise Failed(f"gpg created no key: {said}")
        return found[1]

    def _run(self, command: Sequence[str]) -> bytes:
        # rpm keeps a database in the home.
        places = {"GNUPGHOME": str(self._folder), "HOME": str(self._folder)}
        done = subprocess.run(
            command,
            env={**os.environ, **places},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            start_new_session=True,
        )
        if done.returncode:
            raise Failed(f"{command[0]}: {done.stderr.decode(errors='replace').strip()}")
        return done.stdout
