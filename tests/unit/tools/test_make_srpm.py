# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Source packages of ours, read with the libraries of others."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import createrepo_c
import pytest
import rpm_rs

from tools.make_srpm import local_sources, write_srpm

SPEC = """\
Name:       hello
Epoch:      2
Version:    1.4
Release:    1%{?dist}
Summary:    Greets the %{name} world
License:    MIT
URL:        https://example.com/%{name}
Source0:    https://example.com/%{name}-%{version}.txt
BuildArch:  noarch

%description
Greets whoever asks,
in version %{version}.

%install
install -D -m 644 %{SOURCE0} %{buildroot}%{_datadir}/hello/greeting

%files
%{_datadir}/hello/greeting
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """Return a spec that has its source beside it."""
    path = tmp_path / "hello.spec"
    path.write_text(SPEC)
    (tmp_path / "hello-1.4.txt").write_bytes(b"Good morning\n")
    return path


@pytest.fixture
def package(spec: Path, tmp_path: Path) -> Path:
    """Return the package of the spec."""
    return write_srpm(spec, local_sources(spec), tmp_path, dist=".fc43")


def test_the_file_is_named_after_the_package(package: Path) -> None:
    assert package.name == "hello-1.4-1.fc43.src.rpm"


def test_rpm_rs_reads_a_source_package_with_right_digests(package: Path) -> None:
    read = rpm_rs.Package.open(str(package))
    read.verify_digests()
    assert read.metadata.is_source_package()
    report = read.check_digests()
    assert report.header_sha256.is_verified()
    assert report.payload_sha256.is_verified()


def test_a_changed_payload_is_noticed(package: Path) -> None:
    content = bytearray(package.read_bytes())
    content[-1] ^= 1
    with pytest.raises(Exception, match="digest"):
        rpm_rs.Package.from_bytes(bytes(content)).verify_digests()


def test_createrepo_c_reads_what_the_spec_says(package: Path) -> None:
    read = createrepo_c.package_from_rpm(str(package))
    assert read.nevra() == "hello-2:1.4-1.fc43.src"
    assert read.arch == "src"
    assert read.summary == "Greets the hello world"
    assert read.description == "Greets whoever asks,\nin version 1.4."
    assert read.url == "https://example.com/hello"
    assert read.rpm_license == "MIT"


def test_the_files_are_all_there_with_their_digests(package: Path) -> None:
    read = rpm_rs.Package.open(str(package))
    files = {str(file.metadata.path): file for file in read.files()}
    assert {name: bytes(file.content) for name, file in files.items()} == {
        "hello.spec": SPEC.encode(),
        "hello-1.4.txt": b"Good morning\n",
    }
    for file in files.values():
        assert str(file.metadata.digest) == hashlib.sha256(file.content).hexdigest()


def test_equal_files_make_equal_packages(spec: Path, package: Path, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    again = write_srpm(spec, local_sources(spec), tmp_path / "again", dist=".fc43")
    assert again.read_bytes() == package.read_bytes()


def test_only_the_tags_that_a_spec_has_are_written(tmp_path: Path) -> None:
    bare = tmp_path / "bare.spec"
    bare.write_text("Name: bare\nVersion: 1\nRelease: 1%{?dist}\nSummary: Bare\nLicense: MIT\n")
    read = createrepo_c.package_from_rpm(str(write_srpm(bare, [], tmp_path)))
    assert read.nevra() == "bare-0:1-1.src"
    assert read.description == "Bare"


def test_the_command_line_prints_the_package(spec: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tools.make_srpm", "hello.spec", "hello-1.4.txt"]
    done = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert done.stdout == "hello-1.4-1.src.rpm\n"
    assert (tmp_path / "hello-1.4-1.src.rpm").exists()
