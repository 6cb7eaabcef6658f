# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts whose dockerd is started by a script in /etc/init.d."""

from __future__ import annotations

from pathlib import Path

from unit.daemon.launchers.running import LSB_FUNCTIONS, RED_HAT_FUNCTIONS, Machine
from unit.daemon.launchers.scripts import DEBIAN, DEBIAN_SCRIPT, DEFAULTS, RED_HAT, RED_HAT_SCRIPT, SYSCONFIG


def debian(tmp_path: Path, defaults: str | None, *changes: tuple[str, str], script: str = DEBIAN_SCRIPT) -> Machine:
    """A host of Debian's with the script changed in some places."""
    for old, new in changes:
        assert script.count(old) == 1, old
        script = script.replace(old, new)
    machine = Machine(tmp_path)
    machine.write({DEBIAN: script, "/lib/lsb/init-functions": LSB_FUNCTIONS, "/etc/debian_version": "12.1\n"})
    if defaults is not None:
        machine.write({DEFAULTS: defaults})
    return machine


def red_hat(tmp_path: Path, sysconfig: str, *changes: tuple[str, str]) -> Machine:
    script = RED_HAT_SCRIPT
    for old, new in changes:
        assert script.count(old) == 1, old
        script = script.replace(old, new)
    machine = Machine(tmp_path)
    machine.write({RED_HAT: script, "/etc/rc.d/init.d/functions": RED_HAT_FUNCTIONS, SYSCONFIG: sysconfig})
    return machine


def run_debian(machine: Machine) -> list[str]:
    return ["sh", machine.at(DEBIAN), "start"]


def run_red_hat(machine: Machine) -> list[str]:
    return ["sh", machine.at(RED_HAT), "start"]


def with_start(tmp_path: Path, command: str, defaults: str = "DOCKER_OPTS='--mtu 1400'\n") -> Machine:
    first = DEBIAN_SCRIPT.index("\t\tstart-stop-daemon --start")
    last = DEBIAN_SCRIPT.index("\t\tlog_end_msg", first)
    script = f"{DEBIAN_SCRIPT[:first]}\t\t{command}\n{DEBIAN_SCRIPT[last:]}"
    return debian(tmp_path, defaults, script=script)
