# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Processes that outlive the build they belong to."""

from __future__ import annotations

import contextlib
import os
import signal
import time
import typing as t

# Seconds for the kernel to take away what was killed.
_PATIENCE = 10.0
_GIVEN = b"TMPDIR="


def within(path: str) -> list[int]:
    """The processes that run in a root below a directory, or were given it for their temporary files.

    One that merely looks at a file there, such as a backup, is not among them: it is somebody else's and does no harm.
    """
    real = os.path.realpath(path)
    own = os.getpid()
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != own and _is_within(name, real)]


def _is_within(pid: str, path: str) -> bool:
    places: list[bytes] = []
    with contextlib.suppress(OSError):
        places.append(os.fsencode(os.readlink(f"/proc/{pid}/root")))
        with open(f"/proc/{pid}/environ", "rb") as file:
            places += [word[len(_GIVEN) :] for word in file.read().split(b"\0") if word.startswith(_GIVEN)]
    return any(f"{os.fsdecode(place)}/".startswith(f"{path}/") for place in places)


def end_all_within(path: str, but: t.Collection[int] = ()) -> None:
    """Kill them, and wait until they are gone. What the kernel does not let go is left to the caller to notice.

    :param but: those that may stay
    """
    real, deadline = os.path.realpath(path), time.monotonic() + _PATIENCE
    while (left := set(within(path)) - set(but)) and time.monotonic() < deadline:
        for pid in left:
            _kill(pid, real)
        time.sleep(0.02)


def _kill(pid: int, path: str) -> None:
    """Kill a process that is held, so that its number cannot meanwhile have gone to another one."""
    with contextlib.suppress(OSError):
        held = os.pidfd_open(pid)
        try:
            if _is_within(str(pid), path):
                signal.pidfd_send_signal(held, signal.SIGKILL)
        finally:
            os.close(held)
