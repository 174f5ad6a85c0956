# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules as Ansible runs them by themselves: through AnsibleModule."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible_collections.fedora.copr.plugins.module_utils._copr import task
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire import libraries

from unit.files import make_srpm
from unit.lab import Lab, declared, module_arguments, module_named
from unit.libraries import replace_library

Ran = tuple[int, dict[str, Any]]


@pytest.fixture
def run(demo: Lab, capsys: pytest.CaptureFixture[str]) -> Any:
    """Return what runs a module and gives its exit code and the JSON it prints."""

    def ran(name: str, **arguments: Any) -> Ran:
        login = {
            "copr_url": demo.sim.url,
            "copr_login": "alice-login",
            "copr_token": "alice-token",
        }
        with module_arguments({**login, **arguments}), pytest.raises(SystemExit) as ended:
            module_named(name).main()
        printed = capsys.readouterr().out
        assert "alice-token" not in printed
        return int(ended.value.code or 0), json.loads(printed)

    return ran


def test_a_result(run: Any) -> None:
    code, result = run("copr_project", project="alice/demo", description="new")
    assert (code, result["changed"]) == (0, True)
    assert result["project"]["description"] == "new"


def test_null_and_omitted_differ(demo: Lab, run: Any) -> None:
    demo.settings()["description"] = "old"
    assert run("copr_project", project="alice/demo")[1]["changed"] is False
    assert run("copr_project", project="alice/demo", description=None)[1]["changed"] is True
    assert demo.settings()["description"] == ""


@pytest.mark.parametrize("name", ["bootstrap", "isolation"])
def test_null_is_allowed_where_there_are_choices(demo: Lab, run: Any, name: str) -> None:
    demo.settings()[name] = "on"
    assert run("copr_project", project="alice/demo", **{name: None})[1]["changed"] is True
    assert demo.settings()[name] == "default"


def test_null_for_an_option_with_a_default_is_the_default(run: Any) -> None:
    _code, result = run("copr_project", project="alice/demo", state=None, retries=None)
    assert result["changed"] is False


def test_a_failure(run: Any) -> None:
    code, result = run("copr_project", project="alice/demo", chroots=[])
    assert (code, result["failed"]) == (1, True)
    assert result["error"].keys() == {
        "kind",
        "status",
        "method",
        "path",
        "server_message",
        "attempts",
    }
    assert result["error"]["kind"] == "invalid"
    assert "exception" not in result


def test_a_failure_keeps_the_builds_made_so_far(run: Any) -> None:
    options = {"rubygems": {"gem_name": "a"}, "wait_timeout": 0}
    _code, result = run("copr_build", project="alice/demo", **options)
    assert (result["failed"], result["changed"]) == (True, True)
    assert [build["id"] for build in result["builds"]] == [1]
    assert result["error"]["kind"] == "timeout"


@pytest.mark.parametrize("diff_mode", [False, True])
def test_the_diff_is_shown_only_in_diff_mode(run: Any, diff_mode: bool) -> None:
    _code, result = run(
        "copr_project", project="alice/demo", description="new", _ansible_diff=diff_mode
    )
    assert ("diff" in result) is diff_mode


def test_no_diff_is_shown_where_nothing_differs(run: Any) -> None:
    assert "diff" not in run("copr_project", project="alice/demo", _ansible_diff=True)[1]


def test_check_mode_changes_nothing(demo: Lab, run: Any) -> None:
    _code, result = run(
        "copr_project", project="alice/demo", description="new", _ansible_check_mode=True
    )
    assert result["changed"] is True
    assert demo.settings()["description"] == ""


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("copr_project", {}, "project"),
        ("copr_project", {"project": "a/b", "bootstrap": "maybe"}, "bootstrap"),
        ("copr_project", {"project": "a/b", "chroot": ["x"]}, "chroot"),
        ("copr_build", {"project": "a/b"}, "any of the following"),
        ("copr_build", {"package": "x"}, "project"),
        ("copr_build", {"project": "a/b", "package": "x", "srpm": "y"}, "mutually exclusive"),
        ("copr_build", {"state": "absent"}, "build_ids"),
        ("copr_build_info", {}, "build_ids"),
        ("copr_build", {"project": "a/b", "srmp": []}, "srmp: there is no such option; did you"),
        ("copr_build_info", {"project": "a/b", "build_ids": [1]}, "mutually exclusive"),
    ],
)
def test_arguments_that_can_not_be(
    run: Any, name: str, arguments: dict[str, Any], told: str
) -> None:
    code, result = run(name, **arguments)
    assert (code, result["failed"]) == (1, True)
    assert told in result["msg"]


def test_a_missing_library_is_named(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "REQUESTS_TROUBLE", "ImportError: no")
    _code, result = run("copr_project", project="alice/demo")
    assert result["failed"] is True
    assert "(requests)" in result["msg"]


def test_a_library_for_uploads_is_needed_by_uploads_alone(
    run: Any, demo: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_library(monkeypatch, "requests_toolbelt")
    srpm = make_srpm(demo.tmp_path)
    address = {"url": ["https://example.org/hello-1-1.src.rpm"]}
    for name, source in (
        ("copr_build", {"srpm": [srpm]}),
        ("copr_build_set", {"builds": [{"name": "hello", "srpm": srpm}]}),
    ):
        code, result = run(name, project="alice/demo", **source)
        assert (code, result["error"]["kind"]) == (1, "configuration")
        assert "(requests-toolbelt)" in result["msg"]
        assert "required to upload files" in result["msg"]
    assert demo.builds() == []
    assert run("copr_build", project="alice/demo", wait=False, **address)[0] == 0


def test_a_token_that_expires_is_warned_of(
    run: Any, tmp_path: Path, demo: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    warnings: list[str] = []
    monkeypatch.setattr(AnsibleModule, "warn", lambda _module, text: warnings.append(text))
    path = tmp_path / "config"
    text = f"[copr-cli]\ncopr_url={demo.sim.url}\nlogin=alice-login\ntoken=alice-token\n"
    path.write_text(f"{text}# expiration date: 2020-01-01\n")
    arguments = dict.fromkeys(("copr_login", "copr_token", "copr_url"))
    run("copr_project", project="alice/demo", config_file=str(path), **arguments)
    assert len(warnings) == 1
    assert "2020-01-01" in warnings[0]


@pytest.mark.parametrize(
    ("variable", "value", "kind"),
    [
        ("COPR_CONFIG", "/no/such/file", "configuration"),
        ("COPR_URL", "ftp://x", "configuration"),
        ("COPR_REQUEST_TIMEOUT", "-1", "configuration"),
    ],
)
def test_options_may_come_from_the_environment(
    demo: Lab, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, kind: str
) -> None:
    monkeypatch.setenv(variable, value)
    error = demo.fail("copr_project", by=None, project="alice/demo", copr_url=None)
    assert error.kind == kind


@pytest.mark.parametrize("name", ["copr_project", "copr_build", "copr_build_info"])
def test_no_option_bears_the_name_of_a_connection_option(name: str) -> None:
    assert not set(declared(name).options) & set(task.CONNECTION_SPEC)
