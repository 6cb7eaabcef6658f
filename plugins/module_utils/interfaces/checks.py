# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Problems of a declaration on this host: what is there already, what would be cut off, what the kernel refuses."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .declare import Interface, OwnAddress, Route
from .kernel import Held, Link
from .steps import Before


@dataclass(frozen=True)
class Scene:
    """What a declaration is held against.

    :param interfaces: declared ones, and VLANs that are made as ports
    :param made: interfaces that our files make, with the declared one that each stands there for
    :param before: what an earlier run has given to each
    :param gone: interfaces that go
    :param lacks: why the kernel has no IPv6, or no interfaces of a kind, where it is so
    """

    interfaces: tuple[Interface, ...]
    held: Held
    made: t.Mapping[str, str]
    before: t.Mapping[str, Before]
    gone: tuple[str, ...]
    lacks: t.Mapping[str, str] = field(default_factory=dict)

    @property
    def present(self) -> tuple[Interface, ...]:
        return tuple(one for one in self.interfaces if one.present)

    def wanted(self, name: str) -> Interface | None:
        return next((one for one in self.present if one.name == name), None)


def problems(scene: Scene) -> list[str]:
    """All of them, each with its remedy."""
    found: list[str] = []
    for one in scene.interfaces:
        said = _of_one(scene, one) if one.present else _of_absent(scene, one)
        found += [f"{one.name}: {problem}" for problem in said]
    for name in scene.gone:
        found += [f"{name}: {problem}" for problem in _in_use(scene, name, "shall be absent")]
    return list(dict.fromkeys(found))


def _of_absent(scene: Scene, one: Interface) -> t.Iterator[str]:
    if one.name in scene.held.links and one.name not in scene.made:
        yield "was not made by this module, which has no file of it, and is not removed"


def _of_one(scene: Scene, one: Interface) -> t.Iterator[str]:
    yield from _is_there(scene, one)
    for port in one.ports:
        yield from _port(scene, one, port)
    if one.parent:
        yield from _parent(scene, one)
    yield from _routes(scene, one)
    yield from _networks(scene, one)
    if one.needs_ipv6 and scene.lacks.get("IPv6"):
        yield f"has an IPv6 address, and {scene.lacks['IPv6']}"
    if one.name not in scene.held.links and scene.lacks.get(one.kind):
        yield f"cannot be made, as {scene.lacks[one.kind]}"


def _is_there(scene: Scene, one: Interface) -> t.Iterator[str]:
    link, owner = scene.held.links.get(one.name), scene.made.get(one.name)
    if link and owner is None:
        kind = link.kind or "device"
        yield f"is there already, a {kind} that this module has not made; remove it, or choose another name"
    elif link and link.kind != one.kind:
        yield f"is a {link.kind or 'device'}, and shall be a {one.kind}; have it absent first"
    elif link and (one.parent, one.vlan) != (link.parent, link.vlan):
        yield from _in_use(scene, one.name, "has to be made anew")
    if owner not in (None, one.name, one.owner) and owner not in {other.name for other in scene.interfaces}:
        yield f"is made for {owner}, which has it as a port; declare {owner} as well"


def _in_use(scene: Scene, name: str, why: str) -> t.Iterator[str]:
    """What would lose an interface that goes."""
    link = scene.held.links.get(name)
    if link is None:
        return
    going = {*scene.gone, *scene.before.get(name, Before()).ports, *(one.name for one in scene.interfaces)}
    ports = [port for port in scene.held.ports_of(name) if port not in going]
    if ports:
        yield f"{why}, and {_these(ports)} in it, of containers or others; stop what they belong to first"
    above = [each for each in scene.held.on(name) if each not in going]
    if above:
        yield f"{why}, and {_these(above)} on it; remove them first"
    if any(route.is_default for route in scene.held.routes_of(name)):
        yield f"{why}, and carries the default route, without which this host is cut off; have another one first"


def _port(scene: Scene, one: Interface, port: str) -> t.Iterator[str]:
    link = scene.held.links.get(port)
    if link is None:
        if scene.wanted(port) is None:
            yield f"port {port} is not there; there are: {_there(scene.held)}"
        return
    if link.loopback:
        yield f"port {port} is the loopback, which can be in no bridge"
    if link.kind == "bridge" or getattr(scene.wanted(port), "kind", "") == "bridge":
        yield f"port {port} is a bridge, which the kernel takes into no other"
        return
    if link.master not in ("", one.name) and not _is_freed(scene, port, link.master):
        yield f"port {port} is in {link.master} already; take it out there first, with: ip link set dev {port} nomaster"
    macvlans = [
        each for each in scene.held.on(port) if scene.held.links[each].kind == "macvlan" and each not in scene.gone
    ]
    if macvlans:
        yield f"port {port} has macvlan {', '.join(macvlans)} on it, which the kernel refuses; put that on {one.name}"
    if one.mtu and link.mtu < one.mtu:
        yield f"mtu {one.mtu} is more than that of port {port}, {link.mtu}, which would lose what is larger"
    yield from _cut_off(scene, one, link)


