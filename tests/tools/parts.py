# SPDX-License-Identifier: GPL-3.0-or-later
"""Run independent parts side by side: one line for each result, the end of the log where one failed.

Usage: parts.py [--jobs N] [--logs DIRECTORY] [--finally COMMAND] NAME=COMMAND...

The last line counts: ``N passed, N failed``. A part that fails stops no other. ``--finally`` is run at the end in any
case, also after an interrupt.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shlex
import signal
import subprocess
import sys
import time
import typing as t
from dataclasses import dataclass, field
from pathlib import Path

TAIL = 100
SIGN_OF_LIFE = 30.0
GRACE = 20.0


@dataclass
class Part:
    """One command, its log, and how it went."""

    name: str
    command: str
    logs: Path
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    took: float = field(default=0.0, init=False)

    @property
    def log(self) -> Path:
        return self.logs / f"{self.name}.log"

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.began = time.monotonic()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                ["/bin/sh", "-c", self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, "NO_COLOR": "1", "ANSIBLE_NOCOLOR": "1", "PY_COLORS": "0"},
            )

    @property
    def exit_code(self) -> int | None:
        return self.process.poll() if self.process else None

    def lines(self, count: int) -> list[str]:
        """The last lines of the log that say something."""
        text = self.log.read_text(errors="replace").replace("\r", "\n")
        return [line for line in text.splitlines() if line.strip()][-count:]

    def stop(self) -> None:
        """End the command and all that it started, politely first."""
        if self.process is None or self.process.poll() is not None:
            return
        family = frozen(self.process.pid)
        tell(family, signal.SIGTERM)
        tell(family, signal.SIGCONT)
        end = time.monotonic() + GRACE
        while (left := family & parents().keys()) and time.monotonic() < end:
            time.sleep(0.05)
        tell(left, signal.SIGKILL)
        self.process.wait()


def parents() -> dict[int, int]:
    """The parent of each process there is; zombies have ended and are left out."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, parent = path.read_text(errors="replace").rpartition(")")[2].split()[:2]
            if state != "Z":
                found[int(path.parent.name)] = int(parent)
    return found


def frozen(pid: int) -> set[int]:
    """A process and all below it, stopped, so that none can start another that nobody knows of.

    Its process group would not do: Ansible's workers each make their own.
    """
    family, found = set[int](), {pid}
    while found:
        tell(found, signal.SIGSTOP)
        family |= found
        found = {child for child, parent in parents().items() if parent in family} - family
    return family


def tell(pids: t.Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def say(word: str, part: Part, remark: str) -> None:
    print(f"{word:>7}  {part.name:<22}{time.monotonic() - part.began:7.1f} s  {remark}".rstrip(), flush=True)


def report(part: Part) -> None:
    if part.exit_code == 0:
        say("ok", part, "".join(part.lines(1))[:80].strip("= "))
        return
    say("FAILED", part, f"exit {part.exit_code}; the end of {part.log}:")
    for line in part.lines(TAIL):
        print(f"         | {line}")
    sys.stdout.flush()


def run(parts: list[Part], jobs: int, signals: list[int]) -> list[Part]:
    """Run all parts, so many at a time, and return those that failed. A signal ends it early."""
    waiting, running, failed = list(parts), list[Part](), list[Part]()
    spoke = time.monotonic()
    try:
        while (waiting or running) and not signals:
            while waiting and len(running) < jobs:
                running.append(waiting.pop(0))
                running[-1].start()
            time.sleep(0.05)
            for part in [part for part in running if part.exit_code is not None]:
                running.remove(part)
                report(part)
                spoke = time.monotonic()
                if part.exit_code != 0:
                    failed.append(part)
            if time.monotonic() - spoke > SIGN_OF_LIFE:
                spoke = time.monotonic()
                for part in running:
                    say("...", part, "".join(part.lines(1))[:80])
    finally:
        for part in running:
            part.stop()
    return failed


def tidied(command: str) -> bool:
    """Run a command that Ctrl-C on the terminal does not reach."""
    return subprocess.run(shlex.split(command), check=False, start_new_session=True).returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--logs", type=Path, default=Path(".cache/logs"))
    parser.add_argument("--finally", dest="last", metavar="COMMAND")
    parser.add_argument("parts", nargs="+", metavar="NAME=COMMAND")
    arguments = parser.parse_args()

    split = (part.split("=", 1) for part in arguments.parts)
    parts = [Part(name, command, arguments.logs) for name, command in split]
    # Only noted: an exception out of nowhere would lose a process that is just being started.
    signals: list[int] = []
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, lambda number, frame: signals.append(number))
    print(f"{len(parts)} parts, {arguments.jobs} at a time; logs in {arguments.logs}", flush=True)
    code = 1
    try:
        failed = run(parts, arguments.jobs, signals)
        code = 130 if signals else int(bool(failed))
        if signals:
            print(f"stopped by {signal.Signals(signals[0]).name}", flush=True)
    finally:
        if arguments.last and not tidied(arguments.last):
            print(f"tidying up failed: {arguments.last}", flush=True)
            code = code or 1
    if code != 130:
        print(f"{len(parts) - len(failed)} passed, {len(failed)} failed")
    return code


if __name__ == "__main__":
    sys.exit(main())
