# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host on which things are timed, and playbooks run on it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
NAME = "bench"


@dataclass(frozen=True)
class Run:
    """One run of a playbook.

    :param seconds: wall time
    :param cpu: seconds of processor time of the controller's processes
    :param started: processes and threads started on the host
    :param output: what Ansible said
    """

    seconds: float
    cpu: float
    started: int
    output: str

    @property
    def modules(self) -> int:
        return len(re.findall(r"^Using module file ", self.output, re.MULTILINE))

    @property
    def changed(self) -> int:
        return sum(int(number) for number in re.findall(r"\bchanged=(\d+)", self.output))


def sandbox(*arguments: str) -> str:
    argv = [sys.executable, "tests/sandbox", *arguments]
    return subprocess.run(argv, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, check=True).stdout


def newest_process() -> int:
    """The number that the host gave last: proc(5), /proc/loadavg."""
    return int(sandbox("exec", NAME, "--", "cat", "/proc/loadavg").split()[-1])


def run(playbook: Path, *arguments: str) -> Run:
    """Run a playbook on the host; a failure ends the benchmark with Ansible's words."""
    argv = [
        f"{sys.prefix}/bin/ansible-playbook",
        "-i",
        ".sandbox/inventory.yml",
        "--limit",
        NAME,
        str(playbook),
        *arguments,
    ]
    environment = {**os.environ, "ANSIBLE_CONFIG": str(CHECKOUT / "ansible.cfg"), "ANSIBLE_NOCOLOR": "1"}
    before, processes, began = os.times(), newest_process(), time.monotonic()
    done = subprocess.run(argv, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    seconds, after = time.monotonic() - began, os.times()
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(seconds, cpu, newest_process() - processes, done.stdout)
