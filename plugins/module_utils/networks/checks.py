# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What stands in the way of a network that is to be made: each fact a function, all of them asked."""

from __future__ import annotations

import itertools
import json
import re
import typing as t
from dataclasses import dataclass, field

from ..daemon.checks.base import shorten
from ..daemon.checks.cidr import overlaps
from ..daemon.redact import fit_to_show
from ..daemon.version import Version, before
from ..host.network import Route
from ..network.networks import Network, subnets_of
from .endpoints import subnets
from .entries import Entry

Json = t.Mapping[str, t.Any]

BUILT_IN = {"bridge": "bridge", "host": "host", "none": "null"}

_ON_A_LAN = frozenset({"macvlan", "ipvlan"})
_INTERFACE_NAME = 15  # IFNAMSIZ without its end
_VLANS = range(1, 4095)
# Names of the swarm are names of DNS (swarmkit, validateAnnotations).
_SWARM_NAME = re.compile(r"[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*")
_MODES = {
    "macvlan_mode": ("bridge", "private", "vepa", "passthru"),
    "ipvlan_mode": ("l2", "l3", "l3s"),
    "ipvlan_flag": ("bridge", "private", "vepa"),
}
# What a network may not have beside a template (libnetwork, validateConfiguration).
_FROM_TEMPLATE = ("driver_options", "enable_ipv6", "internal", "ipam_config", "ipam_driver", "labels")


@dataclass(frozen=True)
class Seen:
    """What checks look at.

    :param due: the entries that are to be made, for the first time or again
    :param subnets: of the entries, by their place
    :param staying: the engine's networks that this run leaves as they are
    :param templates: names of networks that are there, or will be, for others to take their settings from
    :param engine: whether one answers
    :param api: newest version of the API that it speaks; None where that was not asked
    :param swarm: what the engine says of the swarm
    :param interfaces: of the host, and what each is part of: ``bridge``, ``bond`` or nothing; None where not known
    :param unusable: reasons by driver
    """

    due: tuple[Entry, ...]
    subnets: t.Mapping[str, Network] = field(default_factory=dict)
    staying: tuple[Json, ...] = ()
    templates: frozenset[str] = frozenset()
    engine: bool = True
    api: Version | None = None
    swarm: Json = field(default_factory=dict)
    interfaces: t.Mapping[str, str] | None = None
    routes: tuple[Route, ...] = ()
    bridges: frozenset[str] = frozenset()
    unusable: t.Mapping[str, str] = field(default_factory=dict)


def obstacles(seen: Seen) -> list[str]:
    """All that no earlier task of the same run can have taken away, entry by entry."""
    looks = (_names, _drivers, _modes, _templates, _parents, _bridges, _overlapping, _routed)
    return [problem for entry in seen.due for look in looks for problem in look(entry, seen)]


def lacking(seen: Seen) -> list[str]:
    """What has to be there first. In check mode an earlier task may be about to bring it: an interface, a swarm."""
    looks = (_in_the_swarm, _interface_is_there)
    return [problem for entry in seen.due for look in looks for problem in look(entry, seen)]


def wrong(where: str, why: str, remedy: str, got: t.Any = None) -> str:
    shown = "" if got is None else f"; got: {shorten(json.dumps(fit_to_show(got), ensure_ascii=False, default=str))}"
    return f"{where} {why}{shown}; {remedy}"


def built_in(entry: Entry) -> list[str]:
    """What is wrong with an entry for a network that every engine has."""
    where, driver = entry.where, BUILT_IN[entry.name]
    if entry.absent:
        return [wrong(where, f"takes network {entry.name} away, which is built into Docker", "take the entry out")]
    told = {
        key: value for key, value in entry.options.items() if key not in ("name", "state") and value not in ({}, [])
    }
    named = told.pop("driver", driver)
    found = []
    if named != driver and not (entry.name == "none" and named == "none"):
        reason = f"must be {driver}, as network {entry.name} is built into Docker"
        found.append(wrong(f"{where}.driver", reason, "take it out", named))
    if told and entry.name == "bridge":
        keys = "bip, fixed-cidr, default-gateway, mtu, icc, ip, ip-masq"
        remedy = f"set its keys of daemon.json, such as {keys}, in engine_config, or declare a network of your own"
        found.append(wrong(where, "gives settings to the default bridge, which only dockerd makes", remedy, told))
    elif told:
        remedy = "take them out, or declare a network of your own"
        found.append(wrong(where, f"gives settings to network {entry.name}, which has none", remedy, told))
    return found


