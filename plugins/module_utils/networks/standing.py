# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What keeps a network that is there from being made again or removed: who uses it."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .checks import wrong
from .endpoints import Attachment
from .engine import Engine
from .entries import Entry
from .note import Note

Json = t.Mapping[str, t.Any]

_FEW = 20


@dataclass(frozen=True)
class Standing:
    """A network that is there, and what is to become of it.

    :param what: ``made again``, ``removed``, ``connected`` (containers only), or nothing
    :param others: names of containers that would be disconnected since they are not declared
    :param users: names of networks that take their settings from it
    :param twins: how many networks of that name there are
    """

    entry: Entry
    what: str
    network: Json
    differences: tuple[str, ...] = ()
    containers: tuple[Attachment, ...] = ()
    others: tuple[str, ...] = ()
    note: Note | None = None
    users: tuple[str, ...] = ()
    twins: int = 1

    @property
    def where(self) -> str:
        return self.entry.where

    @property
    def name(self) -> str:
        return self.entry.name


def standing(one: Standing, engine: Engine, *, recreate: bool) -> t.Iterator[str]:
    """All that keeps it."""
    if one.twins > 1:
        remedy = "remove all but one by its id"
        yield wrong(one.where, f"names {one.twins} networks of this engine", remedy, one.name)
    if one.note is not None and one.entry.absent:
        off = ", ".join(container.name for container in one.note.containers)
        remedy = "put them back with network_containers and state attached, or remove that file"
        reason = f"takes network {one.name} away, and an interrupted run left containers off it ({off}), see"
        yield f"{one.where} {reason} {one.note.path}; {remedy}"
    if one.what in ("made again", "removed"):
        yield from _kept(one, engine, recreate)
    elif one.what == "connected" and one.others and not recreate:
        remedy = "add them to connected, set appends to true, or recreate (network_recreate of the role) to true"
        yield wrong(f"{one.where}.connected", f"takes containers off network {one.name}", remedy, list(one.others))


def _kept(one: Standing, engine: Engine, recreate: bool) -> t.Iterator[str]:
    if one.users:
        remedy = "remove those networks in a run before"
        yield wrong(
            one.where, f"would have {_subject(one)}, and networks take their settings from it", remedy, one.users
        )
    if one.network.get("Scope") == "swarm":
        yield from _of_the_swarm(one, engine, recreate)
    elif not recreate and (_new(one) or one.others):
        yield _hanging(one)


def _subject(one: Standing) -> str:
    return f"network {one.name} {one.what}" + (f" ({'; '.join(one.differences)})" if one.differences else "")


def _new(one: Standing) -> list[Attachment]:
    """Containers that nobody has agreed to take off: where a run was interrupted, those in its note were agreed to."""
    noted = {container.id for container in one.note.containers} if one.note and one.what == "made again" else set()
    return [container for container in one.containers if container.id not in noted]


def _hanging(one: Standing) -> str:
    names = [str(container) for container in one.containers]
    shown = ", ".join(names[:_FEW]) + (f" and {len(names) - _FEW} more" if len(names) > _FEW else "")
    if one.what == "removed":
        remedy = "take them off or remove them first, or set recreate (network_recreate of the role) to true"
    else:
        but = f" but for {', '.join(one.others)}, which connected does not name" if one.others else ""
        more = ", or add those to connected, or set appends to true" if one.others else ""
        remedy = (
            "set recreate (network_recreate of the role) to true, then they are disconnected and put back with their"
            f" addresses and aliases{but}{more}, or declare the network as it is"
        )
    return f"{one.where} would have {_subject(one)}, and containers are on it: {shown}; {remedy}"


def _of_the_swarm(one: Standing, engine: Engine, recreate: bool) -> t.Iterator[str]:
    """Only what this node takes part in can be seen, so it is agreed to or refused as a whole."""
    swarm = engine.info.get("Swarm") or {}
    elsewhere = [*_services(one, engine), *_tasks(engine.verbose(one.network["Id"]), swarm)]
    if elsewhere:
        remedy = "remove them from it first"
        reason = f"would have {_subject(one)}, and the swarm uses it"
        yield wrong(one.where, reason, remedy, sorted(set(elsewhere)))
    elif not recreate:
        here = f", and on this one {', '.join(map(str, one.containers))}" if one.containers else ""
        reason = f"would have {_subject(one)}; containers on other nodes cannot be seen from here{here}"
        remedy = "see that there are none, and set recreate (network_recreate of the role) to true"
        yield f"{one.where} {reason}; {remedy}"


def _services(one: Standing, engine: Engine) -> list[str]:
    found = []
    for service in engine.services():
        spec = service.get("Spec") or {}
        networks = [*((spec.get("TaskTemplate") or {}).get("Networks") or ()), *(spec.get("Networks") or ())]
        if any(network.get("Target") in (one.network["Id"], one.name) for network in networks):
            found.append(f"service {spec.get('Name')}")
    return found


def _tasks(network: Json, swarm: Json) -> list[str]:
    """Containers and nodes that the network itself has heard of."""
    mine, found = swarm.get("NodeAddr"), []
    for service in (network.get("Services") or {}).values():
        for task in service.get("Tasks") or ():
            host = (task.get("Info") or {}).get("Host IP")
            if host and host != mine:
                found.append(f"container {task.get('Name')} on node {host}")
    peers = [peer.get("IP") for peer in network.get("Peers") or () if peer.get("IP") not in (None, "", mine)]
    return found + [f"node {address}" for address in peers]
