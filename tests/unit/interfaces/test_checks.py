# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Problems of a declaration on a host, each with its remedy."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.interfaces.checks import Scene, problems
from ansible_collections.slipway.docker.plugins.module_utils.interfaces.kernel import Held
from ansible_collections.slipway.docker.plugins.module_utils.interfaces.run import complete
from ansible_collections.slipway.docker.plugins.module_utils.interfaces.steps import Before
from unit.interfaces.things import NOTHING, declare, held, link

ETH0 = link("eth0", "192.0.2.5/24", "fe80::5/64", mac="02:00:00:00:00:05")
LO = link("lo", "127.0.0.1/8", loopback=True)
UPLINK = {"eth0": ["0.0.0.0/0 via 192.0.2.1", "10.9.0.0/16 via 192.0.2.9"]}


def told(
    now: Held,
    *interfaces: dict[str, t.Any],
    made: dict[str, str] | None = None,
    before: Before = NOTHING,
    lacks: dict[str, str] | None = None,
) -> list[str]:
    declared = declare(*interfaces)
    made = made or {}
    whole = complete(declared, now, made)
    present = {one.name for one in whole if one.present}
    gone = tuple(
        name for name, owner in made.items() if name not in present and owner in {one.name for one in declared}
    )
    return problems(Scene(whole, now, made, dict.fromkeys([*made, *present], before), gone, lacks or {}))


def test_nothing_is_wrong() -> None:
    assert (
        told(held(LO, ETH0, link("eth1"), **UPLINK), {"name": "br0", "ports": ["eth1"], "addresses": ["10.77.0.1/24"]})
        == []
    )


def test_it_would_cut_the_host_off() -> None:
    now = held(LO, ETH0, **UPLINK)
    assert told(now, {"name": "br0", "ports": ["eth0"]}) == [
        (
            "br0: port eth0 has 192.0.2.5/24 and the default route, which the bridge has to take over lest the host "
            "be cut off; add take_over: true; addresses: [192.0.2.5/24]; gateways: [192.0.2.1]; "
            "routes: [10.9.0.0/16 via 192.0.2.9]"
        )
    ]
    part = {"name": "br0", "ports": ["eth0"], "take_over": True, "addresses": ["192.0.2.5/24"]}
    assert told(now, part)[0].endswith("; add gateways: [192.0.2.1]; routes: [10.9.0.0/16 via 192.0.2.9]")
    whole = {**part, "gateways": ["192.0.2.1"], "routes": ["10.9.0.0/16 via 192.0.2.9"]}
    assert told(now, whole) == []


def test_addresses_for_a_limited_time_do_not_move() -> None:
    given = link("eth0", "192.0.2.5/24", dynamic=ETH0.addresses[:1])
    (problem,) = told(held(given), {"name": "br0", "ports": ["eth0"], "take_over": True})
    assert problem.startswith("br0: port eth0 has 192.0.2.5/24 for a limited time, from DHCP or a router")


@pytest.mark.parametrize(
    ("interface", "expected"),
    [
        (
            {"name": "docker0"},
            "docker0: is there already, a bridge that this module has not made; remove it, or choose another name",
        ),
        ({"name": "br0", "ports": ["eth7"]}, "br0: port eth7 is not there; there are: docker0, eth0, eth1, veth1"),
        ({"name": "br0", "ports": ["docker0"]}, "br0: port docker0 is a bridge, which the kernel takes into no other"),
        (
            {"name": "br0", "ports": ["veth1"]},
            "br0: port veth1 is in docker0 already; take it out there first, with: ip link set dev veth1 nomaster",
        ),
        (
            {"name": "m", "kind": "macvlan", "parent": "veth1"},
            "m: parent veth1 is a port of docker0, which the kernel refuses; name docker0 as parent",
        ),
        (
            {"name": "v", "kind": "vlan", "vlan": 2, "parent": "eth7"},
            "v: parent eth7 is not there; there are: docker0, eth0, eth1, veth1",
        ),
        (
            {"name": "v", "kind": "vlan", "vlan": 2, "parent": "eth1", "mtu": 9000},
            "v: mtu 9000 is more than that of eth1, 1500",
        ),
        (
            {"name": "br0", "addresses": ["10.0.0.1/24"], "gateways": ["10.0.0.2"]},
            "br0: has a gateway, and the host's default route goes by eth0; leave gateways out, or take that one away",
        ),
        (
            {"name": "br0", "routes": ["10.9.0.0/16"]},
            "br0: shall route 10.9.0.0/16, and eth0 does so already; leave it out, or take that one away",
        ),
        ({"name": "br0", "addresses": ["192.0.2.5/32"]}, "br0: shall have 192.0.2.5/32, which eth0 has already"),
        (
            {"name": "br0", "addresses": ["172.17.5.1/24"]},
            "br0: shall have 172.17.5.1/24, whose network overlaps 172.17.0.0/16 on docker0; choose another one",
        ),
        (
            {"name": "m", "kind": "macvlan", "parent": "eth0", "addresses": ["192.0.2.6/24"]},
            (
                "m: shall have 192.0.2.6/24, whose network overlaps 192.0.2.0/24 on eth0; give it as 192.0.2.6/32, "
                "and in routes the range that containers on eth0 have"
            ),
        ),
        (
            {"name": "docker0", "state": "absent"},
            "docker0: was not made by this module, which has no file of it, and is not removed",
        ),
    ],
)
def test_what_is_wrong(interface: dict[str, t.Any], expected: str) -> None:
    now = held(
        LO,
        ETH0,
        link("eth1"),
        link("docker0", "172.17.0.1/16", kind="bridge"),
        link("veth1", master="docker0"),
        **UPLINK,
    )
    assert told(now, interface) == [expected]


