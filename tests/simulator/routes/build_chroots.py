# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/build-chroot: get, list, build-config, built-packages; all public."""

from __future__ import annotations

from typing import Any

from .. import body, configs, lifecycle, lookup, render
from ..current import world
from ..errors import Crash
from ..fields import LARGEST_INTEGER
from ..paging import asked_paging
from ..routing import Endpoints
from ..world import Build

api = Endpoints("build-chroot", "/build-chroot")
api.no_others()


def _chroot_in_query() -> tuple[Build, str]:
    return _chroot(*body.required_arguments("build_id", "chrootname"))


def _chroot(build_id: int | str, name: str) -> tuple[Build, str]:
    build = lookup.build(world(), build_id)
    return build, lookup.chroot_of_build(world(), build, name)


@api.get()
def get() -> dict[str, Any]:
    """One chroot of a build."""
    return render.build_chroot(*_chroot_in_query())


@api.get("/<int:build_id>/<chrootname>")
def get_by_path(build_id: int, chrootname: str) -> dict[str, Any]:
    """Answer the same with the arguments in the path, as old clients have it."""
    return render.build_chroot(*_chroot(build_id, chrootname))


@api.get("/list")
def list_chroots() -> dict[str, Any]:
    """Answer the chroots of a build; an unknown build has an empty list."""
    (build_id,) = body.required_arguments("build_id")
    return _list(build_id)


@api.get("/list/<int:build_id>")
def list_by_path(build_id: int) -> dict[str, Any]:
    """Answer the same with the build in the path."""
    return _list(str(build_id))


def _list(build_id: str) -> dict[str, Any]:
    if not build_id.isdecimal() or int(build_id) > LARGEST_INTEGER:
        raise Crash
    build = world().builds.get(int(build_id))
    names = build.chroots if build else []

    def started_on(name: str) -> float:
        assert build is not None
        return lifecycle.chroot_progress(world(), build, name).started_on or 0.0

    columns: dict[str, Any] = {
        "id": names.index,
        "status": names.index,
        "started_on": started_on,
    }
    paging = asked_paging("build_chroot", columns, ("state",), {"name": "id"})
    page = paging.cut(paging.sort(names, columns)) if build else []
    return paging.answer([render.build_chroot(build, name) for name in page if build])


@api.get("/build-config")
def build_config() -> dict[str, Any]:
    """How a chroot is built."""
    return configs.for_build(*_chroot_in_query())


@api.get("/build-config/<int:build_id>/<chrootname>")
def build_config_by_path(build_id: int, chrootname: str) -> dict[str, Any]:
    """Answer the same with the arguments in the path."""
    return configs.for_build(*_chroot(build_id, chrootname))


@api.get("/built-packages")
def built_packages() -> dict[str, Any]:
    """Answer the packages a chroot has given."""
    return {"packages": render.built_packages(*_chroot_in_query())}
