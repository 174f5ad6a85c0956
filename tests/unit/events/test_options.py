# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the event source: what they do, that they are documented, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.fedora.copr.extensions.eda.plugins.event_source import copr_builds
from ansible_collections.fedora.copr.plugins.doc_fragments._connection import ModuleDocFragment
from ansible_collections.fedora.copr.plugins.module_utils._copr.events import options
from ansible_collections.fedora.copr.plugins.module_utils._copr.events.options import read_options
from ansible_collections.fedora.copr.plugins.module_utils._copr.events.watch import SourceError
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.build import FINAL
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import CONNECTION_SPEC
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError

from tools.checkout import CHECKOUT
from unit.events.stage import FAILS, SLOW, URL, Stage, nothing, told
from unit.lab import Lab, answering

DOCUMENTED: dict[str, Any] = yaml.safe_load(copr_builds.DOCUMENTATION)["options"]
SECRET = "hunter2-hunter2"


def shape(documented: dict[str, Any]) -> dict[str, Any]:
    unlike = {"description", "version_added"}
    return {key: value for key, value in documented.items() if key not in unlike}


def test_every_option_is_documented() -> None:
    assert list(DOCUMENTED) == [*options._READERS, *options._CONNECTION]
    assert set(DOCUMENTED["states"]["choices"]) == options.ALL_STATES
    assert DOCUMENTED["interval"]["default"] == options.DEFAULT_INTERVAL


def test_connection_options_are_those_of_the_modules() -> None:
    of_modules = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]
    assert set(options._CONNECTION) == set(CONNECTION_SPEC)
    for name in CONNECTION_SPEC:
        assert shape(DOCUMENTED[name]) == shape(of_modules[name]), name


def test_the_examples_are_understood() -> None:
    for example in yaml.safe_load(copr_builds.EXAMPLES):
        read_options(example["fedora.copr.copr_builds"])


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ({}, "Set either project or owner."),
        ({"project": "a/b", "owner": "a"}, "Set either project or owner."),
        (
            {"project": "a/b", "intervall": 3},
            "There is no option intervall (did you mean interval?).",
        ),
        ({"project": ["a/b"]}, "project must be text."),
        ({"project": "a/b", "states": ["fail"]}, "the state fail (did you mean failed?)."),
        ({"project": "a/b", "states": []}, "states must have at least one entry"),
        ({"project": "a/b", "packages": [""]}, "packages must have at least one entry"),
        ({"project": "a/b", "states": "failed", "final_only": True}, "either states or final_only"),
        ({"project": "a/b", "final_only": "perhaps"}, "final_only must be true or false."),
        ({"project": "a/b", "interval": 0.5}, "interval must be 1 to 86400 seconds, not 0.5."),
        ({"project": "a/b", "interval": "soon"}, "interval must be a number."),
        ({"project": "a/b", "interval": True}, "interval must be a number."),
        ({"project": "a/b", "interval": float("nan")}, "interval must be a number."),
        ({"project": "a/b", "retries": 1.5}, "retries must be a whole number."),
        ({"project": "a/b", "retries": float("inf")}, "retries must be a whole number."),
        ({"project": "a/b", "copr_token": [SECRET]}, "copr_token must be text."),
    ],
)
def test_what_is_wrong_is_said_without_secrets(args: dict[str, Any], says: str) -> None:
    with pytest.raises(CoprError) as caught:
        read_options({"copr_login": SECRET, **args})
    assert says in caught.value.message
    assert SECRET not in caught.value.message
    assert caught.value.kind == "configuration"


@pytest.mark.parametrize(
    "args",
    [
        {"project": "not a project!"},
        {"copr_login": SECRET},
        {"copr_url": "ftp://example.org"},
        {"config_content": f"[copr-cli]\ntoken = {SECRET}\nnonsense\n"},
        {"request_timeout": 0},
    ],
    ids=str,
)
def test_the_source_ends_with_a_sentence_without_secrets(lab: Lab, args: dict[str, Any]) -> None:
    with pytest.raises(SourceError) as caught:
        Stage(lab, **args).run()
    assert str(caught.value).endswith((".", "'"))
    assert SECRET not in str(caught.value)
    assert caught.value.__suppress_context__


