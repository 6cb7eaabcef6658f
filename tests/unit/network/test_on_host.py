# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong on one host: a table of declarations, each with everything that is said of it."""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.network.problems import address_problems


def said(**variables: t.Any) -> list[str]:
    found = address_problems({"h": variables})
    assert all(one.hosts == ("h",) for one in found)
    return [f"{one.what}: {one.message}" + (f"; {one.remedy}" if one.remedy else "") for one in found]


def network(subnet: t.Any = "10.1.0.0/24", name: str = "front", **options: t.Any) -> dict[str, t.Any]:
    ipam = {key: options.pop(key) for key in ("gateway", "iprange", "ip_range", "aux_addresses") if key in options}
    return {"name": name, "ipam_config": [{"subnet": subnet, **ipam}], **options}


def pools(*bases: str, size: t.Any = 24) -> dict[str, t.Any]:
    return {"default-address-pools": [{"base": base, "size": size} for base in bases]}


FINE: list[dict[str, t.Any]] = [
    {},
    {"engine_config": None, "network_networks": None, "network_routed": None, "network_domain": None},
    {"engine_config": {"bip": "10.0.0.1/24", "fixed-cidr": "10.0.0.128/25", "default-gateway": "10.0.0.254"}},
    {"engine_config": {"ipv6": True, "fixed-cidr-v6": "fd00::/64"}},
    {"engine_config": pools("10.0.0.0/16", "10.1.0.0/16")},
    {"engine_config": pools("10.0.0.0/16"), "network_networks": [network()], "network_routed": ["10.2.0.0/16"]},
    {"network_networks": [network(), network("10.1.1.0/24", "back")]},
    {"network_networks": [network("fd00::/64", enable_ipv6="yes", gateway="fd00::1")]},
    {"network_networks": [network(gateway="10.1.0.1", iprange="10.1.0.128/25", aux_addresses={"nas": "10.1.0.2"})]},
    {"network_networks": [network(driver="macvlan", ip_range="10.1.0.64/26")], "network_routed": ["10.1.0.0/24"]},
    {"network_networks": [network(driver="ipvlan")], "network_routed": [{"network": "10.1.0.0/16", "name": "LAN"}]},
    {"network_networks": [network(), network(name="old", state="absent")]},
    {"network_networks": [network(name="t", config_only=True), {"name": "x", "config_from": "t"}]},
    {"network_networks": [network()], "engine_config": {"bridge": "none"}},
    {"network_networks": [network("172.17.0.0/16")], "engine_config": {"bridge": "br0"}},
    {"network_networks": [network("172.17.0.0/16")], "engine_config": {"bip": "10.0.0.1/24"}},
    {"network_routed": ["10.0.0.0/8", "10.1.0.0/16", {"network": "fd00::/8"}]},
    {"network_routed": ["172.17.0.0/16", "192.168.1.0/24"]},
]


@pytest.mark.parametrize("variables", FINE)
def test_nothing_is_wrong(variables: dict[str, t.Any]) -> None:
    assert said(**variables) == []


ELSEWHERE = "choose another network"
OUTSIDE = "choose a network outside of the pools, from which dockerd may give it to another"
NETWORK = "network_networks[0]"
ENTRY = f"{NETWORK}.ipam_config[0]"

