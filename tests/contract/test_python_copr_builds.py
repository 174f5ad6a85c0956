# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The official python-copr drives the simulator: builds and packages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import requests
from copr.v3 import (
    Client,
    CoprAuthException,
    CoprNoResultException,
    CoprRequestException,
)
from copr.v3.helpers import succeeded, wait
from copr.v3.pagination import next_page

from contract.conftest import EPEL, F43, F44, STEP, end_builds, new_client, new_source_rpm
from simulator.server import Simulator
from simulator.world import Project

URL = "https://example.com/tool-1.0-1.src.rpm"
leaves_file_open = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
"""python-copr does not close the files it uploads."""


def test_life_of_a_build(client: Client, simulator: Simulator, project: Project) -> None:
    """A build passes through its states; its chroots and packages appear in time."""
    build = client.build_proxy.create_from_url("alice", "demo", URL)
    assert (build.state, build.chroots, build.source_package["name"]) == ("pending", [], None)
    with pytest.raises(CoprRequestException) as not_yet:
        client.build_proxy.get_source_chroot(build.id)
    assert not_yet.value.result.__response__.status_code == 500
    states = ["pending"]
    for _phase in range(20):
        simulator.clock.advance(STEP / 2)
        state = client.build_proxy.get(build.id).state
        if state != states[-1]:
            states.append(state)
    assert states == [
        *("pending", "starting", "importing", "pending", "starting", "running", "succeeded")
    ]
    build = client.build_proxy.get(build.id)
    assert set(build.chroots) == {F43, EPEL}
    assert build.submitted_on <= build.started_on <= build.ended_on
    assert client.build_proxy.get_source_chroot(build.id).state == "succeeded"
    config = client.build_proxy.get_source_build_config(build.id)
    assert (config.source_type, config.source_dict) == ("link", {"url": URL})
    packages = client.build_proxy.get_built_packages(build.id)
    assert {one["name"] for one in packages[F43]["packages"]} == {"tool"}
    chroots = client.build_chroot_proxy.get_list(build.id)
    assert {chroot.name: chroot.state for chroot in chroots} == dict.fromkeys(
        (F43, EPEL), "succeeded"
    )
    chroot = client.build_chroot_proxy.get(build.id, F43)
    with requests.get(chroot.result_url, timeout=10) as page:
        assert ".rpm" in page.text
    assert client.build_chroot_proxy.get_build_config(build.id, F43).timeout == 18000
    built = client.build_chroot_proxy.get_built_packages(build.id, F43)
    assert {one["version"] for one in built["packages"]} == {"1.0"}
    assert list(project.packages) == ["tool"]


def test_wait(fast_simulator: Simulator, tmp_path: Path) -> None:
    """The client's own wait() ends, and tells good builds from bad ones."""
    client = new_client(fast_simulator, tmp_path)
    client.project_proxy.add("alice", "demo", [F43, EPEL])
    good = client.build_proxy.create_from_url("alice", "demo", URL)
    bad = client.build_proxy.create_from_url("alice", "demo", URL.replace("tool", "fails"))
    ended = wait([good, bad], interval=0.01, timeout=120)
    assert {build.id: build.state for build in ended} == {good.id: "succeeded", bad.id: "failed"}
    assert not succeeded(ended)
    assert succeeded(wait(good, interval=0.01, timeout=120))


@leaves_file_open
@pytest.mark.usefixtures("project")
def test_upload(client: Client, simulator: Simulator, tmp_path: Path) -> None:
    """Uploads are read: a spec may fail in one family of chroots only."""
    command = "%if 0%{?rhel}\nexit 1\n%endif"
    path = new_source_rpm(tmp_path, "partly", command)
    options = {"chroots": [F43, EPEL], "timeout": 600, "background": True}
    build = client.build_proxy.create_from_file("alice", "demo", str(path), buildopts=options)
    assert build.is_background
    simulator.clock.advance(2.5 * STEP)
    config = client.build_proxy.get_source_build_config(build.id)
    assert (config.source_type, config.source_dict["pkg"]) == ("upload", path.name)
    with requests.get(config.source_dict["url"], timeout=10) as uploaded:
        assert uploaded.content == path.read_bytes()
    end_builds(simulator)
    chroots = client.build_chroot_proxy.get_list(build.id)
    assert {one.name: one.state for one in chroots} == {F43: "succeeded", EPEL: "failed"}
    assert client.build_proxy.get(build.id).state == "failed"


