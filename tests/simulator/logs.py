# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs in the shape that copr-rpmbuild and mock give them, and what is in them if a build fails.

The error is not at the end: the summary of rpmbuild, the clean-up of mock and the last words of
copr-rpmbuild follow it.
"""

from __future__ import annotations

RESULTS = "/var/lib/copr-rpmbuild/results"
COMMAND = (
    " # /usr/bin/systemd-nspawn -q -M 0123456789abcdef -D /var/lib/mock/{where}-1700000000.1/root"
    " -a --capability=cap_ipc_lock --bind=/tmp/mock-resolv.sim:/etc/resolv.conf --console=pipe"
    " --setenv=TERM=vt100 --setenv=HOME=/builddir '--setenv=PS1=<mock-chroot> \\s-\\v\\$ '"
    " --resolv-conf=off {command}"
)
UNPACKED = 12
"""Packages that a log says were installed."""


def script_failure(section: str, *printed: str) -> str:
    """Return what a log has of a script of the spec that failed, after what it printed."""
    bad = f"Bad exit status from /var/tmp/rpm-tmp.sim (%{section})"
    return "\n".join([*printed, f"error: {bad}", "RPM build errors:", f"    {bad}"])


FAILURES = {
    "compiler": script_failure(
        "build",
        "gcc -O2 -Werror=format-security -c main.c -o main.o",
        "main.c: In function 'main':",
        "main.c:7:12: error: 'answer' undeclared (first use in this function)",
        "    7 |     return answer;",
        "      |            ^~~~~~",
        "gcc -O2 -Werror=format-security -c other.c -o other.o",
        "make: *** [Makefile:12: main.o] Error 1",
    ),
    "buildrequires": "\n".join(
        [
            "Updating and loading repositories:",
            "Repositories loaded.",
            "Failed to resolve the transaction:",
            "No match for argument: no-such-library-devel",
            "You can try to add to command line:",
            "  --skip-unavailable to skip unavailable packages",
        ]
    ),
    "patch": script_failure(
        "prep",
        "+ /usr/bin/patch -p1 -s --fuzz=0 --no-backup-if-mismatch -f",
        "1 out of 1 hunk FAILED -- saving rejects to file src/main.c.rej",
    ),
    "unpackaged": "\n".join(
        [
            "Checking for unpackaged file(s): /usr/lib/rpm/check-files /builddir/build/BUILDROOT",
            "error: Installed (but unpackaged) file(s) found:",
            "   /usr/bin/forgotten",
            "RPM build errors:",
            "    Installed (but unpackaged) file(s) found:",
            "   /usr/bin/forgotten",
        ]
    ),
    "check": script_failure(
        "check",
        "tests/test_sum.py F                                                      [100%]",
        "=================================== FAILURES ===================================",
        "___________________________________ test_sum ___________________________________",
        "    def test_sum():",
        ">       assert 1 + 1 == 3",
        "E       assert 2 == 3",
        "tests/test_sum.py:2: AssertionError",
        "=========================== short test summary info ============================",
        "FAILED tests/test_sum.py::test_sum - assert 2 == 3",
        "============================== 1 failed in 0.02s ===============================",
    ),
    "spec": "\n".join(
        [
            "error: line 9: Unknown tag: Requries: python3",
            "Building target platforms: x86_64",
            "Building for target x86_64",
        ]
    ),
}
"""What a log says of the failures that can be asked for by a word of a URL, C(fails-WORD)."""
BEFORE_RPMBUILD = ("buildrequires", "spec")
"""Failures that end a build before any script of its spec is run."""


def log_of_chroot(where: str, build_id: int, nevr: str, failure: str | None) -> str:
    """Return the log of a build in a chroot; C(failure) is what it says of its end."""
    source = f"{nevr}.src.rpm"
    lines = head(f"get-build-task/{build_id}-{where}")
    lines += ["Start: chroot init", "Start: installing minimal buildroot with dnf5"]
    lines += [
        f"[{number:2}/{UNPACKED}] Installing library-{number:02}-0:1.0-1 100%"
        for number in range(1, UNPACKED + 1)
    ]
    lines += ["Finish: installing minimal buildroot with dnf5", "Finish: chroot init"]
    lines += [f"Start: build phase for {source}", f"Start: build setup for {source}"]
    early = [FAILURES[kind] for kind in BEFORE_RPMBUILD]
    if failure in early:
        lines += [failure, f"Finish: build setup for {source}"]
    else:
        lines += [f"Finish: build setup for {source}", f"Start: rpmbuild {source}"]
        lines += _scripts(failure)
        lines += [failure or f"Wrote: /builddir/build/RPMS/{nevr}.rpm"]
        lines += [f"Finish: rpmbuild {source}"]
    lines.append(f"Finish: build phase for {source}")
    if failure is None:
        lines += [
            f"INFO: Done({RESULTS}/{source}) Config(child) 0 minutes 27 seconds",
            f"INFO: Results and/or logs in: {RESULTS}",
            "INFO: Cleaning up build root ('cleanup_on_success=True')",
            "Start: clean chroot",
            "Finish: clean chroot",
            "Finish: run",
        ]
    else:
        command = "bash --login -c '/usr/bin/rpmbuild -bb --noclean --target x86_64 --nodeps'"
        if failure == FAILURES["buildrequires"]:
            command = f"/usr/bin/dnf5 builddep --installroot /var/lib/mock/root {source}"
        said = failure if failure in early else ""
        lines += frame(where, f"{RESULTS}/{source}", command, said)
    return "\n".join(lines) + "\n"


def log_of_source(build_id: int, failure: str | None) -> str:
    """Return the log of a source build."""
    lines = head(f"get-srpm-build-task/{build_id}")
    lines += ["Running: rpm -qp --qf '%{NAME}' package.src.rpm", "", "rc: 0"]
    lines.append(failure or "Output: ['package.src.rpm', 'package.spec', 'success']")
    return "\n".join(lines) + "\n"


def copr_failure(said: str) -> str:
    """Return what the log of a source says of a command that copr-rpmbuild ran in vain."""
    return f"stderr: {said}\n\nCopr build error: {said}"


def script_log(last_command: str) -> str:
    """Return what the log of a custom source says whose script ends with a command that fails."""
    return "\n".join(
        [
            "Start: chroot ['set -xe ; cd /workdir ; COPR_RESULTDIR=/workdir /script']",
            "+ cd /workdir",
            "+ COPR_RESULTDIR=/workdir",
            "+ /script",
            f"the script ended with: {last_command}",
            *frame("source", "source", "bash --login -c 'set -xe; /script'", "", scan=False)[:-1],
            "Traceback (most recent call last):",
            '  File "/usr/bin/copr-sources-custom", line 175, in <module>',
            "    run_cmd(mock + ['--unpriv', '--chroot', cmd])",
            "subprocess.CalledProcessError: Command '['mock', '-r', 'mock-config.cfg', '--unpriv',"
            " '--chroot', 'set -xe ; cd /workdir ; /script']' returned non-zero exit status 1.",
            "Copr build error: Build failed",
        ]
    )


def head(task: str) -> list[str]:
    """Return the first lines of a log."""
    return [
        "You can reproduce this build on your computer by running:",
        "  sudo dnf install copr-rpmbuild",
        f"  /usr/bin/copr-rpmbuild --verbose --task-url https://copr.example.org/backend/{task}",
        "Version: 1.6",
        "PID: 4242",
        "Task:",
        "{'background': False, 'repos': [], 'timeout': 18000}",
    ]


def _scripts(failure: str | None) -> list[str]:
    """Return what the scripts of a spec print up to the one that fails."""
    lines: list[str] = []
    for section in ("prep", "build", "install", "check"):
        lines.append(f"Executing(%{section}): /bin/sh -e /var/tmp/rpm-tmp.sim")
        if failure and f"(%{section})" in failure:
            break
        if section == "build":
            lines += [f"gcc -O2 -g -c part{n}.c -o part{n}.o" for n in range(1, 13)]
        lines.append("+ RPM_EC=0")
    return lines


def frame(where: str, what: str, command: str, said: str, *, scan: bool = True) -> list[str]:
    """Return the last lines of a build that failed."""
    logs = f"/var/lib/mock/{where}-1700000000.1/root/var/log"
    scanned = [
        f"INFO: chroot_scan: 2 files copied to {RESULTS}/chroot_scan",
        f"INFO: {logs}/dnf5.log",
        f"{logs}/hawkey.log",
        f"INFO: chroot_scan: creating tarball {RESULTS}/chroot_scan.tar.gz",
        "/usr/bin/tar: Removing leading `/' from member names",
    ]
    return [
        *(scanned if scan else []),
        f"ERROR: Exception({what}) Config({where}) 0 minutes 27 seconds",
        f"INFO: Results and/or logs in: {RESULTS}",
        "INFO: Cleaning up build root ('cleanup_on_failure=True')",
        "Start: clean chroot",
        "INFO: unmounting tmpfs.",
        "Finish: clean chroot",
        "ERROR: Command failed: ",
        COMMAND.format(where=where, command=command),
        *([said] if said else []),
        "",
        "Copr build error: Build failed",
    ]
