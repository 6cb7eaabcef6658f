# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an engine or a kernel would refuse, told before."""

from __future__ import annotations

import ipaddress
import typing as t

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.network import Route
from ansible_collections.slipway.docker.plugins.module_utils.networks.checks import (
    Seen,
    bridge_of,
    built_in,
    lacking,
    obstacles,
)
from ansible_collections.slipway.docker.plugins.module_utils.networks.entries import read_declared
from unit.networks.world import each_version, network

INTERFACES = {"lo": "", "eth0": "", "eth1": "bridge", "eth2": "bond", "bond0": "", "br0": ""}
MANAGER = {"LocalNodeState": "active", "ControlAvailable": True}
LAN = Route(ipaddress.ip_network("192.0.2.0/24"), "eth0")


def said(*declared: dict[str, t.Any], **seen: t.Any) -> list[str]:
    read = read_declared([{"name": "new", **options} for options in declared])
    assert read.problems == ()
    looked = Seen(read.entries, read.subnets, **{"interfaces": INTERFACES, "routes": (LAN,), **seen})
    return [*obstacles(looked), *lacking(looked)]


def macvlan(parent: str, **options: t.Any) -> dict[str, t.Any]:
    return {"driver": "macvlan", "driver_options": {"parent": parent}, **options}


RIGHT: list[dict[str, t.Any]] = [
    {},
    {"name": "a b"},
    {"ipam_config": [{"subnet": "10.0.0.0/24"}]},
    macvlan("eth0"),
    macvlan("eth0.10"),
    macvlan("bond0"),
    macvlan("eth0", ipam_config=[{"subnet": "192.0.2.0/24"}]),
    {"driver": "macvlan"},
    {"driver_options": {"com.docker.network.bridge.name": "br0"}},
    {"config_only": True, "ipam_config": [{"subnet": "10.0.0.0/24"}]},
    {"driver": "somebody/plugin:1"},
]
WRONG: list[tuple[dict[str, t.Any], str]] = [
    ({"name": "default"}, ".name is a word of Docker's own, which refuses it"),
    (macvlan("lo"), ".driver_options.parent cannot be the loopback interface"),
    (
        macvlan("eth9"),
        ".driver_options.parent is no interface of this host, nor a VLAN of one; it has bond0, br0, eth0",
    ),
    (macvlan("eth9.10"), ".driver_options.parent is no interface of this host"),
    (macvlan("eth0.4095"), ".driver_options.parent is no VLAN of eth0"),
    (macvlan("eth0.x"), ".driver_options.parent is no VLAN of eth0"),
    (macvlan("eth1"), ".driver_options.parent is part of a bridge"),
    (macvlan("eth2"), ".driver_options.parent is part of a bond"),
    ({"driver": "macvlan", "driver_options": {"macvlan_mode": "x"}}, ".driver_options.macvlan_mode is not known"),
    ({"driver": "host"}, ".driver belongs to network host alone"),
    ({"driver": "none"}, ".driver belongs to network none alone"),
    ({"driver": "overlay"}, " needs a swarm, and this host is in none (state inactive)"),
    ({"scope": "swarm", "driver": "macvlan"}, " needs a swarm"),
    ({"config_from": "nothing"}, ".config_from names no network with config_only"),
    (
        {"driver_options": {"com.docker.network.bridge.name": "x" * 16}},
        ".driver_options['com.docker.network.bridge.name'] is longer",
    ),
    (
        {"ipam_config": [{"subnet": "192.0.0.0/16"}]},
        ".ipam_config[0].subnet overlaps 192.0.2.0/24, which this host reaches",
    ),
]


@pytest.mark.parametrize("options", RIGHT)
def test_nothing_in_the_way(options: dict[str, t.Any]) -> None:
    assert said(options) == []


@pytest.mark.parametrize(("options", "words"), WRONG)
def test_something_in_the_way(options: dict[str, t.Any], words: str) -> None:
    (problem,) = said(options)
    assert problem.startswith(f"network_networks[0]{words}")
    assert "; " in problem


