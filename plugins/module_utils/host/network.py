# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The network of a host as the kernel shows it in /proc and /sys: who listens where, addresses, routes, interfaces."""

from __future__ import annotations

import ipaddress
import os
import re
import sys
import typing as t
from dataclasses import dataclass

from .machine import Host
from .peek import entries, text

IPAddress = t.Union[ipaddress.IPv4Address, ipaddress.IPv6Address]
IPNetwork = t.Union[ipaddress.IPv4Network, ipaddress.IPv6Network]

_LISTENING = "0A"
_SOCKET = re.compile(r"socket:\[(\d+)\]")


@dataclass(frozen=True)
class Listener:
    """A tcp socket that waits for connections.

    :param inode: the kernel's number for it, by which its process is found
    """

    address: IPAddress
    port: int
    inode: str = ""


@dataclass(frozen=True)
class Route:
    """A network that is reached through an interface."""

    network: IPNetwork
    interface: str


@dataclass(frozen=True)
class Bridge:
    """A bridge, with its addresses and what hangs on it."""

    name: str
    addresses: tuple[str, ...]
    ports: tuple[str, ...]


def read_listeners(host: Host) -> tuple[Listener, ...] | None:
    """Every listening tcp socket; None where the kernel does not say."""
    listing = text(host, "/proc/net/tcp")
    if not listing:
        return None
    return (*parse_listeners(listing), *parse_listeners(text(host, "/proc/net/tcp6")))


def parse_listeners(listing: str) -> list[Listener]:
    """Read /proc/net/tcp or tcp6: addresses are hexadecimal words in the byte order of the machine."""
    found = []
    for line in listing.splitlines()[1:]:
        fields = line.split()
        if len(fields) > 9 and fields[3] == _LISTENING:
            address, _colon, port = fields[1].partition(":")
            found.append(Listener(_address(address), int(port, 16), fields[9]))
    return found


def _address(digits: str) -> IPAddress:
    words = [digits[index : index + 8] for index in range(0, len(digits), 8)]
    step = -1 if sys.byteorder == "little" else 1
    packed = b"".join(bytes.fromhex(word)[::step] for word in words)
    return ipaddress.ip_address(packed)


def read_addresses(host: Host) -> frozenset[IPAddress] | None:
    """The host's own addresses; None where the kernel does not say."""
    trie = text(host, "/proc/net/fib_trie")
    if not trie:
        return None
    return frozenset([*parse_fib_trie(trie), *_parse_if_inet6(text(host, "/proc/net/if_inet6"))])


def parse_fib_trie(trie: str) -> list[IPAddress]:
    """The addresses in the kernel's routing trie that are local: ``|-- 10.0.0.5`` and below it ``/32 host LOCAL``."""
    found: list[IPAddress] = []
    last = ""
    for line in trie.splitlines():
        stripped = line.strip()
        if stripped.startswith("|-- "):
            last = stripped[4:]
        elif stripped == "/32 host LOCAL":
            found.append(ipaddress.ip_address(last))
    return found


def _parse_if_inet6(listing: str) -> list[IPAddress]:
    return [ipaddress.ip_address(bytes.fromhex(line.split()[0])) for line in listing.splitlines() if line.strip()]


def read_address_of(host: Host, name: str) -> ipaddress.IPv4Interface | None:
    """The IPv4 address of an interface, with the length of its network; None where it has none or nobody says."""
    routes = [route for route in parse_routes(text(host, "/proc/net/route")) if route.interface == name]
    found = _with_addresses(routes, read_addresses(host) or ()) if routes else {}
    return next(iter(found.get(name, ())), None)


def _with_addresses(
    routes: t.Iterable[Route], addresses: t.Collection[IPAddress]
) -> dict[str, list[ipaddress.IPv4Interface]]:
    """Addresses by interface: an interface has a route to the network that its own address lies in."""
    found: dict[str, list[ipaddress.IPv4Interface]] = {}
    four = sorted(one for one in addresses if isinstance(one, ipaddress.IPv4Address))
    for route in routes:
        for address in four:
            if address in route.network:
                known = found.setdefault(route.interface, [])
                known.append(ipaddress.IPv4Interface(f"{address}/{route.network.prefixlen}"))
    return found


def read_bridges(host: Host) -> list[Bridge]:
    """The bridges of a host, in the order of their names."""
    names = sorted(name for name, bridge in (read_interfaces(host) or {}).items() if bridge)
    routes = [route for route in parse_routes(text(host, "/proc/net/route")) if route.interface in names]
    four = _with_addresses(routes, read_addresses(host) or ()) if routes else {}
    six: dict[str, list[ipaddress.IPv6Interface]] = {}
    for line in text(host, "/proc/net/if_inet6").splitlines():
        address, _index, length, _scope, _flags, name = line.split()
        found = ipaddress.IPv6Interface((bytes.fromhex(address), int(length, 16)))
        if not found.is_link_local:
            six.setdefault(name, []).append(found)
    return [
        Bridge(
            name,
            tuple(map(str, [*four.get(name, ()), *six.get(name, ())])),
            tuple(sorted(entries(host, f"/sys/class/net/{name}/brif"))),
        )
        for name in names
    ]


def read_routes(host: Host) -> tuple[Route, ...] | None:
    """Every route but the default ones; None where the kernel does not say."""
    listing = text(host, "/proc/net/route")
    if not listing:
        return None
    return (*parse_routes(listing), *parse_routes6(text(host, "/proc/net/ipv6_route")))


def parse_routes(listing: str) -> list[Route]:
    """Read /proc/net/route: interface, destination, ..., mask."""
    found = []
    for line in listing.splitlines()[1:]:
        fields = line.split()
        if len(fields) > 7 and int(fields[7], 16):
            prefix = bin(int(fields[7], 16)).count("1")
            network = ipaddress.ip_network(f"{_address(fields[1])}/{prefix}", strict=False)
            found.append(Route(network, fields[0]))
    return found


def parse_routes6(listing: str) -> list[Route]:
    """Read /proc/net/ipv6_route: destination, prefix, ..., interface. Those of single addresses are left out."""
    found = []
    for line in listing.splitlines():
        fields = line.split()
        if len(fields) > 9 and 0 < int(fields[1], 16) < 128:
            address = ipaddress.IPv6Address(bytes.fromhex(fields[0]))
            if not (address.is_link_local or address.is_multicast):
                network = ipaddress.ip_network((address, int(fields[1], 16)), strict=False)
                found.append(Route(network, fields[9]))
    return found


def read_interfaces(host: Host) -> dict[str, bool] | None:
    """Every interface, and whether it is a bridge; None where the kernel does not say."""
    names = entries(host, "/sys/class/net")
    if not names:
        return None
    return {name: host.exists(f"/sys/class/net/{name}/bridge") for name in names}


def sockets_of(host: Host, pid: int) -> frozenset[str]:
    """The kernel's numbers for the sockets of a process."""
    found = []
    for name in entries(host, f"/proc/{pid}/fd"):
        try:
            target = os.readlink(host.path(f"/proc/{pid}/fd/{name}"))
        except OSError:
            continue
        match = _SOCKET.match(target)
        if match:
            found.append(match.group(1))
    return frozenset(found)


def owner_of(host: Host, inode: str) -> tuple[int, str] | None:
    """The process that holds a socket, and its name; None where that cannot be seen."""
    for entry in entries(host, "/proc"):
        if entry.isdigit() and inode in sockets_of(host, int(entry)):
            return int(entry), text(host, f"/proc/{entry}/comm")
    return None
