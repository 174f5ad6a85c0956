# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names and links of files lead nowhere outside the folder that they are fetched into."""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.fetched import RPM, dest, fetch, refused, tree
from unit.lab import F43, Lab, answering
from unit.rawserver import unused_port


def listed(lab: Lab, page: str) -> None:
    """Answer the list of the files of a chroot with a page of one's own."""
    lab.before("GET", f"{F43}/[^/]*/$", answering(page.encode(), Content_Type="text/html"))


@pytest.mark.parametrize(
    "link", ["..%2F..%2Fevil.rpm", "%2Fetc%2Fevil.rpm", "a%00.rpm", "a%0Ab.rpm", "%1B[2J.rpm"]
)
def test_a_name_that_leads_out_or_is_none_is_refused(demo: Lab, build: int, link: str) -> None:
    listed(demo, f'<a href="{link}">x</a>')
    error = refused(demo, build, chroots=[F43])
    assert (error.kind, "not fetched" in error.message) == ("server", True)
    assert not dest(demo).exists()


@pytest.mark.parametrize(
    "link",
    ["../evil.rpm", "/etc/evil.rpm", "https://example.org/evil.rpm", "?C=evil.rpm", "http://[.rpm"],
)
def test_a_link_to_what_is_elsewhere_is_none(demo: Lab, build: int, link: str) -> None:
    listed(demo, f'<a href="{link}">x</a><a href="{RPM}">y</a><a href="deeper.rpm/">z</a>')
    fetch(demo, build, chroots=[F43])
    assert tree(demo) == [f"{build}/{F43}/{RPM}"]


def test_a_name_of_a_chroot_that_leads_out_is_refused(demo: Lab, build: int) -> None:
    rows = demo.client().get("build-chroot/list", {"build_id": build})
    rows["items"].append({**rows["items"][0], "name": "../../evil"})
    demo.before("GET", "build-chroot/list", answering(rows))
    error = refused(demo, build, what=["logs"])
    assert (error.kind, "../../evil" in error.message) == ("server", True)


@pytest.mark.parametrize("below", ["", F43])
def test_a_link_that_leads_elsewhere_is_refused(demo: Lab, build: int, below: str) -> None:
    elsewhere = demo.tmp_path / "elsewhere"
    elsewhere.mkdir()
    folder = dest(demo) / str(build) / below
    folder.parent.mkdir(parents=True)
    folder.symlink_to(elsewhere)
    error = refused(demo, build, chroots=[F43])
    assert (error.kind, "link" in error.message) == ("local_file", True)
    assert list(elsewhere.iterdir()) == []


def test_a_link_in_place_of_a_file_is_replaced_and_not_followed(demo: Lab, build: int) -> None:
    (file,) = fetch(demo, build, chroots=[F43])["files"]
    path = Path(file["path"])
    outside = demo.tmp_path / "outside.rpm"
    path.rename(outside)
    path.symlink_to(outside)
    before = outside.stat().st_mtime_ns
    assert fetch(demo, build, chroots=[F43])["changed"] is True
    assert not path.is_symlink()
    assert outside.stat().st_mtime_ns == before
    path.unlink()
    path.with_name(f".{RPM}.part").symlink_to(outside)
    assert refused(demo, build, chroots=[F43]).kind == "local_file"


def test_a_folder_that_is_a_link_itself_is_used(demo: Lab, build: int) -> None:
    real = demo.tmp_path / "real"
    real.mkdir()
    dest(demo).symlink_to(real)
    (file,) = fetch(demo, build, chroots=[F43])["files"]
    assert file["path"].startswith(str(real))


@pytest.mark.parametrize("check", [True, False])
def test_a_folder_that_is_a_file_is_an_error(demo: Lab, build: int, check: bool) -> None:
    dest(demo).write_text("a file")
    error = refused(demo, build, check=check)
    assert (error.kind, str(dest(demo)) in error.message) == ("local_file", True)


def test_a_host_that_is_down_is_told(demo: Lab, build: int) -> None:
    rows = demo.client().get("build-chroot/list", {"build_id": build})
    for row in rows["items"]:
        row["result_url"] = f"http://127.0.0.1:{unused_port()}/"
    demo.before("GET", "build-chroot/list", answering(rows))
    assert refused(demo, build).kind == "unreachable"
