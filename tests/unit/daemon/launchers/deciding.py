# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans for hosts of all init systems, and what is on disk once they are carried out."""

from __future__ import annotations

import typing as t
from dataclasses import replace

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.observe import State, observe
from ansible_collections.slipway.docker.plugins.module_utils.daemon.plan import Plan, Request, plan
from ansible_collections.slipway.docker.plugins.module_utils.daemon.record import RECORD_PATH
from ansible_collections.slipway.docker.plugins.module_utils.daemon.variables import Wishes
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import InvalidInput
from ansible_collections.slipway.docker.plugins.module_utils.host.systemd import UnitStatus
from unit.daemon.launchers.running import Machine
from unit.trees import DAEMON_JSON

HOSTS = {"hosts": ["unix:///var/run/docker.sock", "tcp://127.0.0.1:2375"]}


def state_of(machine: Machine, options_file: str = "") -> State:
    """The host with the daemon down."""
    state = observe(machine.host, DAEMON_JSON, options_file=options_file)
    return replace(state, acts=True, service=UnitStatus(state.launcher.service, enabled="enabled"))


def decide(machine: Machine, config: dict[str, t.Any] | None, variables: Wishes | None = None, **more: t.Any) -> Plan:
    options_file = variables.path if variables else ""
    return plan(state_of(machine, options_file), Request(config, variables=variables, **more))


def carry_out(
    machine: Machine, config: dict[str, t.Any] | None, variables: Wishes | None = None, **more: t.Any
) -> dict[str, str | None]:
    """Write what a plan says and remember what it says; what it changes, except for daemon.json."""
    made = decide(machine, config, variables, **more)
    for change in made.files:
        if change.after is None:
            machine.tree.at(change.path).unlink()
        else:
            machine.tree.write(change.path, change.after)
    machine.tree.write(RECORD_PATH, made.record.render())
    return {
        change.path: None if change.after is None else change.after.decode()
        for change in made.files
        if change.path != DAEMON_JSON
    }


def refusals(machine: Machine, config: dict[str, t.Any] | None, variables: Wishes | None = None) -> list[str]:
    before = machine.texts()
    with pytest.raises(InvalidInput) as caught:
        decide(machine, config, variables)
    assert machine.texts() == before
    return caught.value.problems
