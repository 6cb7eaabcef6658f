# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Interfaces as stanzas of ifupdown, and what its other files say."""

from __future__ import annotations

import pytest
from hypothesis import given

from ansible_collections.slipway.docker.plugins.module_utils.interfaces import ifupdown
from ansible_collections.slipway.docker.plugins.module_utils.interfaces.declare import Interface
from unit.interfaces.things import declare, interfaces, one


def test_a_bridge() -> None:
    wanted = one(
        ports=["eth1.20", "eth2"],
        addresses=["10.77.0.1/24", "fd00::1/64"],
        gateways=["10.77.0.254"],
        routes=["10.8.0.0/16"],
        mtu=1400,
    )
    assert ifupdown.text(wanted, ["eth1.20"], {"eth2"}).splitlines() == [
        "# Written by slipway.docker.host_interfaces for br0, which has eth1.20",
        "auto br0",
        "iface br0 inet manual",
        "    pre-up ifup eth2 || true",
        "    pre-up [ -e /sys/class/net/eth1.20 ] || ip link add link eth1 name eth1.20 type vlan id 20",
        "    pre-up [ -e /sys/class/net/br0 ] || ip link add name br0 type bridge",
        "    pre-up ip link set dev br0 type bridge stp_state 0",
        "    pre-up echo 0 > /proc/sys/net/ipv6/conf/br0/accept_ra || true",
        "    pre-up echo 0 > /proc/sys/net/ipv6/conf/br0/disable_ipv6",
        "    up ip link set dev eth1 up",
        "    up ip link set dev eth1.20 up master br0 || true",
        "    up ip link set dev eth2 up master br0 || true",
        "    up ip link set dev br0 mtu 1400",
        "    up ip link set dev br0 up",
        "    up ip address replace 10.77.0.1/24 broadcast + dev br0",
        "    up ip address replace fd00::1/64 dev br0",
        "    up ip route replace 0.0.0.0/0 via 10.77.0.254 dev br0",
        "    up ip route replace 10.8.0.0/16 dev br0",
        "    post-down ip link set dev eth1.20 nomaster || true",
        "    post-down ip link set dev eth2 nomaster || true",
        '    post-down [ -n "$(ls /sys/class/net/br0/brif 2>/dev/null)" ] || ip link delete dev br0 || true',
        "    post-down ip link delete dev eth1.20 || true",
    ]


def test_a_macvlan() -> None:
    (wanted,) = declare({"name": "m", "kind": "macvlan", "parent": "eth1", "addresses": ["10.0.0.1/32"]})
    assert (
        "    pre-up [ -e /sys/class/net/m ] || ip link add link eth1 name m type macvlan mode bridge\n"
        in ifupdown.text(wanted)
    )
    assert "    up ip address replace 10.0.0.1/32 dev m\n" in ifupdown.text(wanted)


@given(interfaces())
def test_a_file_is_read_back(wanted: Interface) -> None:
    files = {ifupdown.path_of(wanted.name): ifupdown.text(wanted)}
    found = ifupdown.before(wanted.name, files)
    assert (found.ports, found.addresses, found.routes) == (wanted.ports, wanted.addresses, wanted.routes)
    assert ifupdown.made(files) == {wanted.name: wanted.name}


def test_vlans_that_it_makes_are_known() -> None:
    files = {ifupdown.path_of("br0"): ifupdown.text(one(ports=["eth1.20"]), ["eth1.20"])}
    assert ifupdown.made(files) == {"br0": "br0", "eth1.20": "br0"}


def test_stanzas_of_others() -> None:
    found = ifupdown.stanzas(
        "auto lo eth0\niface lo inet loopback\n# iface eth9 inet dhcp\niface eth0 \\\n inet dhcp\n"
        "iface eth0 inet6 auto\niface eth1 inherits eth0\n"
    )
    assert [(each.name, each.method) for each in found] == [
        ("lo", "loopback"),
        ("eth0", "dhcp"),
        ("eth0", "auto"),
        ("eth1", ""),
    ]


@pytest.mark.parametrize(
    ("main", "path", "expected"),
    [
        ("source /etc/network/interfaces.d/*\n", "slipway-br0", True),
        ("source interfaces.d/*\n", "slipway-br0", True),
        ("  source /etc/network/other.d/* /etc/network/interfaces.d/*\n", "slipway-br0", True),
        ("source /etc/network/interfaces.d/*.cfg\n", "slipway-br0", False),
        ("#source /etc/network/interfaces.d/*\n", "slipway-br0", False),
        ("source-directory /etc/network/interfaces.d\n", "slipway-br0", True),
        ("source-directory /etc/network/interfaces.d/\n", "slipway-br0", True),
        ("source-directory /etc/network/interfaces.d\n", "slipway-eth1.20", False),
        ("auto lo\niface lo inet loopback\n", "slipway-br0", False),
    ],
)
def test_whether_a_file_is_read(main: str, path: str, expected: bool) -> None:
    assert ifupdown.is_read(main, f"/etc/network/interfaces.d/{path}") is expected
