# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in builder: what a build will come to, read from its source.

A spec whose %prep, %build or %install has a line ``exit N`` (N > 0) or ``false`` fails, inside
``%if 0%{?rhel}`` or ``%if 0%{?fedora}`` only in the chroots of that family; a custom script that
ends with such a line fails at the source, and so does an upload that is no source. These hold on a
real server too. The simulator's own: a part of a URL or a name that starts with ``fails-source``
or ``fails`` makes the source or the RPM builds fail (``fails-WORD`` for one of the reasons that the
module logs knows), and a part ``slow`` makes the build slow, as a line ``sleep N`` in a spec does.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import rpm_rs

from . import logs
from .world import Plan

SECTION = re.compile(
    r"%(prep|build|install|check|clean|files|description|package|changelog|generate_buildrequires"
    r"|pre|post|preun|postun|pretrans|posttrans)\b.*"
)
BUILD_SECTIONS = frozenset({"prep", "build", "check", "install"})
UNKNOWN = "unknown"
"""In place of a family: a condition the simulator does not understand."""
FAILING = re.compile(r"(exit\s+0*[1-9]\d*|false)\s*(#.*)?")
MACRO = re.compile(r"%\{\?dist\}")
TAG = re.compile(r"(?im)^(Name|Epoch|Version|Release)\s*:\s*(.+?)\s*$")
ARCHES = re.compile(r"(?im)^(ExclusiveArch|ExcludeArch)\s*:\s*(.+?)\s*$")
NVR = re.compile(r"(.+)-([^-]+)-([^-]+)")
SLEEP = re.compile(r"(?m)^\s*sleep\s+\d")
SLOW = re.compile(r"(^|[-_.])slow([-_.]|$)")
LARGEST_UNPACKED = 64 * 2**20
SOURCE_ENDING = re.compile(r"\.(no)?src\.rpm$|\.spec$", re.IGNORECASE)


def plan_of_file(path: Path, file_name: str) -> Plan:
    """Plan for an uploaded source RPM or spec file; it is truly read."""
    if file_name.lower().endswith(".spec"):
        return plan_of_spec(path.read_text(encoding="utf-8", errors="replace"), file_name)
    try:
        metadata = rpm_rs.PackageMetadata.open(str(path))
    except (OSError, ValueError, RuntimeError):
        return _failed_source(file_name, f"error: {file_name}: not an rpm package")
    spec = _spec_in(path)
    plan = Plan(metadata.name, metadata.version, metadata.release, _epoch_of(metadata))
    return _with_spec(plan, spec, file_name)


def _epoch_of(metadata: Any) -> int:
    """Return the epoch of a package; rpm-rs raises where there is none."""
    try:
        return metadata.epoch or 0
    except RuntimeError:
        return 0


def plan_of_spec(spec: str, file_name: str) -> Plan:
    """Plan for a spec file: Name, Version and Release are needed."""
    tags = {name.lower(): MACRO.sub("", value) for name, value in TAG.findall(spec)}
    missing = [name for name in ("name", "version", "release") if not tags.get(name)]
    if missing:
        return _failed_source(file_name, f"error: {missing[0].title()} field must be present")
    plan = Plan(tags["name"], tags["version"], tags["release"], int(tags.get("epoch") or 0))
    return _with_spec(plan, spec, file_name)


def _with_spec(plan: Plan, spec: str, file_name: str) -> Plan:
    """Let a plan follow what its spec says."""
    slow = _is_slow([file_name], spec)
    arches = {tag.lower(): frozenset(names.split()) for tag, names in ARCHES.findall(spec)}
    return replace(
        plan,
        spec=spec,
        failing=failures_of_spec(spec),
        slow=slow,
        exclusive_arches=arches.get("exclusivearch", frozenset()),
        excluded_arches=arches.get("excludearch", frozenset()),
    )


def plan_of_source(source_type: str, source: dict[str, Any], package_name: str | None) -> Plan:
    """Any other source: its name and version are taken from the description of the source."""
    plan = _PLANS[source_type](source)
    if package_name:
        plan = replace(plan, name=package_name)
    words = _words(source)
    failing = dict(plan.failing)
    source_failure = plan.source_failure
    fails = next((word for word in words if word.startswith("fails")), None)
    if any(word.startswith("fails-source") for word in words):
        source_failure = source_failure or logs.copr_failure("error: the source can't be fetched")
    elif fails:
        reason = fails.removeprefix("fails-").partition("-")[0]
        failing[""] = logs.FAILURES.get(reason, logs.FAILURES["compiler"])
    return replace(plan, source_failure=source_failure, failing=failing, slow=_is_slow(words, ""))


