# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Results of modules, as of a project that a team works on."""

from __future__ import annotations

from typing import Any

Options = dict[str, Any]

CHROOTS = [
    "epel-9-x86_64",
    "epel-10-x86_64",
    "fedora-43-aarch64",
    "fedora-43-x86_64",
    "fedora-rawhide-x86_64",
]
SITE, RESULTS = "https://copr.example.org", "https://download.example.org/results"
START = 1_795_600_000
MINUTE = 60
NEVER_BEGUN = ("pending", "waiting", "skipped")
PROJECT: Options = {"full_name": "@team/hello", "chroots": CHROOTS}


def chroot(name: str, state: str, began: int | None, ended: int | None, url: str) -> Options:
    """Return a chroot of a build."""
    log = f"{url}builder-live.log.gz" if began is not None else None
    return {
        "name": name,
        "state": state,
        "started_on": began,
        "ended_on": ended,
        "result_url": url if began is not None else None,
        "log_url": log,
        "packages": None,
    }


def build(
    number: int,
    package: str | None = "hello",
    *,
    version: str | None = "1.0-1",
    state: str = "succeeded",
    submitted: int | None = START,
    waits: int | None = 2 * MINUTE,
    takes: int | None = 5 * MINUTE,
    chroots: dict[str, str] | None = None,
    project: str = "@team/hello",
    url: str | None = None,
) -> Options:
    """Return a build as copr_build_info gives it with its chroots.

    C(chroots) are states by name; each takes a minute longer than the one before. Without
    C(waits) nothing of it has begun, and without C(takes) nothing has ended.
    """
    owner, _slash, name = project.partition("/")
    chroots = dict.fromkeys(CHROOTS[3:], state) if chroots is None else chroots
    began = None if waits is None or submitted is None else submitted + waits
    entries = []
    for place, (each, how) in enumerate(chroots.items()):
        starts = None if began is None or how in NEVER_BEGUN else began + 20 * place
        goes_on = how in ("running", "starting")
        ends = None
        if starts is not None and takes is not None and not goes_on:
            ends = starts + takes + MINUTE * place
        folder = f"{RESULTS}/{project}/{each}/{number:08}-{package}/"
        entries.append(chroot(each, how, starts, ends, folder))
    ended = [each["ended_on"] for each in entries if each["state"] != "skipped"]
    return {
        "id": number,
        "state": state,
        "web_url": f"{SITE}/coprs/build/{number}",
        "ownername": owner,
        "projectname": name,
        "project_dirname": name,
        "chroots": [each["name"] for each in entries],
        "source_package": {"name": package, "version": version, "url": url},
        "submitter": "alice",
        "submitted_on": submitted,
        "started_on": began,
        "ended_on": max(ended) if ended and None not in ended else None,
        "build_chroots": entries,
    }


def failure(one: Options, where: str, cause: str | None, *lines: str) -> Options:
    """Return what is known of a chroot of a build that failed."""
    log = f"{RESULTS}/@team/hello/{where}/{one['id']:08}/builder-live.log.gz"
    return {
        "build_id": one["id"],
        "package": one["source_package"]["name"],
        "chroot": where,
        "state": "failed",
        "log_url": log,
        "cause": cause,
        "log_excerpt": list(lines) if cause else [],
        "log_tail": ["Copr build error: Build failed"],
    }


def monitor(builds: list[Options]) -> list[Options]:
    """Return the packages of builds as copr_monitor_info gives them."""
    found: dict[str, dict[str, Options]] = {}
    for one in sorted(builds, key=lambda one: int(one["id"])):
        name = one["source_package"]["name"]
        for each in one["build_chroots"] if name else []:
            found.setdefault(name, {})[each["name"]] = {
                "name": each["name"],
                "state": each["state"],
                "build_id": one["id"],
                "version": one["source_package"]["version"],
                "build_log_url": each["log_url"],
                "backend_log_url": None,
            }
    return [{"name": name, "chroots": [*cells.values()]} for name, cells in found.items()]


def member(name: str, after: list[str], *build_ids: int | None, state: str = "failed") -> Options:
    """Return a member of a set as copr_build_set gives it."""
    return {"name": name, "after": after, "state": state, "build_ids": [*build_ids]}