def test_a_macvlan_beside_its_parent() -> None:
    interface = {
        "name": "m",
        "kind": "macvlan",
        "parent": "eth0",
        "addresses": ["192.0.2.6/32"],
        "routes": ["192.0.2.192/27"],
    }
    assert told(held(LO, ETH0, **UPLINK), interface) == []


def test_a_port_that_a_macvlan_is_on() -> None:
    now = held(link("eth1"), link("m", kind="macvlan", parent="eth1", mode="bridge"))
    assert told(now, {"name": "br0", "ports": ["eth1"]}) == [
        "br0: port eth1 has macvlan m on it, which the kernel refuses; put that on br0"
    ]


def test_containers_are_in_a_bridge() -> None:
    now = held(link("br0", "10.0.0.1/24", kind="bridge"), link("veth1", master="br0"), link("veth2", master="br0"))
    assert told(now, {"name": "br0", "state": "absent"}, made={"br0": "br0"}) == [
        "br0: shall be absent, and veth1, veth2 are in it, of containers or others; stop what they belong to first"
    ]


def test_its_own_ports_may_go_with_a_bridge() -> None:
    now = held(link("br0", kind="bridge"), link("eth1", master="br0"))
    assert told(now, {"name": "br0", "state": "absent"}, made={"br0": "br0"}, before=Before(("eth1",))) == []


def test_a_bridge_by_which_the_host_is_reached() -> None:
    now = held(link("br0", "10.0.0.1/24", kind="bridge"), br0=["0.0.0.0/0 via 10.0.0.2"])
    (problem,) = told(now, {"name": "br0", "state": "absent"}, made={"br0": "br0"})
    assert problem.startswith("br0: shall be absent, and carries the default route, without which this host is cut off")


def test_another_kind() -> None:
    found = told(
        held(link("x", kind="bridge"), link("eth1")),
        {"name": "x", "kind": "macvlan", "parent": "eth1"},
        made={"x": "x"},
    )
    assert found == ["x: is a bridge, and shall be a macvlan; have it absent first"]


def test_a_port_moves_between_two_of_ours() -> None:
    now = held(link("br0", kind="bridge"), link("br1", kind="bridge"), link("eth1", master="br0"))
    found = told(
        now,
        {"name": "br0"},
        {"name": "br1", "ports": ["eth1"]},
        made={"br0": "br0", "br1": "br1"},
        before=Before(("eth1",)),
    )
    assert found == []


def test_what_the_kernel_lacks() -> None:
    lacks = {"vlan": "the kernel was built without CONFIG_VLAN_8021Q", "IPv6": "the kernel has no IPv6"}
    found = told(held(link("eth1")), {"name": "br0", "ports": ["eth1.20"], "addresses": ["fd00::1/64"]}, lacks=lacks)
    assert found == [
        "eth1.20: cannot be made, as the kernel was built without CONFIG_VLAN_8021Q",
        "br0: has an IPv6 address, and the kernel has no IPv6",
    ]


def test_vlans_that_are_ports_are_made() -> None:
    declared = declare({"name": "br0", "ports": ["eth1.20", "eth1.21", "eth2"]})
    now = held(link("eth1"), link("eth2"), link("eth1.21", kind="vlan", parent="eth1", vlan=21))
    vlan, bridge = complete(declared, now, {})
    assert (vlan.name, vlan.kind, vlan.parent, vlan.vlan, vlan.owner) == ("eth1.20", "vlan", "eth1", 20, "br0")
    assert bridge == declared[0]
    there = held(*now.links.values(), link("eth1.20", kind="vlan", parent="eth1", vlan=20))
    assert complete(declared, there, {"eth1.20": "br0"})[0] == vlan


def test_a_bridge_that_takes_over_has_the_hardware_address_of_its_port() -> None:
    declared = declare({"name": "br0", "ports": ["eth0"], "take_over": True})
    assert complete(declared, held(ETH0), {})[0].mac == "02:00:00:00:00:05"
