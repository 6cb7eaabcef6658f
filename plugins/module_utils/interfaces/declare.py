# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Network interfaces that a host shall have: the declaration, checked and in a form of its own. Pure."""

from __future__ import annotations

import ipaddress
import re
import typing as t
from dataclasses import dataclass, field

from ..host.errors import InvalidInput

Address = t.Union[ipaddress.IPv4Address, ipaddress.IPv6Address]
Network = t.Union[ipaddress.IPv4Network, ipaddress.IPv6Network]
OwnAddress = t.Union[ipaddress.IPv4Interface, ipaddress.IPv6Interface]

# The kernel takes 15 bytes (IFNAMSIZ, net/core/dev.c); what is left of the rest needs no quoting in any file.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,14}")
# ipaddress takes whatever stands behind a % for a zone, line breaks as well, and gives it back as it was.
_ADDRESS = re.compile(r"[0-9A-Fa-f:./]+")
_NOT_OURS = frozenset({"lo", "all", "default"})
_OPTIONS = {"bridge": ("ports", "stp", "take_over"), "vlan": ("parent", "vlan"), "macvlan": ("parent", "mode")}
_SMALLEST = {4: 68, 6: 1280}  # RFC 791, RFC 8200


@dataclass(frozen=True)
class Route:
    """A network that is reached through an interface, by a router or directly.

    :param protocol: who has set it, in the kernel's word; networkd says static
    """

    network: Network
    via: Address | None = None
    protocol: str = field(default="static", compare=False)

    @property
    def is_default(self) -> bool:
        return self.network.prefixlen == 0

    @property
    def words(self) -> str:
        return f"{self.network}{f' via {self.via}' if self.via else ''}"


@dataclass(frozen=True)
class Interface:
    """One interface that shall be there, or not.

    :param routes: with the gateways, as routes to everywhere
    :param mtu: 0 leaves it to the kernel
    :param take_over: whether addresses of a port may move to this bridge
    :param mac: address that it shall have, empty leaves it to the host
    :param owner: the bridge that has a port of this name; itself where it was declared
    """

    name: str
    kind: str
    present: bool = True
    ports: tuple[str, ...] = ()
    stp: bool = False
    parent: str = ""
    vlan: int = 0
    mode: str = ""
    addresses: tuple[OwnAddress, ...] = ()
    routes: tuple[Route, ...] = ()
    mtu: int = 0
    take_over: bool = False
    mac: str = ""
    owner: str = ""

    @property
    def lowers(self) -> tuple[str, ...]:
        """The interfaces below it."""
        return (*self.ports, self.parent) if self.parent else self.ports

    @property
    def has_gateway(self) -> bool:
        return any(route.is_default for route in self.routes)

    @property
    def needs_ipv6(self) -> bool:
        return any(address.version == 6 for address in self.addresses)


@dataclass
class _Reading:
    problems: list[str] = field(default_factory=list)

    def wrong(self, where: str, why: str) -> None:
        self.problems.append(f"{where} {why}")


def read_declaration(declared: t.Sequence[t.Mapping[str, t.Any]]) -> tuple[Interface, ...]:
    """Understand a declaration.

    :raises InvalidInput: with all that is wrong with it, whatever host it is for
    """
    reading = _Reading()
    found = tuple(_interface(reading, f"interfaces[{number}]", one) for number, one in enumerate(declared))
    _names(reading, found)
    _lowers(reading, [one for one in found if one.present], {one.name for one in found if not one.present})
    if reading.problems:
        raise InvalidInput(reading.problems)
    return found


def vlan_port(name: str) -> tuple[str, int] | None:
    """The interface below and the number, where a name is that of a VLAN such as eth1.20."""
    parent, dot, number = name.rpartition(".")
    if dot and parent and re.fullmatch(r"[1-9][0-9]{0,3}", number) and int(number) < 4095:
        return parent, int(number)
    return None