def team() -> Options:
    """Return the arguments of the filter for a project of a dozen packages in mixed states."""
    good = dict.fromkeys(CHROOTS, "succeeded")
    yesterday = START - 20 * 3600
    builds = [
        build(4701, "libgreet", version="3.2.1-1", chroots=good, submitted=yesterday),
        build(4702, "hello-data", version="2.12-1", chroots=good, submitted=yesterday + 60),
        build(
            4703,
            "hello",
            version="2.11-4",
            chroots={**good, "epel-9-x86_64": "failed"},
            state="failed",
            submitted=yesterday + 400,
        ),
        build(4704, "python-greet", version="1.9-1", chroots=good, submitted=yesterday + 900),
        build(4711, "libgreet", version="3.3.0-1", chroots=good, takes=9 * MINUTE),
        build(
            4712,
            "hello",
            version="2.12-1",
            state="failed",
            chroots={**good, "epel-9-x86_64": "failed", "epel-10-x86_64": "failed"},
            submitted=START + 40,
            waits=14 * MINUTE,
        ),
        build(4713, "greet-themes", version="0.9~rc2-3", chroots=good, submitted=START + 80),
        build(
            4714,
            "greetd-tools",
            version="1:4.0-1",
            state="failed",
            chroots={**good, "fedora-43-aarch64": "failed"},
            submitted=START + 100,
            takes=17 * MINUTE,
        ),
        build(
            4715,
            "greet-doc",
            version="3.3.0-1",
            chroots={**good, "fedora-43-aarch64": "skipped", "epel-9-x86_64": "skipped"},
            submitted=START + 120,
            takes=1 * MINUTE,
        ),
        build(
            4716,
            "rust-greet",
            version="0.4.2-1",
            state="canceled",
            chroots=dict.fromkeys(CHROOTS, "canceled"),
            submitted=START + 600,
            waits=None,
        ),
        build(
            4717,
            "hello-plugins-with-a-long-name",
            version="2.12^20261124git1a2b3c4-1",
            state="running",
            chroots={
                **good,
                "fedora-rawhide-x86_64": "running",
                "fedora-43-aarch64": "pending",
            },
            submitted=START + 900,
            waits=12 * MINUTE,
        ),
        build(
            4718,
            "golang-greet",
            version="1.2-1",
            state="pending",
            chroots=dict.fromkeys(CHROOTS, "pending"),
            submitted=START + 1500,
            waits=None,
        ),
        build(
            4719,
            None,
            version=None,
            state="failed",
            chroots={},
            submitted=START + 1600,
            waits=None,
            url="https://example.org/dist/greet-fonts-5.1-1.src.rpm",
        ),
        build(4720, "greet-icons", version="46.0-2", chroots=good, submitted=START + 1700),
        build(
            4721,
            "perl-Greet",
            version="0.07-12",
            state="failed",
            chroots=dict.fromkeys(CHROOTS, "failed"),
            submitted=START + 1800,
            takes=2 * MINUTE,
        ),
    ]
    by_id = {one["id"]: one for one in builds}
    compiler = "greet.c:118:24: error: incompatible types when assigning to type 'int'"
    missing = "No matching package to install: 'perl(Module::Build::Tiny) >= 0.039'"
    failures = [
        *(
            failure(
                by_id[4712],
                where,
                compiler,
                "gcc -O2 -g -Wall -Werror=format-security -c greet.c -o greet.o",
                "greet.c: In function 'greet_locale':",
                compiler,
                "  118 |     int length = greeting->text;",
                "      |                        ^~",
                "make[1]: *** [Makefile:612: greet.o] Error 1",
            )
            for where in CHROOTS[:2]
        ),
        failure(by_id[4714], "fedora-43-aarch64", None),
        failure(by_id[4719], "source", "error: line 14: Unknown tag: Sumary: Fonts", "line 14"),
        *(failure(by_id[4721], where, missing, "Updating", missing) for where in CHROOTS),
    ]
    return {
        "builds": builds[::-1],
        "project": PROJECT,
        "packages": monitor(builds),
        "failures": failures,
        "set": [
            member("lib", [], 4711),
            member("hello", ["lib"], 4712),
            member("plugins", ["lib", "hello"], 4717),
            member("meta", ["hello", "plugins"], state="blocked"),
        ],
    }


def page_arguments(sample: Options) -> tuple[list[Options], Options]:
    """Return the input of the filter and its options."""
    return sample["builds"], {key: value for key, value in sample.items() if key != "builds"}
