# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A running process, recognised for sure: a process number alone is used again by the kernel."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Process:
    """A process that runs.

    :param ticks: when it was started, in clock ticks since boot; with ``pid`` its identity
    :param started: the same in seconds of the epoch, exact to a hundredth
    :param argv: the command line it was started with
    :param outdated: whether its program has been replaced on disk since, as by an upgrade; False where this user may
        not know
    """

    pid: int
    ticks: int
    started: float = field(compare=False)
    argv: tuple[str, ...]
    outdated: bool = False

    @property
    def identity(self) -> str:
        return f"{self.pid}:{self.ticks}"


def read_process(pid: int) -> Process | None:
    """Look at a process of this machine; None where there is none of that number (proc(5))."""
    if pid <= 0:
        return None
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as handle:
            ticks = int(handle.read().rpartition(")")[2].split()[19])
        with open(f"/proc/{pid}/cmdline", "rb") as raw:
            argv = tuple(word.decode("utf-8", "replace") for word in raw.read().split(b"\0")[:-1])
        outdated = _is_replaced(pid)
    except (OSError, ValueError, IndexError):
        return None
    # Not by the boot time in /proc/stat, which is cut to whole seconds.
    booted = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
    return Process(pid, ticks, booted + ticks / os.sysconf("SC_CLK_TCK"), argv, outdated)


def read_environment(process: Process) -> dict[str, str] | None:
    """What a process was given as its environment; None where this user may not know (proc(5))."""
    try:
        with open(f"/proc/{process.pid}/environ", "rb") as raw:
            words = [word.decode("utf-8", "surrogateescape") for word in raw.read().split(b"\0")]
    except OSError:
        return None
    return dict(word.split("=", 1) for word in words if "=" in word)


def _is_replaced(pid: int) -> bool:
    try:
        return os.readlink(f"/proc/{pid}/exe").endswith(" (deleted)")
    except PermissionError:
        return False
