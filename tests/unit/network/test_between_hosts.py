# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong between hosts: domains, overlay networks, LANs, and how hosts with one problem are told together."""

from __future__ import annotations

import typing as t
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.network.problems import address_problems

Variables = dict[str, t.Any]


def said(**hosts: Variables) -> list[str]:
    return [f"{' '.join(one.hosts)}: {one.message}" for one in address_problems(hosts)]


def bip(text: str, **others: t.Any) -> Variables:
    return {"engine_config": {"bip": text}, "network_domain": "d", **others}


def networks(*subnets: str, driver: str = "bridge", name: str = "front", **others: t.Any) -> Variables:
    entries = [{"name": name, "driver": driver, "ipam_config": [{"subnet": subnet}]} for subnet in subnets]
    return {"network_networks": entries, "network_domain": "d", **others}


def on_lan(iprange: str | None, **others: t.Any) -> Variables:
    entry = {"subnet": "192.168.1.0/24", **({"iprange": iprange} if iprange else {})}
    return {"network_networks": [{"name": "lan", "driver": "macvlan", "ipam_config": [entry]}], **others}


LAN = {"network_routed": [{"network": "192.168.1.0/24", "name": "LAN"}]}
POOL = {"engine_config": {"default-address-pools": [{"base": "10.8.0.0/16", "size": 24}]}, "network_domain": "d"}

FINE: list[dict[str, Variables]] = [
    {"a": bip("10.0.0.1/24", network_domain=None), "b": bip("10.0.0.1/24", network_domain="")},
    {"a": bip("10.0.0.1/24"), "b": bip("10.0.0.1/24", network_domain="other")},
    {"a": bip("10.0.0.1/24"), "b": bip("10.0.1.1/24")},
    {"a": bip("10.0.0.1/24", network_domain_routes=False), "b": bip("10.0.0.1/24", network_domain_routes=False)},
    {"a": {"network_domain": "d"}, "b": {"network_domain": "d"}},
    {"a": networks("10.0.0.0/24", driver="overlay"), "b": networks("10.0.0.0/24", driver="overlay")},
    {"a": on_lan("192.168.1.64/26", **LAN), "b": on_lan("192.168.1.128/26", **LAN)},
    {"a": on_lan("192.168.1.64/26", network_domain="d"), "b": on_lan("192.168.1.128/26", network_domain="d")},
    {"a": on_lan(None, **LAN), "b": on_lan(None)},
    {
        "a": on_lan(None, network_routed=[{"network": "192.168.1.0/24", "name": "Berlin"}]),
        "b": on_lan(None, network_routed=[{"network": "192.168.1.0/24", "name": "Lyon"}]),
    },
]


@pytest.mark.parametrize("hosts", FINE)
def test_nothing_is_wrong(hosts: dict[str, Variables]) -> None:
    assert said(**hosts) == []


WRONG: list[tuple[dict[str, Variables], list[str]]] = [
    (
        {"a": bip("10.0.0.1/24"), "b": bip("10.0.0.2/24")},
        ["a b: bip 10.0.0.0/24 is the same on a and b"],
    ),
    (
        {"a": bip("10.0.0.1/24"), "b": bip("10.0.0.2/16"), "c": bip("10.1.0.1/16")},
        ["a b: bip 10.0.0.0/16 of b overlaps bip 10.0.0.0/24 of a"],
    ),
    (
        {"a": bip("10.0.0.1/24"), "b": networks("10.0.0.0/24", network_domain=["d", "e"])},
        ["a b: bip 10.0.0.0/24 of a overlaps network front 10.0.0.0/24 of b"],
    ),
    ({"a": POOL, "b": POOL}, ["a b: pool 10.8.0.0/16 is the same on a and b"]),
    (
        {"a": POOL, "b": networks("10.8.1.0/24")},
        ["a b: pool 10.8.0.0/16 of a overlaps network front 10.8.1.0/24 of b"],
    ),
    (
        {"a": networks("10.0.0.0/24"), "b": networks("10.0.0.0/24", name="back")},
        ["a b: 10.0.0.0/24 is the same on a and b: network back and network front"],
    ),
    (
        {"a": networks("10.0.0.0/24"), "b": {"network_domain": "d", "network_routed": ["10.0.0.0/16"]}},
        ["a b: routed network 10.0.0.0/16 of b overlaps network front 10.0.0.0/24 of a"],
    ),
    (
        {"a": {"network_domain": "d", "network_domain_routes": True}, "b": {"network_domain": "d"}},
        ["a b: docker0, by default 172.17.0.0/16 is the same on a and b"],
    ),
    (
        {
            "a": networks("10.0.0.0/24", driver="overlay", name="mesh", network_domain_routes=False),
            "b": bip("10.0.0.1/16", network_domain_routes=False),
        },
        ["a b: bip 10.0.0.0/16 of b overlaps network mesh 10.0.0.0/24 of a"],
    ),
    (
        {
            "a": networks("10.0.0.0/24", driver="overlay", name="mesh"),
            "b": networks("10.0.1.0/24", driver="overlay", name="mesh"),
            "c": networks("10.0.1.0/24", driver="overlay", name="mesh"),
        },
        ["a b c: overlay network mesh is not the same everywhere: 10.0.0.0/24 on a; 10.0.1.0/24 on b and c"],
    ),
    (
        {
            "a": networks("10.0.0.0/24", driver="overlay", name="mesh"),
            "b": networks("10.0.0.0/16", driver="overlay", name="other"),
        },
        ["a b: network other 10.0.0.0/16 of b overlaps network mesh 10.0.0.0/24 of a"],
    ),
    (
        {"a": on_lan("192.168.1.64/26", **LAN), "b": on_lan("192.168.1.96/27", **LAN)},
        [
            "a b: 192.168.1.64/26, which a hands out on a LAN, overlaps 192.168.1.96/27, which b hands out there",
        ],
    ),
    (
        {"a": on_lan(None, **LAN), "b": on_lan(None, **LAN), "c": on_lan("192.168.1.64/26")},
        ["a b: 192.168.1.0/24 is handed out on one LAN by a and b"],
    ),
    (
        {"a": on_lan(None, network_domain="d", **LAN), "b": on_lan(None, network_domain="d", **LAN)},
        ["a b: 192.168.1.0/24 is handed out on one LAN by a and b"],
    ),
]


