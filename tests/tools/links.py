# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Links that lead nowhere, on pages of HTML and in Markdown, as far as no network is needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml

from tools.checkout import CHECKOUT

# Parts of an address between that of the repository and a path in it.
BRANCH = ("/blob/main/", "/edit/main/", "/raw/main/", "/tree/main/")


class Page(HTMLParser):
    """What a page of HTML links to, and the names of its places."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the links and the names of a tag."""
        for name, value in attrs:
            if name in ("href", "src"):
                self.links.add(value or "")
            elif name in ("id", "name"):
                self.places.add(value or "")


@cache
def repository() -> str:
    """Return the address of the collection's repository."""
    galaxy: dict[str, str] = yaml.safe_load((CHECKOUT / "galaxy.yml").read_text(encoding="utf-8"))
    return galaxy["repository"]


def broken_html(folder: Path) -> list[str]:
    """Return the broken links on the pages of a folder, each with its page."""
    folder = folder.resolve()
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in folder.rglob("*.html")}

    def places(path: Path) -> Iterable[str]:
        return pages[path].places if path in pages else _headings(path)

    return [
        f"{path.relative_to(folder)}: {link}"
        for path, page in sorted(pages.items())
        for link in sorted(page.links)
        if _is_broken(path, link, places)
    ]


def markdown_links(path: Path) -> list[str]:
    """Return where a file of Markdown leads, with links in the text or definitions of labels."""
    text = path.read_text(encoding="utf-8")
    inline = re.findall(r"\]\(([^()\s]+)\)", text)
    return inline + re.findall(r"^\[[^\]]+\]: (\S+)$", text, flags=re.MULTILINE)


def broken_markdown(path: Path) -> list[str]:
    """Return the broken links in a file of Markdown, and labels without a definition."""
    text = path.read_text(encoding="utf-8")
    defined = re.findall(r"^\[([^\]]+)\]: ", text, flags=re.MULTILINE)
    labels = re.findall(r"\]\[([^\]]+)\]", text)
    broken = [link for link in markdown_links(path) if _is_broken(path, link, _headings)]
    return broken + [label for label in labels if label not in defined]


def _is_broken(path: Path, link: str, places: Callable[[Path], Iterable[str]]) -> bool:
    target, place = _target(path, link)
    if target is None:
        return False
    return not target.exists() or (bool(place) and place not in places(target))


def _target(path: Path, link: str) -> tuple[Path | None, str]:
    """Return the file that a link on a page leads to, unless it is elsewhere, and the place."""
    address = urlsplit(link)
    name, place = unquote(address.path), unquote(address.fragment)
    if not address.scheme and not address.netloc:
        return (path.parent / name).resolve() if name else path, place
    for prefix in (urlsplit(repository()).path + part for part in BRANCH):
        if link.startswith(repository()) and name.startswith(prefix):
            return CHECKOUT / name.removeprefix(prefix), place
    return None, ""


def _headings(path: Path) -> Iterator[str]:
    """Return the names that a forge gives to the headings of a file of Markdown or RST."""
    text = path.read_text(encoding="utf-8")
    headings = {
        ".md": r"^#+ (.+)$",
        ".rst": r"^(\S.*)\n(?:=+|-+|~+)$",
    }.get(path.suffix, r"(?!)")
    for heading in re.findall(headings, text, flags=re.MULTILINE):
        yield re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
