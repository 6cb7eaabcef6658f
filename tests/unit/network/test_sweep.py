# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Overlaps found in one go are those that a look at every pair finds."""

from __future__ import annotations

import ipaddress
import itertools

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks.cidr import overlaps
from ansible_collections.slipway.docker.plugins.module_utils.host.network import IPNetwork
from ansible_collections.slipway.docker.plugins.module_utils.network.sweep import overlapping

Item = tuple[int, IPNetwork]


def _network(version: int, bits: int, length: int) -> IPNetwork:
    width = 32 if version == 4 else 128
    # Few leading bits, so that networks meet.
    return ipaddress.ip_network(((10 << (width - 8)) | (bits << (width - 16)), min(length, width)), strict=False)


NETWORKS = st.builds(_network, st.sampled_from([4, 6]), st.integers(0, 255), st.integers(0, 20) | st.just(128))


@given(st.lists(NETWORKS, max_size=40))
def test_the_same_pairs_as_by_force(networks: list[IPNetwork]) -> None:
    items: list[Item] = list(enumerate(networks))
    found: list[frozenset[int]] = []
    for outer, inner in overlapping(items, lambda item: item[1]):
        pairs = itertools.combinations(outer, 2) if outer is inner else itertools.product(outer, inner)
        found += [frozenset((one[0], other[0])) for one, other in pairs]
    by_force = [
        frozenset((one[0], other[0])) for one, other in itertools.combinations(items, 2) if overlaps(one[1], other[1])
    ]
    assert sorted(map(sorted, found)) == sorted(map(sorted, by_force))


@given(st.lists(NETWORKS, max_size=40))
def test_the_larger_network_comes_first(networks: list[IPNetwork]) -> None:
    for outer, inner in overlapping(networks, lambda network: network):
        assert outer[0].prefixlen <= inner[0].prefixlen
        assert len(set(outer)) == len(set(inner)) == 1
