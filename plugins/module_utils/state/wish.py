# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task wants of a project, held against what the project is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..nouns.names import ProjectName
from ..nouns.project import ATTRIBUTES, enabled_chroots, planned


@dataclass(frozen=True)
class Wish:
    """What a task wants of a project.

    Attributes:
        attributes: values by attribute name; null means the server's default, and what is not
            in here is left alone.
        chroots: names to enable, or None to leave the set alone.
        purge_chroots: disable the chroots that are not named.
        extra: fields of the API that this collection does not know, sent as they are.
        fork_of: the project to fork, if this one is to come about as a fork.
        fork_again: fork also into a project that exists.
    """

    attributes: Mapping[str, Any]
    chroots: Sequence[str] | None = None
    purge_chroots: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)
    fork_of: ProjectName | None = None
    fork_again: bool = False

    @property
    def wanted(self) -> dict[str, Any]:
        """The values wanted, in the form in which the server shows them."""
        return {key: ATTRIBUTES[key].wanted(value) for key, value in self.attributes.items()}

    @property
    def on_creation(self) -> dict[str, Any]:
        """The values to create a project with; null needs none, since it is the default."""
        given = {key for key, value in self.attributes.items() if value is not None}
        return {key: value for key, value in self.wanted.items() if key in given}

    def differences(self, shown: Mapping[str, Any]) -> dict[str, Any]:
        """Return the wanted values that are not there yet, of those that C(shown) tells of."""
        different = {}
        for key, wanted in self.wanted.items():
            attribute = ATTRIBUTES[key]
            # Null for what an edit can't set asks for nothing that could be done.
            moot = key not in shown or (attribute.fixed and self.attributes[key] is None)
            if not moot and not attribute.same(attribute.wanted(shown[key]), wanted):
                different[key] = wanted
        return different

    def extra_differences(self, shown: Mapping[str, Any]) -> dict[str, Any]:
        """Return the same for the fields that this collection does not know."""
        return {key: value for key, value in self.extra.items() if shown.get(key, value) != value}

    def blind(self, shown: Mapping[str, Any]) -> dict[str, Any]:
        """Return the wanted values that no answer of the server ever shows."""
        blind = {
            key: value for key, value in self.wanted.items() if ATTRIBUTES[key].seen == "nowhere"
        }
        blind.update({key: value for key, value in self.extra.items() if key not in shown})
        return blind

    def target_chroots(self, enabled: Sequence[str]) -> list[str]:
        """Return the chroots that are to be enabled where C(enabled) are now."""
        if self.chroots is None:
            return sorted(enabled)
        return sorted(set(self.chroots) if self.purge_chroots else {*enabled, *self.chroots})

    def unmanaged_chroots(self, enabled: Sequence[str]) -> list[str]:
        """Return the enabled chroots that a task with chroots does not name."""
        if self.chroots is None:
            return []
        return [chroot for chroot in enabled if chroot not in self.chroots]

    def predicted(self, name: ProjectName, project: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return the project as it would be with the wish fulfilled; None is one not there yet."""
        if project is None:
            return planned(name, self.wanted, self.target_chroots([]))
        shown = {key: value for key, value in self.wanted.items() if key in project}
        repos = project["chroot_repos"]
        chroots = self.target_chroots(enabled_chroots(project))
        return {**project, **shown, "chroot_repos": {each: repos.get(each) for each in chroots}}
