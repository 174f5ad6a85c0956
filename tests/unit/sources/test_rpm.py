# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An RPM that is damaged anywhere after its signatures is told from a whole one."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.sources.rpm import is_whole

from simulator.packages import content
from unit.files import make_srpm


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Return a source RPM."""
    return Path(make_srpm(tmp_path))


def without(data: bytes, *tags: int) -> bytes:
    """Return an RPM with some of its tags under other numbers, as if it had none of them."""
    for tag in tags:
        for kind in (4, 6, 8):
            data = data.replace(struct.pack(">2I", tag, kind), struct.pack(">2I", tag + 9000, kind))
    return data


def test_a_whole_package_is(package: Path) -> None:
    assert is_whole(str(package))
    binary = package.with_name("binary.rpm")
    binary.write_bytes(content("hello", "1.0", "1", "x86_64"))
    assert is_whole(str(binary))


def test_damage_anywhere_in_header_or_payload_is_found(package: Path) -> None:
    good = package.read_bytes()
    # After the lead and the header of signatures.
    begin = good.index(b"\x8e\xad\xe8\x01", 100)
    for position in range(begin, len(good), 7):
        package.write_bytes(good[:position] + bytes([good[position] ^ 1]) + good[position + 1 :])
        assert not is_whole(str(package)), position


def test_what_is_cut_or_none_is_not_whole(package: Path) -> None:
    good = package.read_bytes()
    for size in (0, 3, 90, 100, 300, len(good) // 2, len(good) - 1):
        package.write_bytes(good[:size])
        assert not is_whole(str(package)), size
    package.write_bytes(b"<html>not found</html>" * 100)
    assert not is_whole(str(package))


@pytest.mark.parametrize("damaged", [False, True])
def test_a_package_of_an_older_rpm_has_other_digests(package: Path, damaged: bool) -> None:
    """SHA-1 of the header and MD5 of both are made anew for the header that lacks the others."""
    import hashlib

    good = package.read_bytes()
    begin = good.index(b"\x8e\xad\xe8\x01", 100)
    rest = without(good[begin:], 5092, 5093)
    old = without(good[:begin], 273)
    size = len(good) - begin
    payload = good.index(b"\x1f\x8b", begin)
    header = good[begin:payload]
    old = old.replace(
        hashlib.sha1(header).hexdigest().encode(),
        hashlib.sha1(rest[: len(header)]).hexdigest().encode(),
    ).replace(hashlib.md5(good[begin:]).digest(), hashlib.md5(rest).digest())
    assert len(rest) == size
    package.write_bytes(old + (rest[:-1] + b"!" if damaged else rest))
    assert is_whole(str(package)) == (not damaged)
