# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Networks and addresses as Go reads them: ``10.0.0.1/24``, with a length and without leading zeros."""

from __future__ import annotations

import ipaddress
import typing as t

from ...host.network import IPAddress, IPNetwork

Interface = t.Union[ipaddress.IPv4Interface, ipaddress.IPv6Interface]


def interface(text: str) -> Interface | None:
    """An address with the length of its network; None where the text is none (net.ParseCIDR)."""
    address, slash, length = text.partition("/")
    if not slash or not length.isdigit() or "%" in address:
        return None
    try:
        return ipaddress.ip_interface(f"{address}/{int(length)}")
    except ValueError:
        return None


def address(text: str) -> IPAddress | None:
    """An address; None where the text is none (net.ParseIP)."""
    if "%" in text or "/" in text:
        return None
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def overlaps(one: IPNetwork, other: IPNetwork) -> bool:
    """Whether two networks have addresses in common."""
    return one.version == other.version and one.overlaps(other)


def within(one: IPNetwork, other: IPNetwork) -> bool:
    """Whether a network is part of another."""
    return one.version == other.version and one.subnet_of(other)  # type: ignore[arg-type]