def test_texts_are_taken_as_rulebooks_render_them() -> None:
    texts = {"interval": "60", "final_only": "True", "validate_certs": "no", "retries": "2"}
    read = read_options({"project": "a/b", **texts, "packages": "hello", "state_file": None})
    assert (read.interval, read.packages, read.state_file) == (60.0, ("hello",), None)
    assert read.connection["validate_certs"] is False
    assert read.connection["retries"] == 2
    assert read.states == FINAL


def test_the_environment_says_what_the_rulebook_does_not(
    demo: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = demo.sim.world.users["alice"]
    text = f"[copr-cli]\ncopr_url={demo.sim.url}\nlogin={alice.login}\ntoken={alice.token}\n"
    monkeypatch.setenv("COPR_CONFIG", text)
    # Whose project this is only the token tells.
    stage = Stage(demo, project="demo", copr_url=None, final_only=True)
    assert told(stage.run(stage.submit(), *[nothing] * 10)) == [(1, "succeeded")]
    assert demo.calls.count("GET auth-check") == 1


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"packages": ["hello"]}, {1}),
        ({"packages": ["h*", "fails"]}, {1, 2}),
        ({"packages": ["nothing"]}, set()),
        ({"states": ["failed"]}, {2}),
        ({"states": "failed", "packages": "hello"}, set()),
        ({"final_only": True, "packages": ["*"]}, {1, 2, 3}),
    ],
    ids=str,
)
def test_filters(demo: Lab, filters: dict[str, Any], expected: set[int]) -> None:
    stage = Stage(demo, **filters)
    events = stage.run(stage.submit(URL, FAILS, SLOW), *[nothing] * 20)
    assert {event["id"] for event in events} == expected


def test_a_state_that_is_not_known_here_is_told(demo: Lab) -> None:
    stage = Stage(demo)
    stage.submit()()
    rows = demo.client().get("build/list", {"ownername": "alice", "projectname": "demo"})
    assert read_options(stage.args).states is None
    rows["items"][0]["state"] = "dreaming"
    events = stage.run(lambda: demo.before("GET", "build/list", answering(rows)), *[nothing] * 12)
    assert "dreaming" in [event["state"] for event in events]
    assert events[-1]["state"] == "succeeded"


# As ansible-rulebook runs a source: by its path. Neither ansible-core nor a package of collections
# is there. More arguments name what else is missing.
ALONE = """
import asyncio, runpy, sys
for name in ["ansible", "ansible_collections", *sys.argv[2:]]:
    sys.modules[name] = None
main = runpy.run_path(sys.argv[1])["main"]
try:
    asyncio.run(main(asyncio.Queue(), {"project": "alice/demo", "copr_url": "nonsense"}))
except Exception as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ([], "copr_url"),
        (
            ["requests"],
            "Install the Python library requests in the environment of ansible-rulebook.",
        ),
    ],
)
def test_the_source_needs_no_ansible(tmp_path: Path, missing: list[str], says: str) -> None:
    source = CHECKOUT / "extensions/eda/plugins/event_source/copr_builds.py"
    command = [sys.executable, "-c", ALONE, str(source), *missing]
    run = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path, env={}, check=True, timeout=60
    )
    assert says in run.stdout


def test_the_collection_names_its_event_source() -> None:
    text = (CHECKOUT / "meta/extensions.yml").read_text(encoding="utf-8")
    (entry,) = yaml.safe_load(text)["extensions"]
    assert (CHECKOUT / "extensions" / entry["args"]["ext_dir"] / "copr_builds.py").exists()
