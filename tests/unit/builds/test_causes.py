# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Of logs in the shape of real ones, the line that says why is quoted."""

from __future__ import annotations

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.causes import find_cause
from hypothesis import given
from hypothesis import strategies as st

HEAD = """
Version: 1.6
PID: 10123
Running (timeout=18000): unbuffer mock --spec /var/lib/copr-rpmbuild/workspace/hello.spec
INFO: mock.py version 6.1 starting (python version = 3.13.1, NVR = mock-6.1-1.fc41)...
Start(bootstrap): chroot init
Finish(bootstrap): chroot init
Start: build phase for hello-1.0-1.fc43.src.rpm
Start: rpmbuild hello-1.0-1.fc43.src.rpm
Building target platforms: x86_64
Building for target x86_64
"""
SCRIPTS = """
Executing(%prep): /bin/sh -e /var/tmp/rpm-tmp.bAc4Xe
+ cd hello-1.0
+ RPM_EC=0
Executing(%build): /bin/sh -e /var/tmp/rpm-tmp.QkM1dU
+ ./configure --prefix=/usr
checking for error_at_line... no
configure: WARNING: no error: messages will be in English
"""
SCANNED = """
Finish: rpmbuild hello-1.0-1.fc43.src.rpm
Finish: build phase for hello-1.0-1.fc43.src.rpm
INFO: chroot_scan: 1 files copied to /var/lib/copr-rpmbuild/results/chroot_scan
INFO: /var/lib/mock/fedora-43-x86_64-1764000000.12345/root/var/log/dnf5.log
INFO: chroot_scan: creating tarball /var/lib/copr-rpmbuild/results/chroot_scan.tar.gz
/bin/tar: Removing leading `/' from member names
"""
FRAME = """
ERROR: Exception(/var/lib/copr-rpmbuild/results/hello-1.0-1.fc43.src.rpm) Config(fedora-43-x86_64) 0 minutes 27 seconds
INFO: Results and/or logs in: /var/lib/copr-rpmbuild/results
INFO: Cleaning up build root ('cleanup_on_failure=True')
Start: clean chroot
INFO: unmounting tmpfs.
Finish: clean chroot
ERROR: Command failed:{blank}
 # /usr/bin/systemd-nspawn -q -M 7f42214dce254a68bd3c004878a9097f -D /var/lib/mock/fedora-43/root -a -u mockbuild bash --login -c '/usr/bin/rpmbuild -bb --noclean --target x86_64'
""".format(blank=" ")  # noqa: E501
END = """

Copr build error: Build failed
"""


def bad(section: str) -> str:
    status = f"Bad exit status from /var/tmp/rpm-tmp.QkM1dU (%{section})"
    return f"\nerror: {status}\n\n\nRPM build errors:\n    {status}\n"


def quoted(log: str, length: int = 20) -> str:
    cause = find_cause([line for line in log.split("\n") if line.strip()], length)
    assert cause is not None
    assert len(cause.excerpt) <= length
    return cause.line


def in_script(printed: str, section: str = "build") -> str:
    start = f"Executing(%{section}): /bin/sh -e /var/tmp/rpm-tmp.QkM1dU\n"
    return HEAD + SCRIPTS + start + printed + bad(section) + SCANNED + FRAME + END


