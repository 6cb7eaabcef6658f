# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What a new root needs so that programs run in it: devices, /proc and /sys, and no service that starts."""

from __future__ import annotations

import contextlib
import ctypes
import os
import stat
import typing as t

from ...host.errors import HostError
from .files import inside

_NODES = (("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9), ("tty", 5, 0))
_LINKS = (
    ("fd", "/proc/self/fd"),
    ("stdin", "/proc/self/fd/0"),
    ("stdout", "/proc/self/fd/1"),
    ("stderr", "/proc/self/fd/2"),
    ("ptmx", "/dev/pts/ptmx"),
)
# From linux/mount.h; the same on all architectures.
_READ_ONLY, _NO_SUID, _NO_DEV, _NO_EXEC, _BIND, _REC = 1, 2, 4, 8, 1 << 12, 1 << 14
_SLAVE = 1 << 19
_DETACH = 2
_BLOCKER = "/usr/sbin/policy-rc.d"
_BLOCKING = "#!/bin/sh\nexit 101\n"


@contextlib.contextmanager
def running(root: str) -> t.Iterator[None]:
    """A root in which programs may be run, as long as this lasts; what they find is what mmdebstrap shows them.

    This process mounts itself: a program that is contained has mounts of its own, which are gone when it ends.

    :raises HostError: where not even other mounts will do
    """
    with _mounts() as mounted:
        _devices(root, mounted)
        _show(root, "sys", "sysfs", _READ_ONLY | _NO_SUID | _NO_DEV | _NO_EXEC, mounted)
        _show(root, "proc", "proc", _READ_ONLY, mounted)
        blocker = inside(root, _BLOCKER)
        with open(blocker, "w", encoding="ascii") as file:
            file.write(_BLOCKING)
        os.chmod(blocker, 0o755)
        yield
        os.unlink(blocker)


@contextlib.contextmanager
def with_devices(root: str) -> t.Iterator[None]:
    """A root with the devices that programs take for granted; where none can be made, the host's are lent to it."""
    with _mounts() as mounted:
        _devices(root, mounted)
        yield


@contextlib.contextmanager
def _mounts() -> t.Iterator[list[str]]:
    """Mount points, to be added to as they come, which are none any more afterwards."""
    mounted: list[str] = []
    try:
        yield mounted
    finally:
        for point in reversed(mounted):
            ctypes.CDLL(None).umount2(os.fsencode(point), _DETACH)


def _mount(source: str, point: str, kind: str, flags: int, options: str = "") -> None:
    """:raises OSError: when it is refused"""
    libc = ctypes.CDLL(None, use_errno=True)
    words = [os.fsencode(word) for word in (source, point, kind, options)]
    if libc.mount(words[0], words[1], words[2], ctypes.c_ulong(flags), words[3]) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), point)


def _show(root: str, name: str, kind: str, flags: int, mounted: list[str]) -> None:
    point = inside(root, f"/{name}")
    try:
        _mount(name, point, kind, flags)
    except OSError:
        # in a container, where a filesystem of one's own may be forbidden
        try:
            _mount(f"/{name}", point, "none", _BIND | _REC)
        except OSError as exc:
            raise HostError(f"/{name} cannot be mounted in the new root: {exc}") from exc
        mounted.append(point)
        _mount("none", point, "none", _SLAVE | _REC)
        return
    mounted.append(point)


def _devices(root: str, mounted: list[str]) -> None:
    directory = inside(root, "/dev")
    for name, major, minor in _NODES:
        path = os.path.join(directory, name)
        if os.path.lexists(path):
            continue
        try:
            os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(major, minor))
            os.chmod(path, 0o666)
            if name != "tty":  # which cannot be opened by a process that has none
                with open(path, "wb"):
                    pass
        except OSError as exc:
            _lend(directory, name, mounted, exc)
    for name, target in _LINKS:
        if not os.path.lexists(os.path.join(directory, name)):
            os.symlink(target, os.path.join(directory, name))
    for name in ("pts", "shm"):
        os.makedirs(os.path.join(directory, name), exist_ok=True)
    pts = os.path.join(directory, "pts")
    with contextlib.suppress(OSError):
        _mount("none", pts, "devpts", _NO_SUID | _NO_EXEC, "uid=5,mode=620,ptmxmode=666")
        mounted.append(pts)


def _lend(directory: str, name: str, mounted: list[str], cause: OSError) -> None:
    """A device that cannot be made, or not be used where the filesystem forbids them."""
    path = os.path.join(directory, name)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    with open(path, "wb"):
        pass
    try:
        _mount(f"/dev/{name}", path, "none", _BIND)
    except OSError as exc:
        raise HostError(f"/dev/{name} cannot be made in the new root: {cause}; {exc}") from exc
    mounted.append(path)
