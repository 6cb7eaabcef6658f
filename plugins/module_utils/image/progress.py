# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Which phase a build is in, told to whoever watches by a file on the host, and how long each took."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
import types
import typing as t

DIRECTORY = "/run/slipway/base_image"
# In their order. A build skips those that its backend does not have.
PHASES = ("look", "resolve", "download", "bootstrap", "unpack", "configure", "finish", "pack", "load")


def phase_file(name: str, directory: str = DIRECTORY) -> str:
    """Where the phase of the build of an image is told.

    :param name: the image's, as Docker shows it
    """
    return os.path.join(directory, f"{hashlib.sha256(name.encode()).hexdigest()[:16]}.json")


class Phases:
    """The phases of one build. The file is there from the first of them until the context is left, however that comes.

    A host on which it cannot be written is built on all the same.

    :param name: the image's; without one nobody is told
    :ivar seconds: how long each phase that is over took
    """

    def __init__(self, name: str = "", directory: str = DIRECTORY) -> None:
        self.seconds: dict[str, float] = {}
        self.file = phase_file(name, directory)
        self._name, self._phase, self._began = name, "", int(time.time())
        self._since = time.monotonic()

    def __enter__(self) -> Phases:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        self.leave()
        if self._name:
            forget(self.file, os.getpid())

    def enter(self, phase: str) -> None:
        """The phase before is over; one that was left may be entered again, and its times add up."""
        if phase not in PHASES:
            raise ValueError(f"{phase} is not a phase of a build")
        if phase != self._phase:
            self.leave()
            self._phase = phase
            if self._name:
                self._tell()

    def leave(self) -> None:
        """The phase is over, and none has begun yet."""
        now = time.monotonic()
        if self._phase:
            self.seconds[self._phase] = round(self.seconds.get(self._phase, 0) + now - self._since, 2)
        self._phase, self._since = "", now

    def _tell(self) -> None:
        told = {"name": self._name, "phase": self._phase, "since": int(time.time()), "began": self._began}
        with contextlib.suppress(OSError):
            os.makedirs(os.path.dirname(self.file), mode=0o755, exist_ok=True)
            part = part_of(self.file)
            flags = os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW
            with os.fdopen(os.open(part, flags, 0o600), "w", encoding="ascii") as opened:
                json.dump({**told, "pid": os.getpid()}, opened, sort_keys=True)
            os.replace(part, self.file)


def part_of(path: str) -> str:
    """The phase file's name until it is complete."""
    return f"{path}.part"


def read_phase(path: str) -> dict[str, t.Any] | None:
    """What a phase file tells; None where there is none."""
    try:
        with open(path, encoding="ascii") as opened:
            told = json.load(opened)
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def forget(path: str, pid: int) -> None:
    """Remove the phase file of a build that is over, unless it is another build's by now."""
    if (read_phase(path) or {}).get("pid") == pid:
        for each in (path, part_of(path)):
            with contextlib.suppress(OSError):
                os.unlink(each)


def sweep(directory: str = DIRECTORY) -> None:
    """Remove the phase files of builds that were killed."""
    with contextlib.suppress(OSError):
        for path in (os.path.join(directory, name) for name in os.listdir(directory) if name.endswith(".json")):
            pid = (read_phase(path) or {}).get("pid")
            if isinstance(pid, int) and not os.path.exists(f"/proc/{pid}"):
                forget(path, pid)
