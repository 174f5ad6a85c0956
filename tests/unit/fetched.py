# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of builds, fetched by tests of copr_results."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from unit.lab import Lab, Options

URL = "https://example.org/{}-1.0-1.src.rpm"
EVERYTHING = ["rpms", "srpm", "logs", "spec"]
RPM = "hello-1.0-1.x86_64.rpm"


def built(lab: Lab, name: str, **options: Any) -> int:
    """Have something built from an address, and return the number of the build."""
    result = lab.build(url=[URL.format(name)], wait=False, **options)
    lab.finish()
    lab.forget()
    return int(result["builds"][0]["id"])


def fetch(lab: Lab, *builds: int, **options: Any) -> Options:
    """Run copr_results, and return its result."""
    return lab.do("copr_results", **{"build_ids": list(builds), "dest": str(dest(lab)), **options})


def refused(lab: Lab, *builds: int, **options: Any) -> Any:
    """Run copr_results, which must fail, and return the error."""
    options = {"build_ids": list(builds), "dest": str(dest(lab)), **options}
    return lab.fail("copr_results", **options)


def dest(lab: Lab) -> Path:
    """Return the folder that files are fetched into."""
    return lab.tmp_path / "results"


def tree(lab: Lab) -> list[str]:
    """Return the files below the folder."""
    return sorted(
        str(path.relative_to(dest(lab))) for path in dest(lab).rglob("*") if not path.is_dir()
    )


def downloads(lab: Lab, name: str) -> int:
    return sum(call.endswith(name) for call in lab.calls)