IN_SCRIPTS = {
    "compiler": (
        """
gcc -O2 -Werror=format-security   -c -o hello.o hello.c
hello.c: In function 'main':
hello.c:4:5: error: 'x' undeclared (first use in this function)
    4 |     x = 1;
hello.c:9:1: error: expected ';' before '}' token
cc1: all warnings being treated as errors
make[1]: *** [Makefile:7: hello.o] Error 1
make[1]: Leaving directory '/builddir/build/BUILD/hello-1.0'
make: *** [Makefile:3: all] Error 2
""",
        "hello.c:4:5: error: 'x' undeclared (first use in this function)",
    ),
    "missing header": (
        "src/a.c:1:10: fatal error: zlib.h: No such file or directory\ncompilation terminated.\n",
        "src/a.c:1:10: fatal error: zlib.h: No such file or directory",
    ),
    "linker": (
        "/usr/bin/ld: hello.o: in function `main':\n"
        "/builddir/build/BUILD/hello.c:5:(.text+0x9): undefined reference to `frobnicate'\n"
        "collect2: error: ld returned 1 exit status\n",
        "/builddir/build/BUILD/hello.c:5:(.text+0x9): undefined reference to `frobnicate'",
    ),
    "library": (
        "/usr/bin/ld: cannot find -lfoo: No such file or directory\n"
        "collect2: error: ld returned 1 exit status\n",
        "/usr/bin/ld: cannot find -lfoo: No such file or directory",
    ),
    "rust": (
        "   Compiling hello v1.0.0\nerror[E0425]: cannot find value `x` in this scope\n"
        " --> src/main.rs:2:5\nerror: could not compile `hello` (bin) due to 1 previous error\n",
        "error[E0425]: cannot find value `x` in this scope",
    ),
    "go": (
        "# example.org/hello\n./main.go:7:2: undefined: frobnicate\n",
        "./main.go:7:2: undefined: frobnicate",
    ),
    "cmake": (
        "-- Looking for error.h - found\nCMake Error at CMakeLists.txt:5 (find_package):\n"
        '  Could not find a package configuration file provided by "Foo"\n'
        "-- Configuring incomplete, errors occurred!\n",
        "CMake Error at CMakeLists.txt:5 (find_package): "
        'Could not find a package configuration file provided by "Foo"',
    ),
    "meson": (
        "Run-time dependency foo found: NO\n"
        '../meson.build:4:0: ERROR: Dependency "foo" not found\n',
        '../meson.build:4:0: ERROR: Dependency "foo" not found',
    ),
    "python": (
        "Traceback (most recent call last):\n"
        '  File "/builddir/build/BUILD/setup.py", line 1, in <module>\n'
        "    import wheel\nModuleNotFoundError: No module named 'wheel'\n",
        "ModuleNotFoundError: No module named 'wheel'",
    ),
    "command": (
        "+ frobnicate\n/var/tmp/rpm-tmp.QkM1dU: line 42: frobnicate: command not found\n",
        "/var/tmp/rpm-tmp.QkM1dU: line 42: frobnicate: command not found",
    ),
    "make": (
        "make: *** No rule to make target 'hello'.  Stop.\n",
        "make: *** No rule to make target 'hello'.  Stop.",
    ),
    "make without a word": (
        "./generate > table.c\nmake: *** [Makefile:3: table.c] Error 3\n",
        "make: *** [Makefile:3: table.c] Error 3",
    ),
    "silent": (
        "gcc -c hello.c\n+ exit 1\n",
        "error: Bad exit status from /var/tmp/rpm-tmp.QkM1dU (%build)",
    ),
    "other jobs go on": (
        "a.c:1:1: error: unknown type name 'foo'\n" + "gcc -Wall -c b.c\n" * 30
        + "make: *** [Makefile:3: a.o] Error 1\n",
        "a.c:1:1: error: unknown type name 'foo'",
    ),
    "an error that was no obstacle": (
        "probe.c:1:1: error: no such thing\n" + "gcc -Wall -c b.c\n" * 300
        + "b.c:3:1: error: expected declaration\n",
        "b.c:3:1: error: expected declaration",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", IN_SCRIPTS)
def test_a_script_that_fails(kind: str) -> None:
    printed, line = IN_SCRIPTS[kind]
    assert quoted(in_script(printed)) == line


@pytest.mark.parametrize(
    ("printed", "line"),
    [
        ("1 out of 2 hunks FAILED -- saving rejects to file a.c.rej\n", "1 out of 2 hunks FAILED"),
        ("patching file a.c\nHunk #1 FAILED at 3.\n1 out of 1 hunk FAILED\n", "Hunk #1 FAILED at"),
        ("error: patch failed: a.c:3\nerror: a.c: patch does not apply\n", "error: patch failed"),
        ("can't find file to patch at input line 4\n", "can't find file to patch"),
        (
            "error: can't unpack\ntar: This does not look like a tar archive\n",
            "error: can't unpack",
        ),
    ],
)
def test_a_source_that_can_not_be_prepared(printed: str, line: str) -> None:
    assert quoted(in_script(printed, "prep")).startswith(line)


@pytest.mark.parametrize(
    ("printed", "line"),
    [
        (
            "E       assert 2 == 3\ntests/test_a.py:2: AssertionError\n"
            "FAILED tests/test_a.py::test_a - assert 2 == 3\n",
            "E       assert 2 == 3",
        ),
        ("PASS: one\nFAIL: two\n# TOTAL: 2\n# FAIL:  1\n", "FAIL: two"),
        ("1/2 Test #1: a ...   Passed\n2/2 Test #2: b ...***Failed  0.1 sec\n", "2/2 Test #2: b"),
        ("--- FAIL: TestSum (0.00s)\n    a_test.go:3: 2 is not 3\nFAIL\n", "--- FAIL: TestSum"),
        ("test sum ... FAILED\nthread 'sum' panicked at src/lib.rs:4:5:\n", "test sum ... FAILED"),
        ("ok 1 - one\nnot ok 2 - two\n", "not ok 2 - two"),
        ("FAIL: test_a (T)\nTraceback (most recent call last):\nAssertionError\n", "FAIL: test_a"),
    ],
)
def test_tests_that_fail(printed: str, line: str) -> None:
    assert quoted(in_script(printed, "check")).startswith(line)


def test_what_rpmbuild_complains_of_comes_with_the_first_of_its_list() -> None:
    files = "found:\n   /usr/bin/forgotten\n   /usr/share/doc/forgotten\n"
    complaint = f"error: Installed (but unpackaged) file(s) {files}"
    again = f"\nRPM build errors:\n    Installed (but unpackaged) file(s) {files}"
    log = HEAD + SCRIPTS + complaint + again + SCANNED + FRAME + END
    assert quoted(log) == "error: Installed (but unpackaged) file(s) found: /usr/bin/forgotten"


@pytest.mark.parametrize(
    "line",
    [
        "error: line 12: Unknown tag: Requries: python3",
        "error: File not found: /builddir/build/BUILDROOT/usr/bin/hello",
        "error: Bad source: /builddir/build/SOURCES/hello-1.0.tar.gz: No such file or directory",
        "error: Missing build-id in /builddir/build/BUILD/BUILDROOT/usr/bin/hello",
    ],
)
def test_a_mistake_in_the_spec(line: str) -> None:
    indented = f"    {line.removeprefix('error: ')}\n"
    log = HEAD + line + "\n\nRPM build errors:\n" + indented + SCANNED + FRAME + END
    assert quoted(log) == line


DNF4 = """
No matches found for the following disable plugin patterns: local, spacewalk, versionlock
fedora                                          299 kB/s |  26 kB     00:00
No matching package to install: 'python3-specfile >= 0.21.0'
No matching package to install: 'zlib-ng-devel'
Not all dependencies satisfied
Error: Some packages could not be found.
"""
DNF5 = """
Updating and loading repositories:
Repositories loaded.
Package "bzip2-1.0.8-19.fc41.x86_64" is already installed.
Failed to resolve the transaction:
No match for argument: foo-devel >= 2
You can try to add to command line:
  --skip-unavailable to skip unavailable packages
"""
CONFLICT = """
Failed to resolve the transaction:
Problem: conflicting requests
  - nothing provides libbar.so.2()(64bit) needed by foo-1.0-1.fc43.x86_64 from copr_base
"""


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (DNF4, "No matching package to install: 'python3-specfile >= 0.21.0'"),
        (DNF5, "No match for argument: foo-devel >= 2"),
        (CONFLICT, "- nothing provides libbar.so.2()(64bit) needed by foo-1.0-1.fc43.x86_64"),
    ],
    ids=["dnf 4", "dnf 5", "conflict"],
)
@pytest.mark.parametrize("before", [True, False], ids=["printed as it ran", "only in the frame"])
def test_a_build_requirement_that_is_missing(said: str, line: str, *, before: bool) -> None:
    log = HEAD + (said if before else "") + FRAME + said + END
    assert quoted(log).startswith(line)


