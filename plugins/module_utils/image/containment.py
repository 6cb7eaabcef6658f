# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Programs of a build that end with it, however it ends, and whose mounts nobody else sees."""

from __future__ import annotations

import contextlib
import ctypes
import os
import typing as t

from ..host.machine import Completed, Host

# From linux/sched.h and linux/mount.h; the same on all architectures.
_CLONE_NEWNS = 0x00020000
_MS_REC, _MS_PRIVATE = 0x4000, 1 << 18

_DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL")
# As the first process of a namespace the program would ignore signals that it has no handler for; so a shell is that.
_INIT = 'exec 3<&0; trap "exit 143" HUP INT TERM; "$@" <&3 3<&- & exec 3<&-; wait "$!"'
_APART = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", _INIT, "sh")
# The first one that the host permits. With a namespace of processes all that a program starts is killed with it, and
# with one of mounts these are gone with the processes, both by the kernel.
_WAYS: tuple[tuple[str, ...], ...] = ((*_DIES_WITH_US, *_APART), _APART, _DIES_WITH_US, ())


def contained(host: Host) -> Host:
    """The same host, on which each program dies with this process, as far as that can be had."""
    if not host.booted:
        return host
    way = next(way for way in _WAYS if not way or _works(host, way))

    def run(argv: t.Sequence[str], *, data: str | None = None, env: t.Mapping[str, str] | None = None) -> Completed:
        done = host.run([*way, *argv], data=data, env=env)
        return Completed(tuple(argv), done.rc, done.out, done.err)

    return Host(run, host.root)


def _works(host: Host, way: t.Sequence[str]) -> bool:
    programs = [word for word in way if word in ("setpriv", "unshare")]
    return all(host.find_program(program) for program in programs) and host.run([*way, "true"]).rc == 0


@contextlib.contextmanager
def own_mounts(host: Host) -> t.Iterator[bool]:
    """What is mounted meanwhile is seen by this process and what it starts only, and is gone with the last of them.

    Yields whether that could be had; it cannot in a container without the privilege to mount.
    """
    before = _enter_own_mounts() if host.booted else None
    try:
        yield before is not None
    finally:
        if before is not None:
            _go_back(before)


def _enter_own_mounts() -> int | None:
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None, use_errno=True)
        before = os.open("/proc/self/ns/mnt", os.O_RDONLY | os.O_CLOEXEC)
        if libc.unshare(_CLONE_NEWNS) == 0:
            if libc.mount(b"none", b"/", None, ctypes.c_ulong(_MS_REC | _MS_PRIVATE), None) == 0:
                return before
            libc.setns(before, _CLONE_NEWNS)
        os.close(before)
    return None


def _go_back(before: int) -> None:
    directory = os.getcwd()
    try:
        ctypes.CDLL(None, use_errno=True).setns(before, _CLONE_NEWNS)
    finally:
        os.close(before)
    with contextlib.suppress(OSError):
        os.chdir(directory)
