# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Source RPMs and spec files, at an address or on this host."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Sequence
from urllib.parse import urlparse

from ..nouns.normal import address, file_name, stripped, upload_name
from ..wire.errors import CoprError
from ..wire.files import open_local
from ..wire.libraries import upload_library
from .match import ByAddress, ByText, ByVersion, Identity
from .source import Source, Upload
from .srpm import SUFFIXES, nevr_of_file_name, read_nevr

_SUFFIXES = f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"


def url_sources(urls: list[str]) -> list[Source]:
    """Return the source at each address, each address once.

    Raises CoprError (invalid) for an empty list and for invalid addresses.
    """
    if not urls:
        raise CoprError("invalid", "url is an empty list; there is nothing to build.")
    return [url_source(url) for url in dict.fromkeys(map(stripped, urls))]


def url_source(url: str) -> Source:
    """Return the source RPM or spec at an address, identified by version if its name has one."""
    url = stripped(url)
    try:
        parts, place = urlparse(url), address(url)
    except ValueError as error:
        raise _no_address(url) from error
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise _no_address(url)
    if re.search(r"\s", url):
        raise CoprError(
            "invalid", f"{url!r} contains blanks, at which Copr would split it; write them as %20."
        )
    if not parts.path.endswith(SUFFIXES):
        raise CoprError(
            "invalid", f"Copr can build only from addresses that end with {_SUFFIXES}, not {url!r}."
        )
    nevr = nevr_of_file_name(file_name(url))
    identity: Identity = ByVersion(nevr, place) if nevr else ByAddress(place)
    return Source(
        url,
        "build/create/url",
        identity,
        {"pkgs": [url]},
        package=nevr.name if nevr else None,
        answer_is_list=True,
    )


def file_sources(paths: Sequence[str]) -> list[Source]:
    """Return the source RPMs and specs of this host at some paths, or that patterns match.

    Raises CoprError (invalid) for an empty list, and (local_file) for an unusable file and for a
    pattern that matches nothing.
    """
    if not paths:
        raise CoprError("invalid", "srpm is an empty list; there is nothing to build.")
    files: list[str] = []
    for path in paths:
        if os.path.exists(path) or not glob.has_magic(path):
            files.append(path)
            continue
        found = sorted(glob.glob(path))
        if not found:
            raise CoprError("local_file", f"No file matches {os.path.abspath(path)}.")
        files += found
    return [file_source(path) for path in dict.fromkeys(files)]


def file_source(path: str) -> Source:
    """Return a source RPM or spec of this host.

    A source RPM is sent under the name in its header, so that a build whose source is not imported
    yet can be recognized by the name of its upload. A spec has no version before it is built; it is
    identified by its text. Raises CoprError (local_file, and MissingLibrary).
    """
    upload_library()
    if not path.lower().endswith(SUFFIXES):
        raise CoprError(
            "local_file", f"{path} can't be submitted: Copr accepts only {_SUFFIXES} files."
        )
    name = os.path.basename(path)
    if path.lower().endswith(".spec"):
        open_local(path).close()
        # The server decides by the end of the name whether it accepts a file.
        sent = upload_name(name) if upload_name(name).lower().endswith(".spec") else name
        return Source(
            name,
            "build/create/upload",
            ByText(path, upload_name(name)),
            package=name[: -len(".spec")],
            upload=Upload(path, sent),
        )
    nevr = read_nevr(path)
    suffix = ".nosrc.rpm" if path.lower().endswith(".nosrc.rpm") else ".src.rpm"
    return Source(
        str(nevr),
        "build/create/upload",
        ByVersion(nevr),
        package=nevr.name,
        upload=Upload(path, upload_name(f"{nevr.name}-{nevr.vr}{suffix}")),
    )


def _no_address(url: str) -> CoprError:
    return CoprError("invalid", f"Copr can build only from http and https addresses, not {url!r}.")
