# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulator that builds with rpmbuild, and what came of its builds."""

from __future__ import annotations

import gzip
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from simulator.rpmbuild import parts
from simulator.server import Simulator
from unit.simulator.frontend import Frontend

# These programs come from the system, as root; the demo and the other tests do without them.
needs_rpmbuild = pytest.mark.skipif(
    bool(parts.missing()),
    reason=f"{', '.join(parts.missing())} missing; install with: {parts.how_to_install()}",
)
F43, RAWHIDE_ARM, EL10 = "fedora-43-x86_64", "fedora-rawhide-aarch64", "epel-10-x86_64"
PATIENCE = 60
"""Seconds in which a build of nearly nothing has ended, however busy the machine is."""

SPEC = """\
Name:       {name}
Version:    1.0
Release:    1%{{?dist}}
Summary:    As small as a package can be
License:    MIT
{tags}

%description
As small as a package can be.

{sections}

%files
"""


def spec(name: str = "tiny", *, tags: str = "BuildArch: noarch", sections: str = "") -> str:
    """Return the text of a spec; ``sections`` come before its files."""
    return SPEC.format(name=name, tags=tags, sections=sections)


def until(happens: Callable[[], bool]) -> None:
    """Wait until something happens."""
    end = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < end, "it has not happened"
        time.sleep(0.05)


class Workshop(Frontend):
    """A simulator that builds, with a project alice/demo."""

    def __init__(self, sim: Simulator) -> None:
        super().__init__(sim)
        self.project("alice/demo", [F43, RAWHIDE_ARM, EL10])

    def upload(self, text: str, file_name: str = "tiny.spec", **fields: Any) -> int:
        """Submit a spec or another file; return the id of the build."""
        account = self.sim.world.users["alice"]
        answer = requests.post(
            f"{self.sim.url}/api_3/build/create/upload",
            data={"ownername": "alice", "projectname": "demo", **fields},
            files={"pkgs": (file_name, text.encode())},
            auth=(account.login, account.token),
            timeout=60,
        )
        assert answer.ok, answer.text
        return int(answer.json()["id"])

    def submit(self, kind: str, **fields: Any) -> int:
        """Submit a build of another kind of source; return its id."""
        body = {"ownername": "alice", "projectname": "demo", **fields}
        answer = self.do("POST", f"build/create/{kind}", body)
        return int((answer["items"][0] if "items" in answer else answer)["id"])

    def state(self, build: int) -> str:
        return str(self.do("GET", f"build/{build}")["state"])

    def wait(self, build: int, *states: str) -> str:
        """Wait until a build has one of these states, or any that is final; return its state."""
        wanted = states or ("succeeded", "failed", "canceled")
        until(lambda: self.state(build) in wanted)
        return self.state(build)

    def states(self, build: int) -> dict[str, str]:
        """Return the state of each chroot."""
        told = self.do("GET", "build-chroot/list", build_id=str(build))["items"]
        return {chroot["name"]: chroot["state"] for chroot in told}

    def folder(self, build: int, chroot: str | None = None) -> str:
        """Return the address of the results of a chroot, or of the source."""
        if chroot is None:
            told = self.do("GET", f"build/source-chroot/{build}")
        else:
            told = self.do("GET", "build-chroot", build_id=str(build), chrootname=chroot)
        return str(told["result_url"]).rstrip("/")

    def files(self, build: int, chroot: str | None = None) -> list[str]:
        """Return the names of all files of a chroot, or of the source."""
        page = requests.get(f"{self.folder(build, chroot)}/", timeout=60)
        assert page.ok
        return [name for name in re.findall(r'href="([^"]+)"', page.text) if name != "../"]

    def file(self, build: int, chroot: str | None, name: str) -> bytes:
        answer = requests.get(f"{self.folder(build, chroot)}/{name}", timeout=60)
        assert answer.ok, answer.url
        return answer.content

    def log(self, build: int, chroot: str | None = None, name: str = "builder-live.log.gz") -> str:
        """Return the text of a log."""
        return self.file(build, chroot, name).decode()

    def packages(self, build: int, chroot: str) -> list[str]:
        """Return what a chroot has given, as NAME-VERSION-RELEASE.ARCH."""
        told = self.do("GET", f"build/built-packages/{build}")[chroot]["packages"]
        return sorted("{name}-{version}-{release}.{arch}".format(**each) for each in told)

    def published(self, chroot: str, project: str = "alice/demo") -> list[str] | None:
        """Return where the packages of a repository are; None before it is made."""
        index = self.page(f"results/{project}/{chroot}/repodata/repomd.xml")
        if index.status_code == 404:
            return None
        primary = re.search(r'href="(repodata/[^"]*primary.xml.gz)"', index.text)
        assert primary is not None
        packed = self.page(f"results/{project}/{chroot}/{primary[1]}").content
        return sorted(re.findall(r'<location href="([^"]+)"', gzip.decompress(packed).decode()))

    def publishes(self, chroot: str, name: str) -> bool:
        """Whether a package is in the repository of a chroot."""
        return any(f"/{name}-" in place for place in self.published(chroot) or ())

    def signed_by(self, project: str, package: bytes, folder: Path) -> bool:
        """Whether a package is signed with the key of a project, as rpm sees it."""
        folder.mkdir()
        (folder / "key").write_bytes(self.page(f"results/{project}/pubkey.gpg").content)
        (folder / "it.rpm").write_bytes(package)
        keys = ["rpmkeys", f"--dbpath={folder}"]
        subprocess.run([*keys, "--import", folder / "key"], check=True)
        checked = subprocess.run(
            [*keys, "--checksig", folder / "it.rpm"], capture_output=True, text=True, check=False
        )
        return checked.returncode == 0 and "signatures OK" in checked.stdout
