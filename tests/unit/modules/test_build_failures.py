# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a failure tells: the chroots, the log's address, the log's end."""

from __future__ import annotations

import gzip
import re
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.logs import (
    LONGEST_TAIL,
    read_log,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.build import (
    fetch_chroots,
    log_url,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.client import Client
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.settings import Settings
from hypothesis import given
from hypothesis import strategies as st

from unit.files import make_srpm
from unit.lab import EPEL, F43, STEP, Lab, answering
from unit.rawserver import http, raw_server

RHEL_FAILS = "%if 0%{?rhel}\nexit 1\n%endif"


def failed(lab: Lab, **options: Any) -> Any:
    error = lab.fail("copr_build", project="alice/demo", **options)
    assert error.kind == "build_failed"
    return error


def test_a_failure_names_the_chroot_the_log_and_its_last_lines(demo: Lab) -> None:
    error = failed(demo, srpm=make_srpm(demo.tmp_path, build=RHEL_FAILS), log_lines=2)
    (failure,) = error.result["failures"]
    where = f"{demo.sim.url}/results/alice/demo/{EPEL}/00000001-hello/builder-live.log.gz"
    assert failure == {
        "build_id": 1,
        "package": "hello",
        "chroot": EPEL,
        "state": "failed",
        "log_url": where,
        "cause": "error: Bad exit status from /var/tmp/rpm-tmp.sim (%build)",
        "log_excerpt": [
            "+ exit 1",
            "error: Bad exit status from /var/tmp/rpm-tmp.sim (%build)",
        ],
        "log_tail": [failure["log_tail"][0], "Copr build error: Build failed"],
    }
    assert error.message == (
        f"Build 1 (hello 1.0-1) failed in {EPEL}. The log of {EPEL} says: "
        f"error: Bad exit status from /var/tmp/rpm-tmp.sim (%build) ({where})"
    )


def test_a_failure_returns_the_builds_and_that_something_changed(demo: Lab) -> None:
    error = failed(demo, srpm=make_srpm(demo.tmp_path, build=RHEL_FAILS))
    assert error.result["changed"] is True
    (build,) = error.result["builds"]
    assert [chroot["state"] for chroot in build["build_chroots"]] == ["failed", "succeeded"]
    assert [package["arch"] for package in build["build_chroots"][1]["packages"]] == [
        "src",
        "x86_64",
    ]


def test_a_failed_chroot_that_the_task_did_not_need_does_not_fail_it(demo: Lab) -> None:
    path = make_srpm(demo.tmp_path, build=RHEL_FAILS)
    demo.build(srpm=path, wait=False)
    result = demo.build(srpm=path, chroots=[F43])
    assert result["changed"] is False
    assert result["builds"][0]["state"] == "failed"
    assert len(demo.builds()) == 1


def test_a_source_that_fails_is_one_failure_called_source(demo: Lab) -> None:
    error = failed(demo, custom={"script": "false"})
    (failure,) = error.result["failures"]
    assert (failure["chroot"], failure["state"]) == ("source", "failed")
    assert failure["log_url"].endswith("/srpm-builds/00000001/builder-live.log.gz")
    assert failure["cause"] == "the script ended with: false"


def test_a_build_canceled_before_its_source_has_no_log(demo: Lab) -> None:
    demo.after("POST", "create", lambda: demo.client().change("PUT", "build/cancel/1", {}))
    error = failed(demo, rubygems={"gem_name": "hello"})
    assert {failure["log_url"] for failure in error.result["failures"]} == {None}
    assert {failure["state"] for failure in error.result["failures"]} == {"canceled"}


def test_several_failures_are_all_told(demo: Lab) -> None:
    urls = [f"https://example.org/fails/{name}-1-1.src.rpm" for name in ("one", "two")]
    error = failed(demo, url=urls)
    assert {(each["build_id"], each["chroot"]) for each in error.result["failures"]} == {
        (number, chroot) for number in (1, 2) for chroot in (EPEL, F43)
    }
    assert "build 2 (two 1-1) failed" in error.message


def test_without_lines_no_log_is_fetched(demo: Lab) -> None:
    seen: list[str] = []
    inner = demo.sim.doorkeeper.app

    def note(environ: dict[str, Any], start: Any) -> Any:
        seen.append(environ["PATH_INFO"])
        return inner(environ, start)

    demo.sim.doorkeeper.app = note
    error = failed(demo, url=["https://example.org/fails/hello-1-1.src.rpm"], log_lines=0)
    assert error.result["failures"][0]["log_tail"] == []
    assert not any(path.endswith(".log.gz") for path in seen)


def test_a_log_that_is_missing_hides_no_failure(demo: Lab) -> None:
    demo.sim.fault("status", status=503, path="log", times=99)
    error = failed(demo, url=["https://example.org/fails/hello-1-1.src.rpm"])
    assert [failure["log_tail"] for failure in error.result["failures"]] == [[], []]
    assert "log.gz" in error.message


def test_where_the_log_of_the_builder_is_missing_that_of_the_backend_is_read(demo: Lab) -> None:
    demo.before("GET", f"{EPEL}/.*builder-live.log.gz", answering({}, "404 Not Found"))
    error = failed(demo, url=["https://example.org/fails/hello-1-1.src.rpm"])
    (first, second) = error.result["failures"]
    assert first["log_url"].endswith("/backend.log.gz")
    assert first["log_tail"] == [f"Build 1 in {EPEL}: failed"]
    assert second["log_url"].endswith("/builder-live.log.gz")


def test_of_many_failures_only_the_first_logs_are_read(demo: Lab) -> None:
    urls = [f"https://example.org/fails/p{number}-1-1.src.rpm" for number in range(8)]
    error = failed(demo, url=urls)
    assert len(error.result["failures"]) == 16
    assert [bool(each["log_tail"]) for each in error.result["failures"]] == [True] * 10 + [
        False
    ] * 6


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        ("compiler", "main.c:7:12: error: 'answer' undeclared (first use in this function)"),
        ("buildrequires", "No match for argument: no-such-library-devel"),
        ("patch", "1 out of 1 hunk FAILED -- saving rejects to file src/main.c.rej"),
        ("unpackaged", "error: Installed (but unpackaged) file(s) found: /usr/bin/forgotten"),
        ("check", "E       assert 2 == 3"),
        ("spec", "error: line 9: Unknown tag: Requries: python3"),
    ],
)
def test_the_line_that_says_why_is_quoted(demo: Lab, kind: str, cause: str) -> None:
    error = failed(demo, url=[f"https://example.org/fails-{kind}/hello-1-1.src.rpm"])
    assert {failure["cause"] for failure in error.result["failures"]} == {cause}
    assert f"says: {cause} (http" in error.message