def _interface(reading: _Reading, where: str, declared: t.Mapping[str, t.Any]) -> Interface:
    name, kind = str(declared.get("name") or ""), str(declared.get("kind") or "bridge")
    present = declared.get("state") != "absent"
    _name(reading, f"{where}.name", name)
    if not present:
        return Interface(name, kind, False, owner=name)
    for option in ("ports", "stp", "take_over", "parent", "vlan"):
        if declared.get(option) and option not in _OPTIONS[kind]:
            reading.wrong(f"{where}.{option}", f"is not for {name}, which is a {kind}")
    addresses = _addresses(reading, f"{where}.addresses", declared.get("addresses") or ())
    made = Interface(
        name=name,
        kind=kind,
        ports=tuple(map(str, declared.get("ports") or ())) if kind == "bridge" else (),
        stp=kind == "bridge" and bool(declared.get("stp")),
        parent=str(declared.get("parent") or "") if kind != "bridge" else "",
        vlan=int(declared.get("vlan") or 0) if kind == "vlan" else 0,
        mode=str(declared.get("mode") or "bridge") if kind == "macvlan" else "",
        addresses=addresses,
        routes=(
            *_gateways(reading, f"{where}.gateways", declared.get("gateways") or (), addresses),
            *_routes(reading, f"{where}.routes", declared.get("routes") or (), addresses),
        ),
        mtu=int(declared.get("mtu") or 0),
        take_over=kind == "bridge" and bool(declared.get("take_over")),
        owner=name,
    )
    _rest(reading, where, made)
    return made


def _name(reading: _Reading, where: str, name: str) -> None:
    if not _NAME.fullmatch(name) or name in _NOT_OURS:
        reading.wrong(
            where,
            f"must be 1 to 15 letters, digits, dots, dashes and underscores, and not lo, all or default; got: {name!r}",
        )


def _rest(reading: _Reading, where: str, made: Interface) -> None:
    for number, port in enumerate(made.ports):
        if port == "lo":
            reading.wrong(f"{where}.ports[{number}]", "is the loopback, which can be in no bridge")
        else:
            _name(reading, f"{where}.ports[{number}]", port)
        if port == made.name or port in made.ports[:number]:
            reading.wrong(
                f"{where}.ports[{number}]",
                f"is {'the bridge itself' if port == made.name else 'there twice'}; got: {port!r}",
            )
    if made.kind != "bridge" and made.parent == "lo":
        reading.wrong(f"{where}.parent", f"is the loopback, on which no {made.kind} can be")
    elif made.kind != "bridge" and (not made.parent or made.parent == made.name):
        reading.wrong(f"{where}.parent", f"must name the interface that this {made.kind} is on; got: {made.parent!r}")
    elif made.kind != "bridge":
        _name(reading, f"{where}.parent", made.parent)
    if made.kind == "vlan" and not 0 < made.vlan < 4095:
        reading.wrong(f"{where}.vlan", f"must be a number from 1 to 4094; got: {made.vlan}")
    smallest = _SMALLEST[6 if made.needs_ipv6 else 4]
    if made.mtu and not smallest <= made.mtu <= 65535:
        reading.wrong(
            f"{where}.mtu", f"must be from {smallest} to 65535{' with IPv6' if smallest > 68 else ''}; got: {made.mtu}"
        )


def _names(reading: _Reading, found: t.Sequence[Interface]) -> None:
    names = [one.name for one in found]
    for number, name in enumerate(names):
        if name in names[:number]:
            reading.wrong(
                f"interfaces[{number}].name", f"is that of interfaces[{names.index(name)}] too; got: {name!r}"
            )
    seen: dict[OwnAddress, str] = {}
    for one in found:
        for address in one.addresses:
            if address.ip in {other.ip for other in seen if seen[other] != one.name}:
                reading.wrong(one.name, f"has {address.ip}, which another interface of the declaration has as well")
            seen[address] = one.name


def _lowers(reading: _Reading, found: t.Sequence[Interface], absent: t.Collection[str]) -> None:
    """What is said of the same interface below in several places."""
    bridge_of: dict[str, str] = {}
    for one in found:
        for port in one.ports:
            if bridge_of.setdefault(port, one.name) != one.name:
                reading.wrong(
                    one.name, f"has port {port}, which {bridge_of[port]} has as well; it can be in one bridge only"
                )
        for lower in one.lowers:
            if lower in absent:
                reading.wrong(one.name, f"is on {lower}, which shall be absent")
        if _circle(one, {each.name: each for each in found}):
            reading.wrong(one.name, "is on itself, by way of what it is on")
    for one in found:
        if one.kind == "macvlan" and one.parent in bridge_of:
            reading.wrong(
                one.name,
                f"is on {one.parent}, a port of {bridge_of[one.parent]}, which the kernel refuses; "
                f"name {bridge_of[one.parent]} as its parent",
            )


