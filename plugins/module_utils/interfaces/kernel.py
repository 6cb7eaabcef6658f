# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What the kernel holds of interfaces: read in one go, as ``ip`` prints it."""

from __future__ import annotations

import ipaddress
import json
import typing as t
from dataclasses import dataclass, field

from ..host.errors import HostError
from ..host.machine import Host
from .declare import OwnAddress, Route


@dataclass(frozen=True)
class Link:
    """An interface as it is.

    :param kind: bridge, vlan, macvlan, veth and others; empty for hardware
    :param master: the bridge that it is a port of
    :param parent: the interface that it is on
    :param dynamic: those of its addresses that a server or router has given
    """

    name: str
    kind: str = ""
    loopback: bool = False
    up: bool = False
    mtu: int = 1500
    mac: str = ""
    master: str = ""
    parent: str = ""
    vlan: int = 0
    mode: str = ""
    stp: bool = False
    addresses: tuple[OwnAddress, ...] = ()
    dynamic: tuple[OwnAddress, ...] = ()

    @property
    def own(self) -> tuple[OwnAddress, ...]:
        """Its addresses, but for those that every interface makes for itself."""
        return tuple(one for one in self.addresses if one.version == 4 or not one.ip.is_link_local)


@dataclass(frozen=True)
class Held:
    """All of it.

    :param routes: those that somebody has set, with the interface of each
    """

    links: t.Mapping[str, Link] = field(default_factory=dict)
    routes: tuple[tuple[str, Route], ...] = ()

    def routes_of(self, name: str) -> tuple[Route, ...]:
        return tuple(dict.fromkeys(route for interface, route in self.routes if interface == name))

    def ports_of(self, bridge: str) -> tuple[str, ...]:
        return tuple(sorted(link.name for link in self.links.values() if link.master == bridge))

    def on(self, parent: str) -> tuple[str, ...]:
        """The interfaces that are on one; the other end of a veth is not."""
        return tuple(
            sorted(one.name for one in self.links.values() if one.parent == parent and one.kind not in ("veth", ""))
        )


def read(host: Host) -> Held:
    """Ask the kernel.

    :raises HostError: where program ip is not there, or does not print JSON
    """
    if host.find_program("ip") is None:
        raise HostError("program ip is not there; install package iproute2")
    found = [
        host.check(["ip", *options, "show"]).out
        for options in (["-json", "-details", "address"], ["-json", "-4", "route"], ["-json", "-6", "route"])
    ]
    return parse(*found)


def parse(addresses: str, routes4: str = "", routes6: str = "") -> Held:
    """Read what ``ip -json`` prints; nothing at all stands for an empty list.

    :raises HostError: where that is no JSON
    """
    try:
        links = [_link(one) for one in json.loads(addresses or "[]") if one.get("ifname")]
        routes = [each for text in (routes4, routes6) for one in json.loads(text or "[]") for each in _route(one)]
    except (ValueError, KeyError, TypeError) as error:
        raise HostError(f"cannot read what ip prints ({error}); iproute2 4.15 and newer prints JSON") from error
    return Held({link.name: link for link in links}, tuple(routes))


def _link(found: t.Mapping[str, t.Any]) -> Link:
    about = found.get("linkinfo") or {}
    data = about.get("info_data") or {}
    flags = found.get("flags") or ()
    addresses = [
        (ipaddress.ip_interface(f"{one['local']}/{one['prefixlen']}"), bool(one.get("dynamic")))
        for one in found.get("addr_info") or ()
        if one.get("local")
    ]
    return Link(
        name=str(found["ifname"]),
        kind=str(about.get("info_kind") or ""),
        loopback="LOOPBACK" in flags,
        up="UP" in flags,
        mtu=int(found.get("mtu") or 0),
        mac=str(found.get("address") or ""),
        master=str(found.get("master") or ""),
        parent=str(found.get("link") or ""),
        vlan=int(data.get("id") or 0) if about.get("info_kind") == "vlan" else 0,
        mode=str(data.get("mode") or "") if about.get("info_kind") == "macvlan" else "",
        stp=bool(data.get("stp_state")),
        addresses=tuple(address for address, _dynamic in addresses),
        dynamic=tuple(address for address, dynamic in addresses if dynamic),
    )


def _route(found: t.Mapping[str, t.Any]) -> t.Iterator[tuple[str, Route]]:
    """Routes that somebody has set: those of the kernel follow from addresses, those of a router come by themselves."""
    if found.get("protocol") in ("kernel", "ra", "redirect") or found.get("type", "unicast") != "unicast":
        return
    via = found.get("gateway")
    everywhere = "::/0" if ":" in str(via) else "0.0.0.0/0"
    network = ipaddress.ip_network(everywhere if found["dst"] == "default" else found["dst"])
    for hop in found.get("nexthops") or [found]:
        router = hop.get("gateway") or via
        if hop.get("dev"):
            by = str(found.get("protocol") or "boot")
            yield str(hop["dev"]), Route(network, ipaddress.ip_address(router) if router else None, by)