def test_a_server_that_fails_after_the_wait_hides_no_build(demo: Lab) -> None:
    demo.after(
        "POST",
        "build/create",
        lambda: demo.sim.fault("status", status=502, path="build-chroot", times=99),
    )
    error = demo.fail("copr_build", project="alice/demo", rubygems={"gem_name": "hello"})
    assert error.kind == "server"
    assert error.result["changed"] is True
    assert [build["id"] for build in error.result["builds"]] == [1]


# --- the end of a log ---

LOG = "".join(f"line {number}\n" for number in range(1, 200)).encode()


def tail(lab: Lab, body: bytes, lines: int = 2, /, **headers: str) -> list[str]:
    with raw_server(http(body, **headers)) as server:
        return read_log(lab.client(retries=0), [f"{server.url}/log"])[1][-lines:]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (LOG, {}),
        (gzip.compress(LOG), {}),
        (gzip.compress(LOG), {"Content_Encoding": "gzip"}),
        (gzip.compress(gzip.compress(LOG)), {"Content_Encoding": "gzip"}),
        (LOG.replace(b"\n", b"\r\n"), {}),
        (LOG + b"\n\n  \n", {}),
        (b"\x1b[31m" + LOG.replace(b"199", b"\x1b[1m199\x1b[0m"), {}),
    ],
    ids=["plain", "packed", "encoded", "packed and encoded", "CRLF", "blank", "colors"],
)
def test_the_end_of_a_log_is_read_in_every_form(
    lab: Lab, body: bytes, headers: dict[str, str]
) -> None:
    assert tail(lab, body, **headers) == ["line 198", "line 199"]


def test_a_packed_log_that_breaks_off_tells_what_it_can(lab: Lab) -> None:
    lines = tail(lab, gzip.compress(LOG)[:-40], 1)
    assert lines == [] or lines[0].startswith("line ")


