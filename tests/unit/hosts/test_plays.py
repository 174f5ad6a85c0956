# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""copr_repo in real plays, in systems that are folders of this machine."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from simulator.server import Simulator, running
from unit.controller.play import HERE, Options, Played, play, task
from unit.hosts.systems import DEMO, FILE, MAIN, System, repositories
from unit.lab import EPEL, F43

# copr_repo takes the architecture of the host, which is this machine, and the simulated projects of
# these tests have no other. The rules for all architectures are tested without a host (test_offer).
pytestmark = pytest.mark.skipif(
    platform.machine() != "x86_64",
    reason=f"the projects of these tests have chroots for x86_64, not for {platform.machine()}",
)


def repo(name: str, system: System, **options: Any) -> Options:
    """Return a task for a system; what begins with an underscore is a keyword of Ansible."""
    own = {key: value for key, value in options.items() if key[0] != "_"}
    keywords = {key[1:]: value for key, value in options.items() if key[0] == "_"}
    arguments = {"project": DEMO, "root": str(system.root), **own}
    return task(name, "copr_repo", arguments, **keywords)


def results(
    sim: Simulator,
    folder: Path,
    *tasks: Options,
    environment: Mapping[str, str] | None = None,
) -> Played:
    return play(sim, folder.parent / "play", list(tasks), environment=environment)


def test_from_nothing_to_nothing(sim: Simulator, system: System) -> None:
    played = results(
        sim,
        system.folder,
        repo("Foreseen", system, _check_mode=True, _diff=True),
        repo("Foreseen to be off", system, state="disabled", _check_mode=True),
        repo("Enabled", system, _diff=True),
        repo("Again", system, _diff=True),
        repo("Foreseen to go", system, state="absent", _check_mode=True, _diff=True),
        repo("Off", system, state="disabled", backup=True, _diff=True),
        repo("Off again", system, state="disabled"),
        repo("On again", system),
        repo("Gone", system, state="absent"),
        repo("Gone again", system, state="absent"),
    ).results
    changed = {name: result["changed"] for name, result in played.items()}
    assert changed == {
        "Foreseen": True,
        "Foreseen to be off": True,
        "Enabled": True,
        "Again": False,
        "Foreseen to go": True,
        "Off": True,
        "Off again": False,
        "On again": True,
        "Gone": True,
        "Gone again": False,
    }
    address = f"{sim.url}/results/alice/demo/fedora-$releasever-$basearch/"
    there = {"id": MAIN, "baseurl": address, "enabled": True, "gpgcheck": True}
    assert played["Foreseen"]["repositories"] == played["Enabled"]["repositories"] == [there]
    assert played["Enabled"]["chroot"] == F43
    assert played["Off"]["repositories"] == [{**there, "enabled": False}]
    assert played["Gone"]["repositories"] == []
    for name in ("Foreseen", "Enabled"):
        assert f"[{MAIN}]\n" in played[name]["diff"][-1]["after"]
    assert "enabled=1" in played["Off"]["diff"][0]["before"]
    assert "enabled=0" in played["Off"]["diff"][0]["after"]
    assert "diff" not in played["Off again"]
    assert "enabled=1" in Path(played["Off"]["backup_file"]).read_text(encoding="utf-8")
    assert not system.file.exists()


def test_check_mode_writes_nothing(sim: Simulator, system: System) -> None:
    before = sorted(system.root.rglob("*"))
    results(sim, system.folder, repo("Foreseen", system, _check_mode=True))
    assert sorted(system.root.rglob("*")) == before


def test_a_file_has_mode_and_owner_as_ansibles_own_have(sim: Simulator, system: System) -> None:
    played = results(
        sim,
        system.folder,
        repo("Default", system),
        repo("Private", system, mode="0600", group="{{ 0 | string }}", _when="false"),
        repo("Closed", system, mode="u=rw,go="),
        repo("Closed again", system, mode="0600"),
    ).results
    assert played["Closed"]["changed"]
    assert not played["Closed again"]["changed"]
    assert system.file.stat().st_mode & 0o777 == 0o600


