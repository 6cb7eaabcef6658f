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


def within(path: str) -> list[int]:
    """The processes that run in a root below a directory, or have something in it open."""
    real = os.path.realpath(path)
    own = os.getpid()
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != own and _uses(name, real)]


def _uses(pid: str, path: str) -> bool:
    # not the working directory: a person may have gone to look at it
    with contextlib.suppress(OSError):
        links = [f"/proc/{pid}/root", *(f"/proc/{pid}/fd/{number}" for number in os.listdir(f"/proc/{pid}/fd"))]
        for link in links:
            with contextlib.suppress(OSError):
                target = os.readlink(link)
                if target == path or target.startswith(f"{path}/"):
                    return True
    return False


def end_all_within(path: str, but: t.Collection[int] = ()) -> None:
    """Kill them, and wait until they are gone. What the kernel does not let go is left to the caller to notice.

    :param but: those that may stay
    """
    deadline = time.monotonic() + _PATIENCE
    while (left := set(within(path)) - set(but)) and time.monotonic() < deadline:
        for pid in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)
