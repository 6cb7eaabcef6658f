# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Whose a file is: its first line says so, and for which declared interface it stands there. Pure."""

from __future__ import annotations

import ipaddress
import re
import typing as t

from .declare import OwnAddress, Route

# One line for both managers, as both take a number sign for a comment.
_HEADER = re.compile(
    r"# Written by slipway\.docker\.host_interfaces for (?P<owner>[^\s,]+)(?:, which has (?P<more>.+))?"
)

Texts = t.Mapping[str, str]


def header(owner: str, more: t.Sequence[str] = ()) -> str:
    """The first line of a file.

    :param more: other interfaces that it makes
    """
    return f"# Written by slipway.docker.host_interfaces for {owner}{', which has ' + ' '.join(more) if more else ''}\n"


def owner_of(text: str) -> tuple[str, tuple[str, ...]] | None:
    """For which interface a file of ours stands there and what else it makes; None where it is not ours."""
    match = _HEADER.match(text.partition("\n")[0])
    return (match["owner"], tuple((match["more"] or "").split())) if match else None


def address(text: str) -> OwnAddress | None:
    """An address with its prefix, None where it is none: somebody may have edited the file."""
    try:
        return ipaddress.ip_interface(text)
    except ValueError:
        return None


def route(network: str, via: str) -> Route | None:
    """A route, None where it is none."""
    try:
        return Route(ipaddress.ip_network(network), ipaddress.ip_address(via) if via else None)
    except ValueError:
        return None