@pytest.mark.parametrize(("hosts", "messages"), WRONG)
def test_what_is_wrong(hosts: dict[str, Variables], messages: list[str]) -> None:
    assert said(**hosts) == messages


def test_hosts_with_one_problem_are_told_together() -> None:
    routed = {"network_routed": [{"network": "10.0.0.0/8", "name": "VPN"}], "network_domain": None}
    hosts = {f"h{number}": bip("10.0.0.1/24", **routed) for number in range(12)}
    (only,) = address_problems(hosts)
    assert only.hosts == tuple(sorted(hosts))
    assert only.message == "bip 10.0.0.0/24 overlaps VPN 10.0.0.0/8"


def test_many_hosts_are_not_all_named() -> None:
    hosts = {f"h{number}": bip("10.0.0.1/24") for number in range(6)}
    assert said(**hosts) == ["h0 h1 h2 h3 h4 h5: bip 10.0.0.0/24 is the same on h0, h1, h2 and 3 more"]


def test_what_each_host_has_with_itself_is_not_told_between_hosts() -> None:
    both = {"network_routed": ["10.0.0.0/8"], **networks("10.1.0.0/24", driver="overlay")}
    assert said(a=both, b=both) == ["a b: network front 10.1.0.0/24 overlaps routed network 10.0.0.0/8"]


SUBNETS = st.sampled_from(["10.0.0.0/8", "10.0.0.0/24", "10.0.0.0/25", "10.0.1.0/24", "10.64.0.0/10", "10.65.0.0/24"])
HOSTS = st.dictionaries(st.sampled_from("abcdef"), st.lists(SUBNETS, unique=True, max_size=3), max_size=6)


@given(HOSTS)
def test_hosts_are_clean_when_no_two_networks_meet(hosts: dict[str, list[str]]) -> None:
    """Problems there are if and only if a look at every pair finds one."""
    inventory = {
        host: {"network_domain": "d", "network_networks": [_named(subnet) for subnet in subnets]}
        for host, subnets in hosts.items()
    }
    listed = [(host, subnet) for host, subnets in hosts.items() for subnet in subnets]
    meeting = any(one != other and _meet(one[1], other[1]) for one in listed for other in listed)
    assert bool(address_problems(inventory)) is meeting


def _named(subnet: str) -> Variables:
    return {"name": subnet.replace("/", "-"), "ipam_config": [{"subnet": subnet}]}


def _meet(one: str, other: str) -> bool:
    return ip_network(one).overlaps(ip_network(other))


@given(st.permutations(["a", "b", "c", "d"]))
def test_the_order_of_hosts_does_not_matter(order: list[str]) -> None:
    declared = {
        "a": bip("10.0.0.1/16", **LAN),
        "b": networks("10.0.0.0/24"),
        "c": on_lan(None, **LAN),
        "d": on_lan(None, network_domain="d", **LAN),
    }
    assert address_problems({name: declared[name] for name in order}) == address_problems(declared)
