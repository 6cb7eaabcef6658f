# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Interfaces for tests: declarations, and a kernel that does as ``ip`` tells it."""

from __future__ import annotations

import dataclasses
import ipaddress
import itertools
import typing as t

from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.interfaces.declare import (
    Interface,
    Route,
    read_declaration,
)
from ansible_collections.slipway.docker.plugins.module_utils.interfaces.kernel import Held, Link
from ansible_collections.slipway.docker.plugins.module_utils.interfaces.steps import Before

NOTHING = Before()


def declare(*interfaces: dict[str, t.Any]) -> tuple[Interface, ...]:
    return read_declaration(interfaces)


def one(**options: t.Any) -> Interface:
    return declare({"name": "br0", **options})[0]


def address(text: str) -> ipaddress.IPv4Interface | ipaddress.IPv6Interface:
    return ipaddress.ip_interface(text)


def route(text: str) -> Route:
    network, _via, router = text.partition(" via ")
    return Route(ipaddress.ip_network(network), ipaddress.ip_address(router) if router else None)


def link(name: str, *addresses: str, **attributes: t.Any) -> Link:
    return Link(name, addresses=tuple(map(address, addresses)), **{"up": True, **attributes})


def held(*links: Link, **routes: list[str]) -> Held:
    found = [(name, route(text)) for name, texts in routes.items() for text in texts]
    return Held({each.name: each for each in links}, tuple(found))


def after(now: Held, commands: str) -> Held:
    """The kernel after a batch, as far as these commands go."""
    for line in commands.splitlines():
        now = _after_one(now, line.split())
    return now


def _after_one(now: Held, words: list[str]) -> Held:
    links, routes = dict(now.links), list(now.routes)
    following = dict(itertools.pairwise(words[2:]))
    name = following.get("dev") or following.get("name", "")
    if words[:2] == ["link", "add"]:
        assert name not in links
        assert following.get("link", "lo") in {*links, "lo"}
        links[name] = Link(
            name,
            following["type"],
            mac=following.get("address", "random"),
            parent=following.get("link", ""),
            vlan=int(following.get("id", 0)),
            mode=following.get("mode", ""),
        )
    elif words[:2] == ["link", "delete"]:
        del links[name]
        routes = [each for each in routes if each[0] != name]
        links = {
            key: dataclasses.replace(each, master="" if each.master == name else each.master)
            for key, each in links.items()
        }
    elif words[0] == "link":
        changes: dict[str, t.Any] = {"up": True} if "up" in words else {"up": False} if "down" in words else {}
        changes.update({key: following[key] for key in ("master",) if key in following})
        changes.update({"master": ""} if "nomaster" in words else {})
        changes.update({"mtu": int(following["mtu"])} if "mtu" in following else {})
        changes.update({"mac": following["address"]} if "address" in following else {})
        changes.update({"stp": following["stp_state"] == "1"} if "stp_state" in following else {})
        assert changes.get("master", "") in {*links, ""}
        links[name] = dataclasses.replace(links[name], **changes)
    elif words[0] == "address":
        rest = [each for each in links[name].addresses if str(each) != words[2]]
        links[name] = dataclasses.replace(
            links[name], addresses=(*rest, *([address(words[2])] if words[1] == "replace" else []))
        )
    else:
        given = route(" via ".join([words[2], *([following["via"]] if "via" in following else [])]))
        routes = [each for each in routes if each[1].network != given.network or each[0] != name]
        routes += [(name, given)] if words[1] == "replace" else []
    return Held(links, tuple(routes))


NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,9}", fullmatch=True).filter(
    lambda name: name not in ("lo", "all", "default")
)


@st.composite
def interfaces(draw: st.DrawFn) -> Interface:
    """A declaration that nothing is wrong with."""
    names = draw(st.lists(NAMES, min_size=5, max_size=5, unique=True))
    kind = draw(st.sampled_from(["bridge", "vlan", "macvlan"]))
    number = draw(st.integers(1, 200))
    addresses = [f"10.{number}.0.1/24", f"fd00:{number:x}::1/64"][: draw(st.integers(0, 2))]
    options: dict[str, t.Any] = {"name": names[0], "kind": kind, "addresses": addresses}
    if kind == "bridge":
        options.update(ports=names[1 : draw(st.integers(1, 4))], stp=draw(st.booleans()))
    else:
        options.update(parent=names[1])
    if kind == "vlan":
        options.update(vlan=draw(st.integers(1, 4094)))
    if addresses:
        routers = [f"10.{number}.0.254", f"fd00:{number:x}::ff"][: len(addresses)]
        options.update(gateways=draw(st.sampled_from([[], routers])))
        options.update(routes=draw(st.sampled_from([[], ["192.0.2.0/24", f"198.51.100.0/24 via {routers[0]}"]])))
    options.update(mtu=draw(st.sampled_from([None, 1400, 9000])))
    return declare(options)[0]