def _is_freed(scene: Scene, port: str, bridge: str) -> bool:
    """Whether the same run takes a port out of a bridge of ours."""
    other = scene.wanted(bridge)
    left = bridge in scene.gone or (other is not None and port not in other.ports)
    return left and (bridge in scene.gone or port in scene.before.get(bridge, Before()).ports)


def _cut_off(scene: Scene, one: Interface, link: Link) -> t.Iterator[str]:
    """A port loses its addresses and routes: they have to be those of the bridge."""
    routes = scene.held.routes_of(link.name)
    kept = scene.wanted(link.name)
    if kept is not None and kept.addresses:
        yield f"port {link.name} shall have addresses of its own; give them to {one.name}"
    dynamic = [each for each in link.dynamic if each in link.own]
    if dynamic:
        yield (
            f"port {link.name} has {_list(dynamic)} for a limited time, from DHCP or a router; "
            "give the host static addresses first"
        )
    if not link.own and not routes:
        return
    missing = _to_be_added(one, [each for each in link.own if each not in dynamic], routes)
    if missing:
        more = " and the default route" if any(route.is_default for route in routes) else ""
        has = f"{_list(link.own) or 'no address'}{more}"
        lest = "which the bridge has to take over lest the host be cut off"
        yield f"port {link.name} has {has}, {lest}; add {'; '.join(missing)}"


def _to_be_added(one: Interface, addresses: t.Sequence[OwnAddress], routes: t.Sequence[Route]) -> list[str]:
    """What a declaration lacks, as it has to be written."""
    lost = [each for each in addresses if each not in one.addresses]
    default = [route for route in routes if route.is_default and route.via and not _has_default(one, route)]
    others = [route for route in routes if not route.is_default and route not in one.routes]
    found = [] if one.take_over else ["take_over: true"]
    found += [f"addresses: [{_quoted(lost)}]"] if lost else []
    found += [f"gateways: [{_quoted(route.via for route in default)}]"] if default else []
    found += [f"routes: [{_quoted(route.words for route in others)}]"] if others else []
    return found


def _has_default(one: Interface, route: Route) -> bool:
    return any(each.is_default and each.network == route.network for each in one.routes)


def _parent(scene: Scene, one: Interface) -> t.Iterator[str]:
    link = scene.held.links.get(one.parent)
    if link is None:
        if scene.wanted(one.parent) is None:
            yield f"parent {one.parent} is not there; there are: {_there(scene.held)}"
        return
    if link.loopback:
        yield f"parent {one.parent} is the loopback, on which no {one.kind} can be"
    if one.kind == "macvlan" and link.master:
        yield f"parent {one.parent} is a port of {link.master}, which the kernel refuses; name {link.master} as parent"
    if one.mtu and link.mtu < one.mtu:
        yield f"mtu {one.mtu} is more than that of {one.parent}, {link.mtu}"


def _routes(scene: Scene, one: Interface) -> t.Iterator[str]:
    """The kernel would take another interface's route away, or leave two."""
    mine = {one.name, *one.ports, *scene.gone}
    for route in one.routes:
        others = [name for name, other in scene.held.routes if other.network == route.network and name not in mine]
        if others and route.is_default:
            remedy = "leave gateways out, or take that one away"
            yield f"has a gateway, and the host's default route goes by {others[0]}; {remedy}"
        elif others:
            yield f"shall route {route.network}, and {others[0]} does so already; leave it out, or take that one away"


def _networks(scene: Scene, one: Interface) -> t.Iterator[str]:
    mine = {one.name, *one.ports, *scene.gone}
    earlier = scene.present[: scene.present.index(one)]
    others = {link.name: link.own for link in scene.held.links.values() if not scene.wanted(link.name)}
    others.update({other.name: other.addresses for other in earlier})
    for address in one.addresses:
        for name, addresses in others.items():
            for other in addresses if name not in mine else ():
                if other.ip == address.ip:
                    yield f"shall have {address}, which {name} has already"
                elif address.network.num_addresses > 1 and _overlap(address, other):
                    yield (
                        f"shall have {address}, whose network overlaps {other.network} on {name}; "
                        f"{_remedy(one, address, name)}"
                    )


def _overlap(one: OwnAddress, other: OwnAddress) -> bool:
    if one.version != other.version or other.network.num_addresses == 1:
        return False
    return one.ip in other.network or other.ip in one.network


def _remedy(one: Interface, address: OwnAddress, name: str) -> str:
    if one.kind == "macvlan" and name == one.parent:
        single = f"{address.ip}/{address.max_prefixlen}"
        return f"give it as {single}, and in routes the range that containers on {name} have"
    return "choose another one"


def _there(held: Held) -> str:
    return ", ".join(sorted(link.name for link in held.links.values() if not link.loopback)) or "none"


def _these(names: t.Sequence[str]) -> str:
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'}"


def _list(values: t.Iterable[t.Any]) -> str:
    return ", ".join(map(str, values))


def _quoted(values: t.Iterable[t.Any]) -> str:
    return ", ".join(f'"{value}"' if ":" in str(value) else str(value) for value in values)
