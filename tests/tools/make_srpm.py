# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes a source RPM from a spec and its sources, on machines that have no rpmbuild.

The format is RPM v4: lead, signature header, main header, payload (a gzipped cpio archive).
Of the spec language it knows what small specs need: the preamble's tags, %description,
%{name}, %{version}, %{release} and %{?dist}.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import re
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Union

Value = Union[str, bytes, Sequence[int], Sequence[str]]

HEADER_MAGIC = bytes.fromhex("8eade801") + bytes(4)
SIGNATURE_REGION, MAIN_REGION = 62, 63
SPEC_FILE = 1 << 5
RPMLIB_AT_MOST = 1 << 24 | 1 << 3 | 1 << 1
SHA256 = 8


class Kind(NamedTuple):
    """How values of a header tag are stored."""

    code: int
    format: str = ""  # of struct, for numbers

    @property
    def alignment(self) -> int:
        """Numbers are aligned to their own size."""
        return struct.calcsize(self.format) if self.format else 1


INT16, INT32 = Kind(3, ">H"), Kind(4, ">I")
STRING, BINARY, STRINGS, TRANSLATED = Kind(6), Kind(7), Kind(8), Kind(9)


class Tag(NamedTuple):
    """A tag of a header: its number and how it is stored."""

    number: int
    kind: Kind


def encode(kind: Kind, value: Value) -> tuple[int, bytes]:
    """Return how many items a value has, and its bytes."""
    if isinstance(value, bytes):
        return len(value), value
    items = [value] if isinstance(value, str) else list(value)
    if kind.format:
        return len(items), b"".join(struct.pack(kind.format, item) for item in items)
    return len(items), b"".join(str(item).encode() + b"\0" for item in items)


def header(region: int, tags: Mapping[Tag, Value]) -> bytes:
    """Return a header: its index and store, all of it inside one immutable region."""
    index, store = b"", b""
    for tag, value in sorted(tags.items()):
        count, data = encode(tag.kind, value)
        store += bytes(-len(store) % tag.kind.alignment)
        index += struct.pack(">4I", tag.number, tag.kind.code, len(store), count)
        store += data
    index = struct.pack(">4I", region, BINARY.code, len(store), 16) + index
    store += struct.pack(">2IiI", region, BINARY.code, -len(index), 16)
    return HEADER_MAGIC + struct.pack(">2I", len(index) // 16, len(store)) + index + store


class Spec(NamedTuple):
    """What a source package tells of its spec."""

    tags: dict[str, str]
    description: str

    @property
    def nvr(self) -> str:
        """The name-version-release."""
        return "-".join(self.tags[tag] for tag in ("name", "version", "release"))


def read_spec(text: str, dist: str = "") -> Spec:
    """Read the preamble and the description of a spec."""
    macros = {"?dist": dist}

    def expand(line: str) -> str:
        return re.sub(r"%\{(\??\w+)\}", lambda found: macros[found[1].lower()], line).strip()

    preamble = re.split(r"^%(?:description|prep|build|install|files)\b", text, flags=re.M)[0]
    for tag, value in re.findall(r"^(\w+):[ \t]*(.+)$", preamble, flags=re.M):
        macros[tag.lower()] = expand(value)
    description = re.search(r"^%description\n(.*?)(?=^%\w+|\Z)", text, flags=re.M | re.S)
    return Spec(macros, expand(description[1]) if description else macros["summary"])


def local_sources(spec: Path) -> list[Path]:
    """Return the files that the Source tags of a spec name, beside the spec."""
    tags = read_spec(spec.read_text(encoding="utf-8")).tags
    names = [value for tag, value in tags.items() if re.fullmatch(r"source\d*", tag)]
    return [spec.with_name(Path(name).name) for name in names]


def cpio(files: Sequence[Path]) -> bytes:
    """Return a cpio archive ("newc") of the files."""

    def entry(name: str, data: bytes, *fields: int) -> bytes:
        numbers = [*fields, len(data), 0, 0, 0, 0, len(name) + 1, 0]
        head = b"070701" + b"".join(b"%08x" % number for number in numbers)
        head += name.encode() + b"\0"
        return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)

    entries = [
        entry(path.name, path.read_bytes(), inode, 0o100644, 0, 0, 1, int(path.stat().st_mtime))
        for inode, path in enumerate(files, start=1)
    ]
    return b"".join(entries) + entry("TRAILER!!!", b"", 0, 0, 0, 0, 1, 0)


