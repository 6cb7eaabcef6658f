# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes the sandbox started, told from strangers that got their number later."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Process:
    """A number alone may name another process tomorrow; with its start and the machine's boot it cannot."""

    pid: int
    started: int
    boot: str


def identify(pid: int) -> Process | None:
    """The process that has this number now, None when there is none or it is only waiting to be reaped."""
    try:
        with open(f"/proc/{pid}/stat", encoding="latin-1") as opened:
            fields = opened.read().rpartition(")")[2].split()
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as opened:
            boot = opened.read().strip()
    except OSError:
        return None
    return None if fields[0] in "ZX" else Process(pid, int(fields[19]), boot)


def record(path: str, pid: int) -> None:
    process = identify(pid)
    if process is not None:
        with open(path, "w", encoding="utf-8") as opened:
            json.dump(asdict(process), opened)


def running(path: str) -> Process | None:
    """The recorded process, if it is still that one."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        with open(path, encoding="utf-8") as opened:
            process = Process(**json.load(opened))
        if identify(process.pid) == process:
            return process
    return None


def stop(process: Process, patience: float = 20.0) -> None:
    """Ask a process to end, then make it."""
    for number, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, 10.0)):
        if identify(process.pid) != process:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, number)
        end = time.monotonic() + seconds
        while identify(process.pid) == process and time.monotonic() < end:
            time.sleep(0.05)
