# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Projects, builds, packages and chroots as the API answers them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from . import lifecycle
from .current import results_url, world
from .world import Build, Package, Project, ProjectChroot

SHOWN_SETTINGS = (
    "persistent", "storage", "homepage", "contact", "description", "instructions", "devel_mode",
    "unlisted_on_hp", "auto_prune", "enable_net", "bootstrap", "isolation", "module_hotfixes",
    "appstream", "follow_fedora_branching", "repo_priority",
)  # fmt: skip
SHOWN_AS = {"srpm_build_method": "source_build_method"}
"""Names in the source_dict of a package that differ from those in the source_dict of a build."""
SHOWN_LISTS = ("additional_repos", "packit_forge_projects_allowed")


def project(shown: Project) -> dict[str, Any]:
    """Return a project; its enabled chroots are the keys of chroot_repos."""
    base = f"{results_url()}/{shown.full_name}"
    return {
        "id": shown.id,
        "name": shown.name,
        "ownername": shown.owner,
        "full_name": shown.full_name,
        **{name: shown.settings[name] for name in SHOWN_SETTINGS},
        **{name: shown.settings[name].split() for name in SHOWN_LISTS},
        "chroot_repos": {name: f"{base}/{name}/" for name in shown.enabled_chroots()},
    }


def build(shown: Build) -> dict[str, Any]:
    """Return a build with its state as of now."""
    started_on, ended_on = lifecycle.build_times(world(), shown)
    source_is_known = bool(shown.forked_from) or _source_is_built(shown)
    return {
        "id": shown.id,
        "state": lifecycle.build_state(world(), shown),
        "ownername": shown.project.owner,
        "projectname": shown.project.name,
        "project_dirname": shown.dirname,
        # The server names them in no order at all, and nobody should rely on one.
        "chroots": shown.chroots[:: -1 if shown.id % 2 else 1],
        "repo_url": f"{results_url()}/{shown.project.full_name}",
        "source_package": {
            "name": shown.package_name,
            "version": shown.plan.evr if source_is_known else None,
            "url": source_rpm_url(shown) if source_is_known else _submitted_rpm(shown),
        },
        "submitted_on": int(shown.submitted_on),
        "started_on": seconds(started_on),
        "ended_on": seconds(ended_on),
        "submitter": shown.submitter,
        "is_background": shown.is_background,
    }


def _submitted_rpm(shown: Build) -> str | None:
    """Return the URL of a source RPM as it was submitted; spec files do not count."""
    url: str = shown.source_dict.get("url", "")
    return url if url.partition("?")[0].lower().endswith(".rpm") else None


def _source_is_built(shown: Build) -> bool:
    source = lifecycle.source_progress(world(), shown)
    return source.has_results and source.state != "failed"


def seconds(moment: float | None) -> int | None:
    """Return a time as the API gives it: whole seconds since 1970, or null."""
    return None if moment is None else int(moment)


def source_dir_url(shown: Build) -> str:
    """Where the results of the source build are, without a slash at the end."""
    return f"{results_url()}/{shown.project.owner}/{shown.dirname}/srpm-builds/{shown.id:08}"


def source_rpm_url(shown: Build) -> str:
    """Where the source RPM is."""
    plan = shown.plan
    return f"{source_dir_url(shown)}/{plan.name}-{plan.version}-{plan.release}.src.rpm"


def chroot_dir_url(shown: Build, chroot: str) -> str:
    """Where the results of a chroot are, with a slash at the end."""
    base = f"{results_url()}/{shown.project.owner}/{shown.dirname}"
    return f"{base}/{chroot}/{shown.id:08}-{shown.package_name}/"


def build_chroot(shown: Build, chroot: str) -> dict[str, Any]:
    """One chroot of a build; result_url is null until it runs."""
    progress = lifecycle.chroot_progress(world(), shown, chroot)
    return {
        "name": chroot,
        "state": progress.state,
        "started_on": seconds(progress.started_on),
        "ended_on": seconds(progress.ended_on),
        "result_url": chroot_dir_url(shown, chroot) if progress.has_results else None,
    }


def built_packages(shown: Build, chroot: str) -> list[dict[str, Any]]:
    """Return the packages a chroot has given; source RPMs are among them, with arch src."""
    original = shown.forked_from or shown
    if lifecycle.chroot_progress(world(), original, chroot).state != "succeeded":
        return []
    return [asdict(package) for package in world().builder.packages(original, chroot)]


def package(
    of_project: Project, shown: Package, *, latest: bool = False, succeeded: bool = False
) -> dict[str, Any]:
    """Return a package; ``builds`` has the newest builds only where they are asked for."""
    builds = [b for b in of_project.builds.values() if b.package_name == shown.name]
    good = (b for b in reversed(builds) if lifecycle.build_state(world(), b) == "succeeded")
    newest = builds[-1] if latest and builds else None
    newest_good = next(good, None) if succeeded else None
    return {
        "id": shown.id,
        "name": shown.name,
        "ownername": of_project.owner,
        "projectname": of_project.name,
        "source_type": shown.source_type,
        "source_dict": {SHOWN_AS.get(key, key): value for key, value in shown.source_dict.items()},
        "auto_rebuild": shown.webhook_rebuild,
        "builds": {
            "latest": build(newest) if newest else None,
            "latest_succeeded": build(newest_good) if newest_good else None,
        },
    }


def project_chroot(of_project: Project, shown: ProjectChroot) -> dict[str, Any]:
    """Return settings of a chroot; one that is disabled tells the days until its builds go."""
    return {
        "mock_chroot": shown.name,
        "ownername": of_project.owner,
        "projectname": of_project.name,
        "additional_repos": shown.additional_repos.split(),
        "additional_packages": shown.additional_packages.split(),
        "additional_modules": shown.additional_modules.replace(",", " ").split(),
        "with_opts": shown.with_opts.split(),
        "without_opts": shown.without_opts.split(),
        "isolation": shown.isolation,
        "comps_name": shown.comps_name,
        "delete_after_days": shown.days_left(world().now()),
    }
