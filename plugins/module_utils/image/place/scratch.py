# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A directory for the time of one job, which leaves neither files nor mounts behind."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
import typing as t

from ...host.errors import HostError
from ...host.machine import Host

PREFIX = "slipway-build-"


def mounts_below(path: str, mountinfo: str) -> list[str]:
    """Mount points at or below a path, the innermost first."""
    base = os.path.realpath(path)
    found = []
    for line in mountinfo.splitlines():
        fields = line.split(" ")
        if len(fields) > 4:
            point = fields[4].encode("latin-1", "replace").decode("unicode_escape")
            if point == base or point.startswith(base + "/"):
                found.append(point)
    return sorted(found, key=len, reverse=True)


def remove_tree(host: Host, path: str) -> None:
    """Delete a directory, having unmounted what is mounted in it; a mount that stays is never deleted into.

    :raises HostError: when something stays mounted
    """
    for _attempt in range(3):
        points = mounts_below(path, _mountinfo())
        if not points:
            break
        for point in points:
            host.run(["umount", "--", point])
    left = mounts_below(path, _mountinfo())
    for point in left:
        host.check(["umount", "--lazy", "--", point])
    if mounts_below(path, _mountinfo()):
        raise HostError(f"{path} is not removed: {left[0]} is still mounted below it")
    if os.path.lexists(path):
        shutil.rmtree(path)


def _mountinfo() -> str:
    with open("/proc/self/mountinfo", encoding="latin-1") as opened:
        return opened.read()


@contextlib.contextmanager
def scratch(host: Host, parent: str | None = None) -> t.Iterator[str]:
    """A private directory, gone afterwards whatever happens.

    It is locked as long as this process lives, or one that was forked from it: sweep() tells by that what is left over.
    """
    with held_scratch(host, parent) as (directory, _handle):
        yield directory


@contextlib.contextmanager
def held_scratch(host: Host, parent: str | None = None) -> t.Iterator[tuple[str, int]]:
    """The same, with the descriptor that holds the lock."""
    directory, handle = _make(parent)
    try:
        yield directory, handle
    finally:
        try:
            remove_tree(host, directory)
        finally:
            os.close(handle)


def _make(parent: str | None) -> tuple[str, int]:
    while True:
        directory = tempfile.mkdtemp(prefix=PREFIX, dir=parent)
        handle = lock(directory)
        if handle is not None:
            return directory, handle


def lock(directory: str) -> int | None:
    """Lock a scratch directory; None where somebody holds it, or has removed it meanwhile.

    :returns: a descriptor, whose closing by all that inherited it unlocks
    """
    with contextlib.suppress(OSError):
        handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(handle), os.lstat(directory)):
                return handle
        os.close(handle)
    return None


def stale(parent: str) -> t.Iterator[str]:
    """The scratch directories whose makers are gone, each locked while it is looked at."""
    try:
        names = [name for name in os.listdir(parent) if name.startswith(PREFIX)]
    except OSError:
        return
    for path in (os.path.join(parent, name) for name in names):
        handle = lock(path) if _is_ours(path) else None
        if handle is not None:
            try:
                yield path
            finally:
                os.close(handle)


def _is_ours(path: str) -> bool:
    """Anybody may make a directory of such a name in a place such as /var/tmp."""
    try:
        info = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISDIR(info.st_mode) and info.st_uid == os.geteuid() and not info.st_mode & 0o066
