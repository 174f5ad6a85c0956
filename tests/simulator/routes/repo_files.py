# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/coprs/OWNER/DIRNAME/repo/RELEASE: the repository files that hosts download."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import flask
from werkzeug.exceptions import NotFound

from ..configs import owner_id, repository_id
from ..current import results_url, server_url, world
from ..world import Project

pages = flask.Blueprint("repo_files", __name__)

# These follow the release of the host; the others keep theirs.
FOLLOWING = re.compile(r"(fedora|centos-stream)-(?:\d+|rawhide|eln)\Z")
PAIR = {"x86_64": "i386"}
"""Architectures whose packages a host takes, too, where the project says so."""


@pages.get(
    "/coprs/g/<group>/<dirname>/repo/<release>/", defaults={"file": ""}, strict_slashes=False
)
@pages.get("/coprs/g/<group>/<dirname>/repo/<release>/<file>")
def of_group(group: str, dirname: str, release: str, file: str) -> flask.Response:
    """Answer the file of a group's project."""
    return of_owner(f"@{group}", dirname, release, file)


@pages.get("/coprs/<owner>/<dirname>/repo/<release>/", defaults={"file": ""}, strict_slashes=False)
@pages.get("/coprs/<owner>/<dirname>/repo/<release>/<file>")
def of_owner(owner: str, dirname: str, release: str, file: str) -> flask.Response:
    """Answer the file for a release, which may be only the beginning of a chroot's name."""
    del file
    with world().lock:
        project = world().projects.get(f"{owner}/{dirname.partition(':')[0]}")
        if project is None or dirname not in project.directories:
            raise NotFound
        text = _file(project, dirname, release, flask.request.args.get("arch"))
        if text is None:
            return _nothing_fits(project)
    headers = {"Content-Disposition": f"filename={owner}-{dirname}.repo"}
    return flask.Response(text, 200, headers, content_type="text/plain; charset=utf-8")


def _file(project: Project, dirname: str, release: str, arch: str | None) -> str | None:
    chroots = project.served_chroots(world().now())
    fitting = [name for name in chroots if name.startswith(release)]
    if arch is not None:
        fitting = [name for name in fitting if name.endswith(f"-{arch}")]
    if not fitting:
        return None
    found = fitting[-1].rpartition("-")[0]
    sections = [_section(project, dirname, found, "$basearch")]
    pair = PAIR.get(arch or "")
    if pair and project.settings["multilib"] and f"{found}-{pair}" in chroots:
        sections.append(_section(project, dirname, found, pair))
    return "\n".join([*sections, *_dependencies(project, found)])


def _section(project: Project, dirname: str, release: str, arch: str) -> str:
    host = urlsplit(server_url()).hostname
    follows = FOLLOWING.match(release)
    place = f"{follows[1]}-$releasever" if follows else release
    base = f"{results_url()}/{project.owner}/{dirname}"
    ids = ["copr", str(host), owner_id(project.owner), dirname]
    lines = [
        f"[{':'.join(ids)}{'' if arch == '$basearch' else ':ml'}]",
        f"name=Copr repo for {dirname} owned by {project.owner}",
        f"baseurl={base}/{place}-{arch}/",
        *_trust(f"{base}/pubkey.gpg"),
    ]
    if arch != "$basearch":
        lines.append("cost=1100")
    if project.settings["module_hotfixes"]:
        lines.append("module_hotfixes=1")
    if project.settings["repo_priority"]:
        lines.append(f"priority={project.settings['repo_priority']}")
    return "".join(f"{line}\n" for line in lines)


def _dependencies(project: Project, release: str) -> Iterator[str]:
    host = urlsplit(server_url()).hostname
    follows = FOLLOWING.match(release)
    for number, address in enumerate(project.settings["runtime_dependencies"].split(), start=1):
        if address.startswith("copr://"):
            owner, name = address.removeprefix("copr://").strip("/").split("/")
            if f"{owner}/{name}" not in world().projects:
                yield f"# Project {owner}/{name} is to be used as well, but does not exist.\n"
                continue
            place = f"{follows[1]}-$releasever" if follows else release
            base = f"{results_url()}/{owner}/{name}"
            lines = [
                f"[coprdep:{host}:{owner_id(owner)}:{name}]",
                f"name=Runtime dependency {number}: {owner}/{name}",
                f"baseurl={base}/{place}-$basearch/",
                *_trust(f"{base}/pubkey.gpg"),
            ]
        else:
            lines = [
                f"[coprdep:{repository_id(address)}]",
                f"name=Runtime dependency {number}: {repository_id(address)}",
                f"baseurl={address.replace('$distname', release.rpartition('-')[0])}",
                *_trust(None),
            ]
        yield "".join(f"{line}\n" for line in lines)


def _trust(key: str | None) -> list[str]:
    checked = ["gpgcheck=1", f"gpgkey={key}"] if key else ["gpgcheck=0"]
    settings = ["repo_gpgcheck=0", "enabled=1", "enabled_metadata=1"]
    return ["type=rpm-md", "skip_if_unavailable=True", *checked, *settings]


def _nothing_fits(project: Project) -> flask.Response:
    data = json.dumps({"available chroots": project.enabled_chroots()}).encode()
    headers = {"Copr-Error-Data": base64.b64encode(data).decode()}
    page = "<!doctype html>\n<title>There is no such repository</title>\n"
    return flask.Response(page, 404, headers, content_type="text/html; charset=utf-8")
