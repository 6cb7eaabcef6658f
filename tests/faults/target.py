# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The test host of the fault matrix: what is done to it, and what is there."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import typing as t
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
FILES = (
    "/etc/docker/daemon.json",
    "/etc/systemd/system/docker.service.d/zz-slipway.conf",
    "/etc/systemd/system/docker.socket.d/zz-slipway.conf",
    "/etc/default/docker",
    "/var/lib/slipway/originals/etc-default-docker",
)


@dataclass(frozen=True)
class Done:
    """A command on the host that has ended."""

    rc: int
    out: str
    err: str


class Target:
    """One test host."""

    def __init__(self, name: str) -> None:
        self.name = name

    def sh(self, script: str, *arguments: str, timeout: float = 180) -> Done:
        """Run a shell script on the host; its arguments are $1 and so on, never part of the script."""
        argv = [sys.executable, "tests/sandbox", "exec", self.name, "--", "sh", "-c", script, "sh", *arguments]
        done = subprocess.run(
            argv, cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=timeout, stdin=subprocess.DEVNULL
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def put(self, source: Path, folder: str) -> None:
        """Bring a folder of this machine to the host."""
        packed = subprocess.run(
            ["tar", "--create", f"--directory={source}", "."], capture_output=True, check=True
        ).stdout
        unpack = ["sh", "-c", 'mkdir -p "$1" && tar --extract --directory="$1"', "sh", folder]
        argv = [sys.executable, "tests/sandbox", "exec", self.name, "--", *unpack]
        subprocess.run(argv, cwd=CHECKOUT, input=packed, check=True)

    def configure(self, request: dict[str, t.Any], *tracer: str) -> dict[str, t.Any]:
        """Run the transaction, under a tracer where one is given; killed where it did not get to say anything."""
        done = self.sh('exec "$@"', *tracer, "python3", "/opt/configure.py", json.dumps(request))
        try:
            return t.cast("dict[str, t.Any]", json.loads(done.out.splitlines()[-1]))
        except (IndexError, ValueError):
            return {"killed": True, "rc": done.rc, "err": done.err[-2000:]}

    def files(self) -> tuple[str | None, ...]:
        """The contents of all files of a transaction, None for one that is not there."""
        script = 'for f; do if [ -e "$f" ]; then echo "+"; cat "$f"; else echo "-"; fi; printf "\\0"; done'
        parts = self.sh(script, *FILES).out.split("\0")[:-1]
        return tuple(part[2:] if part.startswith("+") else None for part in parts)

    def docker0(self) -> str:
        """Its address."""
        return self.sh("ip -4 -brief address show docker0").out.split()[2]

    def daemon_answers(self, seconds: float = 30) -> bool:
        return self._until("docker version >/dev/null 2>&1", seconds)

    def serves(self, container: str, seconds: float = 30) -> bool:
        """Whether a container answers over HTTP."""
        port = {"always": 8080, "plain": 8081}[container]
        return self._until(f'[ "$(curl -sf --max-time 2 http://127.0.0.1:{port}/)" = {container} ]', seconds)

    def _until(self, condition: str, seconds: float) -> bool:
        end = f"end=$(( $(date +%s) + {seconds:.0f} ))"
        return self.sh(f"{end}; until {condition}; do [ $(date +%s) -ge $end ] && exit 1; sleep 0.2; done").rc == 0

    def wait_for_systemd(self) -> None:
        """Until a job that an interrupted run has left to systemd is done."""
        deadline = time.monotonic() + 60
        while self.sh("systemctl list-jobs --no-legend | grep -q docker").rc == 0 and time.monotonic() < deadline:
            time.sleep(0.2)
