# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What one host declares of addresses, in one place."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ..host.network import IPNetwork
from .blocks import LAN, NETWORK, OVERLAY, ROUTED, UNREADABLE, Block, Problem, wrong
from .engine import Engine, read_engine
from .ipam import Subnet, read_network
from .networks import Network, is_false, is_true, read_networks

ROUTED_VARIABLE, DOMAIN_VARIABLE, ROUTES_VARIABLE = "network_routed", "network_domain", "network_domain_routes"

Variables = t.Mapping[str, t.Any]


@dataclass(frozen=True)
class Declared:
    """What one host declares.

    :param blocks: all its networks, those that it routes to included
    :param domains: names for the hosts that route to each other or share an overlay
    :param routes: whether they route to each other; None where nobody says so
    :param swarm: whether it is a member of a swarm
    """

    host: str
    engine: Engine
    networks: tuple[Network, ...]
    blocks: tuple[Block, ...]
    domains: tuple[str, ...]
    routes: bool | None
    swarm: bool
    problems: tuple[Problem, ...]

    @property
    def routed(self) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if block.kind == ROUTED)


@dataclass(frozen=True)
class OnLan:
    """What one host hands out on a LAN, by a network of macvlan or ipvlan."""

    block: Block
    subnet: Subnet


def read_host(host: str, variables: t.Any) -> Declared:
    """Read one host's variables. Nothing in them is an error: what cannot be read is a problem, and left out."""
    if not isinstance(variables, t.Mapping):
        problem = wrong(host, UNREADABLE, "variables", "must be a map", got=variables)
        return Declared(host, read_engine(host, None, None, ()), (), (), (), None, False, (problem,))
    problems: list[Problem] = []
    routed = _routed(problems, host, variables.get(ROUTED_VARIABLE))
    others: list[IPNetwork] = [block.network for block in routed]
    engine = read_engine(host, variables.get("engine_config"), variables.get("engine_version"), others)
    networks = read_networks(host, variables.get("network_networks"))
    domains = _domains(problems, host, variables.get(DOMAIN_VARIABLE))
    routes = _routes(problems, host, variables.get(ROUTES_VARIABLE))
    return Declared(
        host,
        engine,
        tuple(networks.found),
        (*engine.blocks, *(block for network in networks.found for block in blocks_of(host, network)), *routed),
        domains,
        routes,
        is_true(variables.get("network_swarm")) or any(network.is_shared for network in networks.found),
        (*problems, *engine.problems, *networks.problems),
    )


def blocks_of(host: str, network: Network) -> list[Block]:
    kind = OVERLAY if network.is_shared else LAN if network.on_a_lan else NETWORK
    return [
        Block(host, kind, subnet.network, f"network {network.name}", f"{subnet.where}.subnet")
        for subnet in network.subnets
    ]


def on_lans(declared: Declared) -> list[OnLan]:
    return [
        OnLan(block, subnet)
        for network in declared.networks
        if network.on_a_lan
        for block, subnet in zip(blocks_of(declared.host, network), network.subnets)
    ]


def _routed(problems: list[Problem], host: str, value: t.Any) -> list[Block]:
    """Networks that are reached by a route: each a network, or a map with ``network`` and ``name``."""
    if value is None:
        return []
    if not isinstance(value, (list, tuple)):
        problems.append(wrong(host, UNREADABLE, ROUTED_VARIABLE, "must be a list of networks", got=value))
        return []
    found = []
    for index, entry in enumerate(value):
        where = f"{ROUTED_VARIABLE}[{index}]"
        text, name = entry, None
        if isinstance(entry, t.Mapping):
            where, text, name = f"{where}.network", entry.get("network"), entry.get("name")
        network = read_network(problems, host, where, text)
        if network is not None:
            found.append(Block(host, ROUTED, network, str(name) if name else "routed network", where))
    return found


def _domains(problems: list[Problem], host: str, value: t.Any) -> tuple[str, ...]:
    """One name or several."""
    names = value if isinstance(value, (list, tuple)) else [value]
    right = [name for name in names if isinstance(name, str) and name]
    if any(name is not None and not isinstance(name, str) for name in names):
        reason = "must be a name or a list of names"
        problems.append(wrong(host, UNREADABLE, DOMAIN_VARIABLE, reason, got=value))
    return tuple(sorted(set(right)))


def _routes(problems: list[Problem], host: str, value: t.Any) -> bool | None:
    if value is None or is_true(value):
        return None if value is None else True
    if not is_false(value):
        problems.append(wrong(host, UNREADABLE, ROUTES_VARIABLE, "must be true or false", got=value))
        return None
    return False
