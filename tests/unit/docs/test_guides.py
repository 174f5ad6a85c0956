# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guides to first steps and to CI, followed on a simulated server."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from simulator.server import Simulator, running
from unit.docs.examples import Example, of_guide
from unit.docs.reader import Reader, named
from unit.files import make_srpm, write_spec
from unit.simulator.workshop import needs_rpmbuild

# What a command prints on this machine differs in these from what a guide quotes.
PARTS = re.compile(r"https?://\S+/(?=\d{8}-)|(?<=rpm-tmp\.)\w+")
# Files of GitHub, Forgejo and GitLab.
FORGES = re.compile(r"^# (\.github|\.forgejo|\.gitlab)")
GH = """#!/bin/sh
echo "$@" > gh.arguments
cat > gh.secret
"""


@pytest.fixture
def sim() -> Iterator[Simulator]:
    """Run a server of one's own, whose builds take no time."""
    with running(step=0.02) as sim:
        yield sim


@pytest.fixture
def reader(sim: Simulator, tmp_path: Path) -> Reader:
    return Reader(tmp_path, tmp_path / "home", sim.url)


def submissions(sim: Simulator) -> int:
    return sum("/build/create/" in each.path for each in sim.requests)


def with_words(examples: list[Example], *words: str) -> Example:
    """Return the only example with some words."""
    (found,) = [example for example in examples if all(word in example.text for word in words)]
    return found


def quoted_line(example: Example, start: str) -> str:
    """Return a line of the output that a guide quotes, which may be wrapped."""
    text = " ".join(example.text.split())
    return PARTS.sub("", text[text.index(start) :])


def test_first_steps(sim: Simulator, reader: Reader) -> None:
    examples = of_guide("guide_first_steps")
    reader.log_in()
    reader.save(*named(examples))
    spec = reader.folder / "hello.spec"
    spec.write_text(with_words(examples, "Name:").text, encoding="utf-8")

    status, output = reader.run("ansible", "localhost", "-m", "fedora.copr.copr_auth_info")
    assert status == 0, output
    assert '"name": "alice"' in output

    status, output = reader.run("ansible-playbook", "hello.yml", "--check", "--diff")
    assert status == 0, output
    diff = with_words(examples, "--check --diff", "+++").text
    assert diff[diff.index("---") : diff.index("changed:")] in output
    assert all(request.method == "GET" for request in sim.requests)

    status, output = reader.run("ansible-playbook", "hello.yml")
    assert status == 0, output
    assert "hello-1.0-1.x86_64" in output
    assert "finished waiting: 1 succeeded" in output
    assert "changed=2" in output
    status, output = reader.run("ansible-playbook", "hello.yml")
    assert "changed=0" in output
    assert submissions(sim) == 1

    broken = with_words(examples, "%build\n%if").text
    good = spec.read_text(encoding="utf-8").replace("1.0", "1.1")
    spec.write_text(good.replace("%build\n", broken), encoding="utf-8")
    status, output = reader.run("ansible-playbook", "hello.yml")
    assert status == 2
    said = quoted_line(with_words(examples, "[ERROR]"), "Build 2")
    assert said in PARTS.sub("", " ".join(output.split()))
    spec.write_text(good, encoding="utf-8")
    status, output = reader.run("ansible-playbook", "hello.yml")
    assert status == 0, output

    for playbook in ("stored.yml", "prune.yml", "delete.yml"):
        status, output = reader.run("ansible-playbook", playbook)
        assert status == 0, output
    assert sim.world.projects == {}


@pytest.fixture
def job(reader: Reader) -> Reader:
    """Return a reader in a CI job, with the files of the guide and a source RPM."""
    reader.save(*named(of_guide("guide_ci")))
    make_srpm(reader.folder / "dist", "hello", "1.0")
    return reader


