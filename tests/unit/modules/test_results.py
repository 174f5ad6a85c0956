# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of builds are fetched whole, checked, and only once."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.sources.rpm import is_whole
from urllib3 import HTTPConnectionPool

from simulator.faults import Fault
from unit.fetched import EVERYTHING, RPM, URL, built, dest, fetch, refused, tree
from unit.files import make_srpm
from unit.lab import EPEL, F43, Lab, Options

# --- which files ---


def test_packages_are_fetched_by_build_and_chroot(demo: Lab, build: int) -> None:
    result = fetch(demo, build)
    assert tree(demo) == [f"{build}/{EPEL}/{RPM}", f"{build}/{F43}/{RPM}"]
    assert result["changed"] is True
    (epel, fedora) = result["files"]
    assert (epel["chroot"], fedora["chroot"]) == (EPEL, F43)
    assert fedora["path"] == str(dest(demo) / str(build) / F43 / RPM)
    assert fedora["size"] == os.path.getsize(fedora["path"])
    assert fedora["url"].startswith(f"{demo.sim.url}/results/alice/demo/{F43}/")
    assert (fedora["build_id"], fedora["changed"]) == (build, True)
    assert is_whole(fedora["path"])


def test_everything_is_fetched(demo: Lab, build: int) -> None:
    fetch(demo, build, what=EVERYTHING)
    logs = ["backend.log.gz", "builder-live.log.gz"]
    assert tree(demo) == [
        *(f"{build}/{chroot}/{name}" for chroot in (EPEL, F43) for name in (*logs, RPM)),
        f"{build}/source/builder-live.log.gz",
        f"{build}/source/hello-1.0-1.src.rpm",
        f"{build}/source/hello.spec",
    ]


def test_a_packed_log_stays_packed(demo: Lab, build: int) -> None:
    result = fetch(demo, build, what=["logs"], chroots=[F43])
    for file in result["files"]:
        content = Path(file["path"]).read_bytes()
        assert gzip.decompress(content)
        assert len(content) == file["size"]


def test_chroots_are_chosen_by_pattern(demo: Lab, build: int) -> None:
    fetch(demo, build, chroots=["fedora-*"])
    assert tree(demo) == [f"{build}/{F43}/{RPM}"]


def test_a_chroot_of_one_of_several_builds_is_enough(demo: Lab, build: int) -> None:
    other = built(demo, "other", chroots=[EPEL])
    refused(demo, build, other, chroots=[F43])
    error = refused(demo, build, chroots=["fedora-4e-x86_64"])
    assert (error.kind, F43 in error.message) == ("invalid", True)


def test_several_builds_do_not_meet(demo: Lab, build: int) -> None:
    again = built(demo, "hello", force=True)
    fetch(demo, build, again, what=["logs"], chroots=[F43])
    assert len(tree(demo)) == 6


@pytest.mark.parametrize("devel", [False, True])
def test_packages_in_pulp_are_fetched_from_there(demo: Lab, devel: bool) -> None:
    demo.settings().update(storage="pulp", devel_mode=devel)
    build = built(demo, "hello")
    result = fetch(demo, build, what=["rpms", "srpm"], chroots=[F43])
    assert tree(demo) == [f"{build}/{F43}/{RPM}", f"{build}/source/hello-1.0-1.src.rpm"]
    assert (f"{F43}-devel" in str(result["files"])) == devel
    assert fetch(demo, build, what=["rpms", "srpm"], chroots=[F43])["changed"] is False


def test_the_source_rpm_of_a_forked_build_is_that_of_its_chroots(demo: Lab, build: int) -> None:
    demo.do("copr_project", project="alice/fork", fork_of="alice/demo")
    demo.finish()
    (fork,) = demo.builds("alice/fork")
    fetch(demo, fork.id, what=["srpm", "spec"], chroots=[F43])
    names = ["hello-1.0-1.src.rpm", "hello.spec"]
    assert tree(demo) == [f"{fork.id}/{F43}/{name}" for name in names]


# --- what is not there ---