OVERLAPS: list[tuple[dict[str, t.Any], str]] = [
    (
        {"engine_config": {"bip": "10.0.3.1/24", **pools("10.0.0.0/16")}},
        f"bip 10.0.3.0/24 overlaps pool 10.0.0.0/16; {OUTSIDE}",
    ),
    (
        {"engine_config": {"bip": "10.1.3.1/16"}, "network_networks": [network()]},
        f"network front 10.1.0.0/24 overlaps bip 10.1.0.0/16; {ELSEWHERE}",
    ),
    (
        {"engine_config": {"fixed-cidr": "10.1.0.0/16"}, "network_networks": [network()]},
        f"network front 10.1.0.0/24 overlaps fixed-cidr 10.1.0.0/16; {ELSEWHERE}",
    ),
    (
        {"engine_config": {"ipv6": True, "bip6": "fd00::1/64"}, "network_routed": [{"network": "fd00::/8"}]},
        f"bip6 fd00::/64 overlaps routed network fd00::/8; {ELSEWHERE}",
    ),
    (
        {"engine_config": pools("10.0.0.0/8"), "network_networks": [network()]},
        f"network front 10.1.0.0/24 overlaps pool 10.0.0.0/8; {OUTSIDE}",
    ),
    (
        {"engine_config": pools("10.0.0.0/16"), "network_routed": [{"network": "10.0.8.0/24", "name": "VPN"}]},
        f"pool 10.0.0.0/16 overlaps VPN 10.0.8.0/24; {ELSEWHERE}",
    ),
    (
        {"network_networks": [network(), network("10.1.0.128/25", "back")]},
        f"network front 10.1.0.0/24 overlaps network back 10.1.0.128/25; {ELSEWHERE}",
    ),
    (
        {"network_networks": [network(), network(name="back")]},
        f"network front 10.1.0.0/24 overlaps network back 10.1.0.0/24; {ELSEWHERE}",
    ),
    (
        {"network_networks": [network(driver="overlay"), network(name="back")]},
        f"network front 10.1.0.0/24 overlaps network back 10.1.0.0/24; {ELSEWHERE}",
    ),
    (
        {"network_networks": [network()], "network_routed": ["10.1.0.0/16"]},
        f"network front 10.1.0.0/24 overlaps routed network 10.1.0.0/16; {ELSEWHERE}",
    ),
    (
        {"network_networks": [network("10.1.0.0/16", driver="macvlan")], "network_routed": ["10.1.0.0/24"]},
        f"network front 10.1.0.0/16 overlaps routed network 10.1.0.0/24; {ELSEWHERE}",
    ),
    (
        {"network_networks": [network("172.17.4.0/24")]},
        "network front 172.17.4.0/24 overlaps docker0, by default 172.17.0.0/16; choose another network, or set bip",
    ),
    (
        {"network_networks": [network("172.18.0.0/16")], "network_routed": ["172.17.1.0/24"]},
        "network front 172.18.0.0/16 overlaps docker0, by default 172.18.0.0/16; choose another network, or set bip",
    ),
    (
        {"network_networks": [network(name="t", config_only=True), {"name": "x", "config_from": "t"}, network()]},
        f"network x 10.1.0.0/24 overlaps network front 10.1.0.0/24; {ELSEWHERE}",
    ),
]


@pytest.mark.parametrize(("variables", "message"), OVERLAPS)
def test_overlaps(variables: dict[str, t.Any], message: str) -> None:
    assert said(**variables) == [f"overlap: {message}"]


def _ipam(**entry: t.Any) -> dict[str, t.Any]:
    return {"network_networks": [{"name": "n", "ipam_config": [entry]}]}


