# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a playbook, showing one short line a task while it runs, and the whole output only when it fails."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
import typing as t
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.progress import say

CHECKOUT = Path(__file__).resolve().parents[2]
_TASK = re.compile(r"^TASK \[(?:[\w.]+ : )?(?P<name>.*)\]")
_RECAP = re.compile(r"^(?P<host>\S+)\s+: ok=\d+\s+changed=(?P<changed>\d+)")
_UNREMARKABLE = ("Validating arguments",)
_OUTCOME = re.compile(r"^(?P<how>ok|changed|skipping|included): ")
_SOON = 2.0
_PATIENCE = 10.0


class PlayFailed(Exception):
    """The playbook ended with an error."""


@dataclass
class Play:
    """What a run came to.

    :ivar changed: tasks that changed something
    :ivar seconds: wall time
    """

    changed: int = 0
    seconds: float = 0.0
    output: list[str] = field(default_factory=list)


def play(playbook: Path, *arguments: str) -> Play:
    """Run a playbook on the sandbox's hosts.

    :raises PlayFailed: with Ansible's output
    """
    argv = [f"{sys.prefix}/bin/ansible-playbook", "-i", ".sandbox/inventory.yml", str(playbook), *arguments]
    environment = {**os.environ, "ANSIBLE_CONFIG": str(CHECKOUT / "ansible.cfg"), "ANSIBLE_NOCOLOR": "1"}
    started = time.monotonic()
    run = Play()
    with (
        subprocess.Popen(
            argv, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process,
        _Ticker() as ticker,
    ):
        for line in t.cast(t.TextIO, process.stdout):
            run.output.append(line)
            _show(line, run, ticker)
    run.seconds = time.monotonic() - started
    if process.returncode != 0:
        raise PlayFailed("".join(run.output))
    return run


def _show(line: str, run: Play, ticker: _Ticker) -> None:
    task, recap, outcome = _TASK.match(line), _RECAP.match(line), _OUTCOME.match(line)
    if task:
        ticker.begin(task["name"])
    elif outcome:
        ticker.end(outcome["how"])
    elif recap:
        run.changed += int(recap["changed"])


class _Ticker:
    """Names a task when it is done, or sooner when it takes long, and then every ten seconds that it still runs."""

    def __init__(self) -> None:
        self._name = ""
        self._named = True
        self._began = self._spoke = time.monotonic()
        self._over = threading.Event()
        self._lock = threading.Lock()

    def __enter__(self) -> _Ticker:
        threading.Thread(target=self._tick, daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._over.set()

    def begin(self, name: str) -> None:
        with self._lock:
            self._name, self._named = name, name.startswith(_UNREMARKABLE)
            self._began = self._spoke = time.monotonic()

    def end(self, how: str) -> None:
        """:param how: what Ansible says: ok, changed, skipping, included"""
        with self._lock:
            seconds = time.monotonic() - self._began
            if how == "changed":
                say(f"  - {self._name}: done in {seconds:.1f} s")
            elif how == "ok" and not self._named:
                say(f"  - {self._name}")
            self._named = True

    def _tick(self) -> None:
        while not self._over.wait(0.5):
            with self._lock:
                if not self._name or self._name.startswith(_UNREMARKABLE):
                    continue
                now = time.monotonic()
                if not self._named and now - self._began > _SOON:
                    say(f"  - {self._name} ...")
                    self._named, self._spoke = True, now
                elif self._named and now - self._spoke > _PATIENCE:
                    say(f"    {self._name} ... {now - self._began:.0f} s")
                    self._spoke = now