def test_logs_of_a_failure_are_fetched_and_packages_are_missed(demo: Lab) -> None:
    build = built(demo, "fails")
    fetch(demo, build, what=["logs"])
    assert f"{build}/{F43}/builder-live.log.gz" in tree(demo)
    error = refused(demo, build)
    assert (error.kind, "no packages to fetch" in error.message) == ("not_found", True)
    assert f"{F43} failed" in error.message


def test_a_chroot_that_failed_beside_others_is_told(demo: Lab) -> None:
    srpm = make_srpm(demo.tmp_path, build="%if 0%{?rhel}\nexit 1\n%endif")
    demo.build(srpm=[srpm], wait=False)
    demo.finish()
    (build,) = demo.builds()
    fetch(demo, build.id)
    assert tree(demo) == [f"{build.id}/{F43}/{RPM}"]
    assert demo.warnings[-1].endswith(f"has no packages for {EPEL} (failed).")


def test_nothing_of_a_sort_is_an_error_before_anything_is_fetched(demo: Lab) -> None:
    build = built(demo, "fails")
    error = refused(demo, build, what=["logs", "rpms"])
    assert error.kind == "not_found"
    assert not dest(demo).exists()


def test_a_package_that_copr_has_no_more_is_missed(
    demo: Lab, build: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulator.results.chroot_files", lambda *_names: {"x": lambda: b""})
    error = refused(demo, build)
    assert error.kind == "not_found"
    assert RPM in error.message


def test_a_build_at_work_is_refused(demo: Lab) -> None:
    result = demo.build(url=[URL.format("slow-hello")], wait=False)
    number = result["builds"][0]["id"]
    for _phase in range(3):
        error = refused(demo, number, what=["logs"])
        assert (error.kind, "has not finished" in error.message) == ("conflict", True)
        demo.clock.advance(25)
    planned = fetch(demo, number, what=["logs"], check=True)
    assert planned["files"] == []
    assert "has not finished" in demo.warnings[-1]


def test_a_build_that_is_only_planned_is_planned_with(demo: Lab) -> None:
    assert demo.do("copr_results", build_ids=[None], dest=str(dest(demo)), check=True) == {
        "changed": True,
        "files": [],
    }
    assert demo.fail("copr_results", build_ids=[None], dest=str(dest(demo))).kind == "invalid"


def test_a_build_that_does_not_exist_is_an_error(demo: Lab) -> None:
    assert refused(demo, 4711).kind == "not_found"


@pytest.mark.parametrize("option", ["what", "chroots"])
def test_an_empty_choice_is_an_error(demo: Lab, build: int, option: str) -> None:
    assert refused(demo, build, **{option: []}).kind == "invalid"


# --- once, and checked ---


def test_a_second_run_fetches_nothing(demo: Lab, build: int) -> None:
    first = fetch(demo, build, what=EVERYTHING)
    again = fetch(demo, build, what=EVERYTHING)
    assert again["changed"] is False
    assert "diff" not in again
    assert again["files"] == [{**file, "changed": False} for file in first["files"]]


def test_check_mode_tells_the_same_and_writes_nothing(demo: Lab, build: int) -> None:
    planned = fetch(demo, build, what=EVERYTHING, check=True)
    assert not dest(demo).exists()
    assert planned == fetch(demo, build, what=EVERYTHING)
    assert [entry["before"] for entry in planned["diff"]] == [{}] * len(planned["files"])


@pytest.mark.parametrize("content", [b"", b"short", None], ids=["empty", "short", "damaged"])
def test_what_is_not_right_is_replaced(demo: Lab, build: int, content: bytes | None) -> None:
    (file,) = fetch(demo, build, chroots=[F43])["files"]
    path = Path(file["path"])
    good = path.read_bytes()
    path.write_bytes(good[:-9] + b"!" + good[-8:] if content is None else content)
    result = fetch(demo, build, chroots=[F43])
    assert result["changed"] is True
    assert result["diff"][0]["before"] == {"size": len(good if content is None else content)}
    assert path.read_bytes() == good


def test_a_log_of_another_size_is_replaced(demo: Lab, build: int) -> None:
    (file, *_others) = fetch(demo, build, what=["logs"])["files"]
    path = Path(file["path"])
    good = path.read_bytes()
    path.write_bytes(good[:-1])
    fetch(demo, build, what=["logs"])
    assert path.read_bytes() == good


def test_a_part_is_continued(demo: Lab, build: int) -> None:
    (file,) = fetch(demo, build, chroots=[F43])["files"]
    path = Path(file["path"])
    good = path.read_bytes()
    path.unlink()
    part = path.with_name(f".{RPM}.part")
    part.write_bytes(good[:100])
    asked: list[str] = []
    app = demo.sim.doorkeeper.app

    def note(environ: Options, start: Any) -> Any:
        asked.append(environ.get("HTTP_RANGE", ""))
        return app(environ, start)

    demo.sim.doorkeeper.app = note
    fetch(demo, build, chroots=[F43])
    assert "bytes=100-" in asked
    assert path.read_bytes() == good
    assert not part.exists()


def test_a_part_of_another_file_is_found_out(demo: Lab, build: int) -> None:
    (file,) = fetch(demo, build, chroots=[F43])["files"]
    path = Path(file["path"])
    good = path.read_bytes()
    path.unlink()
    path.with_name(f".{RPM}.part").write_bytes(b"x" * 200)
    fetch(demo, build, chroots=[F43])
    assert path.read_bytes() == good


@pytest.mark.parametrize("fault", ["cut", "reset_after"])
def test_a_transfer_that_is_cut_is_gone_on_with(demo: Lab, build: int, fault: str) -> None:
    # The first request asks for the size.
    demo.sim.doorkeeper.faults.add(Fault(fault, path=rf"{F43}/.*{RPM}", skip=1, times=2))
    (file,) = fetch(demo, build, chroots=[F43])["files"]
    assert is_whole(file["path"])
    assert tree(demo) == [f"{build}/{F43}/{RPM}"]


def test_a_file_that_stays_damaged_is_not_renamed(
    demo: Lab, build: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulator.packages.content", lambda *_names: b"no package" * 50)
    error = refused(demo, build, chroots=[F43])
    assert (error.kind, "digests do not match" in error.message) == ("server", True)
    assert error.attempts == 5
    assert [Path(name).name for name in tree(demo)] == [f".{RPM}.part"]
    assert (dest(demo) / tree(demo)[0]).stat().st_size == 0


def test_a_failure_half_way_tells_what_was_fetched(demo: Lab, build: int) -> None:
    demo.sim.doorkeeper.faults.add(Fault("status", path=rf"{F43}/.*{RPM}", times=9, status=500))
    error = refused(demo, build)
    (file,) = error.result["files"]
    assert (file["chroot"], file["changed"]) == (EPEL, True)
    assert error.result["changed"] is True
    assert [entry["before_header"] for entry in error.result["diff"]] == [file["path"]]


def test_a_long_transfer_tells_how_far_it_has_come(demo: Lab, build: int) -> None:
    demo.listens = True
    demo.after("GET", RPM, lambda: demo.clock.advance(20))
    fetch(demo, build, chroots=[F43])
    assert demo.progress == ["[00:20] fetched: 0 of 1 files, 0 MiB"]


def test_a_file_that_is_not_here_costs_one_request(demo: Lab, build: int) -> None:
    demo.forget()
    files = fetch(demo, build, what=EVERYTHING)["files"]
    asked = [path for path in demo.files if not path.endswith("/")]
    assert sorted(asked) == sorted(urlsplit(each["url"]).path for each in files)


def test_files_come_over_few_connections(demo: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[object] = []
    connect = HTTPConnectionPool._new_conn

    def count(pool: HTTPConnectionPool) -> object:
        begun.append(pool)
        return connect(pool)

    builds = [demo.build(url=[URL.format(f"p{n}")])["builds"][0]["id"] for n in range(6)]
    monkeypatch.setattr(HTTPConnectionPool, "_new_conn", count)
    files = demo.do("copr_results", build_ids=builds, dest=str(dest(demo)))["files"]
    assert len(files) == 12
    # Four for the API, and four for the files.
    assert len(begun) <= 8
