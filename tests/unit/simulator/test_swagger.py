# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the simulator says of its bodies is what it reads."""

from __future__ import annotations

import pytest

from simulator.fields import Field
from simulator.project_form import ONLY_ON_ADD, ONLY_ON_EDIT, SETTINGS
from simulator.routes.project_chroots import FIELDS
from simulator.sources import BUILD_SOURCES, PACKAGE_SOURCES
from unit.simulator.frontend import Frontend

BODIES: dict[str, tuple[Field, ...]] = {
    "ProjectAdd": (*SETTINGS, *ONLY_ON_ADD),
    "ProjectEdit": (*SETTINGS, *ONLY_ON_EDIT),
    "ProjectChroot": FIELDS,
    "PackageAdd": tuple(field for table in PACKAGE_SOURCES.values() for field in table),
    "CreateBuildSCM": BUILD_SOURCES["scm"],
    "CreateBuildDistGit": BUILD_SOURCES["distgit"],
    "CreateBuildPyPI": BUILD_SOURCES["pypi"],
    "CreateBuildRubyGems": BUILD_SOURCES["rubygems"],
    "CreateBuildCustom": BUILD_SOURCES["custom"],
}
NOT_READ = {"bootstrap_image", "chroot_names", "packagename"}
OF_ANSWERS = {"mock_chroot", "ownername", "projectname", "comps_name", "delete_after_days"}
OPTIONS = {
    *("ownername", "projectname", "project_dirname", "background", "timeout", "enable_net"),
    *("bootstrap", "isolation", "after_build_id", "with_build_id", "webhook_rebuild", "max_builds"),
}


@pytest.mark.parametrize("name", BODIES)
def test_what_is_described_is_read(frontend: Frontend, name: str) -> None:
    described = set(frontend.do("GET", "swagger.json")["definitions"][name]["properties"])
    read = {name for field in BODIES[name] for name in (field.name, *field.aliases)}
    assert described & read
    assert described - read <= NOT_READ | OF_ANSWERS | OPTIONS
