# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many subnets pools have left, against a list of all of them."""

from __future__ import annotations

import ipaddress
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks.cidr import overlaps
from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks.pools import Pool
from ansible_collections.slipway.docker.plugins.module_utils.host.network import IPNetwork
from ansible_collections.slipway.docker.plugins.module_utils.network.engine import DEFAULT_POOLS
from ansible_collections.slipway.docker.plugins.module_utils.network.problems import address_problems
from ansible_collections.slipway.docker.plugins.module_utils.network.room import free


def networks(lowest: int) -> st.SearchStrategy[IPNetwork]:
    return st.builds(
        lambda third, length: ipaddress.ip_network(f"10.0.{third}.0/{length}", strict=False),
        st.integers(0, 63),
        st.integers(lowest, 28),
    )


POOLS = st.builds(
    lambda network, more: Pool("", network, min(network.prefixlen + more, 30), ""), networks(20), st.integers(0, 6)
)


@given(POOLS, st.lists(networks(16), max_size=8))
def test_what_is_left_is_what_nothing_overlaps(pool: Pool, taken: list[IPNetwork]) -> None:
    listed: list[IPNetwork] = list(pool.network.subnets(new_prefix=pool.size))
    assert free([pool], taken) == sum(not any(overlaps(one, other) for other in taken) for one in listed)


def test_dockerd_has_31_subnets_by_default() -> None:
    assert free(DEFAULT_POOLS, []) == 31
    assert free(DEFAULT_POOLS, [ipaddress.ip_network("192.168.1.0/24"), ipaddress.ip_network("172.16.0.0/12")]) == 15


def test_a_pool_that_nobody_could_list() -> None:
    pool = Pool("", ipaddress.ip_network("fd00::/16"), 64, "")
    assert free([pool], [ipaddress.ip_network("fd00::/64")]) == 2**48 - 1


def test_a_subnet_of_two_pools_counts_once() -> None:
    both = [
        Pool("", ipaddress.ip_network("10.0.0.0/23"), 24, ""),
        Pool("", ipaddress.ip_network("10.0.0.0/22"), 24, ""),
    ]
    assert free(both, []) == 4


def _exhausted(**variables: t.Any) -> list[str]:
    return [one.message for one in address_problems({"h": variables}) if one.what == "exhausted"]


def pool(base: str, size: int) -> dict[str, t.Any]:
    return {"default-address-pools": [{"base": base, "size": size}]}


def plain(count: int, **options: t.Any) -> list[dict[str, t.Any]]:
    return [{"name": f"n{number:02}", **options} for number in range(count)]


FOUR: dict[str, t.Any] = pool("10.0.0.0/22", 24)


ENOUGH: list[dict[str, t.Any]] = [
    {"engine_config": FOUR, "network_networks": plain(3)},
    {"engine_config": {**FOUR, "bip": "10.1.0.1/24"}, "network_networks": plain(4)},
    {"engine_config": {**FOUR, "fixed-cidr": "10.1.0.0/24"}, "network_networks": plain(4)},
    {"engine_config": {**FOUR, "bridge": "none"}, "network_networks": plain(4)},
    {"engine_config": FOUR, "network_networks": plain(3), "network_swarm": "no"},
    {"engine_config": FOUR, "network_networks": plain(9, ipam_config=[{"subnet": "10.9.0.0/24"}])},
    {"engine_config": FOUR, "network_networks": plain(9, state="absent")},
    {"engine_config": FOUR, "network_networks": plain(9, ipam_driver="null")},
    {"engine_config": FOUR, "network_networks": plain(9, driver="host")},
    {"engine_config": FOUR, "network_networks": plain(9, config_only=True)},
    {"engine_config": FOUR, "network_networks": plain(9, config_from="elsewhere")},
    {"engine_config": FOUR, "network_networks": plain(9, enable_ipv4=False, enable_ipv6=True)},
    {"network_networks": plain(30)},
    {"network_networks": plain(30, enable_ipv6=True)},
    {"engine_config": {"default-address-pools": [{"base": "?", "size": 24}]}, "network_networks": plain(99)},
]


@pytest.mark.parametrize("variables", ENOUGH)
def test_enough(variables: dict[str, t.Any]) -> None:
    assert _exhausted(**variables) == []


LEFT = "engine_config.default-address-pools has {} left for {} networks without one of their own: {}"
OWN = "dockerd's own pools have {} left for {} networks without one of their own: {}"


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        (
            {"engine_config": FOUR, "network_networks": plain(4)},
            LEFT.format("4 IPv4 subnets", 5, "docker0, network n00, network n01 and 2 more"),
        ),
        (
            {"engine_config": FOUR, "network_networks": plain(3), "network_swarm": True},
            LEFT.format("4 IPv4 subnets", 5, "docker0, docker_gwbridge, network n00 and 2 more"),
        ),
        (
            {"engine_config": pool("10.0.0.0/24", 24), "network_networks": [{"name": "o", "driver": "overlay"}]},
            LEFT.format("1 IPv4 subnet", 2, "docker0 and docker_gwbridge"),
        ),
        (
            {"engine_config": {**FOUR, "bip": "10.0.1.1/24"}, "network_networks": plain(4)},
            LEFT.format("3 IPv4 subnets", 4, "network n00, network n01, network n02 and network n03"),
        ),
        (
            {"engine_config": pool("10.0.0.0/23", 24), "network_networks": plain(2), "network_routed": ["10.0.0.0/25"]},
            LEFT.format("1 IPv4 subnet", 3, "docker0, network n00 and network n01"),
        ),
        (
            {
                "engine_config": {
                    "default-address-pools": [{"base": "10.0.0.0/16", "size": 24}, {"base": "fd00::/63", "size": 64}],
                    "ipv6": True,
                },
                "network_networks": plain(2, enable_ipv6=True),
            },
            LEFT.format("2 IPv6 subnets", 3, "docker0, network n00 and network n01"),
        ),
        (
            {"engine_config": {**pool("fd00::/48", 64), "bip": "10.0.0.1/24"}, "network_networks": plain(1)},
            LEFT.replace("networks", "network").format("0 IPv4 subnets", 1, "network n00"),
        ),
        (
            {"network_networks": plain(31)},
            OWN.format("31 IPv4 subnets", 32, "docker0, network n00, network n01 and 29 more"),
        ),
        (
            {"network_networks": plain(15), "network_routed": ["172.16.0.0/12", "192.168.0.0/20"]},
            OWN.format("15 IPv4 subnets", 16, "docker0, network n00, network n01 and 13 more"),
        ),
    ],
)
def test_exhausted(variables: dict[str, t.Any], said: str) -> None:
    assert _exhausted(**variables) == [said]
