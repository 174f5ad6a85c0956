# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guides are listed and can be referred to, and links lead somewhere."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.checkout import CHECKOUT
from tools.links import broken_html, broken_markdown, markdown_links, repository
from unit.docs.examples import GUIDES, yaml_of_guide

STEMS = sorted(path.stem for path in GUIDES.glob("*.rst"))


def settings(name: str) -> Any:
    return yaml.safe_load((GUIDES.parent / name).read_text(encoding="utf-8"))


def markdown() -> list[str]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    listing = subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True)
    return [name for name in listing.stdout.splitlines() if (CHECKOUT / name).exists()]


def test_every_guide_is_listed_once() -> None:
    sections = settings("extra-docs.yml")["sections"]
    listed = Counter(guide for section in sections for guide in section["toctree"])
    assert listed == Counter(STEMS)


@pytest.mark.parametrize("stem", STEMS)
def test_a_guide_begins_with_its_label(stem: str) -> None:
    text = (GUIDES / f"{stem}.rst").read_text(encoding="utf-8")
    first = next(line for line in text.splitlines() if line.startswith(".. _"))
    assert first == f".. _ansible_collections.fedora.copr.docsite.{stem}:"


@pytest.mark.parametrize("stem", STEMS)
def test_the_yaml_of_a_guide_is_valid(stem: str) -> None:
    for example in yaml_of_guide(stem):
        assert example.documents


def test_pages_are_edited_in_the_repository() -> None:
    edited = settings("links.yml")["edit_on_github"]
    assert f"https://github.com/{edited['repository']}" == repository()


@pytest.mark.parametrize("name", markdown())
def test_links_in_markdown_lead_somewhere(name: str) -> None:
    assert broken_markdown(CHECKOUT / name) == []


def test_the_readme_has_no_relative_link() -> None:
    """Galaxy and Automation Hub show it apart from the repository."""
    links = markdown_links(CHECKOUT / "README.md")
    assert len(links) > 20
    assert [link for link in links if not link.startswith("https://")] == []


def test_a_broken_link_in_markdown_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# One place\n[a](#one-place) [b](#another) [c](missing.md) [d](page.md#one-place)\n"
        f"[e]({repository()}/blob/main/missing) [f]({repository()}/blob/main/README.md)\n"
        "[g](https://example.org/missing) [h][known] [i][unknown]\n\n[known]: nothing.md\n"
    )
    missing = f"{repository()}/blob/main/missing"
    assert broken_markdown(page) == ["#another", "missing.md", missing, "nothing.md", "unknown"]


def test_a_broken_link_in_html_is_found(tmp_path: Path) -> None:
    simulator = f"{repository()}/blob/main/docs/simulator.md"
    (tmp_path / "other.html").write_text('<p id="here"><a name="there"></a></p>')
    (tmp_path / "page.html").write_text(
        '<a href="other.html"></a> <a href="other.html#here"></a> <a href="other.html#there"></a>'
        '<a href="#nowhere"></a> <a href="other.html#nowhere"></a> <img src="missing.png">'
        f'<a href="{simulator}#faults"></a> <a href="{simulator}#nothing"></a>'
        '<a href="https://example.org/missing"></a> <a href="mailto:bob@example.org"></a>'
    )
    assert broken_html(tmp_path) == [
        "page.html: #nowhere",
        f"page.html: {simulator}#nothing",
        "page.html: missing.png",
        "page.html: other.html#nowhere",
    ]
