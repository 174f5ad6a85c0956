# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the builder that builds makes of a source RPM or a spec."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from simulator.rpmbuild.builder import Rpmbuild
from simulator.rpmbuild.job import can_isolate
from simulator.server import running
from unit.simulator.workshop import (
    EL10,
    F43,
    RAWHIDE_ARM,
    Workshop,
    needs_rpmbuild,
    spec,
    until,
)

pytestmark = needs_rpmbuild
# Some containers forbid namespaces. The builder then works without them (docs/simulator.md), and
# what only they can guarantee can't be tested.
needs_isolation = pytest.mark.skipif(
    not can_isolate(), reason="unshare can't create namespaces here, which isolate builds"
)

SLEEPS = "%build\nsetsid sleep {0} & sleep {0}"
FAILS_ON_EL = "%build\n%if 0%{?rhel}\ngcc-of-another-world main.c\n%endif"


@pytest.fixture(scope="module")
def shop() -> Iterator[Workshop]:
    with running(builder=Rpmbuild) as sim:
        yield Workshop(sim)


def is_running(command: str) -> bool:
    """Whether any process of this machine has a command line."""
    lines = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.is_file()]
    return command.replace(" ", "\0").encode() + b"\0" in lines


def test_each_chroot_has_the_macros_of_its_distribution(shop: Workshop) -> None:
    build = shop.upload(spec())
    assert shop.wait(build) == "succeeded"
    assert shop.packages(build, F43) == ["tiny-1.0-1.fc43.noarch", "tiny-1.0-1.fc43.src"]
    assert shop.packages(build, EL10) == ["tiny-1.0-1.el10.noarch", "tiny-1.0-1.el10.src"]
    # Rawhide is what comes after Fedora 44, the newest one that the simulator has.
    assert shop.packages(build, RAWHIDE_ARM)[0] == "tiny-1.0-1.fc45.noarch"
    assert shop.do("GET", f"build/{build}")["source_package"]["version"] == "1.0-1"


def test_a_build_leaves_the_files_that_copr_leaves(shop: Workshop) -> None:
    build = shop.upload(spec("leaves"), "leaves.spec")
    shop.wait(build)
    assert set(shop.files(build)) == {
        *("builder-live.log.gz", "backend.log.gz", "success"),
        *("leaves.spec", "leaves-1.0-1.src.rpm"),
    }
    assert set(shop.files(build, F43)) == {
        *("builder-live.log.gz", "backend.log.gz", "build.log.gz", "root.log.gz"),
        *("success", "results.json", "leaves.spec"),
        *("leaves-1.0-1.fc43.noarch.rpm", "leaves-1.0-1.fc43.src.rpm"),
    }
    assert "Wrote: " in shop.log(build, F43)
    assert "Wrote: " in shop.log(build, F43, "build.log.gz")


def test_what_has_succeeded_is_in_the_repository(shop: Workshop) -> None:
    build = shop.upload(spec("published"), "published.spec")
    assert shop.wait(build) == "succeeded"
    published = [place for place in shop.published(F43) or () if "published" in place]
    names = ("published-1.0-1.fc43.noarch.rpm", "published-1.0-1.fc43.src.rpm")
    assert published == [f"{build:08}-published/{name}" for name in names]


def test_in_devel_mode_only_builds_see_what_was_built(shop: Workshop) -> None:
    shop.project("alice/devel", [F43], devel_mode=True)
    until(lambda: shop.published(F43, "alice/devel") == [])
    build = shop.submit("rubygems", projectname="devel", gem_name="rake")
    assert shop.wait(build) == "succeeded"
    assert shop.published(F43, "alice/devel") == []
    assert len(shop.published(f"{F43}/devel", "alice/devel") or ()) == 2
    shop.do("PUT", "project/regenerate-repos/alice/devel")
    until(lambda: len(shop.published(F43, "alice/devel") or ()) == 2)


def test_packages_are_signed_with_the_key_of_their_project(shop: Workshop, tmp_path: Path) -> None:
    shop.project("alice/keys", [F43])
    build = shop.upload(spec("signed"), "signed.spec")
    shop.wait(build)
    package = shop.file(build, F43, "signed-1.0-1.fc43.noarch.rpm")
    assert shop.signed_by("alice/demo", package, tmp_path / "own")
    assert not shop.signed_by("alice/keys", package, tmp_path / "other")


def test_packages_can_be_left_unsigned() -> None:
    with running(builder=partial(Rpmbuild, signed=False)) as sim:
        shop = Workshop(sim)
        build = shop.upload(spec())
        assert shop.wait(build) == "succeeded"
        assert shop.page("results/alice/demo/pubkey.gpg").status_code == 404


def test_a_script_that_fails_fails_where_it_is_run(shop: Workshop) -> None:
    build = shop.upload(spec("picky", sections=FAILS_ON_EL), "picky.spec")
    assert shop.wait(build) == "failed"
    states = shop.states(build)
    assert states == {F43: "succeeded", RAWHIDE_ARM: "succeeded", EL10: "failed"}
    log = shop.log(build, EL10)
    assert "gcc-of-another-world: command not found" in log
    assert "RPM build errors:" in log.splitlines()
    assert log.endswith("Copr build error: Build failed\n")
    assert "fail" in shop.files(build, EL10)
    assert not [name for name in shop.files(build, EL10) if name.endswith(".rpm")]
    assert shop.publishes(F43, "picky")
    assert not shop.publishes(EL10, "picky")


