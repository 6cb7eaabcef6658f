# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Which of many networks overlap: sorted once, and gone through once."""

from __future__ import annotations

import typing as t

from ..host.network import IPNetwork

Item = t.TypeVar("Item")

# First and last address, with the version of IP before them.
_Span = tuple[int, int, int]


def overlapping(
    items: t.Iterable[Item], network: t.Callable[[Item], IPNetwork]
) -> t.Iterator[tuple[list[Item], list[Item]]]:
    """Pairs of groups whose networks overlap, the larger network first.

    A group is all items with one and the same network. One that has several items is a pair with itself. Two networks
    overlap only where one lies in the other, so those that are open when one begins are the ones it lies in: there are
    at most as many of them as an address has bits.
    """
    groups: dict[_Span, list[Item]] = {}
    for item in items:
        groups.setdefault(_span(network(item)), []).append(item)
    open_now: list[_Span] = []
    for span in sorted(groups, key=lambda span: (span[0], span[1], -span[2])):
        while open_now and (open_now[-1][0] != span[0] or open_now[-1][2] < span[1]):
            open_now.pop()
        for outer in open_now:
            yield groups[outer], groups[span]
        if len(groups[span]) > 1:
            yield groups[span], groups[span]
        open_now.append(span)


def _span(network: IPNetwork) -> _Span:
    first = int(network.network_address)
    return network.version, first, first + (1 << (network.max_prefixlen - network.prefixlen)) - 1
