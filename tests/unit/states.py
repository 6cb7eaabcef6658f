# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts as they are, for tests of what is decided about them: files from a real tree, a running daemon as asked for."""

from __future__ import annotations

import os
import typing as t
from dataclasses import replace

from ansible_collections.slipway.docker.plugins.module_utils.daemon.document import render
from ansible_collections.slipway.docker.plugins.module_utils.daemon.merge import Owned
from ansible_collections.slipway.docker.plugins.module_utils.daemon.observe import State, observe
from ansible_collections.slipway.docker.plugins.module_utils.daemon.plan import Plan, Request, plan
from ansible_collections.slipway.docker.plugins.module_utils.daemon.record import RECORD_PATH, Loaded, Record
from ansible_collections.slipway.docker.plugins.module_utils.host.process import Process
from ansible_collections.slipway.docker.plugins.module_utils.host.systemd import UnitStatus
from unit.trees import DAEMON_JSON, SERVICE, SOCKET, SOCKET_UNIT, UPSTREAM_UNIT, Tree

Doc = dict[str, t.Any]

STARTED = 1_700_000_000.0
IDENTITY = "812:4242"


def installed(tree: Tree, document: Doc | None = None, unit: str = UPSTREAM_UNIT, *, age: float = 60.0) -> Tree:
    """A host with the engine installed.

    :param age: seconds that daemon.json is older than the daemon's start
    """
    tree.write(SERVICE, unit)
    tree.write(SOCKET, SOCKET_UNIT)
    for program in ("/usr/bin/dockerd", "/usr/sbin/dockerd"):
        tree.write(program, "#!/bin/sh\n")
        tree.at(program).chmod(0o755)
    if document is not None:
        tree.write(DAEMON_JSON, render(document))
        os.utime(tree.at(DAEMON_JSON), (STARTED - age, STARTED - age))
    return tree


def remember(
    tree: Tree,
    owned: Owned | Doc,
    loaded: Loaded | None = None,
    *,
    created: bool = False,
    edits: dict[str, str] | None = None,
) -> None:
    """What an earlier run wrote down."""
    if isinstance(owned, dict):
        owned = Owned(owned, {})
    tree.write(RECORD_PATH, Record(owned, created, loaded or Loaded(), edits or {}).render())


def stopped(tree: Tree) -> State:
    """systemd runs, and the daemon does not."""
    return replace(observe(tree.host, DAEMON_JSON), acts=True, service=UnitStatus("docker.service", enabled="enabled"))


def running(
    tree: Tree,
    *,
    argv: list[str] | None = None,
    version: tuple[int, ...] | None = (28, 5, 2),
    **changes: t.Any,
) -> State:
    """systemd runs, and the daemon too.

    :param argv: what it was started with, where that is something else than the unit's files say
    """
    state = stopped(tree)
    assert state.launch_now is not None
    process = Process(812, 4242, STARTED, tuple(argv or state.launch_now.argv))
    service = UnitStatus("docker.service", "loaded", "active", "running", main_pid=812, enabled="enabled")
    return replace(state, service=service, process=process, version=version, **changes)


def decide(state: State, config: Doc, **wishes: t.Any) -> Plan:
    return plan(state, Request(config, **wishes))