ILLEGAL: list[tuple[dict[str, t.Any], str]] = [
    (_ipam(subnet="10.1.0.5/24"), f'{ENTRY}.subnet is an address in 10.1.0.0/24, not a network; got: "10.1.0.5/24"'),
    (_ipam(subnet="10.1.0.5/32"), f'{ENTRY}.subnet leaves no address for containers; got: "10.1.0.5/32"'),
    (
        _ipam(subnet="10.1.0.0/24", gateway="10.2.0.1"),
        f'{ENTRY}.gateway must lie in the subnet, 10.1.0.0/24; got: "10.2.0.1"',
    ),
    (
        _ipam(subnet="10.1.0.0/24", gateway="fd00::1"),
        f'{ENTRY}.gateway must be an IPv4 address, as the subnet is 10.1.0.0/24; got: "fd00::1"',
    ),
    (
        _ipam(subnet="10.1.0.0/24", gateway="10.1.0.0"),
        f'{ENTRY}.gateway is the address of the subnet itself; got: "10.1.0.0"',
    ),
    (
        _ipam(subnet="10.1.0.0/24", gateway="10.1.0.255"),
        f'{ENTRY}.gateway is the address of all in the subnet; got: "10.1.0.255"',
    ),
    (
        _ipam(subnet="10.1.0.0/24", iprange="10.1.0.0/16"),
        f'{ENTRY}.iprange must lie in the subnet, 10.1.0.0/24; got: "10.1.0.0/16"',
    ),
    (
        _ipam(subnet="10.1.0.0/24", ip_range="10.2.0.0/25"),
        f'{ENTRY}.ip_range must lie in the subnet, 10.1.0.0/24; got: "10.2.0.0/25"',
    ),
    (_ipam(gateway="10.1.0.1"), f'{ENTRY}.gateway needs a subnet; got: "10.1.0.1"'),
    (
        _ipam(subnet="10.1.0.0/24", gateway="10.1.0.1", aux_addresses={"nas": "10.1.0.1"}),
        f'{ENTRY}.aux_addresses.nas is the same address as the gateway; got: "10.1.0.1"',
    ),
    (
        _ipam(subnet="10.1.0.0/24", aux_addresses={"nas": "10.1.0.2", "tv": "10.1.0.2"}),
        f'{ENTRY}.aux_addresses.tv is the same address as nas; got: "10.1.0.2"',
    ),
    (_ipam(subnet="fd00::/64"), f'{ENTRY}.subnet does nothing while enable_ipv6 is off; got: "fd00::/64"'),
    (
        {"network_networks": [{"name": "n", "enable_ipv4": False}]},
        f"{NETWORK} has neither IPv4 nor IPv6",
    ),
    (
        {"network_networks": [{"name": "n", "ipam_config": [{"subnet": "10.1.0.0/24"}, {"subnet": "10.2.0.0/24"}]}]},
        f"{NETWORK}.ipam_config has 2 IPv4 subnets, and a bridge takes one (10.1.0.0/24, 10.2.0.0/24)",
    ),
    (
        {"network_routed": ["10.1.2.3/16"]},
        'network_routed[0] is an address in 10.1.0.0/16, not a network; got: "10.1.2.3/16"',
    ),
    ({"engine_config": {"bip": "10.0.0.0/24"}}, "engine_config.bip is the address of a network, not one in it"),
    ({"engine_config": {"bip": "fd00::1/64"}}, "engine_config.bip must be an IPv4 address"),
    ({"engine_config": {"bip": "10.0.0.1"}}, "engine_config.bip must be an IPv4 address"),
    ({"engine_config": {"bip": "10.0.0.1/24", "bridge": "br0"}}, "engine_config.bip cannot be set together with br"),
    ({"engine_config": {"fixed-cidr-v6": "fd00::/64"}}, "engine_config.fixed-cidr-v6 does nothing while ipv6 is off"),
    (
        {"engine_config": {"fixed-cidr-v6": "10.0.0.0/8", "ipv6": True}},
        "engine_config.fixed-cidr-v6 must be an IPv6 network",
    ),
    (
        {"engine_config": {"bip": "10.0.0.1/24", "fixed-cidr": "10.9.0.0/24"}},
        "engine_config.fixed-cidr must lie in the network of bip, 10.0.0.0/24",
    ),
    (
        {"engine_config": {"bip": "10.0.0.1/24", "default-gateway": "10.0.1.1"}},
        "engine_config.default-gateway must lie in the network of bip, 10.0.0.0/24",
    ),
    (
        {"engine_config": pools("10.0.0.0/16", "10.0.4.0/24")},
        "engine_config.default-address-pools[1].base overlaps default-address-pools[0].base, 10.0.0.0/16",
    ),
    (
        {"engine_config": pools("10.0.0.0/16", size=12)},
        "engine_config.default-address-pools[0].size must be at least 16, the length of its base 10.0.0.0/16; got: 12",
    ),
    (
        {"engine_config": pools("10.0.0.0/16", size=33)},
        "engine_config.default-address-pools[0].size must be at most 32; got: 33",
    ),
    (
        {"engine_config": pools("10.0.3.0/16")},
        "engine_config.default-address-pools[0].base means 10.0.0.0/16",
    ),
    ({"engine_config": {"icc": False, "iptables": False}}, "engine_config.icc keeps containers apart by iptables"),
    ({"engine_config": {"ipv6": True}, "engine_version": "5:20.10.*"}, "engine_config.ipv6 needs fixed-cidr-v6"),
    ({"engine_config": {"ip6tables": True}, "engine_version": "26.1"}, "engine_config.ip6tables is experimental"),
]


@pytest.mark.parametrize(("variables", "message"), ILLEGAL)
def test_what_goes_ill_together(variables: dict[str, t.Any], message: str) -> None:
    (only,) = said(**variables)
    assert only.startswith(f"illegal: {message}")


