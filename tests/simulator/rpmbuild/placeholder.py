# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Placeholders for sources that can't be fetched without a network."""

from __future__ import annotations

from ..world import Plan

SPEC = """\
Name:           {name}
Version:        {version}
Release:        {release}%{{?dist}}
Summary:        Placeholder for a package that was not fetched
License:        MIT
BuildArch:      noarch
{subpackage}
%description
The Copr simulator has no network to fetch the source of this package, and built a placeholder.

%build
{command}

%install
mkdir -p %{{buildroot}}%{{_datadir}}/{name}
echo "{name} {version}" > %{{buildroot}}%{{_datadir}}/{name}/placeholder

%files {of_subpackage}
%{{_datadir}}/{name}
"""
SUBPACKAGE = """
%package -n {0}
Summary: %{{summary}}

%description -n {0}
%{{description}}
"""
SLOW = "sleep 10"


def spec_of(plan: Plan, source_type: str) -> str:
    """Return a spec with the name, version and outcome of a plan."""
    binary = plan.name.replace("python-", "python3-", 1) if source_type == "pypi" else plan.name
    is_sub = binary != plan.name
    return SPEC.format(
        name=plan.name,
        version=plan.version,
        release=plan.release,
        subpackage=SUBPACKAGE.format(binary) if is_sub else "",
        of_subpackage=f"-n {binary}" if is_sub else "",
        command=_command(plan),
    )


def _command(plan: Plan) -> str:
    """Return the script of %build, which fails or takes long if the plan does."""
    failure = plan.failing.get("")
    if failure is not None:
        return f"cat >&2 <<'EOF'\n{_printed(failure)}\nEOF\nexit 1"
    return SLOW if plan.slow else ":"


def _printed(failure: str) -> str:
    """Return the output of a failing script, without what rpmbuild adds itself."""
    lines = failure.splitlines()
    ends = [number for number, line in enumerate(lines) if line.startswith("error: Bad exit")]
    return "\n".join(lines[: ends[0]] if ends else lines).replace("%", "%%")
