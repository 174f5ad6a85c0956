# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: report
short_description: Show Copr builds on an HTML page
version_added: 1.0.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Converts builds into a single HTML page with the newest build of each package and chroot, the
    causes of failures, and when each build ran. The playbook C(fedora.copr.report) uses it.
  - The page does not load any external resources. With scripts enabled, it can be filtered by
    package, chroot and state. Without scripts, it shows everything.
  - The same builds always result in the same page.
options:
  _input:
    description:
      - Builds with their chroots, as M(fedora.copr.copr_build_info) returns them with V(chroots)
        in O(fedora.copr.copr_build_info#module:gather), or as M(fedora.copr.copr_build) and
        M(fedora.copr.copr_build_wait) return them.
    type: list
    elements: dict
    required: true
  project:
    description:
      - The project that the builds belong to, as M(fedora.copr.copr_project_info) returns it. Its
        chroots get a column even if they have no builds.
    type: dict
  packages:
    description:
      - Packages of O(project) with their newest builds, as M(fedora.copr.copr_monitor_info) returns
        them. If omitted, packages and newest builds are determined from the builds.
    type: list
    elements: dict
  failures:
    description:
      - Details of failures, as in RV(fedora.copr.copr_build_wait#module:failures), or in the builds
        that M(fedora.copr.copr_build_info) returns with V(logs) in
        O(fedora.copr.copr_build_info#module:gather).
    type: list
    elements: dict
    default: []
  set:
    description:
      - The members of the set that the builds belong to, as in
        RV(fedora.copr.copr_build_set#module:members). The page then shows the dependencies of each
        build, and the builds that were not submitted.
    type: list
    elements: dict
    default: []
seealso:
  - module: fedora.copr.copr_build_info
  - module: fedora.copr.copr_build_set
  - module: fedora.copr.copr_build_wait
  - module: fedora.copr.copr_monitor_info
"""

EXAMPLES = r"""
- name: Wait for builds
  fedora.copr.copr_build_wait:
    build_ids: [4711, 4712]
  register: waited
  ignore_errors: true

- name: Write a page about the builds
  ansible.builtin.copy:
    content: "{{ waited.builds | fedora.copr.report(failures=waited.failures) }}"
    dest: builds.html
    mode: "0644"
"""

RETURN = r"""
_value:
  description: The HTML page.
  type: str
  sample: "<!DOCTYPE html>..."
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.connection import failing_as
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.report.page import page_of
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.report.report import report_of


def report(
    builds: Any, project: Any = None, packages: Any = None, failures: Any = (), set: Any = ()
) -> str:
    """Return an HTML page about builds. Raises AnsibleFilterError."""
    with failing_as(AnsibleFilterError):
        return page_of(
            report_of(builds, project=project, packages=packages, failures=failures, members=set)
        )


class FilterModule:
    """The class that Ansible looks for in a filter plugin."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters, by name."""
        return {"report": report}