def _names(entry: Entry, seen: Seen) -> t.Iterator[str]:
    where, name = f"{entry.where}.name", entry.name
    if name == "default":
        yield wrong(where, "is a word of Docker's own, which refuses it", "choose another name", name)
    if entry.swarm and (not _SWARM_NAME.fullmatch(name) or len(name) > 63):
        remedy = "take letters, digits, - and _, 63 at most, with a letter or digit at both ends"
        yield wrong(where, "is no name for a network of a swarm", remedy, name)
    for network in seen.staying:
        # docker_network takes the beginning of an id for a name, and would remove that network.
        if network["Name"] != name and str(network["Id"]).startswith(name):
            reason = f"is how the id of network {network['Name']} begins, which docker_network would take for it"
            yield wrong(where, reason, "choose another name", name)


def _drivers(entry: Entry, seen: Seen) -> t.Iterator[str]:
    where, driver = f"{entry.where}.driver", entry.driver
    if driver in ("host", "null", "none") and not entry.config_only:
        network = "none" if driver != "host" else driver
        remedy = f"use network {network} itself, or another driver"
        yield wrong(where, f"belongs to network {network} alone, of which Docker has one", remedy, driver)
    reason = seen.unusable.get(driver)
    if reason and not entry.config_only:
        yield wrong(where, f"cannot be used on this host: {reason}", "choose another driver, or another kernel", driver)
    if "enable_ipv4" in entry.options and seen.api is not None and before(seen.api, "1.47"):
        api = ".".join(map(str, seen.api))
        reason = f"needs an engine with API 1.47 or newer, and this one has {api}"
        yield wrong(f"{entry.where}.enable_ipv4", reason, "take it out, or upgrade the engine")


def _modes(entry: Entry, _seen: Seen) -> t.Iterator[str]:
    for option, modes in _MODES.items():
        value = entry.driver_options.get(option)
        if value is not None and value not in modes and option.startswith(entry.driver):
            place = f"{entry.where}.driver_options.{option}"
            yield wrong(place, "is not known", f"there are {', '.join(modes)}", value)


def _in_the_swarm(entry: Entry, seen: Seen) -> t.Iterator[str]:
    state = seen.swarm.get("LocalNodeState") or "inactive"
    if entry.swarm and seen.engine and state != "active":
        remedy = "have the host join a swarm first, or choose driver bridge"
        yield wrong(entry.where, f"needs a swarm, and this host is in none (state {state})", remedy, entry.name)


def _templates(entry: Entry, seen: Seen) -> t.Iterator[str]:
    source = entry.options.get("config_from")
    if not source:
        return
    if source not in seen.templates:
        remedy = f"declare a network {source} with config_only: true, or take it out"
        yield wrong(f"{entry.where}.config_from", "names no network with config_only", remedy, source)
    own = [name for name in _FROM_TEMPLATE if entry.options.get(name) not in (None, False, {}, [])]
    if own:
        remedy = f"set them in network {source}"
        yield wrong(entry.where, f"has {', '.join(own)} beside config_from, which Docker refuses", remedy)


def _parents(entry: Entry, seen: Seen) -> t.Iterator[str]:
    parent = entry.driver_options.get("parent", "")
    if entry.driver not in _ON_A_LAN or not parent:
        return
    where = f"{entry.where}.driver_options.parent"
    users = [
        *((str(network["Driver"]), str(network["Name"]), _parent_of(network)) for network in seen.staying),
        *((other.driver, other.name, other.driver_options.get("parent", "")) for other in _others(entry, seen)),
    ]
    for driver, name, used in users:
        if driver in _ON_A_LAN and used == parent:
            remedy = "take one network for both, or a VLAN of the interface, such as eth0.10"
            yield wrong(
                where, f"is the interface of network {name} ({driver}), and can be that of one only", remedy, parent
            )
    part = (seen.interfaces or {}).get(parent)
    if parent == "lo":
        yield wrong(where, "cannot be the loopback interface", "name an interface of the LAN", parent)
    elif part:
        yield wrong(where, f"is part of a {part}, and cannot have such networks", f"name the {part} itself", parent)


