# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""tcp sockets on this host: addresses that it has, and ports that are free."""

from __future__ import annotations

import contextlib
import typing as t

from ...host.network import IPAddress, Listener
from ..sockets import Address, parse_address
from .base import Context, Problem, refuses, warns
from .cidr import address as parse_ip
from .hosts import listed

# The engine's own helper for published ports; it ends with its container.
_PROXY = "docker-proxy"


def _wanted(context: Context) -> list[tuple[str, Address]]:
    """Every tcp socket that the file asks for, each with where it stands."""
    found = [(path, address) for path, address in listed(context) if address.kind == "tcp"]
    metrics = context.text("metrics-addr")
    if metrics and context.sets("metrics-addr"):
        with contextlib.suppress(ValueError):  # told by metrics_address
            found.append(("metrics-addr", parse_address(metrics)))
    return found


def _ip(address: Address) -> IPAddress | None:
    """The address that dockerd binds; of a name only localhost is known."""
    return parse_ip("127.0.0.1" if address.host == "localhost" else address.host)


@refuses("metrics-addr")
def metrics_address(context: Context) -> t.Iterator[Problem]:
    """The host is not left out there, and the port has no default (startMetricsServer)."""
    text = context.text("metrics-addr")
    host, colon, port = text.rpartition(":")
    if not text or not context.sets("metrics-addr"):
        return
    if not colon or not host or not (port.isdigit() and 0 < int(port) < 65536):
        yield Problem("metrics-addr", "must be an address and a port such as 127.0.0.1:9323", text)


@refuses("hosts", "metrics-addr")
def addresses_of_this_host(context: Context) -> t.Iterator[Problem]:
    """The kernel binds no others."""
    known = context.facts.addresses
    for path, address in _wanted(context) if known is not None else []:
        ip = _ip(address)
        local = ip is None or ip.is_unspecified or ip in (known or ()) or (ip.version == 4 and ip.is_loopback)
        if not local:
            yield Problem(path, "{value} is no address of this host", address.raw, "choose one that ip addr shows")


@refuses("hosts", "metrics-addr")
def ports_asked_for_twice(context: Context) -> t.Iterator[Problem]:
    """The second one finds its port taken by the first, however differently the two are written."""
    seen: list[tuple[str, Address]] = []
    for path, address in _wanted(context):
        for other_path, other in seen:
            same_text = address.raw.strip() == other.raw.strip() and path != "metrics-addr"
            written_out = (address.host, address.port) == (other.host, other.port) and path != "metrics-addr"
            if address.port == other.port and not same_text and not written_out and _clash(_ip(address), _ip(other)):
                reason = f"{{value}} is the port of {other_path} already, {other.raw}"
                also = (other_path.partition("[")[0],)
                yield Problem(path, reason, address.raw, "take one of the two out", also)
        seen.append((path, address))


def _clash(one: IPAddress | None, other: IPAddress | None) -> bool:
    if one is None or other is None:
        return False
    return one == other or one.is_unspecified or other.is_unspecified


@refuses("hosts", "metrics-addr")
def ports_of_others(context: Context) -> t.Iterator[Problem]:
    """A port that another process listens on (bind: address already in use)."""
    for path, address, listener in _taken(context):
        owner = context.facts.owners.get(listener.inode, "")
        if owner.startswith(_PROXY) or _only_perhaps(address, listener):
            continue
        reason = f"{{value}} is taken by {owner or 'another process'}, which listens on {_shown(listener)}"
        yield Problem(path, reason, address.raw, "end that process, or choose another port")


@warns("hosts", "metrics-addr")
def ports_that_may_be_taken(context: Context) -> t.Iterator[Problem]:
    """Ports of containers, and of sockets for IPv6 that may or may not stand for IPv4 too."""
    for path, address, listener in _taken(context):
        owner = context.facts.owners.get(listener.inode, "")
        if owner.startswith(_PROXY):
            reason = f"{{value}} is a port that a container publishes on {_shown(listener)}"
            yield Problem(path, reason, address.raw, "choose another port, or that container will not start again")
        elif _only_perhaps(address, listener):
            reason = f"{{value}} may be taken by {owner or 'another process'}, which listens on {_shown(listener)}"
            yield Problem(path, reason, address.raw)


def _taken(context: Context) -> t.Iterator[tuple[str, Address, Listener]]:
    for path, address in _wanted(context):
        ip = _ip(address)
        for listener in context.facts.listeners or ():
            if ip is not None and listener.port == address.port and _clash(ip, listener.address):
                yield path, address, listener
                break


def _only_perhaps(address: Address, listener: Listener) -> bool:
    """Whether it depends on an option of the other socket: :: may take in all of IPv4 as well."""
    ip = _ip(address)
    return ip is not None and not ip.is_unspecified and ip.version == 4 and listener.address.version == 6


def _shown(listener: Listener) -> str:
    host = f"[{listener.address}]" if listener.address.version == 6 else str(listener.address)
    return f"{host}:{listener.port}"
