# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ought to be known of a host is said."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.info_concerns import of_kernel, of_launch
from ansible_collections.slipway.docker.plugins.module_utils.daemon.inspection import Inspection
from ansible_collections.slipway.docker.plugins.module_utils.host.systemd import UnitStatus
from unit.host.kernel_captures import CGROUPS, boot, configure, install_modules, read
from unit.states import installed, running, stopped
from unit.trees import DAEMON_JSON, Tree


@pytest.fixture
def host(tree: Tree) -> Tree:
    """A Debian 13 machine that has nothing to complain of."""
    configure(tree, "debian-13", f"/boot/config-{boot(tree, 'debian-13')}")
    install_modules(tree, "debian-13")
    tree.write("/proc/self/mountinfo", read("mounts/hybrid"))
    tree.write("/proc/cgroups", CGROUPS)
    return tree


def concerns(tree: Tree) -> list[str]:
    return of_kernel(Inspection(tree.host, DAEMON_JSON))


def test_nothing(host: Tree) -> None:
    assert concerns(host) == []


def test_a_kernel_without_what_is_necessary(host: Tree) -> None:
    host.write("/proc/config.gz", b"")
    host.write("/proc/config.gz", b"\x1f\x8b")  # unreadable: the next place counts
    assert concerns(host) == []
    place = "/boot/config-6.12.117+deb13-amd64"
    host.write(place, host.read(place).replace(b"CONFIG_VETH=m", b"").replace(b"CONFIG_POSIX_MQUEUE=y", b""))
    assert concerns(host) == ["containers: the kernel lacks POSIX_MQUEUE", "bridge: the kernel lacks VETH"]


def test_controllers_that_are_not_there(host: Tree) -> None:
    host.write("/proc/self/mountinfo", read("mounts/v2"))
    host.write("/sys/fs/cgroup/cgroup.controllers", "cpuset cpu io pids\n")
    assert concerns(host) == ["control groups (v2) lack memory"]


def test_a_kernel_that_was_upgraded(host: Tree) -> None:
    for listing in ("modules.dep", "modules.builtin"):
        host.at(f"/lib/modules/6.12.117+deb13-amd64/{listing}").unlink()
    assert concerns(host) == [
        "no modules of the running kernel 6.12.117+deb13-amd64 are installed: it was upgraded; reboot"
    ]
    host.write("/run/systemd/container", "docker\n")
    assert concerns(host) == []


def test_apparmor_without_its_parser(host: Tree) -> None:
    host.write("/sys/module/apparmor/parameters/enabled", "Y\n")
    assert concerns(host) == [
        "AppArmor is on and program apparmor_parser is not installed, so that containers do not start"
    ]
    host.write("/usr/sbin/apparmor_parser", "")
    host.at("/usr/sbin/apparmor_parser").chmod(0o755)
    assert concerns(host) == []


@pytest.mark.parametrize(("limit", "few"), [("200", True), ("10000", True), ("10001", False), ("1000000", False)])
def test_keys(host: Tree, limit: str, few: bool) -> None:
    host.write("/proc/sys/kernel/keys/root_maxkeys", f"{limit}\n")
    assert concerns(host) == ([f"kernel.keys.root_maxkeys is {limit}, too few for many containers"] if few else [])


@pytest.mark.parametrize(
    ("status", "concern"),
    [
        ({"active": "active"}, ""),
        ({"active": "failed", "result": "start-limit-hit"}, "docker.service has failed (start-limit-hit)"),
        ({"active": "activating", "sub": "auto-restart", "result": "exit-code"}, "has failed (exit-code)"),
        ({"stale": True}, "run systemctl daemon-reload"),
    ],
)
def test_the_service(tree: Tree, status: dict[str, t.Any], concern: str) -> None:
    inspection = Inspection(installed(tree).host, DAEMON_JSON)
    inspection.state = dataclasses.replace(stopped(tree), service=UnitStatus("docker.service", **status))
    found = of_launch(inspection)
    assert len(found) == bool(concern)
    assert concern in "".join(found)


def test_a_host_without_systemd(tree: Tree) -> None:
    installed(tree)
    (concern,) = of_launch(Inspection(tree.host, DAEMON_JSON))
    assert concern.startswith("systemd is not running here")
    inspection = Inspection(tree.host, DAEMON_JSON)
    inspection.state = running(tree)
    assert of_launch(inspection) == []