def failures_of_spec(spec: str) -> dict[str, str]:
    """Families of chroots ("" is all) in which a spec fails, with the reason."""
    failing: dict[str, str] = {}
    section = ""
    conditions: list[str] = []
    for line in map(str.strip, spec.splitlines()):
        started = SECTION.fullmatch(line)
        if line.startswith(("%if", "%else", "%endif")):
            _follow_condition(conditions, line)
        elif started:
            section = started[1]
        elif section in BUILD_SECTIONS and FAILING.fullmatch(line) and UNKNOWN not in conditions:
            family = conditions[-1] if conditions else ""
            failing[family] = logs.script_failure(section, f"+ {line}")
    return failing


def _follow_condition(conditions: list[str], line: str) -> None:
    """Note the family of chroots in which the lines that follow hold."""
    if line.startswith("%if"):
        asked = re.match(r"%if\s+0%\{\?(rhel|fedora)\}", line)
        conditions.append(asked[1] if asked else UNKNOWN)
    elif conditions:
        family = conditions.pop()
        if line.startswith("%else"):
            conditions.append({"rhel": "fedora", "fedora": "rhel"}.get(family, UNKNOWN))


def _is_slow(names: list[str], spec: str) -> bool:
    return bool(SLEEP.search(spec)) or any(SLOW.search(name) for name in names)


def _spec_in(path: Path) -> str:
    """Return the text of the spec file in a source RPM; very large ones are not unpacked."""
    if path.stat().st_size > LARGEST_UNPACKED:
        return ""
    try:
        for entry in rpm_rs.Package.open(str(path)).files():
            if str(entry.metadata.path).endswith(".spec"):
                return bytes(entry.content).decode("utf-8", errors="replace")
    except (OSError, ValueError, RuntimeError):
        return ""
    return ""


def _failed_source(file_name: str, reason: str) -> Plan:
    return replace(_plan_of_name(file_name), source_failure=logs.copr_failure(reason))


def _plan_of_name(file_name: str) -> Plan:
    """Name, version and release out of a file name."""
    bare = SOURCE_ENDING.sub("", file_name)
    parts = NVR.fullmatch(bare)
    return Plan(parts[1], parts[2], parts[3]) if parts else Plan(bare, "1.0", "1")


def _plan_of_link(source: dict[str, Any]) -> Plan:
    return _plan_of_name(unquote(urlsplit(source["url"]).path.rpartition("/")[2]))


def _plan_of_clone(source: dict[str, Any]) -> Plan:
    last = urlsplit(source["clone_url"]).path.rstrip("/").rpartition("/")[2]
    spec = (source.get("spec") or "").rpartition("/")[2]
    return Plan(spec.removesuffix(".spec") or last.removesuffix(".git") or "unnamed", "1.0", "1")


def _plan_of_distgit(source: dict[str, Any]) -> Plan:
    return Plan(source["clone_url"].rpartition("/")[2] or "unnamed", "1.0", "1")


def _plan_of_pypi(source: dict[str, Any]) -> Plan:
    version = source.get("pypi_package_version") or "1.0"
    return Plan(f"python-{source['pypi_package_name']}", version, "1")


def _plan_of_gem(source: dict[str, Any]) -> Plan:
    return Plan(f"rubygem-{source['gem_name']}", "1.0", "1")


def _plan_of_script(source: dict[str, Any]) -> Plan:
    lines = [line.strip() for line in source["script"].splitlines()]
    commands = [line for line in lines if line and not line.startswith("#")]
    named = re.search(r"(?m)^\s*Name:\s*([-+\w.]+)", source["script"])
    plan = Plan(named[1] if named else "custom-package", "1.0", "1")
    if commands and FAILING.fullmatch(commands[-1]):
        return replace(plan, source_failure=logs.script_log(commands[-1]))
    return plan


_PLANS = {
    "link": _plan_of_link,
    "scm": _plan_of_clone,
    "distgit": _plan_of_distgit,
    "pypi": _plan_of_pypi,
    "rubygems": _plan_of_gem,
    "custom": _plan_of_script,
}


def _words(source: dict[str, Any]) -> list[str]:
    """Parts of the URL or the name of a source."""
    named = (source.get(key) for key in ("url", "clone_url", "pypi_package_name", "gem_name"))
    return [word for name in named if name for word in re.split(r"[/?&=]", name) if word]
