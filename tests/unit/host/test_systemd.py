# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of systemd, and what its answers mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host import systemd
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Completed, Host
from ansible_collections.slipway.docker.plugins.module_utils.host.systemd import UnitStatus
from unit.trees import Tree

# systemctl show prints the properties in an order of its own, a blank line between units.
RUNNING = """\
MainPID=812
Result=success
Id=docker.service
LoadState=loaded
ActiveState=active
SubState=running
UnitFileState=enabled
NeedDaemonReload=no

Id=docker.socket
Result=success
LoadState=loaded
ActiveState=failed
SubState=failed
UnitFileState=disabled
NeedDaemonReload=yes
"""
ABSENT = """\
MainPID=0
Result=success
Id=docker.service
LoadState=not-found
ActiveState=inactive
SubState=dead
UnitFileState=
NeedDaemonReload=no
"""


class Script:
    """Runs nothing: gives one answer, and remembers what was asked."""

    def __init__(self, out: str = "", rc: int = 0) -> None:
        self.out, self.rc = out, rc
        self.asked: list[list[str]] = []

    def __call__(
        self, argv: Sequence[str], *, data: str | None = None, env: Mapping[str, str] | None = None
    ) -> Completed:
        self.asked.append(list(argv))
        return Completed(tuple(argv), self.rc, self.out, "")


def test_two_units_in_one_call() -> None:
    script = Script(RUNNING)
    assert systemd.status(Host(script), "docker.service", "docker.socket") == {
        "docker.service": UnitStatus(
            "docker.service", "loaded", "active", "running", "success", 812, "enabled", stale=False
        ),
        "docker.socket": UnitStatus(
            "docker.socket", "loaded", "failed", "failed", "success", 0, "disabled", stale=True
        ),
    }
    assert len(script.asked) == 1


def test_an_absent_unit() -> None:
    found = systemd.status(Host(Script(ABSENT)), "docker.service")
    assert found == {"docker.service": UnitStatus("docker.service")}


def test_no_answer() -> None:
    assert systemd.status(Host(Script("", rc=1)), "docker.service") == {}


@pytest.mark.parametrize(
    ("active", "sub", "runs", "failed"),
    [
        ("active", "running", True, False),
        ("reloading", "reload-notify", True, False),
        ("activating", "start", False, False),
        ("activating", "auto-restart", False, True),
        ("deactivating", "stop-sigterm", False, False),
        ("failed", "failed", False, True),
        ("inactive", "dead", False, False),
    ],
)
def test_states(active: str, sub: str, runs: bool, failed: bool) -> None:
    status = UnitStatus("docker.service", active=active, sub=sub)
    assert (status.is_running, status.has_failed) == (runs, failed)


def test_control() -> None:
    script = Script()
    systemd.control(Host(script), "restart", "docker.service", timeout=60.0)
    systemd.control(Host(script), "stop", "docker.socket", "docker.service")
    systemd.control(Host(script), "daemon-reload")
    assert script.asked == [
        ["timeout", "60", "systemctl", "restart", "--", "docker.service"],
        ["systemctl", "stop", "--", "docker.socket", "docker.service"],
        ["systemctl", "daemon-reload"],
    ]


def test_the_journal_is_asked_from_the_very_moment() -> None:
    """Half a second rounded away would be the half second in which dockerd said why it stops."""
    script = Script("one\ntwo\n")
    assert systemd.journal(Host(script), "docker.service", 1_700_000_000.5994) == ["one", "two"]
    (asked,) = script.asked
    assert "--since=@1700000000.599" in asked
    assert asked[asked.index("--unit") + 1] == "docker.service"


def test_systemd_never_runs_in_a_root_filesystem_that_is_not_booted(tree: Tree) -> None:
    tree.at("/run/systemd/system").mkdir(parents=True)
    assert not systemd.is_running(tree.host)
