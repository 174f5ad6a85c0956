# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which line of a log shows why a build failed.

A log does not end with the error. rpmbuild's summary follows it, then about 15 lines of mock and
copr-rpmbuild (the frame), the last of which is "Copr build error: Build failed" whatever failed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

# Errors at most this many lines apart belong to one failure. The first one is the cause, the others
# follow from it.
APART = 40

# Lines that mock and copr-rpmbuild write around the actual work, even if it succeeds.
_FRAME = re.compile(
    r"(DEBUG|INFO|WARNING): |(Start|Finish)(\(bootstrap\))?: |ERROR: (Exception\(|Command failed)"
    r"|EXCEPTION: |Child return code was: |# /usr/|Running( \(timeout=.*\))?: "
    r"|/var/lib/mock/\S+/root/var/log/|(/\S+/)?tar: (Removing leading|Exiting with|configs: )"
    r"|Can not remove the '.*copr-builder-cleanup|Shared connection to .* closed"
    r"|RPM build (errors|warnings):$|Copr build error: (Build|Mock build) failed$"
)
_TIMEOUT = re.compile(r"!! Copr timeout => sending ")
# copr-rpmbuild builds sources itself, and puts this in front of the output of a command.
_OF_COPR = re.compile(r"Copr build error: |(?=Network error: )")
_SCRIPT_STARTS = re.compile(r"Executing\((%\w+)\): ")
_SCRIPT_FAILED = re.compile(r"error: Bad exit status from \S+ \((%\w+)\)")
# rpmbuild itself: a mistake in the spec, files that are missing or not packaged.
_RPMBUILD = re.compile(r"error: (?!Bad exit status)")
# dnf: a package that does not exist, or a repository that can't be read.
_DEPENDENCY = re.compile(
    r"No matching package to install: |No match for argument: |(- )?nothing provides "
    r"|- package .* requires .*, but none of the providers can be installed"
    r"|Error: Unable to find a match|(Error: )?Failed to download |Errors during downloading "
    r"|Cannot download "
)
# Errors of compilers, linkers, build systems, test runners and patch.
_ERROR = re.compile(
    r"(^|[\s:(])(fatal |internal compiler )?(ERROR|[Ee]rror)(\[\w+\]| [A-Z]+\d+)?: "
    r"|^(ERROR|FAIL|FATAL|fatal|\[ERROR\]|npm ERR!|npm error)[: ]|CMake Error|^E\s{2,}\S"
    r"|undefined reference to |cannot find -l|: undefined: |multiple definition of "
    r"|: (command not found|No such file or directory|Permission denied|not found)$"
    r"|^([\w.]+\.)?[A-Z]\w*(Error|Exception)(: |$)|\bpanicked at "
    r"|\bhunks? FAILED|^Hunk #\d+ FAILED|can't find file to patch|malformed patch"
    r"|^FAILED \S|\*\*\*(Failed|Exception|Timeout|Not Run)|\(Failed\)$|\.\.\. FAILED$"
    r"|^--- FAIL: |^not ok \d|Failed test|^#\s+Failed |BUILD FAILED|FAILURE: "
    r"|\*\*\* (?!\[)|No space left on device|Cannot allocate memory|^Killed$"
)
# Lines that follow from an earlier error.
_CONSEQUENCE = re.compile(
    r"error: Bad exit status from |make.*: \*\*\* \[|ninja: build stopped|collect2: error: "
    r"|(error: could not compile|error: aborting due to)|.*\(ignored\)$"
)
_MAKE = re.compile(r"make.*: \*\*\* \[.*\] Error ")
# A custom script is run by mock, and mock by copr-rpmbuild.
_MOCK_FAILED = re.compile(r"subprocess\.CalledProcessError: Command '\['mock', ")


@dataclass(frozen=True)
class Cause:
    """Why a build failed.

    Attributes:
        line: the line of the log that shows it, without blanks around it.
        excerpt: some lines of the log around it.
    """

    line: str
    excerpt: list[str]


def find_cause(lines: Sequence[str], length: int) -> Cause | None:
    """Return why a build failed, from its log without blank lines; None if the log is empty.

    C(length) is the maximum number of lines of the excerpt.
    """
    words = [line.strip() for line in lines]
    place = _place(words)
    if place is None:
        return None
    line = _OF_COPR.sub("", words[place], count=1)
    # rpmbuild lists the details below the error.
    if line.endswith(":") and place + 1 < len(words) and not _FRAME.match(words[place + 1]):
        line = f"{line} {words[place + 1]}"
    # The lines before it show how it happened; after it comes little but the frame.
    start = max(0, place - length * 3 // 4)
    return Cause(line, list(lines[start : start + length]))


def _place(words: Sequence[str]) -> int | None:
    """Return the number of the line with the cause."""
    own = _without_frame(words)
    timeout = _first_of_last(words, own, _TIMEOUT.match)
    if timeout is not None:
        return timeout
    in_script = _in_script(words, own)
    failures = (
        _first_of_last(words, own, _RPMBUILD.match) if in_script is None else in_script,
        _first_of_last(words, own, _DEPENDENCY.match),
        _of_copr(words, own),
    )
    # The step that failed is the last one.
    places = [place for place in failures if place is not None]
    if places:
        return max(places)
    error = _first_of_last(words, own, _is_error)
    if error is None and own:
        return own[-1]
    return error


def _without_frame(words: Sequence[str]) -> list[int]:
    """Return the numbers of the lines that are not part of the frame."""
    own: list[int] = []
    for number, word in enumerate(words):
        if _MOCK_FAILED.match(word):
            # The end of a traceback of copr-rpmbuild itself.
            tracebacks = [each for each in own if words[each].startswith("Traceback (most recent")]
            own = [each for each in own if not tracebacks or each < tracebacks[-1]]
        elif not _FRAME.match(word):
            own.append(number)
    return own


def _first_of_last(
    words: Sequence[str], numbers: Sequence[int], fits: Callable[[str], object]
) -> int | None:
    """Return the number of the first line in the last group of matching lines."""
    found = [number for number in numbers if fits(words[number])]
    for earlier, later in zip(reversed(found[:-1]), reversed(found)):
        if later - earlier > APART:
            return later
    return found[0] if found else None


def _is_error(word: str) -> bool:
    return bool(_ERROR.search(word)) and not _CONSEQUENCE.match(word)


def _in_script(words: Sequence[str], own: Sequence[int]) -> int | None:
    """Return the cause if a script of the spec failed: the first error in its output."""
    end = _first_of_last(words, own, _SCRIPT_FAILED.match)
    if end is None:
        return None
    starts = [number for number in own if number < end and _SCRIPT_STARTS.match(words[number])]
    printed = [number for number in own if (starts[-1] if starts else -1) < number < end]
    for fits in (_is_error, _MAKE.match):
        place = _first_of_last(words, printed, fits)
        if place is not None:
            return place
    return end


def _of_copr(words: Sequence[str], own: Sequence[int]) -> int | None:
    """Return the cause if copr-rpmbuild itself failed, or a command that it runs."""
    start = _first_of_last(words, own, _OF_COPR.match)
    if start is None:
        return None
    said = [number for number in own if number >= start]
    errors = [number for number in said if _is_error(_OF_COPR.sub("", words[number], count=1))]
    return errors[0] if errors else start
