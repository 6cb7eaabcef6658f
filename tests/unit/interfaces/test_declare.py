# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A declaration of interfaces: understood, or refused with all that is wrong."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import InvalidInput
from ansible_collections.slipway.docker.plugins.module_utils.interfaces.declare import vlan_port
from unit.interfaces.things import declare


def problems(*interfaces: dict[str, t.Any]) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        declare(*interfaces)
    return caught.value.problems


def test_a_whole_bridge() -> None:
    (found,) = declare(
        {
            "name": "br0",
            "ports": ["eth1", "eth2.20"],
            "stp": True,
            "addresses": ["10.77.0.1/24", "2001:db8::1/64"],
            "gateways": ["10.77.0.254", "fe80::1"],
            "routes": ["10.8.0.0/16", "10.9.0.0/16 via 10.77.0.9"],
            "mtu": 1400,
            "take_over": True,
        }
    )
    assert (found.kind, found.ports, found.stp, found.mtu, found.take_over) == (
        "bridge",
        ("eth1", "eth2.20"),
        True,
        1400,
        True,
    )
    assert [route.words for route in found.routes] == [
        "0.0.0.0/0 via 10.77.0.254",
        "::/0 via fe80::1",
        "10.8.0.0/16",
        "10.9.0.0/16 via 10.77.0.9",
    ]
    assert found.has_gateway
    assert found.needs_ipv6


def test_what_is_absent_needs_a_name_only() -> None:
    (found,) = declare({"name": "br0", "state": "absent", "kind": "vlan", "addresses": ["nonsense"]})
    assert not found.present


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"name": "a" * 16}, "interfaces[0].name must be 1 to 15 letters"),
        ({"name": "lo"}, "interfaces[0].name must be 1 to 15 letters"),
        ({"name": "br 0"}, "interfaces[0].name must be 1 to 15 letters"),
        ({"name": "br0;id"}, "interfaces[0].name must be 1 to 15 letters"),
        ({"ports": ["lo"]}, "interfaces[0].ports[0] is the loopback, which can be in no bridge"),
        ({"ports": ["eth1", "eth1"]}, "interfaces[0].ports[1] is there twice; got: 'eth1'"),
        ({"ports": ["br0"]}, "interfaces[0].ports[0] is the bridge itself; got: 'br0'"),
        ({"ports": ["eth*"]}, "interfaces[0].ports[0] must be 1 to 15 letters"),
        ({"parent": "eth0"}, "interfaces[0].parent is not for br0, which is a bridge"),
        ({"kind": "vlan", "parent": "eth0"}, "interfaces[0].vlan must be a number from 1 to 4094; got: 0"),
        ({"kind": "vlan", "parent": "eth0", "vlan": 4095}, "interfaces[0].vlan must be a number from 1 to 4094"),
        ({"kind": "vlan", "vlan": 2}, "interfaces[0].parent must name the interface that this vlan is on; got: ''"),
        ({"kind": "macvlan", "parent": "lo"}, "interfaces[0].parent is the loopback, on which no macvlan can be"),
        ({"kind": "macvlan", "parent": "br0"}, "interfaces[0].parent must name the interface that this macvlan is on"),
        ({"kind": "macvlan", "parent": "eth0", "ports": ["eth1"]}, "interfaces[0].ports is not for br0"),
        ({"addresses": ["10.0.0.1"]}, "interfaces[0].addresses[0] must be an address with its prefix, such as"),
        ({"addresses": ["10.0.0.0/24"]}, "interfaces[0].addresses[0] is no address that an interface can have"),
        ({"addresses": ["10.0.0.255/24"]}, "interfaces[0].addresses[0] is no address that an interface can have"),
        ({"addresses": ["127.0.0.1/8"]}, "interfaces[0].addresses[0] is no address that an interface can have"),
        ({"addresses": ["10.0.0.1/24", "10.0.0.1/16"]}, "interfaces[0].addresses[1] is there twice"),
        ({"gateways": ["10.0.0.1"]}, "interfaces[0].gateways[0] has a router in none of the interface's networks"),
        (
            {"addresses": ["10.0.0.1/24"], "gateways": ["10.0.0.2", "10.0.0.3"]},
            "interfaces[0].gateways[1] is a second gateway for IPv4; got: '10.0.0.3'",
        ),
        ({"routes": ["10.0.0.1/8"]}, "interfaces[0].routes[0] must be a network such as 10.0.0.0/8"),
        ({"routes": ["0.0.0.0/0"]}, "interfaces[0].routes[0] is the default route; name its router in gateways"),
        ({"routes": ["10.0.0.0/8", "10.0.0.0/8"]}, "interfaces[0].routes[1] is there twice"),
        (
            {"addresses": ["10.0.0.1/24"], "routes": ["10.0.0.0/24"]},
            "interfaces[0].routes[0] is the network of an address of its own",
        ),
        (
            {"addresses": ["10.0.0.1/24"], "routes": ["2001:db8::/32 via 10.0.0.2"]},
            "interfaces[0].routes[0] has a router of the other family",
        ),
        ({"mtu": 67}, "interfaces[0].mtu must be from 68 to 65535; got: 67"),
        (
            {"mtu": 1000, "addresses": ["fd00::1/64"]},
            "interfaces[0].mtu must be from 1280 to 65535 with IPv6; got: 1000",
        ),
    ],
)
def test_what_is_wrong_with_one(options: dict[str, t.Any], expected: str) -> None:
    (problem,) = problems({"name": "br0", **options})
    assert problem.startswith(expected)


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ([{"name": "br0"}, {"name": "br0"}], "interfaces[1].name is that of interfaces[0] too; got: 'br0'"),
        (
            [{"name": "br0", "ports": ["eth1"]}, {"name": "br1", "ports": ["eth1"]}],
            "br1 has port eth1, which br0 has as well; it can be in one bridge only",
        ),
        (
            [{"name": "br0", "addresses": ["10.0.0.1/24"]}, {"name": "br1", "addresses": ["10.0.0.1/32"]}],
            "br1 has 10.0.0.1, which another interface of the declaration has as well",
        ),
        (
            [{"name": "br0", "ports": ["eth1"]}, {"name": "eth1", "state": "absent"}],
            "br0 is on eth1, which shall be absent",
        ),
        (
            [{"name": "br0", "ports": ["eth1"]}, {"name": "mac0", "kind": "macvlan", "parent": "eth1"}],
            "mac0 is on eth1, a port of br0, which the kernel refuses; name br0 as its parent",
        ),
    ],
)
def test_what_is_wrong_with_several(declared: list[dict[str, t.Any]], expected: str) -> None:
    assert problems(*declared) == [expected]


