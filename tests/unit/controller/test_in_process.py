# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What needs no play: both ways called in this process."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire import libraries
from ansible_collections.fedora.copr.plugins.plugin_utils._copr import in_controller
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.in_controller import (
    Call,
    run_here,
)

from tools.checkout import CHECKOUT
from unit.controller.cases import MODULES, wrong_options
from unit.controller.differences import shown_by_ansible
from unit.controller.play import TOKEN
from unit.files import make_srpm
from unit.lab import STEP, Lab, declared, module_arguments, module_named
from unit.libraries import replace_library
from unit.pace import pass_time_with_polls

Options = dict[str, Any]


@pytest.fixture(autouse=True)
def _no_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_controller, "_clients", {})


def here(lab: Lab, module: str, options: Options, shown: list[str] | None = None) -> Any:
    """Run a module as the controller does."""
    login = {"copr_url": lab.sim.url, "copr_login": "alice-login", "copr_token": TOKEN}
    show = None if shown is None else shown.append
    return run_here(call(module, {**login, **options}, show=show))


def call(module: str, options: Options, **more: Any) -> Call:
    settings = {"check_mode": False, "diff": False, "invocation": True, "show": None}
    return Call(module, options, **{**settings, **more})


@pytest.mark.parametrize("module", MODULES)
def test_a_module_says_the_same_to_both_ways(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(module_named(module), "run_module", seen.append)
    module_named(module).main()
    assert seen == [declared(module)]


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_in_the_group_and_led_to_the_action(module: str) -> None:
    runtime = yaml.safe_load((CHECKOUT / "meta/runtime.yml").read_text(encoding="utf-8"))
    assert module in runtime["action_groups"]["copr"]
    routed = {"action_plugin": "fedora.copr.copr_api"}
    assert runtime["plugin_routing"]["modules"][module] == routed


@pytest.mark.parametrize(("module", "options"), list(wrong_options()))
def test_wrong_options_are_refused_in_the_same_words(
    lab: Lab, capsys: pytest.CaptureFixture[str], module: str, options: Options
) -> None:
    name = {"_ansible_module_name": f"fedora.copr.{module}"}
    with module_arguments({**options, **name}), pytest.raises(SystemExit):
        module_named(module).main()
    printed = shown_by_ansible(json.loads(capsys.readouterr().out))
    assert run_here(call(module, options, invocation="invocation" in printed)) == printed
    assert printed["failed"] is True


@pytest.mark.parametrize("token", ["True", "False", "None"])
def test_a_token_that_looks_like_a_value_hides_no_value(demo: Lab, token: str) -> None:
    options = {"project": "alice/demo", "copr_token": token}
    assert here(demo, "copr_project", options)["changed"] is False


def test_progress_shows_no_token(demo: Lab) -> None:
    pass_time_with_polls(demo.sim, STEP)
    url = f"https://example.org/{TOKEN}-1.0-1.src.rpm"
    shown: list[str] = []
    here(demo, "copr_build", {"project": "alice/demo", "url": [url], "poll_interval": 0.01}, shown)
    assert "finished waiting: 1 succeeded" in shown[-1]
    assert TOKEN not in "\n".join(shown)


def test_a_library_that_is_missing_here(demo: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "REQUESTS_TROUBLE", "ImportError: no")
    assert here(demo, "copr_auth_info", {}) is None


def test_uploads_need_a_library_of_their_own(demo: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    replace_library(monkeypatch, "requests_toolbelt")
    srpm = make_srpm(demo.tmp_path)
    project, builds = {"project": "alice/demo"}, [{"name": "hello", "srpm": srpm}]
    assert here(demo, "copr_build", {**project, "srpm": [srpm]}) is None
    assert here(demo, "copr_build_set", {**project, "builds": builds}) is None
    assert here(demo, "copr_auth_info", {}) is not None


def test_kerberos_needs_a_library_of_its_own(demo: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    replace_library(monkeypatch, "requests_gssapi")
    assert here(demo, "copr_auth_info", {"gssapi": True}) is None
    assert here(demo, "copr_auth_info", {}) is not None