def _parent_of(network: Json) -> str:
    return str((network.get("Options") or {}).get("parent") or "")


def _others(entry: Entry, seen: Seen) -> list[Entry]:
    """Those that come before it, so that each pair is told of once."""
    return list(itertools.takewhile(lambda other: other is not entry, seen.due))


def _interface_is_there(entry: Entry, seen: Seen) -> t.Iterator[str]:
    """The engine makes a VLAN of an interface by itself, and nothing else."""
    parent, interfaces = entry.driver_options.get("parent", ""), seen.interfaces
    if entry.driver not in _ON_A_LAN or interfaces is None or parent in ("", "lo", *interfaces):
        return
    where = f"{entry.where}.driver_options.parent"
    base, dot, vlan = parent.partition(".")
    if not dot or base not in interfaces:
        there = ", ".join(sorted(name for name in interfaces if name != "lo")[:8])
        reason = f"is no interface of this host, nor a VLAN of one; it has {there}"
        yield wrong(where, reason, "name one that is there, or make it first", parent)
    elif not vlan.isdigit() or int(vlan) not in _VLANS:
        remedy = f"write {base} and a number from 1 to 4094, as in {base}.10"
        yield wrong(where, f"is no VLAN of {base}", remedy, parent)


def _bridges(entry: Entry, seen: Seen) -> t.Iterator[str]:
    name = entry.bridge if entry.driver == "bridge" else ""
    where = f"{entry.where}.driver_options['com.docker.network.bridge.name']"
    if len(name) > _INTERFACE_NAME:
        yield wrong(where, f"is longer than the {_INTERFACE_NAME} characters of an interface", "shorten it", name)
    users = [
        *((str(network["Name"]), bridge_of(network)) for network in seen.staying),
        *((other.name, other.bridge) for other in _others(entry, seen)),
    ]
    for network, bridge in users:
        if name and bridge == name:
            yield wrong(where, f"is the bridge of network {network}", "choose another name", name)


def bridge_of(network: Json) -> str:
    """The interface of a bridge network."""
    if network.get("Driver") != "bridge" or network.get("ConfigOnly"):
        return ""
    own = (network.get("Options") or {}).get("com.docker.network.bridge.name")
    return str(own or f"br-{network['Id'][:12]}")


def _overlapping(entry: Entry, seen: Seen) -> t.Iterator[str]:
    """Networks of the engine and those of the swarm have addresses apart from each other."""
    mine = seen.subnets.get(entry.where)
    if mine is None:
        return
    others = [
        *(
            (str(network["Name"]), subnet)
            for network in seen.staying
            if not network.get("ConfigOnly") and (network.get("Scope") == "swarm") == entry.swarm
            for subnet in subnets(network)
        ),
        *(
            (other.name, subnet)
            for other in _others(entry, seen)
            if other.where in seen.subnets and other.swarm == entry.swarm
            for subnet in subnets_of(seen.subnets[other.where])
        ),
    ]
    for subnet in mine.subnets:
        for name, other in others:
            if overlaps(subnet.network, other):
                remedy = "choose another subnet, or remove that network first"
                reason = f"overlaps {other}, which network {name} has"
                yield wrong(f"{subnet.where}.subnet", reason, remedy, str(subnet.network))


def _routed(entry: Entry, seen: Seen) -> t.Iterator[str]:
    """A bridge takes the route; macvlan and ipvlan are part of the LAN, and overlays do not touch the host's routes."""
    mine = seen.subnets.get(entry.where)
    if mine is None or entry.driver != "bridge":
        return
    for subnet in mine.subnets:
        for route in seen.routes:
            own = route.interface in seen.bridges or route.interface == entry.bridge
            if not own and overlaps(subnet.network, route.network):
                reason = f"overlaps {route.network}, which this host reaches through {route.interface}"
                yield wrong(f"{subnet.where}.subnet", reason, "choose another subnet", str(subnet.network))
