# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the kernel holds of interfaces, as ip prints it."""

from __future__ import annotations

import json

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.interfaces.kernel import parse

ADDRESSES = [
    {"ifname": "lo", "flags": ["LOOPBACK", "UP"], "mtu": 65536, "addr_info": [{"local": "127.0.0.1", "prefixlen": 8}]},
    {
        "ifname": "br0",
        "flags": ["BROADCAST", "UP"],
        "mtu": 1400,
        "address": "02:00:00:00:00:01",
        "linkinfo": {"info_kind": "bridge", "info_data": {"stp_state": 1}},
        "addr_info": [
            {"family": "inet", "local": "10.77.0.1", "prefixlen": 24},
            {"family": "inet", "local": "10.78.0.1", "prefixlen": 24, "dynamic": True},
            {"family": "inet6", "local": "fe80::1", "prefixlen": 64},
        ],
    },
    {"ifname": "veth1", "link": "veth2", "master": "br0", "flags": [], "linkinfo": {"info_kind": "veth"}},
    {
        "ifname": "eth1.20",
        "link": "eth1",
        "flags": [],
        "linkinfo": {"info_kind": "vlan", "info_data": {"protocol": "802.1Q", "id": 20}},
    },
    {
        "ifname": "mac0",
        "link": "br0",
        "flags": [],
        "linkinfo": {"info_kind": "macvlan", "info_data": {"mode": "bridge"}},
    },
]
ROUTES = [
    {"dst": "default", "gateway": "10.77.0.254", "dev": "br0", "flags": []},
    {"dst": "10.77.0.0/24", "dev": "br0", "protocol": "kernel", "scope": "link"},
    {"dst": "192.0.2.9", "dev": "mac0", "scope": "link"},
    {
        "dst": "10.9.0.0/16",
        "nexthops": [{"gateway": "10.77.0.8", "dev": "br0"}, {"gateway": "10.1.0.8", "dev": "eth0"}],
    },
    {"type": "unreachable", "dst": "10.99.0.0/16", "dev": "lo"},
]
ROUTES6 = [
    {"dst": "default", "gateway": "fe80::9", "dev": "br0", "metric": 1024},
    {"dst": "default", "gateway": "fe80::8", "dev": "eth0", "protocol": "ra"},
]


def test_links_and_routes() -> None:
    found = parse(*map(json.dumps, (ADDRESSES, ROUTES, ROUTES6)))
    bridge, vlan, macvlan = (found.links[name] for name in ("br0", "eth1.20", "mac0"))
    assert (bridge.kind, bridge.up, bridge.mtu, bridge.stp) == ("bridge", True, 1400, True)
    assert [str(one) for one in bridge.own] == ["10.77.0.1/24", "10.78.0.1/24"]
    assert [str(one) for one in bridge.dynamic] == ["10.78.0.1/24"]
    assert (vlan.kind, vlan.parent, vlan.vlan, macvlan.mode) == ("vlan", "eth1", 20, "bridge")
    assert found.links["lo"].loopback
    assert found.ports_of("br0") == ("veth1",)
    assert found.on("br0") == ("mac0",)
    assert found.on("veth2") == ()
    assert [(name, route.words) for name, route in found.routes] == [
        ("br0", "0.0.0.0/0 via 10.77.0.254"),
        ("mac0", "192.0.2.9/32"),
        ("br0", "10.9.0.0/16 via 10.77.0.8"),
        ("eth0", "10.9.0.0/16 via 10.1.0.8"),
        ("br0", "::/0 via fe80::9"),
    ]


def test_ip_prints_nothing_for_an_empty_list() -> None:
    assert parse("[]", "", "").routes == ()


def test_an_old_ip() -> None:
    with pytest.raises(HostError, match=r"iproute2 4\.15 and newer prints JSON"):
        parse("1: lo: <LOOPBACK>")
