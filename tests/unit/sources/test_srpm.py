# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.sources.files import file_source
from ansible_collections.fedora.copr.plugins.module_utils._copr.sources.srpm import (
    Nevr,
    nevr_of_file_name,
    nevr_of_pieces,
    read_nevr,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.files import open_local
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.files import make_srpm
from unit.lab import attempt

NAME = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,15}", fullmatch=True)
VERSION = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._+~^]{0,8}", fullmatch=True)


@settings(max_examples=40)
@given(name=NAME, version=VERSION, epoch=st.none() | st.integers(0, 2**31 - 1))
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, name: str, version: str, epoch: int | None
) -> None:
    path = make_srpm(tmp_path_factory.mktemp("srpm"), name, version, epoch=epoch)
    assert read_nevr(path) == Nevr(name, version, "1", epoch or 0)
    assert nevr_of_file_name(os.path.basename(path)) == Nevr(name, version, "1")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return Path(make_srpm(tmp_path_factory.mktemp("whole"), epoch=3)).read_bytes()


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch") / "x.src.rpm"


def read(scratch: Path, content: bytes) -> Nevr | None:
    scratch.write_bytes(content)
    nevr: Nevr | None
    nevr, error = attempt(read_nevr, str(scratch))
    if error:
        assert error.kind == "local_file"
        assert str(scratch) in error.message
    return nevr


@settings(max_examples=300)
@given(data=st.data())
def test_a_damaged_file_is_an_error_and_nothing_worse(
    whole: bytes, scratch: Path, data: st.DataObject
) -> None:
    content = bytearray(whole[:3000])
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(0, len(content)))
    read(scratch, bytes(content[:end]))


@given(tail=st.binary(max_size=400))
def test_any_bytes_behind_the_magic_are_an_error_and_nothing_worse(
    scratch: Path, tail: bytes
) -> None:
    read(scratch, b"\xed\xab\xee\xdb" + bytes(92) + tail)


def test_every_cut_within_the_headers_is_noticed(whole: bytes, scratch: Path) -> None:
    start = whole.index(b"\x1f\x8b")
    assert all(read(scratch, whole[:end]) is None for end in range(0, start, 7))


def test_a_header_that_claims_to_be_huge_is_not_read(scratch: Path) -> None:
    header = b"\x8e\xad\xe8\x01" + bytes(4) + b"\xff\xff\xff\xff" * 2
    assert read(scratch, b"\xed\xab\xee\xdb" + bytes(92) + header) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("hello-1.0-1.src.rpm", Nevr("hello", "1.0", "1")),
        ("a-b-c-1.0-1.fc43.src.rpm", Nevr("a-b-c", "1.0", "1.fc43")),
        ("hello-1.0-1.nosrc.rpm", Nevr("hello", "1.0", "1")),
        ("hello-1.0.src.rpm", None),
        ("hello.src.rpm", None),
        ("hello-1.0-1.x86_64.rpm", None),
        ("hello-1.0-1.src.rpm.sig", None),
        ("", None),
    ],
)
def test_what_a_file_name_tells(name: str, expected: Nevr | None) -> None:
    assert nevr_of_file_name(name) == expected


def test_a_version_is_written_as_copr_does() -> None:
    assert Nevr("a", "1", "2", 3).evr == "3:1-2"
    assert Nevr("a", "1", "2", 0).evr == Nevr("a", "1", "2").evr == "1-2"


@settings(max_examples=40)
@given(size=st.integers(1, 5000))
def test_a_header_is_read_piece_by_piece(whole: bytes, size: int) -> None:
    pieces = (whole[start : start + size] for start in range(0, len(whole), size))
    assert nevr_of_pieces(pieces) == Nevr("hello", "1.0", "1", 3)


def test_no_more_pieces_are_taken_than_the_header_needs(whole: bytes) -> None:
    pieces = iter([whole, b"the rest"])
    assert nevr_of_pieces(pieces) is not None
    assert list(pieces) == [b"the rest"]


@pytest.mark.parametrize("pieces", [[], [b""], [b"<html>"], [b"\xed\xab", b"\xee\xdb"]])
def test_what_is_no_whole_header_tells_nothing(pieces: list[bytes]) -> None:
    assert nevr_of_pieces(pieces) is None


def test_a_header_without_end_is_given_up() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"\xed\xab\xee\xdb"
        for _piece in range(100):
            yield bytes(2**20)
        raise AssertionError

    assert nevr_of_pieces(pieces()) is None


@pytest.fixture
def nobody() -> Iterator[None]:
    """Have no more rights than anybody, where root runs the tests."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    yield
    os.seteuid(0)


def test_a_file_that_must_not_be_read_is_told(tmp_path: Path, nobody: None) -> None:
    path = tmp_path / "x.src.rpm"
    if os.geteuid() != 65534:
        path.write_bytes(b"x")
        path.chmod(0)
    with pytest.raises(CoprError) as caught:
        file_source(str(path))
    assert caught.value.kind == "local_file"
    assert "permission denied" in caught.value.message


@pytest.mark.parametrize("path", ["a\0b", "x" * 5000, "/dev/null/x"])
def test_an_impossible_path_is_told(path: str) -> None:
    with pytest.raises(CoprError) as caught:
        open_local(path)
    assert caught.value.kind == "local_file"


def test_a_path_may_begin_at_home(tmp_path: Path) -> None:
    Path("~/x").expanduser().write_bytes(b"x")
    with open_local("~/x") as stream:
        assert stream.read() == b"x"
