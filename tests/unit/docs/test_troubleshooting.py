# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The messages that the guide to troubleshooting quotes are those that users see."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any, get_args

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError, Kind

from tools.checkout import CHECKOUT
from unit.docs.examples import of_page
from unit.files import write_spec
from unit.lab import EPEL, F43, Lab
from unit.rawserver import http, issued, raw_server

GUIDE = CHECKOUT / "docs/docsite/rst/guide_troubleshooting.rst"
URL = "https://example.org/{}-1.0-1.src.rpm"
PUBLIC, PRIVATE = "https://copr.fedorainfracloud.org", "copr.example.org"
PROJECT: dict[str, Any] = {"project": "alice/hello"}
WALL = b"<html><title>Making sure you're not a bot!</title></html>"
# The section on tasks that succeed. The others are named after the kinds of errors.
SUCCESS = "Nothing failed, but"
# The section that a message belongs to, and the message.
Said = tuple[str, str]


class Trouble:
    """Gets a lab into trouble, and returns what the user is told of it."""

    def __init__(self, lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lab = lab
        self.environment = monkeypatch

    def fail(self, module: str, **options: Any) -> Said:
        """Return kind and message of a failure, without what the server says in its own words."""
        error: CoprError = self.lab.fail(module, **options)
        message = error.message
        if error.server_message:
            message = message.partition(error.server_message)[0] + "*"
        return error.kind, self._generic(message)

    def warn(self, module: str, **options: Any) -> Said:
        """Return the only warning of a task."""
        self.lab.warnings.clear()
        self.lab.do(module, **options)
        (warning,) = self.lab.warnings
        return SUCCESS, self._generic(warning)

    def _generic(self, message: str) -> str:
        message = message.replace(self.lab.sim.url, PUBLIC)
        message = message.replace(str(self.lab.tmp_path), "/home/alice")
        return re.sub(r"127\.0\.0\.1:\d+", PRIVATE, message)

    # --- logins ---

    def no_login(self) -> Said:
        return self.fail("copr_project", by=None, project="alice/new", chroots=[F43])

    def login_rejected(self) -> Said:
        return self.fail("copr_project", copr_token="wrong", project="alice/new", chroots=[F43])

    def expiry(self) -> Said:
        day = datetime.date.today() + datetime.timedelta(days=10)
        file = self.lab.tmp_path / ".config/copr"
        file.parent.mkdir()
        login = "[copr-cli]\nusername = alice\nlogin = alice-login\ntoken = alice-token\n"
        url = f"copr_url = {self.lab.sim.url}\n"
        file.write_text(f"{login}{url}# expiration date: {day}\n", encoding="utf-8")
        _section, said = self.warn("copr_auth_info", by=None, copr_url=None, config_file=str(file))
        return "authentication", said.replace(str(day), "2026-12-05")

    def half_a_login(self) -> Said:
        return self.fail("copr_auth_info", by=None, copr_login="some-login")

    def no_tls(self) -> Said:
        login = {"copr_login": "some-login", "copr_token": "some-token"}
        return self.fail("copr_auth_info", by=None, copr_url=f"http://{PRIVATE}", **login)

    # --- rights, names, chroots ---

    def may_not_build(self) -> Said:
        return self.fail("copr_build", by="bob", check=True, url=[URL.format("hello")], **PROJECT)

    def may_not_change(self) -> Said:
        return self.fail("copr_project", by="bob", description="Mine", **PROJECT)

    def no_project(self) -> Said:
        return self.fail("copr_build", project="alice/helo", url=[URL.format("hello")])

    def chroot_not_enabled(self) -> Said:
        chroots = ["fedora-44-x86_64"]
        return self.fail("copr_build", chroots=chroots, url=[URL.format("hello")], **PROJECT)

    def no_chroot(self) -> Said:
        return self.fail("copr_project", chroots=["fedora-43-x86-64"], **PROJECT)

    def no_chroot_left(self) -> Said:
        return self.fail("copr_build", exclude_chroots=["*"], url=[URL.format("hello")], **PROJECT)

    # --- conflicts ---

    def chroot_busy(self) -> Said:
        self._start()
        return self.fail("copr_project", check=True, chroots=[F43], purge_chroots=True, **PROJECT)

    def project_busy(self) -> Said:
        self._start()
        return self.fail("copr_project", state="absent", **PROJECT)

    def not_a_fork(self) -> Said:
        self._start()
        self.lab.finish()
        self.lab.project("alice/next")
        return self.fail("copr_project", project="alice/next", fork_of="alice/hello")

    def _start(self) -> int:
        started = self.lab.do("copr_build", url=[URL.format("hello")], wait=False, **PROJECT)
        number: int = started["builds"][0]["id"]
        return number

    # --- builds ---

    def no_file(self) -> Said:
        pattern = str(self.lab.tmp_path / "hello/dist/*.src.rpm")
        return self.fail("copr_build", srpm=[pattern], **PROJECT)

    def compiler(self) -> Said:
        return self._fail_as("compiler")

    def requirement(self) -> Said:
        return self._fail_as("buildrequires")

    def source(self) -> Said:
        return self._fail_as("source")

    def _fail_as(self, cause: str) -> Said:
        name = f"fails-{cause}"
        kind, said = self.fail("copr_build", url=[URL.format(name)], **PROJECT)
        return kind, said.replace(name, "hello")

    def wait(self) -> Said:
        return self.fail("copr_build_wait", build_ids=[self._start()], wait_timeout=5)

    def skipped(self) -> Said:
        spec = write_spec(self.lab.tmp_path / "specs", tags="ExclusiveArch: ppc64le\n")
        return self.warn("copr_build", srpm=[str(spec)], **PROJECT)

    def ended(self) -> Said:
        self.lab.sim.set_chroot(EPEL, "ended")
        return self.warn("copr_project", chroots=[F43, EPEL], **PROJECT)

    # --- the network ---

    def refused(self) -> Said:
        with raw_server(b"") as server:
            url = server.url
        return self.fail("copr_project_info", by=None, copr_url=url, **PROJECT)

    def proxy(self) -> Said:
        with raw_server(b"") as server:
            self.environment.setenv("http_proxy", server.url)
        return self.fail("copr_project_info", by=None, copr_url=f"http://{PRIVATE}", **PROJECT)

    def authority(self) -> Said:
        context, _authority = issued(self.lab.tmp_path)
        with raw_server(http(b"{}"), context) as server:
            return self.fail(
                "copr_project_info", by=None, copr_url=server.url, retries=0, **PROJECT
            )

    def unavailable(self) -> Said:
        self.lab.sim.fault("status", status=503, times=99)
        said = self.fail("copr_project_info", **PROJECT)
        self.lab.sim.doorkeeper.faults.clear()
        return said

    def page(self) -> Said:
        return self._answered_with(b"<html><title>Welcome</title></html>")

    def wall(self) -> Said:
        return self._answered_with(WALL)

    def _answered_with(self, page: bytes) -> Said:
        def app(_environ: Any, start_response: Any) -> list[bytes]:
            start_response("200 OK", [("Content-Type", "text/html")])
            return [page]

        self.lab.before("GET", "/project", lambda: app)
        return self.fail("copr_project_info", retries=0, **PROJECT)


TROUBLES = [
    function
    for name, function in vars(Trouble).items()
    if not name.startswith("_") and name not in ("fail", "warn")
]
Sections = dict[str, list[str]]


def quoted() -> Sections:
    """Return the messages in the guide, by section."""
    lines = GUIDE.read_text(encoding="utf-8").splitlines()
    headings = [
        (number, title)
        for number, (title, rule) in enumerate(zip(lines, lines[1:]), start=1)
        if rule and set(rule) == {"-"}
    ]
    sections: Sections = {}
    for example in of_page(GUIDE):
        if example.language == "text":
            title = [title for number, title in headings if number < example.line][-1]
            sections.setdefault(title, []).append(" ".join(example.text.split()))
    return sections


@pytest.mark.parametrize("trouble", TROUBLES, ids=[each.__name__ for each in TROUBLES])
def test_a_message_is_quoted_in_the_section_of_its_kind(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, trouble: Callable[[Trouble], Said]
) -> None:
    lab.project("alice/hello")
    section, said = trouble(Trouble(lab, monkeypatch))
    found = [title for title, texts in quoted().items() for text in texts if agree(text, said)]
    assert found == [section], said


def test_no_other_message_is_quoted() -> None:
    assert sum(map(len, quoted().values())) == len(TROUBLES)


def test_every_kind_has_its_section() -> None:
    assert set(get_args(Kind)) <= set(quoted())


def agree(text: str, said: str) -> bool:
    """Return whether a quoted message is what was said; dots in it stand for anything."""
    if said.endswith("*"):
        return text.startswith(said[:-1])
    return fnmatchcase(said, text.replace("...", "*"))
