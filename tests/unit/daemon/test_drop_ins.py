# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two drop-ins, read back by the same code that reads everybody's."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.drop_ins import (
    PARKED_SOCKET,
    socket_drop_in,
)
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.systemd_launch import (
    SERVICE_DROP_IN,
    SOCKET_DROP_IN,
    read_launch,
)
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.systemd_launch import (
    SystemdLaunch as Launch,
)
from ansible_collections.slipway.docker.plugins.module_utils.host.systemd_files import read_unit
from unit.trees import DROP_INS, SERVICE, SOCKET, SOCKET_UNIT, UPSTREAM_UNIT, Tree


def launch_of(tree: Tree, instead: dict[str, bytes | None] | None = None) -> Launch:
    launch = read_launch(tree.host, instead)
    assert isinstance(launch, Launch)
    return launch


def test_service(tree: Tree) -> None:
    tree.write(SERVICE, UPSTREAM_UNIT)
    launch = launch_of(tree)
    content = launch.without([flag for flag in launch.flags if flag.key == "hosts"]).files[SERVICE_DROP_IN]
    assert content is not None
    assert content.decode() == (
        "# Written by slipway.docker. dockerd does not start when a directive stands both on its command\n"
        "# line and in daemon.json, so this takes out: -H\n"
        "[Service]\n"
        "ExecStart=\n"
        "ExecStart=/usr/bin/dockerd --containerd=/run/containerd/containerd.sock\n"
    )
    now = launch_of(tree, {SERVICE_DROP_IN: content})
    assert now.argv == ["/usr/bin/dockerd", "--containerd=/run/containerd/containerd.sock"]
    assert str(now.source) == f"{SERVICE_DROP_IN}:5"


def test_it_comes_behind_what_people_and_packages_write(tree: Tree) -> None:
    tree.write(SERVICE, UPSTREAM_UNIT)
    for name in ("override", "10-machine", "http-proxy", "zz-local", "z"):
        tree.write(f"{DROP_INS}/{name}.conf", "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -H fd://\n")
    launch = launch_of(tree)
    now = launch_of(tree, {**launch.without(list(launch.flags)).files})
    assert now.flags == ()


def test_nothing_to_take_out(tree: Tree) -> None:
    tree.write(SERVICE, UPSTREAM_UNIT)
    assert launch_of(tree).without([]).files == {}


@pytest.mark.parametrize(
    ("document", "parked"),
    [
        ({}, False),
        ({"hosts": ["fd://"]}, False),
        ({"hosts": ["fd://", "tcp://127.0.0.1:2375"]}, False),
        ({"hosts": ["unix:///var/run/docker.sock"]}, True),
        ({"hosts": ["tcp://127.0.0.1:2375"]}, True),
        ({"hosts": []}, True),
    ],
)
def test_whether_the_socket_unit_is_parked(document: dict[str, t.Any], parked: bool) -> None:
    assert (socket_drop_in(document, has_socket_unit=True) is not None) is parked
    assert socket_drop_in(document, has_socket_unit=False) is None


def test_where_the_socket_unit_is_parked(tree: Tree) -> None:
    tree.write(SOCKET, SOCKET_UNIT)
    content = socket_drop_in({"hosts": ["unix:///var/run/docker.sock"]}, has_socket_unit=True)
    unit = read_unit(tree.host, "docker.socket", {SOCKET_DROP_IN: content})
    assert unit is not None
    assert [s.value for s in unit.values("Socket", "ListenStream")] == [PARKED_SOCKET]
    last = {setting.name: setting.value for setting in unit.settings}
    assert (last["SocketMode"], last["SocketUser"], last["SocketGroup"]) == ("0600", "root", "root")
    assert last["RemoveOnStop"] == "yes"
