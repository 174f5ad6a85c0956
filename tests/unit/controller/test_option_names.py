# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options with several names, and options of the past, mean and say the same both ways.

No module of the collection has any yet; so a copy of it gets one more module.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import yaml

from simulator.server import running
from tools.checkout import copied_checkout
from unit.controller.conftest import Both
from unit.controller.differences import comparable
from unit.controller.play import HERE, Options, Played, play, task

MODULE = "copr_example"
QUIET: dict[str, Options] = {
    "its own name": {"text": "hello"},
    "an alias": {"words": "hello"},
    "an alias, null": {"words": None},
    "a secret by an alias": {"passphrase": "open sesame", "text": "It is open sesame"},
    "an alias of the wrong type": {"words": {"a": ["dictionary"]}},
}
# What ansible-core says of the options of these.
TOLD: dict[str, tuple[Options, str]] = {
    "two names": ({"text": "hello", "words": "world"}, "Both option text and its alias words"),
    "a deprecated alias": ({"phrase": "hello"}, "Alias 'phrase' is deprecated"),
    "a deprecated option": ({"bygone": 1}, "'bygone' is deprecated"),
    "a deprecated option, wrong": ({"bygone": "many"}, "'bygone' is deprecated"),
    "deprecated, and another wrong": ({"bygone": 1, "colour": "red"}, "'bygone' is deprecated"),
}
TASKS = [*QUIET, *TOLD]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """Play all of these both ways, with a copy of the collection that has the module."""
    tasks = [task(name, MODULE, options) for name, options in QUIET.items()]
    tasks += [task(name, MODULE, options) for name, (options, _words) in TOLD.items()]
    with copied_checkout() as copy, running() as sim, ThreadPoolExecutor() as pool:
        shutil.copy(HERE / f"plugins/modules/{MODULE}.py", copy / "plugins/modules")
        runtime = yaml.safe_load((copy / "meta/runtime.yml").read_text(encoding="utf-8"))
        runtime["action_groups"]["copr"].append(MODULE)
        modules = runtime["plugin_routing"]["modules"]
        modules[MODULE] = modules["copr_auth_info"]
        (copy / "meta/runtime.yml").write_text(yaml.safe_dump(runtime), encoding="utf-8")
        environment = {"ANSIBLE_COLLECTIONS_PATH": str(copy.parents[2])}

        def play_them(way: str) -> Played:
            folder = tmp_path_factory.mktemp(way)
            arguments = ("-vvv", "-e", f"copr_execution={way}")
            return play(sim, folder, tasks, *arguments, environment=environment)

        yield Both(*pool.map(play_them, Both._fields))


@pytest.mark.parametrize("name", TASKS)
def test_both_ways_give_the_same_result(both: Both, name: str) -> None:
    assert comparable(both.controller, name) == comparable(both.module, name)


@pytest.mark.parametrize("name", TASKS)
def test_each_way_is_the_one_it_is_meant_to_be(both: Both, name: str) -> None:
    assert both.module.as_a_module(name)
    assert both.controller.as_a_module(name) == (name in TOLD)


def test_an_alias_is_the_option(both: Both) -> None:
    results = both.controller.results
    assert results["an alias"]["seen"] == results["its own name"]["seen"]
    assert results["an alias"]["given"] == ["text"]
    assert results["an alias, null"]["given"] == ["text"]
    assert results["an alias, null"]["seen"]["text"] is None
    assert "open sesame" not in both.controller.output
    assert results["a secret by an alias"]["seen"]["text"].startswith("It is ****")


@pytest.mark.parametrize("way", Both._fields)
def test_what_is_said_of_options_is_shown_once(both: Both, way: str) -> None:
    played = getattr(both, way)
    for name, (_options, words) in TOLD.items():
        assert words in str(played.results[name])
    shown = " ".join(played.output.split())
    assert shown.count("[WARNING]: Both option text and its alias words are set.") == 1
    assert "[DEPRECATION WARNING]: Alias 'phrase' is deprecated" in shown
