# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A short part of the campaign, with seeds that are always the same; C(make faults) runs all."""

from __future__ import annotations

import itertools

import pytest

from faults.bench import Bench
from faults.campaign import run
from faults.operations import OPERATIONS

RUNS = 8
# A task of one request may be left alone that often; which seeds it meets depends on how many
# operations there are.
MOST = 80


@pytest.mark.parametrize("turn", range(len(OPERATIONS)), ids=list(OPERATIONS))
def test_what_is_promised_is_kept_whatever_breaks(here: Bench, turn: int) -> None:
    done = []
    for seed in itertools.islice(itertools.count(turn, len(OPERATIONS)), MOST):
        done.append(run(here, seed))
        if len(done) >= RUNS and any(each.struck for each in done):
            break
    broken = [str(each) for each in done if each.complaints]
    assert not broken, "\n".join(broken)
    assert any(each.struck for each in done)
