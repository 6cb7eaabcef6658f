# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pools of addresses: what each check accepts and what it says, and the engines it holds for."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks import pools
from unit.verdicts import Row, routes, row, table

ROWS = [
    row(
        pools.bases_and_sizes,
        {"default-address-pools": [{"size": 24}, {"base": "10.0.0.0/8"}, {"base": "10.0.0.1", "size": 24}]},
        "config.default-address-pools[0].base is missing; write a network such as 10.10.0.0/16",
        ("config.default-address-pools[1].size is missing; write the length of the networks to be made, such as 24"),
        ('config.default-address-pools[2].base must be a network such as 10.10.0.0/16; got: "10.0.0.1"'),
    ),
    row(
        pools.bases_and_sizes,
        {"default-address-pools": [{"base": "10.50.0.0/24", "size": 16}, {"base": "10.51.0.0/24", "size": 0}]},
        ("config.default-address-pools[0].size must be at least 24, the length of its base 10.50.0.0/24; got: 16"),
        ("config.default-address-pools[1].size is missing; write the length of the networks to be made, such as 24"),
    ),
    row(
        pools.bases_and_sizes,
        {"default-address-pools": [{"base": "10.50.0.0/24", "size": 33}, {"base": "10.0.0.1/33", "size": 24}]},
        "config.default-address-pools[0].size must be at most 32; got: 33",
        ('config.default-address-pools[1].base must be a network such as 10.10.0.0/16; got: "10.0.0.1/33"'),
    ),
    row(
        pools.bases_and_sizes,
        {"default-address-pools": [{"base": "0.0.0.0/0", "size": 24}]},
        (
            "config.default-address-pools[0].base begins with an address that no container can route "
            'to; got: "0.0.0.0/0"'
        ),
    ),
    row(
        pools.bases_and_sizes,
        {
            "default-address-pools": [
                {"base": "10.50.0.0/16", "size": 24},
                {"base": "10.51.0.5/24", "size": 24},
                {"base": "fd00::/48", "size": 64},
            ]
        },
    ),
    row(pools.bases_and_sizes, {"default-address-pools": [{"Base": "10.50.0.0/16", "SIZE": 24}]}),
    row(
        pools.room_for_containers,
        {"default-address-pools": [{"base": "10.50.0.0/24", "size": 32}]},
        (
            "config.default-address-pools[0].size leaves no address for containers in the networks "
            "that are made; got: 32; write at most 31"
        ),
    ),
    row(
        pools.room_for_containers,
        {"default-address-pools": [{"base": "10.50.0.0/24", "size": 31}]},
        (
            "config.default-address-pools[0].size leaves no address for containers in the networks "
            "that are made; got: 31; write at most 30"
        ),
        version="25.0.5",
    ),
    row(pools.room_for_containers, {"default-address-pools": [{"base": "10.50.0.0/24", "size": 31}]}, version="26.0.0"),
    row(
        pools.room_for_containers, {"default-address-pools": [{"base": "10.50.0.0/24", "size": 30}]}, version="20.10.24"
    ),
    row(
        pools.too_many_networks,
        {"default-address-pools": [{"base": "fd00::/8", "size": 64}]},
        (
            "config.default-address-pools[0].size makes 2^56 networks of fd00::/8, more than fit "
            "into memory; got: 64; choose a smaller base"
        ),
        version="26.1.5",
    ),
    row(pools.too_many_networks, {"default-address-pools": [{"base": "fd00::/8", "size": 64}]}, version="27.0.0"),
    row(pools.too_many_networks, {"default-address-pools": [{"base": "fd00::/48", "size": 64}]}, version="26.1.5"),
    row(
        pools.room_for_the_bridge,
        {"default-address-pools": [{"base": "fd00::/48", "size": 64}]},
        (
            "config.default-address-pools has no IPv4 network for the default bridge; add a pool of "
            "IPv4 networks, or set bip"
        ),
    ),
    row(
        pools.room_for_the_bridge,
        {"default-address-pools": [{"base": "10.213.1.0/24", "size": 26}]},
        (
            "config.default-address-pools has no network that this host does not reach already; got: "
            '"10.213.1.0/24"; add a pool elsewhere, or set bip'
        ),
        routes=routes({"10.213.1.0/24": "eth0"}),
    ),
    row(
        pools.room_for_the_bridge,
        {"default-address-pools": [{"base": "10.213.0.0/16", "size": 24}]},
        routes=routes({"10.213.1.0/24": "eth0"}),
    ),
    row(
        pools.room_for_the_bridge,
        {"default-address-pools": [{"base": "10.213.1.0/24", "size": 26}]},
        routes=routes({"10.213.1.0/24": "docker0"}),
    ),
    row(
        pools.room_for_the_bridge,
        {"default-address-pools": [{"base": "10.213.1.0/24", "size": 26}], "bip": "10.1.0.1/24"},
        routes=routes({"10.213.1.0/24": "eth0"}),
    ),
    row(pools.room_for_the_bridge, {"default-address-pools": [{"base": "fd00::/48", "size": 64}], "bridge": "br0"}),
    row(
        pools.pools_that_overlap,
        {"default-address-pools": [{"base": "10.50.0.0/16", "size": 24}, {"base": "10.50.1.0/24", "size": 26}]},
        (
            "config.default-address-pools[1].base overlaps default-address-pools[0].base, "
            '10.50.0.0/16; got: "10.50.1.0/24"'
        ),
    ),
    row(
        pools.pools_that_overlap,
        {"default-address-pools": [{"base": "10.50.0.0/16", "size": 24}, {"base": "10.51.0.0/16", "size": 24}]},
    ),
    row(
        pools.pools_over_routes,
        {"default-address-pools": [{"base": "10.213.0.0/16", "size": 24}]},
        (
            "config.default-address-pools[0].base overlaps 10.213.1.0/24, which this host reaches "
            'through eth0; got: "10.213.0.0/16"'
        ),
        routes=routes({"10.213.1.0/24": "eth0"}),
    ),
    row(
        pools.pools_over_routes,
        {"default-address-pools": [{"base": "10.213.0.0/16", "size": 24}]},
        routes=routes({"10.213.1.0/24": "br-8ba0094dd620", "10.213.2.0/24": "docker0"}),
    ),
    row(
        pools.pools_with_few_networks,
        {"default-address-pools": [{"base": "10.50.0.0/24", "size": 24}]},
        (
            "config.default-address-pools is one network, which the default bridge takes; got: "
            '"10.50.0.0/24"; make size larger'
        ),
    ),
    row(pools.pools_with_few_networks, {"default-address-pools": [{"base": "10.50.0.0/24", "size": 25}]}),
    row(
        pools.pools_with_few_networks,
        {"default-address-pools": [{"base": "10.50.0.0/24", "size": 24}], "bip": "10.1.0.1/24"},
    ),
    row(
        pools.bases_with_host_bits,
        {"default-address-pools": [{"base": "10.50.0.5/16", "size": 24}]},
        ('config.default-address-pools[0].base means 10.50.0.0/16; got: "10.50.0.5/16"; write 10.50.0.0/16'),
    ),
    row(pools.bases_with_host_bits, {"default-address-pools": [{"base": "10.50.0.0/16", "size": 24}]}),
]


@pytest.mark.parametrize("case", table(ROWS))
def test_a_check(case: Row) -> None:
    assert case.sentences() == list(case.said)
