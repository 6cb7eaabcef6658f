# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What networks are told apart by: blocks of addresses, who has them, and what is wrong with them."""

from __future__ import annotations

import functools
import json
import typing as t
from dataclasses import dataclass

from ..daemon.checks import cidr
from ..daemon.checks.base import shorten
from ..daemon.redact import fit_to_show
from ..host.network import IPNetwork

Interface = cidr.Interface

# What is wrong, in one word.
UNREADABLE, ILLEGAL, OVERLAP, EXHAUSTED, DIFFERS = "unreadable", "illegal", "overlap", "exhausted", "differs"

# Kinds of blocks. DEFAULT is what docker0 gets where nobody says anything, LAN a network of macvlan or ipvlan.
DOCKER0, DEFAULT, POOL, NETWORK = "docker0", "default", "pool", "network"
LAN, OVERLAY, ROUTED = "lan", "overlay", "routed"

_FEW = 3

interface = functools.lru_cache(maxsize=65536)(cidr.interface)
address = functools.lru_cache(maxsize=65536)(cidr.address)


@dataclass(frozen=True)
class Block:
    """A network that a host has.

    :param name: as a person would say it: ``bip``, ``network front``
    :param where: the variable that it stands in
    """

    host: str
    kind: str
    network: IPNetwork
    name: str
    where: str

    def __str__(self) -> str:
        return f"{self.name} {self.network}"


@dataclass(frozen=True)
class Problem:
    """Something wrong with what is declared.

    :param hosts: on which it is wrong, in order
    :param what: one of the words above
    :param where: the variables
    :param message: the whole of it
    :param remedy: what to do about it, empty where the message says it
    """

    hosts: tuple[str, ...]
    what: str
    where: str
    message: str
    remedy: str = ""


def wrong(host: str, what: str, where: str, why: str, remedy: str = "", *, got: t.Any = None) -> Problem:
    """A problem of one host, told by where it stands."""
    shown = "" if got is None else f"; got: {shorten(_json(got))}"
    return Problem((host,), what, where, f"{where} {why}{shown}", remedy)


def _json(value: t.Any) -> str:
    return json.dumps(fit_to_show(value), ensure_ascii=False, default=str, skipkeys=True)


def some(names: t.Collection[str]) -> str:
    """The first few of many names."""
    shown = sorted(names)
    if len(shown) > _FEW + 1:
        return f"{', '.join(shown[:_FEW])} and {len(shown) - _FEW} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
