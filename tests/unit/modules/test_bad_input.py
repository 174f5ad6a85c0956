# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names, values, addresses and files that can not be: one clear sentence, nothing changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from unit.files import make_srpm
from unit.lab import F43, Lab, answering, refused

PROJECT: dict[str, Any] = {"project": "alice/demo"}
EDIT: dict[str, Any] = {**PROJECT, "description": "new"}
URL = "https://example.org/hello-1.0-1.src.rpm"


def test_a_project_of_another_user(demo: Lab) -> None:
    error = refused(demo, "copr_project", by="bob", **EDIT)
    assert (error.kind, error.status) == ("permission", 403)
    assert error.server_message in error.message


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a/b/c",
        "alice/",
        "/demo",
        "alice/two words",
        "alice/12345",
        "alice/..",
        "@/x",
        "x" * 101,
    ],
)
@pytest.mark.parametrize("module", ["copr_project", "copr_build_info"])
def test_a_project_name_that_the_server_refuses(lab: Lab, module: str, name: str) -> None:
    error = refused(lab, module, project=name)
    assert error.kind == "invalid"
    assert repr(name) in error.message
    assert lab.calls == []


@pytest.mark.parametrize(
    "options",
    [
        {"homepage": "no address"},
        {"contact": "nobody"},
        {"repo_priority": 0},
        {"homepage": "ftp://x"},
    ],
)
def test_a_value_that_the_server_refuses_is_told_in_its_words(
    demo: Lab, options: dict[str, Any]
) -> None:
    error = refused(demo, "copr_project", **PROJECT, **options)
    assert (error.kind, error.status) == ("invalid", 400)
    assert next(iter(options)) in error.message
    assert error.server_message in error.message


def test_a_build_in_a_project_that_does_not_exist(lab: Lab) -> None:
    error = refused(lab, "copr_build", project="alice/none", url=[URL])
    assert error.kind == "not_found"
    assert "alice/none" in error.message


def test_a_build_in_a_project_of_another_user(demo: Lab) -> None:
    error = refused(demo, "copr_build", by="bob", **PROJECT, url=[URL])
    assert error.kind == "permission"


def test_a_build_whose_project_vanishes_meanwhile(demo: Lab) -> None:
    demo.before("POST", "build/create", lambda: demo.do("copr_project", **PROJECT, state="absent"))
    error = demo.fail("copr_build", **PROJECT, url=[URL])
    assert error.kind == "not_found"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/hello-1.0-1.src.rpm",
        "hello-1.0-1.src.rpm",
        "file:///hello-1.0-1.src.rpm",
        "https://example.org/hello-1.0-1.x86_64.rpm",
        "https://example.org/hello.tar.gz",
        "https://example.org/HELLO.SRC.RPM",
        "https:///hello-1.0-1.src.rpm",
        "https://[x/hello-1.0-1.src.rpm",
        "",
    ],
)
def test_an_address_that_copr_does_not_build_from(demo: Lab, url: str) -> None:
    error = refused(demo, "copr_build", **PROJECT, url=[URL, url])
    assert error.kind == "invalid"
    assert repr(url) in error.message
    assert demo.changes == []


def test_an_address_with_a_query_is_built_from(demo: Lab) -> None:
    assert demo.build(url=[f"{URL}?token=1"], check=True)["changed"] is True


def test_an_empty_list_of_addresses(demo: Lab) -> None:
    assert refused(demo, "copr_build", **PROJECT, url=[]).kind == "invalid"


def no_rpm(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04 this is a zip" * 100)


def truncated(path: Path) -> None:
    content = Path(make_srpm(path.parent / "whole")).read_bytes()
    path.write_bytes(content[:300])


def binary(path: Path) -> None:
    """Let the header name a source RPM, as only binary RPMs do."""
    content = Path(make_srpm(path.parent / "whole")).read_bytes()
    path.write_bytes(content.replace(b"\0\0\4\x52", b"\0\0\4\x14", 1))


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda path: None, "does not exist"),
        (lambda path: path.mkdir(), "directory"),
        (no_rpm, "not an RPM"),
        (lambda path: path.write_bytes(b""), "not an RPM"),
        (truncated, "damaged"),
        (lambda path: path.write_bytes(b"\xed\xab\xee\xdb" + bytes(200)), "damaged"),
        (binary, "binary RPM"),
    ],
    ids=["missing", "directory", "no rpm", "empty", "truncated", "zeros", "binary"],
)
def test_a_file_that_is_no_source_rpm(demo: Lab, make: Any, told: str) -> None:
    path = demo.tmp_path / "x.src.rpm"
    make(path)
    error = refused(demo, "copr_build", **PROJECT, srpm=str(path))
    assert error.kind == "local_file"
    assert str(path) in error.message
    assert told in error.message
    assert demo.changes == []


@pytest.mark.parametrize("name", ["x.tar.gz", "x.rpm", "src.rpm", "x"])
def test_a_file_of_another_name(demo: Lab, name: str) -> None:
    path = demo.tmp_path / name
    path.write_bytes(b"x")
    assert refused(demo, "copr_build", **PROJECT, srpm=str(path)).kind == "local_file"


@pytest.mark.parametrize(
    "options",
    [
        {"scm": {"clone_url": "git@example.org:x"}},
        {"scm": {"clone_url": "https://g.example.org/x", "spec": "x.txt"}},
        {"distgit": {"package_name": "a b"}},
        {"distgit": {"package_name": "a", "distgit": "none"}},
        {"pypi": {"pypi_package_name": "x" * 200}},
        {"custom": {"script": "x" * 5000}},
        {"custom": {"script": "x", "chroot": "none-1-x86_64"}},
        {"url": [URL], "dirname": "other:custom:x"},
        {"url": [URL], "timeout": -1},
        {"url": [URL], "after_build_id": 4711},
        {"url": [URL], "after_build_id": 1, "with_build_id": 1},
        {"url": [URL], "wait_timeout": -1},
        {"url": [URL], "poll_interval": 0},
    ],
)
def test_a_build_that_can_not_be(demo: Lab, options: dict[str, Any]) -> None:
    assert refused(demo, "copr_build", **PROJECT, **options).kind == "invalid"


def test_a_build_that_does_not_exist(demo: Lab) -> None:
    error = refused(demo, "copr_build_info", build_ids=[4711])
    assert (error.kind, error.status) == ("not_found", 404)
    assert "4711" in error.message


def test_builds_of_a_project_that_does_not_exist(demo: Lab) -> None:
    error = refused(demo, "copr_build_info", project="alice/none")
    assert error.kind == "not_found"
    assert "alice/none" in error.message


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_that_leaves_nothing(demo: Lab, limit: int) -> None:
    assert refused(demo, "copr_build_info", **PROJECT, limit=limit).kind == "invalid"


def test_the_servers_words_come_without_control_characters(demo: Lab) -> None:
    said = {"error": "no\x1b[31m red\x07 " + "x" * 5000}
    demo.before("PUT", "edit", answering(said, "400 No"))
    error = demo.fail("copr_project", **EDIT, chroots=[F43])
    assert "\x1b" not in error.message
    assert "\x07" not in error.message
    assert len(error.message) < 2200
