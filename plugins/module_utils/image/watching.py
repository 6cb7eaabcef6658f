# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A build that runs as one of Ansible's asynchronous jobs, seen from beside it: how far it is."""

from __future__ import annotations

import contextlib
import json
import os
import time
import typing as t
from dataclasses import dataclass

from ..host.machine import Host
from .engine.reference import parse_reference
from .progress import phase_file, read_phase

# Seconds between two looks at two small files.
STEP = 0.1


@dataclass(frozen=True)
class Progress:
    """How far a build is.

    :ivar phase: the one it is in; empty before the first and after the last
    :ivar phase_seconds: for how long it is in it
    :ivar seconds: since it began
    :ivar finished: whether it has ended, well or not
    :ivar lost: whether it ended without saying how, as when it was killed
    """

    name: str
    phase: str = ""
    phase_seconds: int = 0
    seconds: int = 0
    finished: bool = False
    lost: bool = False

    @property
    def message(self) -> str:
        """One line for a person who waits."""
        if self.lost:
            return f"{self.name}: the build was killed after about {self.seconds} s; the host's journal may tell why"
        if self.finished:
            return f"{self.name}: finished, {self.seconds} s"
        phase = self.phase or "building"
        if 0 < self.phase_seconds < self.seconds:
            return f"{self.name}: {phase} for {self.phase_seconds} s, {self.seconds} s in all"
        return f"{self.name}: {phase}, {self.seconds} s"


def familiar_name(name: str) -> str:
    """A name as Docker shows it, under which the build tells its phase; as it was given where it is none."""
    try:
        return parse_reference(name).familiar
    except ValueError:
        return name


def watch(host: Host, name: str, results_file: str, phase: str, timeout: float) -> Progress:
    """Wait until a build is over or in another phase, but not forever.

    :param results_file: where Ansible's wrapper of the job writes what comes of it
    :param phase: the one that is known already
    :param timeout: seconds after which the same phase is told once more
    """
    end = time.monotonic() + timeout
    last = Progress(name)
    while True:
        seen = look(host, name, results_file, last)
        if seen.finished or seen.phase not in ("", phase):
            return seen
        if time.monotonic() >= end:
            return seen if _runs(host, results_file) else _ended(host, seen, results_file)
        last = seen
        time.sleep(STEP)


def look(host: Host, name: str, results_file: str, before: Progress) -> Progress:
    """How far a build is now.

    :param before: what an earlier look saw: once a build is over nothing tells any more how long it took
    """
    path = host.path(results_file)
    if is_finished(_content(path)):
        return Progress(name, seconds=before.seconds, finished=True)
    told = read_phase(host.path(phase_file(name))) or {}
    now = time.time()
    if not host.exists(f"/proc/{told.get('pid')}"):  # of a build that was killed once
        return Progress(name, seconds=_since(now, _written(path)))
    return Progress(name, str(told.get("phase", "")), _since(now, told.get("since")), _since(now, told.get("began")))


def is_finished(content: str | None) -> bool:
    """Whether a job's file holds its result. Until then it says that the job was started; it is replaced as a whole."""
    if content is None:
        return True
    try:
        job = json.loads(content)
    except ValueError:
        return False
    return not (isinstance(job, dict) and "started" in job and not job.get("finished"))


def _ended(host: Host, seen: Progress, results_file: str) -> Progress:
    """What became of a job that nobody works on: its result may have come between two looks."""
    finished = is_finished(_content(host.path(results_file)))
    return Progress(seen.name, seconds=seen.seconds, finished=True, lost=not finished)


def _runs(host: Host, results_file: str) -> bool:
    """Whether a process has the job's number, which is how Ansible's wrapper is called, among its arguments."""
    number = os.path.basename(results_file).partition(".")[0].encode()
    processes = host.path("/proc")
    for pid in os.listdir(processes):
        if pid.isdigit():
            with contextlib.suppress(OSError), open(os.path.join(processes, pid, "cmdline"), "rb") as opened:
                if number in opened.read().split(b"\0"):
                    return True
    return False


def _content(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8", errors="replace") as opened:
            return opened.read()
    except FileNotFoundError:
        return None


def _written(path: str) -> float | None:
    with contextlib.suppress(OSError):
        return os.stat(path).st_mtime
    return None


def _since(now: float, then: t.Any) -> int:
    return max(0, round(now - then)) if isinstance(then, (int, float)) else 0