def test_rpmbuild_says_what_is_wrong_with_a_spec(shop: Workshop) -> None:
    build = shop.upload(spec("wrong", tags="Requries: python3"), "wrong.spec")
    assert shop.wait(build) == "failed"
    assert "Unknown tag: Requries: python3" in shop.log(build).splitlines()[-1]


def test_a_file_that_is_no_source_rpm_fails_at_the_source(shop: Workshop) -> None:
    build = shop.upload("no package", "broken-1.0-1.src.rpm")
    assert shop.wait(build) == "failed"
    assert "not an rpm package" in shop.log(build)


def test_another_architecture_gets_only_what_is_noarch(shop: Workshop) -> None:
    build = shop.upload(spec("native", tags=""), "native.spec")
    assert shop.wait(build) == "failed"
    states = shop.states(build)
    assert states == {F43: "succeeded", RAWHIDE_ARM: "failed", EL10: "succeeded"}
    assert "error: this machine can't build packages for aarch64" in shop.log(build, RAWHIDE_ARM)
    assert shop.packages(build, F43)[1] == "native-1.0-1.fc43.x86_64"


def test_chroots_that_a_spec_excludes_are_skipped(shop: Workshop) -> None:
    tags = "BuildArch: noarch\nExcludeArch: aarch64"
    build = shop.upload(spec("choosy", tags=tags), "choosy.spec")
    assert shop.wait(build) == "succeeded"
    assert shop.states(build)[RAWHIDE_ARM] == "skipped"


@needs_isolation
def test_builds_have_no_network(shop: Workshop) -> None:
    sections = "%build\ntest $(grep -c : /proc/net/dev) = 1"
    build = shop.upload(spec("offline", sections=sections), "offline.spec", chroots=F43)
    assert shop.wait(build) == "succeeded"


def test_builds_do_not_run_as_root(shop: Workshop) -> None:
    sections = "%build\ntest $(id -u) != 0"
    build = shop.upload(spec("modest", sections=sections), "modest.spec", chroots=F43)
    assert shop.wait(build) == "succeeded"


@needs_isolation
def test_cancel_kills_what_is_running(shop: Workshop) -> None:
    sections = SLEEPS.format(31557)
    build = shop.upload(spec("slow", sections=sections), "slow.spec", chroots=F43)
    shop.wait(build, "running")
    until(lambda: is_running("sleep 31557"))
    shop.do("PUT", f"build/cancel/{build}")
    assert shop.state(build) == "canceled"
    until(lambda: shop.states(build)[F43] == "canceled")
    assert not is_running("sleep 31557")
    assert not shop.publishes(F43, "slow")


@needs_isolation
def test_what_takes_too_long_is_ended(shop: Workshop) -> None:
    sections = SLEEPS.format(31558)
    build = shop.upload(spec("late", sections=sections), "late.spec", chroots=F43, timeout=1)
    assert shop.wait(build) == "failed"
    assert " !! Copr timeout => sending INT" in shop.log(build, F43).splitlines()
    assert not is_running("sleep 31558")


def test_a_batch_waits_for_the_one_before_it(shop: Workshop) -> None:
    sections = SLEEPS.format(31559)
    first = shop.upload(spec("first", sections=sections), "first.spec", chroots=F43)
    second = shop.upload(spec("second"), "second.spec", chroots=F43, after_build_id=first)
    shop.wait(first, "running")
    assert shop.state(second) == "pending"
    shop.do("PUT", f"build/cancel/{first}")
    assert shop.wait(second) == "succeeded"


def test_a_fork_has_packages_of_its_own(shop: Workshop, tmp_path: Path) -> None:
    shop.wait(shop.upload(spec("forked"), "forked.spec", chroots=F43))
    shop.do("POST", "project/fork/alice/demo", {"ownername": "alice", "name": "copy"})
    builds = shop.do("GET", "build/list", ownername="alice", projectname="copy")["items"]
    (copied,) = [build["id"] for build in builds if build["source_package"]["name"] == "forked"]
    place = f"{copied:08}-forked/forked-1.0-1.fc43.noarch.rpm"
    until(lambda: place in (shop.published(F43, "alice/copy") or ()))
    found = shop.page(f"results/alice/copy/{F43}/{place}")
    assert shop.signed_by("alice/copy", found.content, tmp_path / "own")


def test_a_deleted_build_leaves_the_repository(shop: Workshop) -> None:
    build = shop.upload(spec("gone"), "gone.spec", chroots=F43)
    shop.wait(build)
    assert shop.publishes(F43, "gone")
    shop.do("DELETE", f"build/delete/{build}")
    until(lambda: not shop.publishes(F43, "gone"))


@needs_isolation
def test_nothing_is_left_when_it_ends() -> None:
    with running(builder=Rpmbuild) as sim:
        shop = Workshop(sim)
        shop.project("alice/..", [F43])
        shop.upload(spec("endless", sections=SLEEPS.format(31560)), "endless.spec")
        until(lambda: is_running("sleep 31560"))
        builder = sim.world.builder
        assert isinstance(builder, Rpmbuild)
        assert builder.results.is_dir()
    assert not builder.results.parent.exists()
    assert not is_running("sleep 31560")


def test_the_command_line_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    command = [sys.executable, "-m", "simulator", "--builder", "rpmbuild"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "without rpmbuild, " in done.stderr
    assert "apt-get install rpm " in done.stderr
