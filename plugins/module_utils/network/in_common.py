# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Networks that hosts have in common: overlay networks of a swarm, and macvlan on one LAN."""

from __future__ import annotations

import typing as t
from collections import defaultdict

from ..daemon.checks.cidr import within
from .blocks import DIFFERS, OVERLAP, Problem, some
from .declared import Declared, OnLan, on_lans
from .networks import Network, subnets_of
from .sweep import overlapping

# A LAN is known by the domain of its hosts, or by the name and network of the route to it.
_Lan = tuple[str, ...]


def overlays_that_differ(hosts: t.Sequence[Declared]) -> t.Iterator[Problem]:
    """An overlay network is one network, so whoever declares it in one domain must say the same."""
    found: dict[str, dict[tuple[t.Any, ...], list[tuple[str, Network]]]] = defaultdict(lambda: defaultdict(list))
    for declared in hosts:
        for network in declared.networks:
            if network.is_shared:
                found[network.name][network.definition].append((declared.host, network))
    for name, definitions in found.items():
        if len(definitions) > 1:
            everybody = [one for those in definitions.values() for one in those]
            told = sorted(_told(those) for those in definitions.values())
            where = min(network.where for _host, network in everybody)
            message = f"overlay network {name} is not the same everywhere: {'; '.join(told)}"
            concerned = tuple(sorted({host for host, _network in everybody}))
            yield Problem(concerned, DIFFERS, where, message, "declare it once, for all hosts")


def _told(those: list[tuple[str, Network]]) -> str:
    subnets = ", ".join(map(str, subnets_of(those[0][1]))) or "no subnet"
    return f"{subnets} on {some({host for host, _network in those})}"


def ranges_on_one_lan(hosts: t.Iterable[Declared]) -> t.Iterator[Problem]:
    """Docker does not ask the LAN whether an address is free, so what hosts hand out there must be kept apart."""
    lans: dict[_Lan, list[OnLan]] = defaultdict(list)
    for declared in hosts:
        for one in on_lans(declared):
            for lan in _lans(declared, one):
                lans[lan].append(one)
    for members in lans.values():
        for outer, inner in overlapping(members, lambda one: one.subnet.handed_out):
            concerned = {one.block.host for one in (*outer, *inner)}
            if len(concerned) > 1:
                yield _both_hand_out(outer, inner, concerned)


def _lans(declared: Declared, one: OnLan) -> set[_Lan]:
    known = {(block.name, str(block.network)) for block in declared.routed if within(one.block.network, block.network)}
    return known | {(domain,) for domain in declared.domains}


def _both_hand_out(outer: list[OnLan], inner: list[OnLan], concerned: set[str]) -> Problem:
    first = str(outer[0].subnet.handed_out)
    if outer is inner:
        message = f"{first} is handed out on one LAN by {some(concerned)}"
    else:
        described = [
            f"{those[0].subnet.handed_out}, which {some({one.block.host for one in those})} hands out"
            for those in (outer, inner)
        ]
        message = f"{described[0]} on a LAN, overlaps {described[1]} there"
    where = f"{outer[0].subnet.where}.iprange"
    return Problem(tuple(sorted(concerned)), OVERLAP, where, message, "give each host an iprange of its own")
