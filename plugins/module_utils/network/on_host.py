# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Overlaps within one host: its default bridge, pools, networks, and what it reaches by a route."""

from __future__ import annotations

import itertools
import typing as t

from ..daemon.checks.cidr import within
from .blocks import DEFAULT, DOCKER0, LAN, OVERLAP, POOL, ROUTED, Block, Problem
from .sweep import overlapping


def overlaps_on_host(blocks: t.Iterable[Block]) -> t.Iterator[Problem]:
    """Every pair of one host's networks that cannot both be used."""
    for outer, inner in overlapping(blocks, lambda block: block.network):
        pairs = itertools.combinations(outer, 2) if outer is inner else itertools.product(outer, inner)
        for one, other in pairs:
            if clash(one, other):
                yield _problem(one, other)


def clash(outer: Block, inner: Block) -> bool:
    """Whether two networks that overlap are a problem on one host."""
    kinds = {outer.kind, inner.kind}
    if kinds in ({ROUTED}, {POOL}, {DEFAULT, ROUTED}):
        return False  # routes may overlap; what is wrong with pools is told by the engine's own checks
    if kinds == {LAN, ROUTED}:
        return not lan_is_routed(outer, inner)
    return True


def lan_is_routed(one: Block, other: Block) -> bool:
    """A network of macvlan or ipvlan is meant to be part of the LAN; one that reaches beyond it hides something."""
    lan, routed = (one, other) if one.kind == LAN else (other, one)
    return within(lan.network, routed.network)


def _problem(one: Block, other: Block) -> Problem:
    first, second = _order(one, other)
    where = ", ".join((first.where, second.where))
    return Problem((first.host,), OVERLAP, where, f"{first} overlaps {second}", remedy(first, second))


def _order(one: Block, other: Block) -> tuple[Block, Block]:
    """The one that is easier to move comes first."""
    places = {POOL: 2, DOCKER0: 1, DEFAULT: 3, ROUTED: 4}
    first, second = sorted((one, other), key=lambda block: (places.get(block.kind, 0), block.where))
    return first, second


def remedy(first: Block, second: Block) -> str:
    """What to do where two networks overlap."""
    if POOL in (first.kind, second.kind) and ROUTED not in (first.kind, second.kind):
        return "choose a network outside of the pools, from which dockerd may give it to another"
    if DEFAULT in (first.kind, second.kind):
        return "choose another network, or set bip"
    return "choose another network"