def _circle(one: Interface, by_name: t.Mapping[str, Interface]) -> bool:
    seen, waiting = set(), list(one.lowers)
    while waiting:
        name = waiting.pop()
        if name == one.name:
            return name not in one.ports and name != one.parent  # those have been told
        if name not in seen and name in by_name:
            seen.add(name)
            waiting += by_name[name].lowers
    return False


def _addresses(reading: _Reading, where: str, declared: t.Iterable[t.Any]) -> tuple[OwnAddress, ...]:
    found: list[OwnAddress] = []
    for number, one in enumerate(declared):
        text = str(one)
        if not _is_spelled(reading, f"{where}[{number}]", text):
            continue
        try:
            address = ipaddress.ip_interface(text)
        except ValueError:
            address = None
        if address is None or "/" not in text:
            reading.wrong(
                f"{where}[{number}]", f"must be an address with its prefix, such as 10.77.0.1/24; got: {text!r}"
            )
        elif not _can_be_had(address):
            reading.wrong(f"{where}[{number}]", f"is no address that an interface can have; got: {text!r}")
        elif address.ip in {other.ip for other in found}:
            reading.wrong(f"{where}[{number}]", f"is there twice; got: {text!r}")
        else:
            found.append(address)
    return tuple(found)


def _is_spelled(reading: _Reading, where: str, text: str) -> bool:
    """Whether a text has nothing but what addresses are made of, before anything else is asked of it."""
    if _ADDRESS.fullmatch(text):
        return True
    why = "must be of digits, a to f, colons, dots and a slash, without blanks and without a zone (%)"
    reading.wrong(where, f"{why}; got: {text!r}")
    return False


def _can_be_had(address: OwnAddress) -> bool:
    if address.is_loopback or address.is_multicast or address.is_unspecified:
        return False
    network = address.network
    wide = network.prefixlen and network.max_prefixlen - network.prefixlen > 1
    ends = (network.network_address, network.broadcast_address if address.version == 4 else None)
    return not (wide and address.ip in ends) and bool(network.prefixlen)


def _gateways(
    reading: _Reading, where: str, declared: t.Iterable[t.Any], addresses: t.Sequence[OwnAddress]
) -> tuple[Route, ...]:
    found: list[Route] = []
    for number, one in enumerate(declared):
        via = _router(reading, f"{where}[{number}]", str(one), addresses)
        if via is None:
            continue
        if any(route.network.version == via.version for route in found):
            reading.wrong(f"{where}[{number}]", f"is a second gateway for IPv{via.version}; got: {str(via)!r}")
        found.append(Route(ipaddress.ip_network("0.0.0.0/0" if via.version == 4 else "::/0"), via))
    return tuple(found)


def _routes(
    reading: _Reading, where: str, declared: t.Iterable[t.Any], addresses: t.Sequence[OwnAddress]
) -> tuple[Route, ...]:
    found: list[Route] = []
    for number, one in enumerate(declared):
        text, _via, router = str(one).partition(" via ")
        if not _is_spelled(reading, f"{where}[{number}]", text):
            continue
        try:
            network = ipaddress.ip_network(text)
        except ValueError:
            reading.wrong(
                f"{where}[{number}]",
                f"must be a network such as 10.0.0.0/8, or one with via and a router; got: {one!r}",
            )
            continue
        via = _router(reading, f"{where}[{number}]", router, addresses) if router else None
        if network.prefixlen == 0:
            reading.wrong(f"{where}[{number}]", "is the default route; name its router in gateways")
        elif network in {route.network for route in found}:
            reading.wrong(f"{where}[{number}]", f"is there twice; got: {one!r}")
        elif network in {address.network for address in addresses}:
            reading.wrong(
                f"{where}[{number}]", f"is the network of an address of its own, and reached anyway; got: {one!r}"
            )
        elif via is not None and via.version != network.version:
            reading.wrong(f"{where}[{number}]", f"has a router of the other family; got: {one!r}")
        else:
            found.append(Route(network, via))
    return tuple(found)


def _router(reading: _Reading, where: str, text: str, addresses: t.Sequence[OwnAddress]) -> Address | None:
    if not _is_spelled(reading, where, text):
        return None
    try:
        via = ipaddress.ip_address(text)
    except ValueError:
        reading.wrong(where, f"must have the address of a router; got: {text!r}")
        return None
    local = via.version == 6 and via.is_link_local
    if not local and not any(via in address.network and via != address.ip for address in addresses):
        reading.wrong(
            where, f"has a router in none of the interface's networks, or the interface itself; got: {text!r}"
        )
        return None
    return via