@pytest.mark.usefixtures("project")
def test_sources(client: Client, simulator: Simulator) -> None:
    """Each way to create a build."""
    project, proxy = ("alice", "demo"), client.build_proxy
    builds = {
        "scm": proxy.create_from_scm(*project, "https://example.com/tool.git", "main"),
        "distgit": proxy.create_from_distgit(*project, "tool"),
        "pypi": proxy.create_from_pypi(*project, "requests", "2.0"),
        "rubygems": proxy.create_from_rubygems(*project, "rake"),
        "custom": proxy.create_from_custom(*project, "#!/bin/sh\ntrue\n", script_chroot=F44),
    }
    links = proxy.create_from_urls(*project, [URL, URL])
    assert [build.id for build in links] == sorted(build.id for build in links)
    for source_type, build in builds.items():
        assert proxy.get_source_build_config(build.id).source_type == source_type
    end_builds(simulator)
    assert {proxy.get(build.id).state for build in [*builds.values(), *links]} == {"succeeded"}


@pytest.mark.usefixtures("project")
def test_build_lists(client: Client, simulator: Simulator) -> None:
    """Newest first; by package and by state; by pages."""
    urls = [URL, URL.replace("tool", "fails"), URL]
    ids = [build.id for build in client.build_proxy.create_from_urls("alice", "demo", urls)]

    def listed(**arguments: Any) -> list[int]:
        return [build.id for build in client.build_proxy.get_list("alice", "demo", **arguments)]

    assert listed() == ids[::-1]
    assert listed(packagename="tool") == []
    end_builds(simulator)
    assert listed(packagename="tool") == [ids[2], ids[0]]
    assert listed(status="failed") == [ids[1]]
    page = client.build_proxy.get_list("alice", "demo", pagination={"limit": 2})
    assert [build.id for build in page] == [ids[2], ids[1]]
    assert [build.id for build in next_page(page)] == [ids[0]]


@pytest.mark.usefixtures("project")
def test_cancel_and_delete(client: Client, bob: Client, simulator: Simulator) -> None:
    """A build is canceled once and deleted once it has ended."""
    proxy = client.build_proxy
    first, second, third = proxy.create_from_urls("alice", "demo", [URL] * 3)
    with pytest.raises(CoprAuthException):
        bob.build_proxy.cancel(first.id)
    assert proxy.cancel(first.id).state == "canceled"
    with pytest.raises(CoprRequestException) as refused:
        proxy.cancel(first.id)
    assert refused.value.result.__response__.status_code == 409
    assert proxy.delete(first.id).id == first.id
    with pytest.raises(CoprNoResultException):
        proxy.get(first.id)
    with pytest.raises(CoprRequestException):
        proxy.delete_list([second.id, third.id])
    end_builds(simulator)
    assert proxy.delete_list([second.id, third.id])["builds"] == [second.id, third.id]
    assert not simulator.world.builds


@pytest.mark.usefixtures("project")
def test_packages(client: Client, simulator: Simulator) -> None:
    """A package is added, edited, built, reset and deleted."""
    where, proxy = ("alice", "demo", "tool"), client.package_proxy
    source: dict[str, Any] = {"clone_url": "https://example.com/tool.git", "spec": ""}
    added = proxy.add(*where, "scm", source)
    assert (added.name, added.source_type, added.auto_rebuild) == ("tool", "scm", False)
    edited = proxy.edit(*where, "scm", {"committish": "main", "webhook_rebuild": True})
    assert edited.source_dict["clone_url"] == source["clone_url"]
    assert (edited.source_dict["committish"], edited.auto_rebuild) == ("main", True)
    build = proxy.build(*where, buildopts={"chroots": [F43]})
    assert build.source_package["name"] == "tool"
    assert build.chroots == [F43]
    end_builds(simulator)
    read = proxy.get(*where, with_latest_build=True, with_latest_succeeded_build=True)
    assert read.builds["latest"]["id"] == read.builds["latest_succeeded"]["id"] == build.id
    assert [one.name for one in proxy.get_list("alice", "demo")] == ["tool"]
    assert proxy.reset(*where).source_type == "unset"
    with pytest.raises(CoprRequestException):
        proxy.build(*where)
    assert proxy.delete(*where).name == "tool"
    assert proxy.get_list("alice", "demo") == []
    assert not simulator.world.builds


@pytest.mark.usefixtures("project")
def test_monitor(client: Client, simulator: Simulator) -> None:
    """The newest builds of all packages, with the addresses of their logs on request."""
    assert client.monitor_proxy.monitor("alice", "demo")["packages"] == []
    build = client.build_proxy.create_from_url("alice", "demo", URL)
    end_builds(simulator)
    asked = ["url_build_log", "url_backend_log"]
    told = client.monitor_proxy.monitor("alice", "demo", additional_fields=asked)
    (package,) = told["packages"]
    assert package["name"] == "tool"
    row = package["chroots"][F43]
    assert (row["state"], row["build_id"], row["pkg_version"]) == ("succeeded", build.id, "1.0-1")
    with requests.get(row["url_build_log"], timeout=10) as log:
        assert log.status_code == 200