def test_a_warning_of_dnf_is_not_why_a_later_script_failed() -> None:
    log = HEAD + DNF5 + in_script("hello.c:4:5: error: no\n")
    assert quoted(log) == "hello.c:4:5: error: no"


def test_a_build_that_took_too_long() -> None:
    log = HEAD + SCRIPTS + "gcc -c a.c\n !! Copr timeout => sending INT\n" + END
    assert quoted(log) == "!! Copr timeout => sending INT"


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("error: Bad source: /r/a.tar.gz: No such file or directory", "error: Bad source: "),
        ("Cloning into 'hello'...\nfatal: repository 'https://x/' not found", "fatal: repository"),
        ('Requets get status "404" for "https://x/a.src.rpm"', 'Requets get status "404"'),
    ],
)
def test_a_source_that_copr_can_not_make(said: str, line: str) -> None:
    log = f"{HEAD}stdout:\n\nstderr: {said}\n\nCopr build error: {said}\n"
    assert quoted(log).startswith(line)


def test_a_custom_script_that_fails() -> None:
    log = HEAD + "+ cd /workdir\n+ /script\ncurl: (22) The requested URL returned error: 404\n"
    log += FRAME + "\nTraceback (most recent call last):\n"
    log += '  File "/usr/bin/copr-sources-custom", line 175, in <module>\n    run_cmd(mock)\n'
    log += (
        "subprocess.CalledProcessError: Command '['mock', '-r']' returned non-zero exit status 1."
    )
    assert quoted(log + END) == "curl: (22) The requested URL returned error: 404"


def test_a_log_of_nothing_but_the_frame_says_nothing() -> None:
    assert find_cause([line for line in (SCANNED + FRAME + END).split("\n") if line], 20) is None
    assert find_cause([], 20) is None


def test_the_excerpt_holds_the_lines_around_the_cause_as_they_are() -> None:
    log = in_script("one\ntwo\n    hello.c:4:5: error: no\nthree\n")
    cause = find_cause([line for line in log.split("\n") if line.strip()], 4)
    assert cause is not None
    assert cause.excerpt[1:] == ["one", "two", "    hello.c:4:5: error: no"]


@given(st.lists(st.text(alphabet="ab:*%() errorFAIL\t", min_size=1, max_size=30), max_size=30))
def test_any_log_can_be_looked_at(lines: list[str]) -> None:
    cause = find_cause([line for line in lines if line.strip()], 5)
    assert cause is None or (cause.line == cause.line.strip() and len(cause.excerpt) <= 5)
