# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a build is of a source RPM or a spec file, over anything that a server may say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.sources.files import (
    file_source,
    url_source,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.sources.match import ByVersion
from ansible_collections.fedora.copr.plugins.module_utils._copr.sources.srpm import Nevr
from hypothesis import given
from hypothesis import strategies as st

from unit.files import make_srpm
from unit.lab import attempt

HELLO = "https://example.org/hello-1.0-1.src.rpm"


@given(name=st.none() | st.text(), version=st.none() | st.text())
def test_whatever_a_build_shows_is_compared(name: str | None, version: str | None) -> None:
    build = {"source_package": {"name": name, "version": version}}
    told = url_source(HELLO).identity.matches_build(build)
    assert told is None if name is None else told is (name == "hello" and version == "1.0-1")


@pytest.mark.parametrize(
    ("epoch", "shown", "same"),
    [
        (None, "7:1.0-1", True),
        (0, "1.0-1", True),
        (0, "0:1.0-1", True),
        (0, "7:1.0-1", False),
        (7, "1.0-1", False),
        (7, "7:1.0-1", True),
        (7, "x:1.0-1", False),
        (None, None, False),
    ],
)
def test_versions_are_compared_with_their_epoch(
    epoch: int | None, shown: str | None, same: bool
) -> None:
    assert Nevr("hello", "1.0", "1", epoch).is_version(shown) is same


@pytest.mark.parametrize(
    ("source_type", "fields", "expected"),
    [
        ("link", {"url": HELLO}, True),
        ("link", {"url": "https://example.org/hell%6F-1.0-1.src.rpm"}, True),
        ("link", {"url": "https://x.example.org/hello-1.0-1.src.rpm?a=/b"}, None),
        ("link", {"url": "https://x.example.org/hello-1.0-2.src.rpm"}, False),
        ("link", {"url": "https://["}, False),
        ("link", {}, False),
        ("link", None, False),
        ("upload", {"pkg": "hello-1.0-1.src.rpm", "url": "https://x/tmp/y"}, None),
        ("upload", {"pkg": "hello-1.0-1.nosrc.rpm"}, None),
        ("upload", {"pkg": "hello-1.0-1"}, False),
        ("upload", {"pkg": "hello.spec"}, False),
        ("upload", {"pkg": None}, False),
        ("scm", {"clone_url": HELLO}, False),
        (None, {}, False),
    ],
)
def test_whatever_a_configuration_shows_is_compared(
    source_type: str | None, fields: dict[str, Any] | None, expected: bool | None
) -> None:
    config = {"source_type": source_type, "source_dict": fields}
    assert url_source(HELLO).identity.matches_config(config) is expected


@given(url=st.text() | st.text().map("https://example.org/{}".format))
def test_any_address_is_a_source_or_an_error(url: str) -> None:
    source, error = attempt(url_source, url)
    if error:
        assert error.kind == "invalid"
    else:
        assert source.body == {"pkgs": [url.strip()]}
        assert (source.nevr is None) == (source.by_address is None)


@pytest.mark.parametrize("name", ["a b", "a\tb", "a\nb"])
def test_an_address_that_the_server_would_divide_is_refused(name: str) -> None:
    _source, error = attempt(url_source, f"https://example.org/{name}.src.rpm")
    assert error is not None
    assert "%20" in error.message


def test_the_name_in_an_address_is_read_decoded() -> None:
    source = url_source("https://example.org/c%2B%2B-1.0%7Erc1-1.src.rpm")
    assert source.nevr == Nevr("c++", "1.0~rc1", "1")


@pytest.mark.parametrize(
    ("name", "version"), [("hb-c++", "1.0"), ("hello", "1.0~rc1^2"), ("Hello_x.y", "1+1")]
)
def test_an_upload_has_the_name_that_the_server_gives_it(
    tmp_path: Path, name: str, version: str
) -> None:
    source = file_source(make_srpm(tmp_path, name, version))
    assert source.upload is not None
    config = {"source_type": "upload", "source_dict": {"pkg": source.upload.name}}
    assert source.identity.matches_config(config) is None
    other = ByVersion(Nevr("other", version, "1"))
    assert other.matches_config(config) is False