def test_options_and_what_somebody_has_added(sim: Simulator, system: System) -> None:
    chosen = {"priority": 5, "includepkgs": ["hello", "hello-*"], "cost": 900}
    played = results(sim, system.folder, repo("Chosen", system, **chosen)).results
    text = system.file.read_text(encoding="utf-8")
    assert "\npriority=5\nincludepkgs=hello,hello-*\n" in text
    by_hand = f"# A note: {{{{ 7 * 7 }}}}\n{text}timeout=300\nproxy_password=geheim\n\n[mine]\nbaseurl=file:///m\n"
    system.file.write_text(by_hand, encoding="utf-8")
    played = results(
        sim,
        system.folder,
        repo("Left alone", system),
        repo("Back", system, priority=None, includepkgs=[], cost=None),
        repo("Gone", system, state="absent"),
    ).results
    assert not played["Left alone"]["changed"]
    assert played["Left alone"]["unmanaged"] == [
        {"id": MAIN, "options": ["cost", "includepkgs", "priority", "proxy_password", "timeout"]},
        {"id": "mine", "options": None},
    ]
    assert "geheim" not in str(played)
    assert played["Back"]["unmanaged"][0]["options"] == ["proxy_password", "timeout"]
    # What somebody else has put there stays, and the file with it.
    left = system.file.read_text(encoding="utf-8")
    assert left == "# A note: {{ 7 * 7 }}\n[mine]\nbaseurl=file:///m\n"
    assert played["Gone"]["unmanaged"] == [{"id": "mine", "options": None}]


def test_a_named_chroot_is_kept_literally(sim: Simulator, system: System) -> None:
    system.forget()
    result = results(sim, system.folder, repo("Named", system, chroot=EPEL)).results["Named"]
    assert result["chroot"] == EPEL
    assert result["repositories"][0]["baseurl"] == f"{sim.url}/results/alice/demo/{EPEL}/"


def test_a_directory_has_a_file_of_its_own(sim: Simulator, system: System) -> None:
    sim.world.projects[DEMO].directories.append("demo:custom:next")
    played = results(
        sim,
        system.folder,
        repo("Itself", system),
        repo("Directory", system, dirname="demo:custom:next"),
        repo("None", system, dirname="demo:custom:none"),
        repo("Foreign", system, dirname="other:custom:next"),
    ).results
    assert len(list(system.file.parent.iterdir())) == 2
    assert played["Directory"]["path"].endswith(f"/_{MAIN}:custom:next.repo")
    base = f"{sim.url}/results/alice/demo:custom:next"
    text = Path(played["Directory"]["path"]).read_text(encoding="utf-8")
    assert f"baseurl={base}/fedora-$releasever-$basearch/\n" in text
    assert f"gpgkey={base}/pubkey.gpg\n" in text
    assert "has no directory demo:custom:none; it has demo:custom:next" in played["None"]["msg"]
    assert "begin with demo:" in played["Foreign"]["msg"]


def test_dependencies_and_multilib_come_along(sim: Simulator, system: System) -> None:
    sim.set_chroot("fedora-43-i386", "active")
    frontend = repositories(sim)
    frontend.project("alice/base", [F43])
    frontend.project(
        "@team/rich",
        [F43, "fedora-43-i386"],
        multilib=True,
        repo_priority=42,
        module_hotfixes=True,
        runtime_dependencies=["copr://alice/base", "https://deps.example/$basearch/"],
    )
    rich = {"project": "@team/rich"}
    played = results(
        sim,
        system.folder,
        repo("All", system, **rich),
        repo("Bare", system, **rich, multilib=False, runtime_dependencies=False),
    ).results
    ids = [each["id"] for each in played["All"]["repositories"]]
    main = "copr:127.0.0.1:group_team:rich"
    outside = "coprdep:https_deps_example_basearch"
    assert ids == [main, f"{main}:ml", "coprdep:127.0.0.1:alice:base", outside]
    assert [each["gpgcheck"] for each in played["All"]["repositories"]] == [True, True, True, False]
    assert len(played["All"]["warnings"]) == 1
    assert "https://deps.example/$basearch/, which is not in Copr" in played["All"]["warnings"][0]
    assert [each["id"] for each in played["Bare"]["repositories"]] == [main]
    assert played["Bare"].get("warnings", []) == []
    text = Path(played["Bare"]["path"]).read_text(encoding="utf-8")
    assert "module_hotfixes=1\npriority=42\n" in text


@pytest.mark.parametrize("arch", ["", "?arch=x86_64"])
def test_what_dnf_4_has_written_is_right(sim: Simulator, system: System, arch: str) -> None:
    """It stores the file that the server has made."""
    frontend = repositories(sim)
    frontend.project("alice/base", [F43])
    frontend.project(
        "alice/rich",
        [F43],
        repo_priority=42,
        module_hotfixes=True,
        runtime_dependencies=["copr://alice/base", "https://deps.example/$distname/$basearch/"],
    )
    text = frontend.page(f"coprs/alice/rich/repo/fedora-43/{arch}").text
    file = system.file.with_name("_copr:127.0.0.1:alice:rich.repo")
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    file.chmod(0o644)
    played = results(sim, system.folder, repo("Enabled", system, project="alice/rich")).results
    assert played["Enabled"]["changed"] is False
    assert file.read_text(encoding="utf-8") == text


