# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Programs of a build that end with it, however it ends, and whose mounts nobody else sees."""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
import time
import typing as t

from ...host.machine import Completed, Host

# From linux/sched.h and linux/mount.h; the same on all architectures.
_CLONE_NEWNS = 0x00020000
_MS_REC, _MS_PRIVATE = 0x4000, 1 << 18

_DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL")
# The first process of a namespace of processes, which are all killed by the kernel with it. It reads until its input
# ends, which it does when this process is gone, and would be killed before that.
_FIRST = ("unshare", "--pid", "--fork", "--kill-child", "cat")
# Seconds for it to start, on a machine that is busy too; where it may not, it says so at once by ending.
_PATIENCE = 60.0


@contextlib.contextmanager
def contained(host: Host) -> t.Iterator[Host]:
    """The same host, on which all that is run is killed with this process, and when the context is left.

    Where the host does not permit that, programs die with this process, but not all that these have started.
    """
    with contextlib.ExitStack() as stack:
        way: tuple[str, ...] = ()
        if host.booted and host.find_program("setpriv"):
            namespace = stack.enter_context(_namespace(host))
            entering = ("nsenter", f"--pid={namespace}", "--") if namespace else ()
            way = next(
                (each for each in ((*_DIES_WITH_US, *entering), _DIES_WITH_US) if host.run([*each, "true"]).rc == 0), ()
            )

        def run(argv: t.Sequence[str], *, data: str | None = None, env: t.Mapping[str, str] | None = None) -> Completed:
            done = host.run([*way, *argv], data=data, env=env)
            return Completed(tuple(argv), done.rc, done.out, done.err)

        yield Host(run, host.root)


@contextlib.contextmanager
def _namespace(host: Host) -> t.Iterator[str]:
    """A namespace of processes, by the file that stands for it; empty where none can be had."""
    if not host.find_program("unshare") or not host.find_program("nsenter"):
        yield ""
        return
    argv = [*_DIES_WITH_US, *_FIRST]
    null = subprocess.DEVNULL
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=null, stderr=null) as first:
        path, end = f"/proc/{first.pid}/ns/pid_for_children", time.monotonic() + _PATIENCE
        while not (there := _is_another(path)) and first.poll() is None and time.monotonic() < end:
            time.sleep(0.002)
        try:
            yield path if there else ""
        finally:
            first.kill()


def _is_another(path: str) -> bool:
    """Whether a namespace is not this process's own; its file is there once its first process is."""
    try:
        return os.stat(path).st_ino != os.stat("/proc/self/ns/pid_for_children").st_ino
    except OSError:
        return False


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
