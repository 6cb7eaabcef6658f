# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Whether the pools of one host have a subnet for each network that needs one."""

from __future__ import annotations

import ipaddress
import typing as t

from ..daemon.checks.cidr import overlaps, within
from ..daemon.checks.pools import Pool
from ..host.network import IPNetwork
from .blocks import DEFAULT, EXHAUSTED, OVERLAY, POOL, Problem, some
from .declared import Declared
from .engine import POOLS, VARIABLE

_GATEWAY_BRIDGE = "docker_gwbridge"


def exhausted_pools(declared: Declared) -> t.Iterator[Problem]:
    """Networks that get no subnet. dockerd passes over what the host reaches by a route or has in another network."""
    if not declared.engine.knows_pools:
        return
    for version in (4, 6):
        pools = declared.engine.pools_for(version)
        takers = _takers(declared, version)
        told_already = "docker0" in takers  # that it has no pool; for IPv6 engine 27.0 has one of its own
        if not takers or (not pools and (version == 6 or told_already)):
            continue
        taken = [
            block.network
            for block in declared.blocks
            if block.kind not in (POOL, DEFAULT, OVERLAY) and block.network.version == version
        ]
        left = free(pools, taken)
        if left < len(takers):
            yield _problem(declared, version, left, takers)


def _problem(declared: Declared, version: int, left: int, takers: list[str]) -> Problem:
    ours = bool(declared.engine.pools)
    whose = f"{VARIABLE}.{POOLS}" if ours else "dockerd's own pools"
    has = "has" if ours else "have"
    subnets, networks = _counted(left, f"IPv{version} subnet"), _counted(len(takers), "network")
    message = f"{whose} {has} {subnets} left for {networks} without one of their own: {some(takers)}"
    remedy = "add a pool, or give networks a subnet of their own"
    return Problem((declared.host,), EXHAUSTED, f"{VARIABLE}.{POOLS}", message, remedy)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _takers(declared: Declared, version: int) -> list[str]:
    """What takes a subnet from the pools, in the order in which dockerd makes it."""
    found = ["docker0"] if version in declared.engine.bridge_takes else []
    named = {network.name for network in declared.networks}
    if declared.swarm and version == 4 and _GATEWAY_BRIDGE not in named:
        found.append(_GATEWAY_BRIDGE)
    return found + [f"network {one.name}" for one in declared.networks if one.takes_from_pools(version)]


def free(pools: t.Sequence[Pool], taken: t.Sequence[IPNetwork]) -> int:
    """How many subnets the pools have that nothing else is in; a subnet of two pools counts once."""
    count = 0
    before: list[IPNetwork] = []
    for pool in pools:
        count += pool.count - _spoilt(pool, [*taken, *before])
        before.append(pool.network)
    return count


def _spoilt(pool: Pool, taken: t.Iterable[IPNetwork]) -> int:
    """How many subnets of a pool have something in them. A pool may have more than anybody could go through."""
    inside: set[IPNetwork] = set()
    for network in taken:
        if not overlaps(network, pool.network):
            continue
        if within(pool.network, network):
            return pool.count
        inside.add(network if network.prefixlen <= pool.size else network.supernet(new_prefix=pool.size))
    apart: t.Iterable[IPNetwork] = ipaddress.collapse_addresses(inside)  # type: ignore[type-var]
    return sum(1 << (pool.size - network.prefixlen) for network in apart)
