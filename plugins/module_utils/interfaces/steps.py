# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What differs between interfaces as they are and as they shall be, in words and as commands of ``ip``. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, replace

from .declare import Interface, OwnAddress, Route
from .kernel import Held, Link


@dataclass(frozen=True)
class Step:
    """One difference, and the command that puts it right.

    :param phase: what comes first in one batch: see ``_PHASES``
    :param name: the interface that it is about
    """

    phase: str
    name: str
    why: str
    command: str


# Addresses leave a port before the bridge gets them, and a port is in its bridge before anything is routed that way:
# all of it is one batch, so a connection to an address that moves loses no more than a packet.
_PHASES = ("remove", "add", "attributes", "routes away", "take", "ports", "up", "addresses", "routes")


@dataclass(frozen=True)
class Want:
    """An interface as it shall be; what is empty is left as it is.

    :param kind: empty for one that others have made
    :param master: the bridge that it shall be in, empty for none, None where that does not matter
    :param up: None where that does not matter
    :param without: addresses that it shall not have
    :param without_routes: routes that it shall not have
    """

    name: str
    kind: str = ""
    parent: str = ""
    vlan: int = 0
    mode: str = ""
    stp: bool | None = None
    mac: str = ""
    mtu: int = 0
    master: str | None = None
    up: bool | None = True
    addresses: tuple[OwnAddress, ...] = ()
    routes: tuple[Route, ...] = ()
    without: tuple[OwnAddress, ...] = ()
    without_routes: tuple[Route, ...] = ()


@dataclass(frozen=True)
class Before:
    """What an earlier run had given to an interface."""

    ports: tuple[str, ...] = ()
    addresses: tuple[OwnAddress, ...] = ()
    routes: tuple[Route, ...] = ()


def wants(interface: Interface, held: Held, before: Before) -> list[Want]:
    """An interface with its ports, and without what an earlier run had given it and is not wanted any more."""
    if not interface.present:
        return []
    mine = Want(
        name=interface.name,
        kind=interface.kind,
        parent=interface.parent,
        vlan=interface.vlan,
        mode=interface.mode,
        stp=interface.stp if interface.kind == "bridge" else None,
        mac=interface.mac,
        mtu=interface.mtu,
        addresses=interface.addresses,
        routes=interface.routes,
        without=tuple(one for one in before.addresses if one not in interface.addresses),
        without_routes=_stale(held.routes_of(interface.name), interface.routes, before.routes),
    )
    ports = [
        Want(port, master=interface.name, without=held.links[port].own if port in held.links else ())
        for port in interface.ports
    ]
    freed = [Want(port, master="", up=None) for port in before.ports if port not in interface.ports]
    freed = [one for one in freed if one.name in held.links and held.links[one.name].master == interface.name]
    above = [Want(interface.parent)] if interface.parent else []
    return [mine, *above, *ports, *freed]


def _stale(there: t.Iterable[Route], wanted: t.Sequence[Route], before: t.Sequence[Route]) -> tuple[Route, ...]:
    """Routes that we had set and are not wanted, and those that lead where a wanted one leads by another router."""
    networks = {route.network for route in wanted}
    return tuple(one for one in there if one not in wanted and (one in before or one.network in networks))


def as_it_was(held: Held, now: Held, names: t.Iterable[str], ours: t.Container[str]) -> list[Want]:
    """Interfaces as an earlier look had found them.

    :param ours: those of them that can be made again; others are there or are not
    """
    found = []
    for name in names:
        link = held.links.get(name)
        if link is None:
            continue
        there = now.links.get(name, Link(name))
        routes, more = held.routes_of(name), now.routes_of(name)
        found.append(
            Want(
                name=name,
                kind=link.kind if name in ours else "",
                parent=link.parent if name in ours else "",
                vlan=link.vlan,
                mode=link.mode,
                stp=link.stp if link.kind == "bridge" else None,
                mac=link.mac if link.kind == "bridge" and name in ours else "",
                mtu=link.mtu,
                master=link.master,
                up=link.up,
                addresses=link.own,
                routes=routes,
                without=tuple(one for one in there.own if one not in link.own),
                without_routes=tuple(one for one in more if one not in routes),
            )
        )
    return found


def steps(held: Held, wanted: t.Iterable[Want], gone: t.Iterable[str] = ()) -> list[Step]:
    """Everything that differs, in the order in which it can be put right.

    :param gone: interfaces that shall not be there
    """
    wanted = list(wanted)
    found = [Step("remove", name, f"{name} is there", f"link delete dev {name}") for name in gone if name in held.links]
    links = {name: link for name, link in held.links.items() if name not in set(gone)}
    for want in wanted:
        link = links.get(want.name)
        if link and want.kind and _is_another(want, link):
            found.append(Step("remove", want.name, f"{want.name} is {_in_words(link)}", f"link delete dev {want.name}"))
            links = _without(links, want.name)
    for want in _parents_first(wanted):
        if want.name not in links:
            found.append(Step("add", want.name, f"{want.name} is not there", _add(want)))
            links[want.name] = Link(want.name, want.kind, mtu=0, parent=want.parent, mac=want.mac)
    held = Held(links, tuple(one for one in held.routes if links.get(one[0]) is held.links.get(one[0])))
    for want in wanted:
        link = links.get(want.name)
        if link is not None:
            found += [*_attributes(want, link), *_addresses(want, link), *_routes(want, link, held)]
        elif not want.kind:
            found.append(Step("ports", want.name, f"{want.name} is not there", f"link set dev {want.name} up"))
    return sorted(found, key=lambda one: _PHASES.index(one.phase))


