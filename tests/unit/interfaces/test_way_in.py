# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible's own connection is not cut."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping, Sequence

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.connection import parse_connection
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Completed, Host
from ansible_collections.slipway.docker.plugins.module_utils.interfaces.kernel import Held
from ansible_collections.slipway.docker.plugins.module_utils.interfaces.run import complete
from ansible_collections.slipway.docker.plugins.module_utils.interfaces.steps import Before, steps, wants
from ansible_collections.slipway.docker.plugins.module_utils.interfaces.way_in import Way, objections, read_way
from unit.interfaces.things import address, declare, held, link, route
from unit.trees import Tree

SSH = "192.0.2.9 50022 192.0.2.5 22"
BR7 = link("br7", "192.0.2.5/24", kind="bridge")
BRIDGED = held(BR7, link("eth0", master="br7"), link("eth1"))
EARLIER = Before(("eth0",), (address("192.0.2.5/24"),))
SAME: dict[str, t.Any] = {"name": "br7", "ports": ["eth0"], "addresses": ["192.0.2.5/24"]}


def told(
    now: Held, *declared: dict[str, t.Any], ssh: str = SSH, interface: str = "br7", before: Before = EARLIER
) -> list[str]:
    connection = parse_connection(ssh)
    assert connection is not None
    named = declare(*declared)
    wanted = [
        want
        for one in complete(named, now, {"br7": "br7"})
        for want in wants(one, now, before if one.name == "br7" else Before())
    ]
    gone = [one.name for one in named if not one.present]
    return objections(Way(connection, interface), now, wanted, steps(now, wanted, gone))


@pytest.mark.parametrize(
    "declared",
    [
        [SAME],
        [{**SAME, "addresses": ["192.0.2.5/25"]}],
        [{**SAME, "ports": ["eth0", "eth1"], "addresses": ["192.0.2.5/24", "10.0.0.1/24"], "mtu": 1400}],
        [{"name": "br8", "addresses": ["10.0.0.1/24"]}],
    ],
)
def test_it_stays(declared: list[dict[str, t.Any]]) -> None:
    assert told(BRIDGED, *declared) == []


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        (
            {"name": "br7", "state": "absent"},
            "br7: would be removed, and Ansible's connection comes by it",
        ),
        ({**SAME, "addresses": ["192.0.2.6/24"]}, "br7: would lose 192.0.2.5/24, to which Ansible is connected ("),
        ({**SAME, "addresses": []}, "br7: would lose 192.0.2.5/24, to which"),
        ({**SAME, "ports": []}, "br7: would lose eth0, and Ansible's connection comes by it"),
        ({**SAME, "ports": ["eth1"]}, "br7: would lose eth0, and"),
        ({**SAME, "addresses": ["192.0.2.5/30"]}, "br7: no network or route would be left by which this host answers"),
    ],
)
def test_it_would_be_cut(declared: dict[str, t.Any], words: str) -> None:
    (problem,) = told(BRIDGED, declared)
    assert problem.startswith(words)
    assert "192.0.2.9 port 50022 to 192.0.2.5 port 22" in problem
    assert "set allow_lockout: true" in problem


def test_an_address_moves_with_its_port() -> None:
    now = held(link("eth0", "192.0.2.5/24"))
    assert told(now, {**SAME, "take_over": True}, interface="eth0", before=Before()) == []


def test_the_way_back_is_by_a_router() -> None:
    away = "198.51.100.9 50022 192.0.2.5 22"
    now = held(BR7, br7=["198.51.100.0/24 via 192.0.2.1"])
    routed = Before((), (address("192.0.2.5/24"),), (route("198.51.100.0/24 via 192.0.2.1"),))
    assert told(now, {**SAME, "ports": [], "routes": ["198.51.100.0/24 via 192.0.2.1"]}, ssh=away, before=routed) == []
    (problem,) = told(now, {**SAME, "ports": []}, ssh=away, before=routed)
    assert problem.startswith("br7: no network or route would be left")
    assert "keep what leads to 198.51.100.9" in problem


def test_a_vlan_with_another_number() -> None:
    now = held(link("v", "192.0.2.5/24", kind="vlan", parent="eth0", vlan=2), link("eth0"))
    vlan = {"name": "v", "kind": "vlan", "parent": "eth0", "addresses": ["192.0.2.5/24"]}
    assert told(now, {**vlan, "vlan": 2}, interface="v") == []
    assert told(now, {**vlan, "vlan": 3}, interface="v")[0].startswith("v: would be made anew, and")


def test_the_address_is_not_the_hosts() -> None:
    """A router on the way has translated it: what is known is by which interface the host answers."""
    ssh = "192.0.2.9 50022 203.0.113.1 22"
    assert told(BRIDGED, {**SAME, "addresses": ["192.0.2.6/24"]}, ssh=ssh) == []
    assert len(told(BRIDGED, {"name": "br7", "state": "absent"}, ssh=ssh)) == 1


def test_the_connection_is_found(tree: Tree) -> None:
    def run(argv: Sequence[str], *, data: str | None = None, env: Mapping[str, str] | None = None) -> Completed:
        assert argv[:4] == ["ip", "-o", "route", "get"]
        assert (data, env) == (None, None)
        return Completed(tuple(argv), 0, f"{argv[4]} dev br7 src 192.0.2.5 uid 0 \\    cache\n", "")

    tree.write("/usr/sbin/ip", "")
    tree.at("/usr/sbin/ip").chmod(0o755)
    host = Host(run, str(tree.root))
    way = read_way(host, {"SSH_CONNECTION": SSH}, 1)
    assert way is not None
    assert (str(way.connection.server), way.interface) == ("192.0.2.5", "br7")
    assert read_way(host, {}, 1) is None