def test_what_dnf_5_has_written_is_right(sim: Simulator, system: System) -> None:
    """It sorts the repositories, and leaves out what is dnf's default."""
    frontend = repositories(sim)
    frontend.project("alice/base", [F43])
    dependency = ["copr://alice/base"]
    frontend.project("alice/rich", [F43], repo_priority=42, runtime_dependencies=dependency)
    lines = (
        "type=rpm-md\nskip_if_unavailable=True\ngpgcheck=1\n"
        "gpgkey={0}/results/alice/{1}/pubkey.gpg\nrepo_gpgcheck=0\nenabled=1\n"
        "enabled_metadata=1\n"
    )
    text = (
        "[copr:127.0.0.1:alice:rich]\nname=Copr repo for rich owned by alice\n"
        f"baseurl={sim.url}/results/alice/rich/fedora-$releasever-$basearch/\n"
        f"{lines.format(sim.url, 'rich')}priority=42\n\n"
        "[coprdep:127.0.0.1:alice:base]\nname=Copr 127.0.0.1/alice/rich runtime dependency #1\n"
        f"baseurl={sim.url}/results/alice/base/fedora-$releasever-$basearch/\n"
        f"{lines.format(sim.url, 'base')}"
    )
    file = system.file.with_name("_copr:127.0.0.1:alice:rich.repo")
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8")
    file.chmod(0o644)
    played = results(
        sim,
        system.folder,
        repo("Enabled", system, project="alice/rich"),
        repo("Off", system, project="alice/rich", state="disabled"),
    ).results
    assert played["Enabled"]["changed"] is False
    assert file.read_text(encoding="utf-8") == text.replace("enabled=1", "enabled=0")


def test_switching_off_and_removing_need_no_copr(sim: Simulator, system: System) -> None:
    results(sim, system.folder, repo("Enabled", system))
    del sim.world.projects[DEMO]
    sim.requests.clear()
    played = results(
        sim,
        system.folder,
        repo("Off", system, state="disabled"),
        repo("On", system),
        repo("Gone", system, state="absent"),
    ).results
    assert played["Off"]["changed"]
    assert played["On"]["error"]["kind"] == "not_found"
    assert played["On"]["msg"] == f"The project {DEMO} does not exist on {sim.url}."
    assert played["Gone"]["changed"]
    assert [request.path for request in sim.requests] == ["/api_3/rpmrepo/alice/demo/any"]


def test_what_cannot_be_is_said(sim: Simulator, system: System) -> None:
    away = str(system.root / "away")
    played = results(
        sim,
        system.folder,
        repo("Relative", system, root="image"),
        repo("Away", system, root=away),
        repo("No such chroot", system, chroot="fedora-44-x86_64"),
        repo("In the background", system, _async=10, _poll=1),
        repo("A wrong option", system, colour="red"),
        repo("A wrong name", system, project="alice/demo:pr:7"),
        repo("Unwritable", system, owner="nobody-of-this-name"),
    ).results
    assert len([result for result in played.values() if "msg" in result]) == 7
    assert "root must be an absolute path of the host" in played["Relative"]["msg"]
    assert f"root: the folder {away} does not exist" in played["Away"]["msg"]
    assert f"it has {EPEL}, {F43}." in played["No such chroot"]["msg"]
    assert "async" in played["In the background"]["msg"]
    assert "colour" in played["A wrong option"]["msg"]
    assert "dirname is demo:pr:7" in played["A wrong name"]["msg"]
    assert played["Unwritable"]["error"]["kind"] == "local_file"
    assert f"{system.file} can't be written" in played["Unwritable"]["msg"]


def test_a_system_that_nothing_fits_is_told_what_there_is(sim: Simulator, system: System) -> None:
    system.is_like('ID="opensuse-leap"\nVERSION_ID="15.6"\n')
    played = results(sim, system.folder, repo("Leap", system)).results["Leap"]
    assert "no repository for this host (opensuse-leap-15.6-" in played["msg"]
    assert f"it has {EPEL}, {F43}" in played["msg"]
    system.forget()
    played = results(sim, system.folder, repo("Nothing", system)).results["Nothing"]
    assert "no os-release that names its distribution; set chroot to a name" in played["msg"]