def main_header(
    spec: Spec, files: Sequence[Path], payload: bytes, source_rpm: str | None = None
) -> bytes:
    """Return the header that says what the package is and which files it has, the spec first.

    A binary package names its C(source_rpm).
    """
    tags, every = spec.tags, len(files)
    sizes = [path.stat().st_size for path in files]
    times = [int(path.stat().st_mtime) for path in files]
    arch = tags.get("buildarch", "x86_64")
    values: dict[Tag, Value] = {
        Tag(100, STRINGS): ["C"],  # the locales of translated values
        Tag(1000, STRING): tags["name"],
        Tag(1001, STRING): tags["version"],
        Tag(1002, STRING): tags["release"],
        Tag(1004, TRANSLATED): [tags["summary"]],
        Tag(1005, TRANSLATED): [spec.description],
        Tag(1006, INT32): [max(times)],  # build time: equal files make equal packages
        Tag(1007, STRING): "localhost",  # build host
        Tag(1009, INT32): [sum(sizes)],
        Tag(1014, STRING): tags["license"],
        Tag(1016, TRANSLATED): ["Unspecified"],  # group
        Tag(1021, STRING): "linux",
        Tag(1022, STRING): arch,
        Tag(1028, INT32): sizes,
        Tag(1030, INT16): [0o100644] * every,
        Tag(1033, INT16): [0] * every,  # device numbers of the files, were they devices
        Tag(1034, INT32): times,
        Tag(1035, STRINGS): [hashlib.sha256(path.read_bytes()).hexdigest() for path in files],
        Tag(1036, STRINGS): [""] * every,  # link targets
        Tag(1037, INT32): [SPEC_FILE] + [0] * (every - 1),
        Tag(1039, STRINGS): ["root"] * every,
        Tag(1040, STRINGS): ["root"] * every,
        Tag(1045, INT32): [0xFFFFFFFF] * every,  # verify everything
        Tag(1048, INT32): [RPMLIB_AT_MOST] * 2,
        Tag(1049, STRINGS): ["rpmlib(CompressedFileNames)", "rpmlib(FileDigests)"],
        Tag(1050, STRINGS): ["3.0.4-1", "4.6.0-1"],
        Tag(1089, STRINGS): [arch],
        Tag(1095, INT32): [1] * every,  # the device they were on
        Tag(1096, INT32): range(1, every + 1),  # inodes
        Tag(1097, STRINGS): [""] * every,  # languages
        Tag(1116, INT32): [0] * every,  # all in the first directory
        Tag(1117, STRINGS): [path.name for path in files],
        Tag(1118, STRINGS): [""],
        Tag(1124, STRING): "cpio",
        Tag(1125, STRING): "gzip",
        Tag(1126, STRING): "9",
        Tag(5011, INT32): [SHA256],
        Tag(5062, STRING): "utf-8",
        Tag(5092, STRINGS): [hashlib.sha256(payload).hexdigest()],
        Tag(5093, INT32): [SHA256],
    }
    if source_rpm is None:
        values[Tag(1106, INT32)] = [1]  # this is a source package
    else:
        values[Tag(1044, STRING)] = source_rpm
    if "epoch" in tags:
        values[Tag(1003, INT32)] = [int(tags["epoch"])]
    if "url" in tags:
        values[Tag(1020, STRING)] = tags["url"]
    return header(MAIN_REGION, values)


def package(spec: Spec, files: Sequence[Path], source_rpm: str | None = None) -> bytes:
    """Return a package with these files: a source package, or a binary one of a source RPM."""
    archive = cpio(files)
    payload = gzip.compress(archive, mtime=0)
    main = main_header(spec, files, payload, source_rpm)
    signature = header(
        SIGNATURE_REGION,
        {
            Tag(269, STRING): hashlib.sha1(main).hexdigest(),
            Tag(273, STRING): hashlib.sha256(main).hexdigest(),
            Tag(1000, INT32): [len(main) + len(payload)],
            Tag(1004, BINARY): hashlib.md5(main + payload).digest(),
            Tag(1007, INT32): [len(archive)],
        },
    )
    kind = 1 if source_rpm is None else 0
    name = spec.nvr.encode()[:65]
    lead = struct.pack(">4s2B2h66s2h16x", b"\xed\xab\xee\xdb", 3, 0, kind, 1, name, 1, 5)
    return lead + signature + bytes(-len(signature) % 8) + main + payload


def write_srpm(spec: Path, sources: Sequence[Path], into: Path, dist: str = "") -> Path:
    """Write the source package of a spec into a folder and return its path."""
    parsed = read_spec(spec.read_text(encoding="utf-8"), dist)
    path = into / f"{parsed.nvr}.src.rpm"
    path.write_bytes(package(parsed, [spec, *sources]))
    return path


def main() -> None:
    """Write a source package as the command line says."""
    parser = argparse.ArgumentParser(description="Write a source RPM without rpmbuild.")
    parser.add_argument("spec", type=Path)
    parser.add_argument("sources", type=Path, nargs="*")
    parser.add_argument("--into", type=Path, default=Path(), help="folder for the package")
    parser.add_argument("--dist", default="", help="what %%{?dist} means, for example .fc43")
    options = parser.parse_args()
    print(write_srpm(options.spec, options.sources, options.into, options.dist))


if __name__ == "__main__":
    main()