def test_a_ci_job_builds_once(sim: Simulator, job: Reader) -> None:
    build = ("ansible-playbook", "fedora.copr.build", "--extra-vars", "@copr.yml")
    # As in GitHub and Forgejo: the text of the file.
    status, output = job.run(*build, COPR_CONFIG=job.config)
    assert status == 0, output
    assert "alice/hello: built" in output
    # As in GitLab: a path. It is another run of the same job.
    file = job.folder / "secret"
    file.write_text(job.config, encoding="utf-8")
    status, output = job.run(*build, COPR_CONFIG=str(file))
    assert "built before, nothing to do" in output
    assert "changed=0" in output
    assert submissions(sim) == 1
    # A pull request from a fork: no secret.
    status, output = job.run(*build, "--check", "--diff", COPR_URL=job.url)
    assert status == 0, output
    # A pull request that somebody has looked at.
    pull = with_words(of_guide("guide_ci"), "copr_build_dirname").text.split()[-1]
    status, output = job.run(*build, "--extra-vars", pull, COPR_CONFIG=job.config)
    assert status == 0, output
    assert [one.dirname for one in sim.world.builds.values()] == ["hello", "hello:pr:17"]


def test_a_ci_job_fails_with_the_build(job: Reader) -> None:
    make_srpm(job.folder / "dist", "hello", "1.0", build="false")
    build = ("ansible-playbook", "fedora.copr.build", "--extra-vars", "@copr.yml")
    status, output = job.run(*build, COPR_CONFIG=job.config)
    assert status == 2
    assert "(hello 1.0-1) failed in epel-10-x86_64, fedora-43-x86_64" in output


def test_a_ci_job_builds_several_packages(sim: Simulator, job: Reader) -> None:
    make_srpm(job.folder / "dist", "libgreet", "3.0")
    status, output = job.run("ansible-playbook", "copr-set.yml", COPR_CONFIG=job.config)
    assert status == 0, output
    assert submissions(sim) == 2


def test_the_token_of_ci_jobs_is_renewed(job: Reader) -> None:
    job.log_in()
    programs = job.folder / "bin"
    programs.mkdir()
    (programs / "gh").write_text(GH, encoding="utf-8")
    (programs / "gh").chmod(0o755)
    path = f"{programs}:{os.environ['PATH']}"
    status, output = job.run("ansible-playbook", "renew.yml", PATH=path)
    assert status == 0, output
    assert "changed=0" in output
    assert (job.folder / "gh.secret").read_text().strip() == job.config.strip()
    assert (
        job.folder / "gh.arguments"
    ).read_text() == "secret set COPR_CONFIG --repo alice/hello\n"


@needs_rpmbuild
def test_the_script_makes_a_source_rpm_for_each_run(job: Reader) -> None:
    shutil.rmtree(job.folder / "dist")
    release = with_words(of_guide("guide_ci"), "Release:").text
    spec = write_spec(job.folder)
    text = re.sub(r"^Release:.*\n", release, spec.read_text(encoding="utf-8"), flags=re.MULTILINE)
    spec.write_text(text, encoding="utf-8")
    status, output = job.run("/bin/sh", "make-srpm.sh", "7")
    assert status == 0, output
    (made,) = (job.folder / "dist").iterdir()
    assert re.fullmatch(r"hello-1\.0-1\.ci7(\.\w+)?\.src\.rpm", made.name)


def test_workflows_pass_the_secret_to_one_step_only() -> None:
    """And they run the playbook, with the files, that the tests above run."""
    examples = [each for each in named(of_guide("guide_ci")) if each.language == "yaml"]
    workflows = [example for example in examples if FORGES.search(example.text)]
    assert len(workflows) == 3
    for workflow in workflows:
        assert workflow.text.count("ansible-playbook fedora.copr.build --extra-vars @copr.yml") == 1
        assert "ansible-galaxy collection install -r requirements.yml" in workflow.text
        (document,) = workflow.documents
        steps = [step for job in document.get("jobs", {}).values() for step in job["steps"]]
        secret = [step for step in steps if "secrets." in yaml.safe_dump(step)]
        assert all("ansible-playbook" in step["run"] for step in secret)
        assert len(secret) == workflow.text.count("secrets.") == (1 if steps else 0)
