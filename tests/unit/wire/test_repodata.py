# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading the metadata of repositories, however they are packed."""

from __future__ import annotations

import bz2
import gzip
import lzma
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import createrepo_c
import pytest
import zstandard
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.packed import unpacked
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.repodata import read_repository

from simulator import packages
from unit.lab import F43, Lab, answering

PLACE = "https://example.org/primary.xml"
TEXT = b"<metadata>" + bytes(range(32, 127)) * 1000 + b"</metadata>"
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "xz": lzma.compress,
    "bzip2": bz2.compress,
    "zstd": zstandard.compress,
    "plain": bytes,
}
COMPRESSIONS = {
    "gzip": createrepo_c.GZ_COMPRESSION,
    "xz": createrepo_c.XZ_COMPRESSION,
    "bzip2": createrepo_c.BZ2_COMPRESSION,
    "zstd": createrepo_c.ZSTD_COMPRESSION,
    "plain": createrepo_c.NO_COMPRESSION,
}


def cut(content: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


@pytest.mark.parametrize("size", [1, 7, 4096, 10**9])
@pytest.mark.parametrize("form", PACKED)
def test_any_form_is_unpacked_in_pieces_of_any_size(form: str, size: int) -> None:
    assert b"".join(unpacked(cut(PACKED[form](TEXT), size), PLACE, 10**6)) == TEXT


@pytest.mark.parametrize("form", ["gzip", "xz", "bzip2", "zstd"])
def test_what_is_damaged_is_told(form: str) -> None:
    packed = bytearray(PACKED[form](TEXT))
    packed[len(packed) // 2 : -12] = b"\xff" * 400
    with pytest.raises(CoprError, match="is damaged") as caught:
        list(unpacked([bytes(packed)], PLACE, 10**6))
    assert caught.value.transient


@pytest.mark.parametrize("form", ["gzip", "xz", "bzip2", "zstd"])
def test_what_is_cut_off_is_told(form: str) -> None:
    with pytest.raises(CoprError, match="cut off"):
        list(unpacked(cut(PACKED[form](TEXT)[:-9], 100), PLACE, 10**6))


@pytest.mark.parametrize("form", PACKED)
def test_several_streams_in_one_file_are_one_text(form: str) -> None:
    assert b"".join(unpacked(cut(PACKED[form](TEXT) * 2, 1000), PLACE, 10**6)) == TEXT * 2


def test_what_grows_without_bounds_is_refused() -> None:
    bomb = gzip.compress(bytes(10**7))
    with pytest.raises(CoprError, match="too large to read"):
        list(unpacked(cut(bomb, 1000), PLACE, 10**6))


def test_zstd_without_a_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)
    monkeypatch.setitem(sys.modules, "compression.zstd", None)
    with pytest.raises(CoprError, match="install the Python library zstandard") as caught:
        list(unpacked([PACKED["zstd"](TEXT)], PLACE, 10**6))
    assert caught.value.kind == "configuration"


def repository(folder: Path, compression: Any) -> dict[str, bytes]:
    """Return the metadata that createrepo_c makes of three packages, by name."""
    for name, epoch in (("one", 0), ("two", 3), ("on-e+x", 0)):
        content = packages.content(name, "1.0~rc1", "2.fc43", "x86_64", epoch)
        (folder / f"{name}.rpm").write_bytes(content)
    with createrepo_c.RepositoryWriter(folder, compression=compression) as writer:
        writer.set_num_of_pkgs(3)
        for path in sorted(folder.glob("*.rpm")):
            writer.add_pkg_from_file(str(path))
    return {path.name: path.read_bytes() for path in (folder / "repodata").iterdir()}


@pytest.mark.parametrize("form", COMPRESSIONS)
def test_what_createrepo_c_writes_is_read(demo: Lab, tmp_path: Path, form: str) -> None:
    folder = tmp_path / "repository"
    folder.mkdir()
    metadata = repository(folder, COMPRESSIONS[form])
    primary = next(name for name in metadata if "primary.xml" in name)
    demo.before("GET", r"repomd\.xml", answering(metadata["repomd.xml"]))
    demo.before("GET", primary, answering(metadata[primary]))
    found = read_repository(demo.client(), f"{demo.sim.url}/results/alice/demo/{F43}/")
    assert found is not None
    assert sorted(each.nevra for each in found) == [
        "on-e+x-1.0~rc1-2.fc43.x86_64",
        "one-1.0~rc1-2.fc43.x86_64",
        "two-3:1.0~rc1-2.fc43.x86_64",
    ]


def read(lab: Lab) -> list[str] | None:
    found = read_repository(lab.client(), f"{lab.sim.url}/results/alice/demo/{F43}")
    return None if found is None else [each.href for each in found]


def test_the_repository_of_a_project_has_what_was_built(demo: Lab) -> None:
    assert read(demo) is None
    demo.build(url=["https://example.org/hello-1.0-1.src.rpm"])
    assert read(demo) == [
        "00000001-hello/hello-1.0-1.src.rpm",
        "00000001-hello/hello-1.0-1.x86_64.rpm",
    ]


def test_a_repository_that_is_made_anew_meanwhile_is_read_anew(demo: Lab) -> None:
    demo.build(url=["https://example.org/hello-1.0-1.src.rpm"])

    def build_another() -> None:
        demo.build(url=["https://example.org/other-1.0-1.src.rpm"])

    demo.before("GET", "primary", build_another)
    assert len(read(demo) or ()) == 4


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (b"<html><body>Please wait</body>", "is not repository metadata"),
        (b'<repomd xmlns="http://linux.duke.edu/metadata/repo"></repomd>', "does not name a list"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><repomd>&a;</repomd>', "declares XML entities"),
    ],
)
def test_what_is_no_metadata_is_told(demo: Lab, page: bytes, told: str) -> None:
    for _attempt in range(10):
        demo.before("GET", r"repomd\.xml", answering(page))
    with pytest.raises(CoprError, match=told) as caught:
        read(demo)
    assert caught.value.kind == "server"
