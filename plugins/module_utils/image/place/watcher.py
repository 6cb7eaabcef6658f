# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A process that watches over another one, and cleans up after it when that was killed."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import typing as t

# Seconds after which it looks whether the process that it watches is still its parent.
_LOOK = 1.0


@contextlib.contextmanager
def watched(clean: t.Callable[[], None], keep: t.Collection[int] = ()) -> t.Iterator[int]:
    """Have something done should this process not come to the end of the context, whatever ended it.

    :param clean: run in the other process, which has none of this one's descriptors
    :param keep: descriptors that it has all the same, such as that of a lock

    Yields the other process's number.
    """
    reading, writing = os.pipe()
    watcher = _fork(clean, reading, keep)
    os.close(reading)
    try:
        yield watcher
    finally:
        with contextlib.suppress(OSError):  # somebody has ended it
            os.write(writing, b".")
        os.close(writing)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(watcher, 0)


def _fork(clean: t.Callable[[], None], reading: int, keep: t.Collection[int]) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    try:
        _detach({reading, *keep})
        if not _ended_well(reading, parent):
            clean()
    finally:
        os._exit(0)


def _detach(keep: t.Collection[int]) -> None:
    os.setsid()
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    os.chdir("/")
    for descriptor in [int(name) for name in os.listdir("/proc/self/fd")]:
        if descriptor not in keep:
            with contextlib.suppress(OSError):
                os.close(descriptor)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        if standard not in keep and standard != null:
            os.dup2(null, standard)


def _ended_well(reading: int, parent: int) -> bool:
    """Wait. A process that the other one has forked may hold the pipe open when that is gone."""
    while not select.select([reading], [], [], _LOOK)[0]:
        if os.getppid() != parent:
            return False
    return bool(os.read(reading, 1))