@each_version
def test_networks_that_are_there(version: str) -> None:
    staying = tuple(network(version, name) for name in ("bridge", "front", "pooled", "lan", "template", "inherits"))

    def first(**options: t.Any) -> str:
        return next(iter(said(options, staying=staying, templates=frozenset({"template"}))), "")

    assert "overlaps 172.20.0.0/24, which network front has" in first(ipam_config=[{"subnet": "172.20.0.0/25"}])
    assert "which network bridge has" in first(ipam_config=[{"subnet": "172.17.0.0/24"}])
    assert "is the interface of network lan (macvlan)" in first(driver="macvlan", driver_options={"parent": "eth0"})
    assert "is the interface of network lan (macvlan)" in first(driver="ipvlan", driver_options={"parent": "eth0"})
    taken = {"com.docker.network.bridge.name": "pool0"}
    assert "is the bridge of network pooled" in first(driver_options=taken)
    assert first(config_from="template") == ""
    assert "has labels beside config_from" in first(config_from="template", labels={"a": "b"})
    assert "is how the id of network front begins" in first(name=staying[1]["Id"][:3])
    assert bridge_of(staying[0]) == "docker0"
    assert bridge_of(staying[1]) == f"br-{staying[1]['Id'][:12]}"
    assert bridge_of(staying[3]) == bridge_of(staying[4]) == ""


def test_addresses_of_the_swarm_are_apart() -> None:
    overlay = {"Name": "ov", "Id": "f" * 64, "Scope": "swarm", "IPAM": {"Config": [{"Subnet": "10.0.1.0/24"}]}}
    assert said({"ipam_config": [{"subnet": "10.0.1.0/24"}]}, staying=(overlay,)) == []
    shared = {"driver": "overlay", "ipam_config": [{"subnet": "10.0.1.0/24"}]}
    assert len(said(shared, staying=(overlay,), swarm=MANAGER)) == 1


def test_entries_among_each_other() -> None:
    problems = said(
        macvlan("eth0", name="a", ipam_config=[{"subnet": "10.0.0.0/24"}]),
        macvlan("eth0", name="b", ipam_config=[{"subnet": "10.0.0.0/25"}]),
    )
    assert [problem.partition(" ")[0] for problem in problems] == [
        "network_networks[1].driver_options.parent",
        "network_networks[1].ipam_config[0].subnet",
    ]


def test_bridges_that_are_ours_have_routes_of_ours() -> None:
    subnet = {"ipam_config": [{"subnet": "192.0.2.0/24"}]}
    assert len(said(subnet)) == 1
    assert said(subnet, bridges=frozenset({"eth0"})) == []
    assert said({**subnet, "driver_options": {"com.docker.network.bridge.name": "eth0"}}) == []


@pytest.mark.parametrize(
    ("swarm", "words"),
    [
        (MANAGER, ""),
        ({"LocalNodeState": "locked"}, "this host is in none (state locked)"),
    ],
)
def test_a_network_of_a_swarm_needs_one(swarm: dict[str, t.Any], words: str) -> None:
    assert words in "".join(said({"driver": "overlay"}, swarm=swarm))
    assert bool(said({"driver": "overlay"}, swarm=swarm)) is bool(words)
    assert len(said({"driver": "overlay", "name": "a b"}, swarm=MANAGER)) == 1


def test_what_the_kernel_and_the_engine_lack() -> None:
    reason = "the kernel was built without CONFIG_IPVLAN"
    assert reason in said({"driver": "ipvlan"}, unusable={"ipvlan": reason})[0]
    assert "needs an engine with API 1.47" in said({"enable_ipv4": True}, api=(1, 45))[0]
    assert said({"enable_ipv4": True}, api=(1, 47)) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"name": "host"}, ""),
        ({"name": "host", "driver": "host", "labels": {}}, ""),
        ({"name": "none", "driver": "null"}, ""),
        ({"name": "none", "driver": "none"}, ""),
        ({"name": "bridge", "driver": "bridge"}, ""),
        ({"name": "host", "driver": "bridge"}, ".driver must be host, as network host is built into Docker"),
        ({"name": "host", "internal": True}, " gives settings to network host, which has none"),
        ({"name": "none", "state": "absent"}, " takes network none away, which is built into Docker"),
        ({"name": "bridge", "ipam_config": [{"subnet": "10.0.0.0/24"}]}, " gives settings to the default bridge"),
    ],
)
def test_networks_that_are_built_in(options: dict[str, t.Any], words: str) -> None:
    problems = built_in(read_declared([options]).entries[0])
    assert [problem[: len(words) + 19] for problem in problems] == ([f"network_networks[0]{words}"] if words else [])
