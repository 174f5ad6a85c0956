# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The text that the filter export makes of definitions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.fedora.copr.plugins.filter.export import export
from hypothesis import example, given
from hypothesis import strategies as st

UNSEEN = "Copr never reports this"


def loaded(text: str, folder: Path) -> Any:
    """Return what a task gets of such a file of variables."""
    path = folder / "projects.yml"
    path.write_text(text, encoding="utf-8")
    loader = DataLoader()
    # Ansible keeps what it has read.
    variables = loader.load_from_file(str(path), cache="none")
    return Templar(loader, variables=variables).template(variables["copr_projects_definitions"])


def left_out(project: str, why: str, *what: str) -> list[dict[str, str]]:
    return [{"project": project, "what": each, "why": why} for each in what]


def test_a_file_is_for_people_to_read() -> None:
    definition = {
        "project": "alice/hello",
        "description": "Greetings\n\n  for everybody",
        "bootstrap": "on",
        "chroots": ["fedora-43-x86_64"],
        "packages": [
            {"package": "hello", "custom": {"script": "#!/bin/sh\ncat <<'{{x}}'\n"}},
        ],
    }
    notes = [
        *left_out("alice/hello", UNSEEN, "multilib", "max_builds of packages"),
        *left_out("alice/hello", "it is there", "package old"),
        *left_out("alice/hello", UNSEEN, "webhook secret", "timeout of packages"),
        *left_out("alice/other", UNSEEN, "nothing"),
    ]
    assert (
        export([definition, {"project": "alice/bare"}], notes)
        == """\
---
# Projects in Copr, for the module fedora.copr.copr_projects. Fields that have the
# server's default are left out.
copr_projects_definitions:
  # alice/hello. Not exported:
  # - multilib and webhook secret; max_builds and timeout of packages: Copr
  #   never reports this
  # - package old: it is there
  - project: alice/hello
    description: |-
      Greetings

        for everybody
    bootstrap: 'on'
    chroots:
      - fedora-43-x86_64
    packages:
      - package: hello
        custom:
          script: !unsafe |
            #!/bin/sh
            cat <<'{{x}}'

  # alice/bare
  - project: alice/bare
"""
    )


def test_no_definitions_are_a_list_all_the_same(tmp_path: Path) -> None:
    assert loaded(export([]), tmp_path) == []


TEXTS = st.text() | st.text(st.sampled_from("a{}%#:'\"-|> \t\n\r\x85\u2028é😀"), max_size=30)


@given(text=TEXTS, note=TEXTS)
@example(text="{{ 1 }}", note="a\nb: c")
@example(text=" {% raw %}\n#\n", note="\x00")
@example(text="a \nb\n\n", note="\ud800")
@example(text="a\x85b\n", note="\u2028")
def test_a_text_comes_through_ansible_as_it_is(tmp_path_factory: Any, text: str, note: str) -> None:
    definition = {"project": "a/b", "description": text, "repos": [text], "repo_priority": 3}
    notes = left_out("a/b", note, note)
    folder = tmp_path_factory.mktemp("projects", numbered=True)
    assert loaded(export([definition], notes), folder) == [definition]


def test_a_text_is_plain_yaml_but_for_templates() -> None:
    text = export([{"project": "a/b", "description": "one\ntwo"}])
    assert yaml.safe_load(text) == {
        "copr_projects_definitions": [{"project": "a/b", "description": "one\ntwo"}]
    }


@pytest.mark.parametrize(
    "arguments", [("text",), ({},), ([1],), ([{"name": "a/b"}],), ([], [{"project": "a/b"}])]
)
def test_what_is_no_export_is_refused(arguments: Any) -> None:
    with pytest.raises(AnsibleFilterError, match="copr_project_info"):
        export(*arguments)
