# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from unit.lab import EPEL, F43

from .conftest import LookupLab

LOGIN = {"copr_login": "alice-login", "copr_token": "alice-token"}


def test_projects(lookups: LookupLab) -> None:
    lookups.lab.project("alice/other", chroots=[F43])
    projects = lookups.look("project", "alice/demo", "alice/other")
    assert lookups.lab.calls == ["GET project", "GET project"]
    shown = lookups.lab.do("copr_project_info", project="alice/demo")["projects"]
    assert projects[:1] == shown
    assert projects[1]["chroots"] == [F43]


def test_a_missing_one(lookups: LookupLab) -> None:
    assert lookups.fail("project", "alice/nothing") == "The project alice/nothing does not exist."
    found = lookups.look("project", "alice/nothing", "alice/demo", on_missing="skip")
    assert found[0] is None
    assert found[1]["name"] == "demo"


def test_one_of_my_own(lookups: LookupLab) -> None:
    assert lookups.look("project", "demo", copr_username="alice")[0]["ownername"] == "alice"
    assert lookups.lab.calls == ["GET project"]
    assert lookups.look("project", "demo", "demo", **LOGIN)[0]["ownername"] == "alice"
    assert lookups.lab.calls == ["GET auth-check", "GET project", "GET project"]
    assert "needs a login" in lookups.fail("project", "demo", on_missing="skip")


def test_no_login_is_sent(lookups: LookupLab) -> None:
    lookups.look("project", "alice/demo", **LOGIN)
    assert [request.user for request in lookups.lab.sim.requests] == [None]


def test_options_from_variables_and_the_environment(
    lookups: LookupLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = lookups.lab.sim.url
    variables = {"fedora_copr_url": url, "fedora_copr_username": "alice"}
    assert lookups.look("project", "demo", variables=variables)
    monkeypatch.setenv("COPR_URL", url)
    assert lookups.look("project", "demo", variables={"fedora_copr_username": "alice"})


@pytest.mark.parametrize(
    ("term", "said"),
    [("a/b/c", "is not a valid project name"), (4711, "A term must be a string, not int.")],
)
def test_what_is_no_name(lookups: LookupLab, term: object, said: str) -> None:
    assert said in lookups.fail("project", term, on_missing="skip")
    assert lookups.lab.calls == []


def test_failures_that_are_not_about_what_is_missing(lookups: LookupLab) -> None:
    elsewhere = {"copr_url": "http://127.0.0.1:9", "retries": 0, "on_missing": "skip"}
    assert "127.0.0.1" in lookups.fail("project", "alice/demo", **elsewhere)
    said = lookups.fail("project", "alice/demo", copr_token="alice-token")
    assert "a login needs both" in said
    assert "alice-token" not in said


def test_repo_url(lookups: LookupLab) -> None:
    urls = lookups.look("repo_url", "alice/demo", chroot=EPEL)
    assert urls == [f"{lookups.lab.sim.url}/results/alice/demo/{EPEL}/"]
    assert lookups.lab.calls == ["GET project"]


def test_repo_url_of_what_is_missing(lookups: LookupLab) -> None:
    said = lookups.fail("repo_url", "alice/demo", chroot="fedora-42-x86_64")
    assert "No such chroot enabled in alice/demo: fedora-42-x86_64 (it exists, but" in said
    assert "does not exist" in lookups.fail("repo_url", "alice/nothing", chroot=EPEL)
    for term, chroot in (("alice/demo", "fedora-42-x86_64"), ("alice/nothing", EPEL)):
        assert lookups.look("repo_url", term, chroot=chroot, on_missing="skip") == [None]
