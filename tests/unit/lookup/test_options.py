# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
import yaml
from ansible_collections.fedora.copr.plugins.doc_fragments._connection import ModuleDocFragment
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import CONNECTION_SPEC
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.settings import ENVIRONMENT
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.connection import variable_of

from unit.lab import answering

from .conftest import LookupLab


def test_a_variable_sets_each_option_of_plugins() -> None:
    options = yaml.safe_load(ModuleDocFragment.PLUGINS)["options"]
    assert options == {name: {"vars": [{"name": variable_of(name)}]} for name in CONNECTION_SPEC}


def test_the_documentation_names_the_environment_variables() -> None:
    options = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]
    for name, option in options.items():
        assert f"E({ENVIRONMENT[name]})" in " ".join(option["description"])
    assert set(ENVIRONMENT) == set(CONNECTION_SPEC)


def test_the_documentation_has_the_defaults_of_modules() -> None:
    options = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]
    assert {name: (option["type"], option.get("default")) for name, option in options.items()} == {
        name: (option["type"], option.get("default")) for name, option in CONNECTION_SPEC.items()
    }


def test_an_option_that_there_is_not(lookups: LookupLab) -> None:
    options = {"project": "alice/demo", "suceeded": False}
    said = lookups.fail("latest_build", "hello", **options)
    assert "latest_build has no option suceeded (did you mean succeeded?)" in said
    assert lookups.lab.calls == []
    # As with_fedora.copr.project does.
    assert lookups.look("project", "alice/demo", wantlist=True)


@pytest.mark.parametrize("value", ["", " "])
def test_empty_variables_are_as_if_not_set(
    lookups: LookupLab, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in set(ENVIRONMENT.values()):
        monkeypatch.setenv(name, value)
    assert lookups.look("project", "alice/demo")[0]["name"] == "demo"


def test_the_environment_is_read_as_for_modules_and_gives_way(
    lookups: LookupLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = lookups.lab.sim.url
    monkeypatch.setenv("COPR_CONFIG", f"[copr-cli]\ncopr_url = {url}\n")
    assert lookups.look("project", "alice/demo", variables={"unrelated": 1})
    monkeypatch.setenv("COPR_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("COPR_RETRIES", "0")
    assert "127.0.0.1:1" in lookups.fail("project", "alice/demo", variables={"unrelated": 1})
    assert lookups.look("project", "alice/demo", variables={"fedora_copr_url": url})
    assert lookups.look("project", "alice/demo", copr_url=url, validate_certs=True)


def test_a_server_that_repeats_a_secret(
    lookups: LookupLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPR_LOGIN", "secret-login")
    monkeypatch.setenv("COPR_TOKEN", "secret-token")
    lookups.lab.settings()["description"] = "It is secret-token"
    assert lookups.look("project", "alice/demo")[0]["description"] == "It is ********"
    lookups.lab.before("GET", "project", answering({"error": "No secret-token"}, "400 BAD"))
    assert "No ********" in lookups.fail("project", "alice/demo")


def test_an_address_with_a_password_as_a_term(lookups: LookupLab) -> None:
    said = lookups.fail("project", "https://me:pass-word@example.org/coprs/alice/demo")
    assert "https://********@example.org" in said
    assert "pass-word" not in said