def test_chroots_that_have_ended_are_told_with_the_days_left(
    sim: Simulator, system: System
) -> None:
    sim.set_chroot(F43, "ended")
    result = results(sim, system.folder, repo("Enabled", system)).results["Enabled"]
    assert result["changed"]
    assert f"Nothing is built in {F43} for {DEMO} any more" in result["warnings"][0]
    assert "in 179 days" in result["warnings"][0]


def test_a_project_that_an_earlier_task_would_create_is_planned_for(
    sim: Simulator, system: System
) -> None:
    planned = repo("Planned", system, project="alice/new", _check_mode=True)
    result = results(sim, system.folder, planned).results["Planned"]
    assert result["changed"]
    assert "alice/new does not exist" in result["warnings"][0]


def test_a_folder_that_an_earlier_task_would_create_is_planned_for(
    sim: Simulator, system: System
) -> None:
    away = {"root": str(system.root / "away"), "chroot": F43, "_check_mode": True}
    played = results(
        sim, system.folder, repo("On", system, **away), repo("Gone", system, state="absent", **away)
    ).results
    assert (played["On"]["changed"], played["Gone"]["changed"]) == (True, False)
    assert "away does not exist" in played["On"]["warnings"][0]


def test_another_user_does_all_that_is_done_on_the_host(
    sim: Simulator, system: System, tmp_path: Path
) -> None:
    noted = tmp_path / "noted"
    become = {
        "ANSIBLE_BECOME_PLUGINS": str(HERE / "plugins/become"),
        "ANSIBLE_BECOME_ALLOW_SAME_USER": "true",
        "NOTED": str(noted),
    }
    keywords = {"_become": True, "_become_method": "noted"}
    played = results(sim, system.folder, repo("Became", system, **keywords), environment=become)
    assert played.results["Became"]["changed"], played.output
    # The look at the host, the folder, and the file with what copy looks at before.
    assert len(noted.read_text(encoding="utf-8").splitlines()) >= 4


def test_a_host_behind_a_connection_needs_no_library_and_no_login(
    sim: Simulator, system: System
) -> None:
    """The token stays on the controller, in whose process alone the collection's code runs."""
    elsewhere = {"_vars": {"ansible_connection": "elsewhere"}}
    played = results(sim, system.folder, repo("Elsewhere", system, **elsewhere))
    assert played.results["Elsewhere"]["changed"]
    assert system.file.exists()
    assert "alice-token" not in str(played.results) + played.output


def test_a_loop_over_projects(sim: Simulator, system: System) -> None:
    frontend = repositories(sim)
    projects = [f"alice/one{number}" for number in range(3)]
    for project in projects:
        frontend.project(project, [F43])
    looped = repo("Loop", system, project="{{ item }}", _loop=projects)
    items = results(sim, system.folder, looped).results["Loop"]["results"]
    assert [item["changed"] for item in items] == [True] * 3
    assert len(list(system.file.parent.iterdir())) == 3


HOSTS = 50


def test_copr_is_read_once_for_all_hosts(tmp_path: Path) -> None:
    hosts = [f"host{number:02}" for number in range(HOSTS)]
    for host in hosts:
        System(tmp_path / host).file.parent.mkdir()
    (tmp_path / "hosts").write_text("\n".join(hosts), encoding="utf-8")
    options = {"root": f"{tmp_path}/{{{{ inventory_hostname }}}}/system", "project": "demo"}
    with running() as sim:
        repositories(sim).project(DEMO, [F43, EPEL])
        sim.requests.clear()
        where = ("-i", str(tmp_path / "hosts"), "--forks", "10")
        tasks = [task("All", "copr_repo", options)]
        play(sim, tmp_path / "play", tasks, *where, hosts="all:!localhost")
        calls = [request.path for request in sim.requests]
    lines = (tmp_path / "play/results").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)[1]["changed"] for line in lines] == [True] * HOSTS
    assert len(list(tmp_path.glob(f"host*/system/etc/yum.repos.d/{FILE}"))) == HOSTS
    assert sorted(calls) == ["/api_3/auth-check", "/api_3/rpmrepo/alice/demo/any"]


def test_two_tasks_of_a_play_read_twice(sim: Simulator, system: System) -> None:
    """Between them the project may have been changed."""
    sim.requests.clear()
    results(sim, system.folder, repo("One", system), repo("Two", system))
    assert len(sim.requests) == 2