@pytest.mark.parametrize(
    ("options", "where"),
    [
        ({"addresses": ["fe80::5%$(reboot)/64"]}, "addresses[0]"),
        ({"addresses": ["fe80::5%eth0/64"]}, "addresses[0]"),
        ({"addresses": ["10.0.0.1/24\n"]}, "addresses[0]"),
        ({"addresses": [" 10.0.0.1/24"]}, "addresses[0]"),
        ({"gateways": ["fe80::1%;id\n[Match]\nName=*"]}, "gateways[0]"),
        ({"routes": ["2001:db8::/32 via fe80::1%\n"]}, "routes[0]"),
        ({"routes": ["fe80::%x/64"]}, "routes[0]"),
        ({"routes": ["10.0.0.0/8  via 10.0.0.1"]}, "routes[0]"),
    ],
)
def test_addresses_have_no_zones_and_no_blanks(options: dict[str, t.Any], where: str) -> None:
    (problem,) = problems({"name": "br0", **options})
    assert problem.startswith(f"interfaces[0].{where} must be of digits, a to f, colons, dots and a slash")


def test_nothing_is_on_itself() -> None:
    found = problems(
        {"name": "a", "kind": "vlan", "parent": "b", "vlan": 1}, {"name": "b", "kind": "vlan", "parent": "a", "vlan": 1}
    )
    assert found == ["a is on itself, by way of what it is on", "b is on itself, by way of what it is on"]


def test_all_that_is_wrong_is_told_at_once() -> None:
    assert len(problems({"name": "?", "ports": ["lo"], "mtu": 1}, {"name": "b", "addresses": ["x", "y"]})) == 5


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("eth1.20", ("eth1", 20)),
        ("eth1.4095", None),
        ("eth1.020", None),
        ("eth1", None),
        (".20", None),
        ("br0.1.2", ("br0.1", 2)),
    ],
)
def test_names_of_vlans(name: str, expected: tuple[str, int] | None) -> None:
    assert vlan_port(name) == expected