def script(found: t.Iterable[Step]) -> str:
    """Differences as input of ``ip -batch``, each command once."""
    return "".join(f"{line}\n" for line in dict.fromkeys(step.command for step in found))


def _without(links: t.Mapping[str, Link], name: str) -> dict[str, Link]:
    """What is left when an interface is removed: those on it go with it, and its ports are free."""
    found = {
        each: replace(link, master="" if link.master == name else link.master)
        for each, link in links.items()
        if each != name
    }
    for each in [link.name for link in found.values() if link.parent == name and link.kind not in ("veth", "")]:
        found = _without(found, each)
    return found


def _is_another(want: Want, link: Link) -> bool:
    return (want.kind, want.parent, want.vlan, want.mode) != (link.kind, link.parent, link.vlan, link.mode)


def _in_words(link: Link) -> str:
    more = {"vlan": f" {link.vlan} on {link.parent}", "macvlan": f" in mode {link.mode} on {link.parent}"}
    return f"a {link.kind or 'device'}{more.get(link.kind, '')}"


def _parents_first(wanted: t.Sequence[Want]) -> list[Want]:
    left = [want for want in wanted if want.kind]
    names = {want.name for want in left}
    done: dict[str, Want] = {}
    while left:
        ready = [one for one in left if one.parent not in names or one.parent in done] or left
        done.update({one.name: one for one in ready})
        left = [one for one in left if one not in ready]
    return list(done.values())


def _add(want: Want) -> str:
    on = f"link {want.parent} " if want.parent else ""
    mac = f" address {want.mac}" if want.mac else ""
    more = {"vlan": f" id {want.vlan}", "macvlan": f" mode {want.mode}"}
    return f"link add {on}name {want.name}{mac} type {want.kind}{more.get(want.kind, '')}"


def _attributes(want: Want, link: Link) -> t.Iterator[Step]:
    name = want.name
    if want.mac and want.mac != link.mac:
        yield Step("attributes", name, f"{name} has the address {link.mac}", f"link set dev {name} address {want.mac}")
    if want.stp is not None and want.stp != link.stp:
        on = "on" if link.stp else "off"
        yield Step(
            "attributes", name, f"{name} has stp {on}", f"link set dev {name} type bridge stp_state {int(want.stp)}"
        )
    if want.master is not None and want.master != link.master:
        why = f"{name} is in {link.master or 'no bridge'}"
        into = f"master {want.master}" if want.master else "nomaster"
        yield Step("ports", name, why, f"link set dev {name} {into}")
    if want.mtu and want.mtu != link.mtu:  # after ports have come, whose own would be taken
        yield Step("up", name, f"{name} has mtu {link.mtu}", f"link set dev {name} mtu {want.mtu}")
    if want.up is not None and want.up != link.up:
        yield Step(
            "up", name, f"{name} is {'up' if link.up else 'down'}", f"link set dev {name} {'up' if want.up else 'down'}"
        )


def _addresses(want: Want, link: Link) -> t.Iterator[Step]:
    for address in want.without:
        if address in link.addresses:
            yield Step("take", want.name, f"{want.name} has {address}", f"address delete {address} dev {want.name}")
    for address in want.addresses:
        if address not in link.addresses:
            wide = address.version == 4 and address.network.prefixlen < 31
            more = " broadcast +" if wide else ""
            yield Step(
                "addresses",
                want.name,
                f"{want.name} lacks {address}",
                f"address replace {address}{more} dev {want.name}",
            )


def _routes(want: Want, link: Link, held: Held) -> t.Iterator[Step]:
    there = held.routes_of(want.name)
    for route in want.without_routes:
        if route in there:
            yield Step(
                "routes away",
                want.name,
                f"{want.name} routes {route.words}",
                f"{_route_words('delete', route)} dev {want.name}",
            )
    for route in want.routes:
        if route not in there:
            yield Step(
                "routes",
                want.name,
                f"{want.name} does not route {route.words}",
                f"{_route_words('replace', route)} dev {want.name}",
            )


def _route_words(verb: str, route: Route) -> str:
    # With another protocol than its own, networkd would add it a second time.
    more = f" proto {route.protocol}" if verb == "replace" else ""
    return f"route {verb} {route.words}{more}"
