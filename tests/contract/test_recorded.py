# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The simulator answers as a real Copr frontend did: the same statuses, the same shapes."""

from __future__ import annotations

import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from contract.conftest import STEP
from contract.distil import FACTS, read_facts, sent_texts
from contract.stage import Clock, Stage
from simulator.server import running

HERE = Path(__file__).parent
FILES = sorted(path.stem for path in FACTS.glob("*.json"))


def load(name: str) -> Any:
    """Read a YAML file beside this one."""
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


OFF_THE_RECORD: dict[str, dict[str, list[dict[str, Any]]]] = load("off_the_record.yml")
UNSPOKEN: list[dict[str, Any]] = load("unspoken.yml")


@pytest.mark.parametrize("name", FILES)
def test_recorded(name: str, tmp_path: Path) -> None:
    """Each exchange of a file, in order, is answered as recorded, or is listed in unspoken.yml."""
    exchanges = read_facts(FACTS / f"{name}.json")
    before = dict(OFF_THE_RECORD.get(name, {}))
    excuses = [one for entry in UNSPOKEN if entry["file"] == name for one in entry["exchanges"]]
    used: set[str] = set()
    reports = []
    with (
        running(clock=Clock(), step=STEP) as simulator,
        Stage(simulator, sent_texts(exchanges), tmp_path) as stage,
    ):
        stage.prepare(before.pop("the begin", []))
        for exchange in exchanges:
            for pattern in [one for one in before if fnmatch.fnmatchcase(exchange["name"], one)]:
                stage.prepare(before.pop(pattern))
            differences = stage.play(exchange)
            excused = [one for one in excuses if fnmatch.fnmatchcase(exchange["name"], one)]
            if differences:
                used.update(excused)
            if differences and not excused:
                request = exchange["request"]
                what = f"{exchange['name']} [{request['method']} {request['path']}]"
                reports.append("\n    ".join([what, *differences]))
    if before:
        reports.append(f"off_the_record.yml names unknown exchanges: {list(before)}")
    reports += [f"unspoken.yml: {one!r} now matches" for one in excuses if one not in used]
    if reports:
        count = f"{len(reports)} of {len(exchanges)} exchanges"
        pytest.fail("\n".join([f"{name}: {count}", *reports]), pytrace=False)


def test_unspoken_names_files() -> None:
    """What the simulator does not speak is excused for files that there are."""
    assert {entry["file"] for entry in UNSPOKEN} <= set(FILES)
    assert set(OFF_THE_RECORD) <= set(FILES)
