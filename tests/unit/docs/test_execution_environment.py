# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The definitions of guide_execution_environment.rst: images, and what a credential injects."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.settings import (
    ENVIRONMENT,
    Settings,
    from_environment,
    settings_from,
)
from jinja2 import Environment, StrictUndefined

from tools.checkout import CHECKOUT, copied_checkout
from unit.docs.examples import yaml_of_guide

BIN = Path(sys.executable).parent
BLOCKS = [
    document
    for example in yaml_of_guide("guide_execution_environment")
    for document in example.documents
]
IMAGES = [block for block in BLOCKS if "images" in block]
INPUTS = [block for block in BLOCKS if "fields" in block]
INJECTORS = [block for block in BLOCKS if "env" in block]
CONFIG = """[copr-cli]
login = some-login
username = alice
token = some-token
copr_url = https://copr.example.org
# expiration date: 2999-12-31
"""
GIVEN = {
    "config": CONFIG,
    "url": "https://copr.example.org",
    "login": "some-login",
    "token": "some-token",
}


def call(*command: object, cwd: Path) -> None:
    run = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("definition", IMAGES, ids=["execution", "decision"])
def test_an_image_gets_what_the_collection_needs(
    definition: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "execution-environment.yml"
    file.write_text(yaml.safe_dump(definition), encoding="utf-8")
    context = tmp_path / "context"
    call("ansible-builder", "create", "--file", file, "--context", context, cwd=tmp_path)
    build = context / "_build"
    wanted = yaml.safe_load((build / "requirements.yml").read_text(encoding="utf-8"))
    (collection,) = wanted["collections"]
    galaxy = yaml.safe_load((CHECKOUT / "galaxy.yml").read_text(encoding="utf-8"))
    assert collection["name"].removesuffix(".git") == galaxy["repository"]
    # What the steps of the Containerfile do with the collection, once it is installed.
    image = tmp_path / "image"
    with copied_checkout() as checkout:
        call("ansible-galaxy", "collection", "build", "--output-path", tmp_path, cwd=checkout)
    (archive,) = tmp_path.glob("fedora-copr-*.tar.gz")
    install = ["collection", "install", "--force", "--offline", "--collections-path", image]
    call("ansible-galaxy", *install, archive, cwd=tmp_path)
    script = build / "scripts" / "introspect.py"
    pip, bindep = tmp_path / "pip.txt", tmp_path / "bindep.txt"
    written = ["--write-pip", pip, "--write-bindep", bindep]
    call(sys.executable, script, "introspect", image, *written, cwd=tmp_path)
    assert names(pip) == {"requests", "requests-toolbelt"}
    assert names(bindep) == {"git"}
    call("bindep", "--brief", "--list_all", "newline", "--file", bindep, cwd=tmp_path)


def names(requirements: Path) -> set[str]:
    """Return the first words of the lines that name the collection as their origin."""
    lines = requirements.read_text(encoding="utf-8").splitlines()
    return {line.split()[0].split(">")[0] for line in lines if "fedora.copr" in line}


def test_there_are_two_images_and_two_types() -> None:
    assert (len(IMAGES), len(INPUTS), len(INJECTORS)) == (2, 2, 2)


@pytest.mark.parametrize(("inputs", "injectors"), [*zip(INPUTS, INJECTORS)], ids=["text", "values"])
def test_the_collection_reads_what_a_credential_injects(
    inputs: dict[str, Any], injectors: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = {field["id"] for field in inputs["fields"]}
    assert fields == set(inputs["required"])
    secret = {field["id"] for field in inputs["fields"] if field.get("secret")}
    assert secret == fields - {"url"}
    assert set(injectors["env"]) <= set(ENVIRONMENT.values())
    templates = Environment(undefined=StrictUndefined)
    for variable, template in injectors["env"].items():
        value = templates.from_string(template).render({name: GIVEN[name] for name in fields})
        monkeypatch.setenv(variable, value)
    settings = settings_from({option: from_environment(option) for option in ENVIRONMENT})
    assert settings.url == GIVEN["url"]
    assert settings.credentials is not None
    assert (settings.credentials.login, settings.credentials.token) == ("some-login", "some-token")
    assert settings != Settings()


def test_the_credential_of_the_playbook_has_the_inputs_of_the_type() -> None:
    (plays,) = [block for block in BLOCKS if isinstance(block, list)]
    tasks = {name: options for task in plays[0]["tasks"] for name, options in task.items()}
    assert set(tasks["awx.awx.credential"]["inputs"]) == set(INPUTS[0]["required"])
    template = tasks["awx.awx.job_template"]
    assert template["credentials"] == [tasks["awx.awx.credential"]["name"]]
    assert template["execution_environment"] == tasks["awx.awx.execution_environment"]["name"]
