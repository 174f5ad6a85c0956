# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files in a folder of a web server, from the page that lists it."""

from __future__ import annotations

from collections.abc import Iterable
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

from .client import Client
from .errors import CoprError

LARGEST_PAGE = 64 * 1024 * 1024


def list_folder(client: Client, url: str) -> list[str]:
    """Return the names of the files of a folder, none if the folder does not exist.

    C(url) ends with a slash. The names are as the server sends them, and may contain anything. A
    page without links is an error: a listing has at least the link to the folder above.
    Raises CoprError as Client.download does.
    """

    def read() -> list[str]:
        page = bytearray()
        for piece in client.download(url):
            page += piece
            if len(page) > LARGEST_PAGE:
                raise CoprError("server", f"The list of files at {url} is too long to read.")
        links = links_in(page.decode("utf-8", "replace"))
        if not links:
            raise CoprError(
                "server", f"{url} is not a list of files.", method="GET", path=url, transient=True
            )
        return names_in(links, url)

    try:
        return client.patiently(read)
    except CoprError as error:
        if error.kind == "not_found":
            return []
        raise


def links_in(page: str) -> list[str]:
    """Return the targets of the links of a page."""
    links = _Links()
    links.feed(page)
    return links.found


def names_in(links: Iterable[str], url: str) -> list[str]:
    """Return the names of the files in the folder of a page that its links point to, each once.

    Links to folders and other places, and those that sort the list, are left out.
    """
    folder = urlsplit(url).path
    names = []
    for link in links:
        try:
            target = urlsplit(urljoin(url, link))
        except ValueError:
            continue
        name = target.path[len(folder) :]
        if target.path.startswith(folder) and name and "/" not in name and not target.query:
            names.append(unquote(name))
    return sorted(set(names))


class _Links(HTMLParser):
    """Collects the targets of the links of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link."""
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]
