# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replacing a file of this host so that as little as possible can fail at the end.

When the new text is known, the old one is already invalid, so whatever can fail must fail before.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from typing import Callable

from .errors import CoprError


def check_replaceable(path: str) -> None:
    """Raise CoprError (local_file) if a file can't be replaced, as far as a check can find out."""
    target = _target(path)
    folder = os.path.dirname(target)
    if not os.access(target, os.W_OK):
        raise _irreplaceable(path, "it can't be written")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _irreplaceable(path, f"no file can be created beside it, in {folder}")
    if os.geteuid() not in (0, os.stat(target).st_uid):
        raise _irreplaceable(path, "it belongs to another user")


@contextlib.contextmanager
def replacing(path: str, draft: str) -> Iterator[Callable[[str], None]]:
    """Prepare the replacement of a file; yield the function that replaces it with a new text.

    C(draft) is a text about as long as the new one. It is written to a file beside the old one,
    with its owner, mode and label, which then only has to be overwritten and renamed. A link is
    followed. Raises CoprError (local_file); if the new text was written and the file could not be
    renamed, the message says where the new text is.
    """
    check_replaceable(path)
    target = _target(path)
    written = False
    with contextlib.ExitStack() as stack:
        try:
            # Only its owner may read it, until it is as private as the old file.
            descriptor, beside = tempfile.mkstemp(
                prefix=f".{os.path.basename(target)}.", dir=os.path.dirname(target)
            )
            stack.callback(os.close, descriptor)
        except OSError as error:
            raise _irreplaceable(path, _reason(error)) from error

        def replace(text: str) -> None:
            nonlocal written
            try:
                _write(descriptor, text)
                written = True
                os.replace(beside, target)
            except OSError as error:
                fate = f"is in {beside}; move it to {target}" if written else "is lost"
                raise _irreplaceable(path, f"{_reason(error)}. The new text {fate}") from error
            _sync(os.path.dirname(target))

        try:
            try:
                _keep_owner(path, descriptor)
                _write(descriptor, draft)
                shutil.copystat(target, beside)
            except OSError as error:
                raise _irreplaceable(path, _reason(error)) from error
            yield replace
        finally:
            if not written:
                with contextlib.suppress(OSError):
                    os.unlink(beside)


def _target(path: str) -> str:
    return os.path.realpath(os.path.expanduser(path))


def _write(descriptor: int, text: str) -> None:
    """Make this the whole text of a file, and write it to the disk."""
    data = text.encode()
    done = 0
    while done < len(data):
        done += os.pwrite(descriptor, data[done:], done)
    os.ftruncate(descriptor, len(data))
    os.fsync(descriptor)


def _keep_owner(path: str, descriptor: int) -> None:
    new, old = os.fstat(descriptor), os.stat(_target(path))
    if (new.st_uid, new.st_gid) == (old.st_uid, old.st_gid):
        return
    try:
        os.fchown(descriptor, old.st_uid, old.st_gid)
    except OSError as error:
        raise _irreplaceable(path, "its owner and group can't be kept") from error


def _sync(folder: str) -> None:
    """Write the new name to the disk, if the file system supports that for folders."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _reason(error: OSError) -> str:
    return (error.strerror or "writing failed").lower()


def _irreplaceable(path: str, why: str) -> CoprError:
    return CoprError("local_file", f"{path} can't be replaced: {why}.")
