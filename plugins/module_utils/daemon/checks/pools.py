# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The pools from which networks get their addresses: sizes, overlaps, and whether anything is left."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ...host.network import IPNetwork
from .base import Context, Problem, refuses, warns
from .cidr import interface, overlaps
from .host_network import DEFAULT_BRIDGE
from .shapes import member

KEY = "default-address-pools"

# Engines before 27.0 write every network of a pool down before they start: so many do not fit into memory.
_TOO_MANY = 32


@dataclass(frozen=True)
class Pool:
    """One pool that can be read.

    :param size: length of the networks it is cut into
    """

    path: str
    network: IPNetwork
    size: int
    text: str

    @property
    def count(self) -> int:
        return 1 << (self.size - self.network.prefixlen)


def _entries(context: Context) -> list[tuple[str, t.Any, t.Any]]:
    found = context.document.get(KEY)
    listed = found if isinstance(found, list) else []
    return [
        (f"{KEY}[{index}]", member(entry, "base"), member(entry, "size"))
        for index, entry in enumerate(listed)
        if isinstance(entry, dict)
    ]


def _pools(context: Context) -> list[Pool]:
    found = []
    for path, base, size in _entries(context):
        network = interface(base).network if isinstance(base, str) and interface(base) else None  # type: ignore[union-attr]
        if network and isinstance(size, int) and network.prefixlen <= size <= network.max_prefixlen:
            found.append(Pool(path, network, size, base))
    return found


@refuses(KEY)
def bases_and_sizes(context: Context) -> t.Iterator[Problem]:
    """dockerd does not start otherwise (splitNetworks; from 27.0 on the base is read with the file)."""
    for path, base, size in _entries(context):
        if base is None or base == "":
            yield Problem(f"{path}.base", "is missing", remedy="write a network such as 10.10.0.0/16")
            continue
        found = interface(base) if isinstance(base, str) else None
        if found is None:
            if isinstance(base, str):
                yield Problem(f"{path}.base", "must be a network such as 10.10.0.0/16", base)
            continue
        if size is None or size == 0:
            yield Problem(
                f"{path}.size", "is missing", remedy="write the length of the networks to be made, such as 24"
            )
        elif isinstance(size, int) and size < found.network.prefixlen:
            reason = f"must be at least {found.network.prefixlen}, the length of its base {base}"
            yield Problem(f"{path}.size", reason, size)
        elif isinstance(size, int) and size > found.network.max_prefixlen:
            yield Problem(f"{path}.size", f"must be at most {found.network.max_prefixlen}", size)
        elif found.network.network_address.is_unspecified:
            yield Problem(f"{path}.base", "begins with an address that no container can route to", base)


@refuses(KEY)
def room_for_containers(context: Context) -> t.Iterator[Problem]:
    """20.10 does not start with networks that small, and later ones have no address for a container."""
    for pool in _pools(context):
        smallest = pool.network.max_prefixlen - (2 if context.before("26.0") else 1)
        if pool.network.version == 4 and pool.size > smallest:
            reason = "leaves no address for containers in the networks that are made"
            yield Problem(f"{pool.path}.size", reason, pool.size, f"write at most {smallest}")


@refuses(KEY, before="27.0")
def too_many_networks(context: Context) -> t.Iterator[Problem]:
    """Each of them is written down before the daemon starts, and it runs out of memory."""
    for pool in _pools(context):
        if pool.size - pool.network.prefixlen >= _TOO_MANY:
            reason = f"makes 2^{pool.size - pool.network.prefixlen} networks of {pool.text}, more than fit into memory"
            yield Problem(f"{pool.path}.size", reason, pool.size, "choose a smaller base")


@refuses(KEY)
def room_for_the_bridge(context: Context) -> t.Iterator[Problem]:
    """The default bridge takes the first free network of the pools; where there is none dockerd does not start."""
    pools = _pools(context)
    if not pools or len(pools) < len(_entries(context)) or context.text("bip") or context.text("bridge"):
        return
    version_four = [pool for pool in pools if pool.network.version == 4]
    if not version_four:
        remedy = "add a pool of IPv4 networks, or set bip"
        yield Problem(KEY, "has no IPv4 network for the default bridge", remedy=remedy)
    elif all(_taken(pool, context) for pool in version_four):
        remedy = "add a pool elsewhere, or set bip"
        yield Problem(KEY, "has no network that this host does not reach already", _shown(version_four), remedy)


def _taken(pool: Pool, context: Context) -> bool:
    """Whether one route covers the whole of a pool. The bridge's own is made anew."""
    return any(
        route.interface != DEFAULT_BRIDGE
        and route.network.version == pool.network.version
        and pool.network.subnet_of(route.network)  # type: ignore[arg-type]
        for route in context.facts.routes or ()
    )


def _shown(pools: list[Pool]) -> str:
    return ", ".join(pool.text for pool in pools)


@warns(KEY)
def pools_that_overlap(context: Context) -> t.Iterator[Problem]:
    """dockerd finds its way, and there are fewer networks than it looks like."""
    pools = _pools(context)
    for index, pool in enumerate(pools):
        for other in pools[:index]:
            if overlaps(pool.network, other.network):
                yield Problem(f"{pool.path}.base", f"overlaps {other.path}.base, {other.text}", pool.text)


@warns(KEY)
def pools_over_routes(context: Context) -> t.Iterator[Problem]:
    """dockerd leaves out networks that overlap a route; where the route comes later, it is hidden."""
    for pool in _pools(context):
        for route in context.facts.routes or ():
            made_here = route.interface.startswith(("br-", DEFAULT_BRIDGE, "docker_gwbridge"))
            if not made_here and overlaps(pool.network, route.network):
                reason = f"overlaps {route.network}, which this host reaches through {route.interface}"
                yield Problem(f"{pool.path}.base", reason, pool.text)


@warns(KEY)
def pools_with_few_networks(context: Context) -> t.Iterator[Problem]:
    """The default bridge takes one; without another no network can be made."""
    pools = [pool for pool in _pools(context) if pool.network.version == 4]
    if pools and sum(pool.count for pool in pools) == 1 and not context.text("bip") and not context.text("bridge"):
        yield Problem(KEY, "is one network, which the default bridge takes", _shown(pools), "make size larger")


@warns(KEY)
def bases_with_host_bits(context: Context) -> t.Iterator[Problem]:
    """dockerd cuts them off (all versions)."""
    for pool in _pools(context):
        found = interface(pool.text)
        if found and found.ip != found.network.network_address:
            yield Problem(f"{pool.path}.base", f"means {pool.network}", pool.text, f"write {pool.network}")