@pytest.mark.parametrize("body", [b"", b"\x1f\x8b", b"\x1f\x8bnonsense", b"\n\n"])
def test_a_log_without_lines_gives_none(lab: Lab, body: bytes) -> None:
    assert tail(lab, body) == []


def test_an_overlong_line_is_cut(demo: Lab) -> None:
    long = gzip.compress(b"error: " + b"x" * 100_000)
    for _chroot in (EPEL, F43):
        demo.before("GET", "log.gz", answering(long))
    error = failed(demo, url=["https://example.org/fails/hello-1-1.src.rpm"])
    (failure, _other) = error.result["failures"]
    assert len(failure["cause"]) == 500
    assert {len(line) for line in failure["log_tail"] + failure["log_excerpt"]} == {500}


def test_of_a_large_log_only_the_end_is_kept(lab: Lab) -> None:
    body = gzip.compress(b"0123456789abcdef\n" * 2_000_000)
    assert tail(lab, body) == ["0123456789abcdef"] * 2


def test_bytes_that_are_no_text_are_shown_as_such(lab: Lab) -> None:
    assert tail(lab, b"\xff\xfe bad\n", 1) == ["\ufffd\ufffd bad"]


@given(body=st.binary(max_size=300))
def test_no_log_can_make_a_failure_of_its_own(body: bytes) -> None:
    class Fake(Client):
        def download(self, url: str, *, last: int | None = None) -> Iterator[bytes]:
            return iter([body[:7], body[7:]])

    settings = Settings(url="http://127.0.0.1")
    for name in ("builder-live.log", "builder-live.log.gz"):
        _url, lines = read_log(Fake(settings), [f"{settings.url}/{name}"])
        assert all("\n" not in line and "\x1b" not in line for line in lines)


def served(body: bytes, *, strict: bool = False) -> tuple[list[str], list[str]]:
    """Return the lines read of a log on a host that serves parts, and what it was asked."""
    asked: list[str] = []

    def talk(connection: socket.socket, head: bytes) -> None:
        asked.append(head.decode().lower())
        part = re.search(rb"Range: bytes=-(\d+)", head)
        if part and strict and int(part[1]) > len(body):
            connection.sendall(b"HTTP/1.1 416 Range Not Satisfiable\r\nContent-Length: 0\r\n\r\n")
            return
        sent = body[-int(part[1]) :] if part else body
        status = "206 Partial Content" if part else "200 OK"
        first = f"HTTP/1.1 {status}\r\nContent-Length: {len(sent)}\r\n\r\n"
        connection.sendall(first.encode() + sent)

    with raw_server(talk) as server:
        client = Client(Settings(url=server.url, retries=0))
        return read_log(client, [f"{server.url}/builder-live.log"])[1], asked


def test_of_a_log_that_is_not_packed_only_the_end_is_asked_for() -> None:
    line = b"0123456789abcdef\n"
    lines, (asked,) = served(line * 1_000_000 + b"error: the end\n")
    assert lines[-2:] == ["0123456789abcdef", "error: the end"]
    assert sum(map(len, lines)) <= LONGEST_TAIL
    assert f"range: bytes=-{LONGEST_TAIL}" in asked
    assert "accept-encoding: identity" in asked


def test_a_host_that_refuses_to_send_more_than_there_is_sends_all_of_it() -> None:
    lines, asked = served(b"one\ntwo\n", strict=True)
    assert (lines, len(asked)) == (["one", "two"], 2)
    assert "range" not in asked[1]


def test_a_log_shorter_than_the_end_that_is_asked_for_is_whole(demo: Lab) -> None:
    demo.build(url=["https://example.org/slow/fails/hello-1-1.src.rpm"], wait=False)
    demo.clock.advance(5.5 * STEP)
    (chroot, *_more) = fetch_chroots(demo.client(), 1)
    url = log_url(chroot)
    assert url is not None
    assert url.endswith("builder-live.log")
    whole = requests.get(url, timeout=30).text
    assert read_log(demo.client(), [url])[1] == [line for line in whole.split("\n") if line]
    part = requests.get(url, headers={"Range": "bytes=-5"}, timeout=30)
    assert (part.status_code, part.text) == (206, whole[-5:])
