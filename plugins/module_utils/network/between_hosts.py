# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Overlaps between hosts that route to each other or share an overlay network."""

from __future__ import annotations

import typing as t
from collections import defaultdict

from .blocks import DEFAULT, LAN, OVERLAP, OVERLAY, ROUTED, Block, Problem, some
from .declared import Declared
from .on_host import lan_is_routed
from .sweep import overlapping

# What is one and the same on all hosts that have it.
_SHARED = frozenset({OVERLAY, ROUTED})

_Key = tuple[str, str]


def overlaps_between_hosts(hosts: t.Sequence[Declared]) -> t.Iterator[Problem]:
    """All hosts of one domain. What overlaps on a host itself is told there."""
    routes = _routes(hosts)
    blocks = (block for declared in hosts for block in declared.blocks)
    for outer, inner in overlapping(blocks, lambda block: block.network):
        larger = _by_kind(outer)
        smaller = larger if outer is inner else _by_kind(inner)
        for one, these in larger.items():
            for other, those in smaller.items():
                told_already = outer is inner and other < one
                if not told_already and _compared(these[0], those[0], routes):
                    yield from _problem(these, those)


def _routes(hosts: t.Sequence[Declared]) -> bool | None:
    """What is said of a whole domain: one host that says yes is enough."""
    said = {declared.routes for declared in hosts}
    return True if True in said else None if None in said else False


def _by_kind(blocks: t.Iterable[Block]) -> dict[_Key, list[Block]]:
    """Networks of one kind; overlay networks by their name too, as those of one name are one network."""
    found: dict[_Key, list[Block]] = defaultdict(list)
    for block in blocks:
        found[block.kind, block.name if block.kind == OVERLAY else ""].append(block)
    return found


def _compared(one: Block, other: Block, routes: bool | None) -> bool:
    """Whether two networks on two hosts must differ."""
    kinds = {one.kind, other.kind}
    if kinds in ({ROUTED}, {LAN}):
        return False  # networks of macvlan on one LAN share a subnet; what they hand out is looked at elsewhere
    if OVERLAY in kinds:
        return kinds != {OVERLAY} or one.name != other.name
    if DEFAULT in kinds:
        return routes is True
    if kinds == {LAN, ROUTED}:
        return routes is not False and not lan_is_routed(one, other)
    return routes is not False


def _problem(these: list[Block], those: list[Block]) -> t.Iterator[Problem]:
    hosts = _hosts(these, those)
    if not hosts:
        return
    one, other = these[0], those[0]
    places = sorted({one.where, other.where})
    if these is those or (one.network == other.network and one.kind == other.kind):
        message = _same({block.name for block in (*these, *those)}, one, hosts)
        remedy = "choose another network on each host"
    else:
        message = f"{_described(these)} overlaps {_described(those)}"
        remedy = "choose another network for one of them"
    yield Problem(tuple(sorted(hosts)), OVERLAP, ", ".join(places), message, remedy)


def _hosts(these: list[Block], those: list[Block]) -> set[str]:
    """Those between which it is a problem; none where each has it with itself only."""
    one, other = {block.host for block in these}, {block.host for block in those}
    shared = [hosts for hosts, blocks in ((one, these), (other, those)) if blocks[0].kind in _SHARED]
    if len(shared) == 2:
        return set() if one & other else one | other
    if shared:
        local = (other if shared[0] is one else one) - shared[0]
        return local | shared[0] if local else set()
    if these is those:
        return one if len(one) > 1 else set()
    # Where all that have the one have the other, it is told on each, and that they have the same is told as well.
    return set() if one <= other or other <= one else one | other


def _same(names: set[str], one: Block, hosts: set[str]) -> str:
    if len(names) == 1:
        return f"{one} is the same on {some(hosts)}"
    return f"{one.network} is the same on {some(hosts)}: {some(names)}"


def _described(blocks: list[Block]) -> str:
    names, hosts = some({block.name for block in blocks}), some({block.host for block in blocks})
    return f"{names} {blocks[0].network} of {hosts}"