UNREADABLE: list[tuple[dict[str, t.Any], str]] = [
    ({"engine_config": ["bip"]}, "engine_config must be a map of keys of daemon.json"),
    ({"engine_config": {"bip": 10}}, "engine_config.bip must be a string; got: 10"),
    ({"engine_config": pools("10.0.0.0/16", size="24")}, "engine_config.default-address-pools[0].size must be a whole"),
    ({"network_networks": {"name": "n"}}, "network_networks must be a list of networks"),
    ({"network_networks": ["front"]}, f'{NETWORK} must be a map with a name; got: "front"'),
    ({"network_networks": [{"driver": "bridge"}]}, f"{NETWORK} must be a map with a name"),
    ({"network_networks": [{"name": "n", "driver": 1}]}, f"{NETWORK}.driver must be a string; got: 1"),
    ({"network_networks": [{"name": "n", "ipam_config": "x"}]}, f"{NETWORK}.ipam_config must be a list of maps"),
    ({"network_networks": [{"name": "n", "ipam_config": ["x"]}]}, f"{ENTRY} must be a map with a subnet"),
    (_ipam(subnet="10.1.0.0"), f'{ENTRY}.subnet must be a network such as 172.20.0.0/16; got: "10.1.0.0"'),
    (_ipam(subnet="10.1.0.300/24"), f"{ENTRY}.subnet must be a network"),
    (_ipam(subnet=10), f"{ENTRY}.subnet must be a network such as 172.20.0.0/16; got: 10"),
    (_ipam(subnet="10.1.0.0/24", gateway="?"), f'{ENTRY}.gateway must be an IP address; got: "?"'),
    (_ipam(subnet="10.1.0.0/24", iprange=7), f"{ENTRY}.iprange must be a network"),
    (_ipam(subnet="10.1.0.0/24", aux_addresses=["x"]), f"{ENTRY}.aux_addresses must be a map of addresses"),
    ({"network_routed": "10.0.0.0/8"}, "network_routed must be a list of networks"),
    ({"network_routed": ["LAN"]}, 'network_routed[0] must be a network such as 172.20.0.0/16; got: "LAN"'),
    ({"network_routed": [{"name": "LAN"}]}, "network_routed[0].network must be a network"),
    ({"network_domain": 7}, "network_domain must be a name or a list of names; got: 7"),
    ({"network_domain_routes": "maybe"}, 'network_domain_routes must be true or false; got: "maybe"'),
]


@pytest.mark.parametrize(("variables", "message"), UNREADABLE)
def test_what_cannot_be_read(variables: dict[str, t.Any], message: str) -> None:
    (only,) = said(**variables)
    assert only.startswith(f"unreadable: {message}")


def test_a_host_that_is_no_map() -> None:
    (only,) = address_problems({"h": "x"})
    assert (only.hosts, only.what, only.message) == (("h",), "unreadable", 'variables must be a map; got: "x"')


NAMES = """
engine_config engine_version network_networks network_routed network_domain network_domain_routes network_swarm
bip bip6 fixed-cidr fixed-cidr-v6 default-gateway default-address-pools base size ipv6 bridge icc name driver state
ipam_config subnet gateway iprange ip_range aux_addresses config_only config_from driver_options network
""".split()
TEXTS = """
x n 28.5.* macvlan overlay 10.0.0.0/8 10.0.0.1/24 10.0.0.1 0.0.0.0/0 fd00::/8 ::/0 fd00::1%eth0/64
""".split()
ATOMS = st.sampled_from([None, True, False, 0, 24, 10**30, 1.5, float("nan"), "", *TEXTS])
ANYTHING = st.recursive(
    ATOMS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)
)
NETWORKS = st.lists(st.dictionaries(st.sampled_from(NAMES), ANYTHING).map(lambda found: {"name": "n", **found}))
HOST = st.dictionaries(st.sampled_from(NAMES), ANYTHING) | st.fixed_dictionaries(
    {"engine_config": st.dictionaries(st.sampled_from(NAMES), ANYTHING), "network_networks": NETWORKS}
)


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), HOST | ANYTHING))
def test_nothing_makes_it_fail(inventory: dict[str, t.Any]) -> None:
    for problem in address_problems(inventory):
        assert problem.hosts
        assert set(problem.hosts) <= set(inventory)
        assert problem.where
        assert problem.message
