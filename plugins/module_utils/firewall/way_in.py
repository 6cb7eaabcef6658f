# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""How Ansible came to this host, and who uses published ports: from the environment, the kernel, or the engine."""

from __future__ import annotations

import ipaddress
import re
import typing as t
from dataclasses import replace

from ..host.connection import Connection, Hop, find_connection, hop_to
from ..host.machine import Host
from ..host.network import IPAddress
from ..host.peek import text
from .lockout import Published, complaint, cut
from .policy import Policy, covers

_TABLE = "/proc/net/nf_conntrack"
_FIELD = re.compile(r"(src|dst|sport|dport)=(\S+)")
_PROTOCOLS = ("tcp", "udp", "sctp")


Containers = t.Callable[[], t.Sequence[t.Mapping[str, t.Any]]]


def objection(host: Host, policy: Policy, environment: t.Mapping[str, str], pid: int, containers: Containers) -> str:
    """Why a policy must not be: empty, or what it would cut and the remedy.

    :param pid: of this process
    :param containers: asks the engine for them
    """
    connection = read_connection(host, environment, pid, policy.containers)
    found = cut(policy, connection, read_published(host, connection, containers)) if connection else None
    return complaint(found) if found else ""


def read_connection(
    host: Host, environment: t.Mapping[str, str], pid: int, containers: t.Sequence[str]
) -> Connection | None:
    """Ansible's connection where something forwarded leads to it; None where it ends here, or cannot be seen.

    :param containers: interfaces of container networks
    """
    connection = find_connection(host, environment, pid)
    if connection is None:
        return None
    client, server = hop_to(host, connection.client), hop_to(host, connection.server)
    if client and not client.local and _is_one(containers, client.interface):
        return replace(connection, via=client.address)
    return connection if server and not server.local and _is_one(containers, server.interface) else None


def read_published(host: Host, connection: Connection, containers: Containers) -> list[Published]:
    """Who uses the published ports that matter; where the kernel does not say, who could."""
    table = text(host, _TABLE)
    found = parse_conntrack(table) if table else parse_containers(containers())
    ends = (connection.via, connection.server)
    ways = [way for way in found if way.target in ends]
    addresses = {address for way in ways for address in (way.target, way.source) if address}
    hops = {address: hop_to(host, address) for address in addresses}  # once for each: the kernel is asked by a program
    return [_located(way, hops) for way in ways]


def parse_conntrack(table: str) -> list[Published]:
    """Connections that live and lead elsewhere than they were made to, in the kernel's table of connections."""
    found = []
    for line in table.splitlines():
        words = line.split()
        protocol = next((word for word in words[:4] if word in _PROTOCOLS), "")
        pairs = _FIELD.findall(line)
        lives = "ESTABLISHED" in words if protocol != "udp" else "[UNREPLIED]" not in words
        if not protocol or not lives or len(pairs) != 8:
            continue
        goes, back = dict(pairs[:4]), dict(pairs[4:])
        if (goes["dst"], goes["dport"]) != (back["src"], back["sport"]):
            source, target = (ipaddress.ip_address(one["src"]) for one in (goes, back))
            port, target_port = int(goes["dport"]), int(back["sport"])
            found.append(Published(protocol, port, target, target_port, "", source, int(goes["sport"])))
    return found


def parse_containers(containers: t.Iterable[t.Mapping[str, t.Any]]) -> list[Published]:
    """Published ports as the engine lists them (``/containers/json``)."""
    found = set()
    for one in containers:
        networks = (one.get("NetworkSettings") or {}).get("Networks") or {}
        said = {net.get(key) for net in networks.values() for key in ("IPAddress", "GlobalIPv6Address")} - {"", None}
        for port in one.get("Ports") or ():
            if port.get("PublicPort"):
                found |= {(port["Type"], port["PublicPort"], address, port["PrivatePort"]) for address in said}
    return [Published(kind, port, ipaddress.ip_address(to), at, "") for kind, port, to, at in sorted(found)]


def _located(way: Published, hops: t.Mapping[IPAddress, Hop | None]) -> Published:
    target, source = hops[way.target], hops[way.source] if way.source else None
    return replace(way, bridge=target.interface if target else "", interface=source.interface if source else "")


def _is_one(containers: t.Sequence[str], interface: str) -> bool:
    return any(covers(pattern, interface) for pattern in containers)
