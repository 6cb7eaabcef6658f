# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Containers taken off a network before it is made again, and put back."""

from __future__ import annotations

import contextlib
import typing as t
from dataclasses import dataclass

from ..daemon.version import before
from ..host.errors import HostError
from ..host.lock import locked
from ..host.machine import Host
from .definition import creation, definition
from .endpoints import Attachment, endpoint_config, endpoint_of, fits, order, subnets
from .engine import Engine
from .note import Note, elsewhere, path_of, read_note, remove_note, write_note

LOCK = "/run/slipway.lock"

Json = t.Mapping[str, t.Any]


@dataclass(frozen=True)
class Moved:
    """What was done, or in check mode would be.

    :param before: containers on the network
    :param after: those that are on it then
    :param only: names of those that are on no other network
    :param gone: names of those that were in the note and are no more
    :param made_again: whether the network itself was made again as it had been
    """

    changed: bool
    note: str
    before: tuple[Attachment, ...] = ()
    after: tuple[Attachment, ...] = ()
    only: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    made_again: bool = False
    warnings: tuple[str, ...] = ()


def move(host: Host, engine: Engine, name: str, state: str, *, check_mode: bool, patience: float = 300.0) -> Moved:
    """Take all containers off a network, or put back those in its note.

    :raises HostError: where a container cannot be moved; the note stays then, and a later run goes on with it
    """
    with contextlib.nullcontext() if check_mode else locked(host, LOCK, patience):
        return (detach if state == "detached" else attach)(host, engine, name, check_mode)


def detach(host: Host, engine: Engine, name: str, check_mode: bool) -> Moved:
    """Write the note before anything is touched, then disconnect."""
    network, note = engine.network(name), _note(host, engine, name)
    found = engine.attachments(network) if network else []
    if network is None or not found:
        return Moved(False, note.path if note else "")
    result = Moved(True, path_of(name), tuple(found), (), tuple(one.name for one in found if one.only))
    if check_mode:
        return result
    new = Note(name, definition(network), (), engine.id, engine.root, engine.address.raw)
    write_note(host, (note or new).joined(found))
    failed = {one.name: engine.disconnect(name, one.id) for one in found}
    complaints = [f"{container}: {reason}" for container, reason in failed.items() if reason]
    if complaints:
        remedy = f"what they had is noted in {path_of(name)}, and state attached puts back those that are off"
        raise HostError(f"containers cannot be taken off network {name}: {'; '.join(complaints)}; {remedy}")
    return result


def attach(host: Host, engine: Engine, name: str, check_mode: bool) -> Moved:
    """Connect what the note names, and remove it when all are back."""
    note = _note(host, engine, name)
    if note is None:
        return Moved(False, "")
    network = engine.network(name)
    found = tuple(engine.attachments(network)) if network else ()
    if check_mode:
        return Moved(True, note.path, found, note.joined(found).containers, made_again=network is None)
    if network is None:
        engine.create(creation(note.definition))
    back = _Back(engine, name, note)
    back.all()
    if back.failed:
        remedy = f"they are noted in {note.path}; see why, and run again, or connect them by hand and remove the file"
        raise HostError(f"containers are not back on network {name}: {'; '.join(back.failed)}; {remedy}")
    if back.gone:
        what = f"containers that were taken off network {name} are there no more: {', '.join(sorted(back.gone))}"
        back.warnings.append(f"{what}; {note.path}, which told what they had, is removed")
    remove_note(host, name)
    after = tuple(engine.attachments(back.network))
    return Moved(
        True, note.path, found, after, gone=tuple(back.gone), made_again=network is None, warnings=tuple(back.warnings)
    )


def _note(host: Host, engine: Engine, name: str) -> Note | None:
    note = read_note(host, name)
    complaint = elsewhere(note, engine) if note else ""
    if complaint:
        raise HostError(complaint)
    return note


class _Back:
    """Containers of a note on their way back."""

    def __init__(self, engine: Engine, name: str, note: Note) -> None:
        network = engine.network(name)
        if network is None:
            raise HostError(f"network {name} has gone while containers were being connected to it; run again")
        self.engine, self.name, self.note, self.network = engine, name, note, network
        self.subnets = subnets(network)
        # A container that does not run holds no address: the engine would give it to somebody else.
        self.reserved = {
            address
            for one in note.containers
            if not one.running
            for address in one.asked
            if fits(address, self.subnets)
        }
        self.failed: list[str] = []
        self.warnings: list[str] = []
        self.gone: list[str] = []

    def all(self) -> None:
        for one in sorted(self.note.containers, key=lambda one: order(one, self.subnets)):
            container = self.engine.container(one.id)
            found = endpoint_of(container, self.network) if container else None
            if container is None:
                self.gone.append(one.name)
            elif found is None or found[1].get("NetworkID") != self.network["Id"]:
                self._connect(one, stale=found is not None)
            if container is not None and container["HostConfig"]["NetworkMode"] == self.note.definition.get("Id"):
                self._warn(one, "names the old network by its id and will not start again; make it again")

    def _connect(self, one: Attachment, *, stale: bool) -> None:
        if stale:  # of a network that was removed while the container did not run
            self.engine.disconnect(self.name, one.id)
        fitting = [address for address in one.asked if fits(address, self.subnets)]
        for address in one.asked:
            if address not in fitting:
                self._give_up(one, address, f"network {self.name} has {self._told()} now")
        refused = self._try(one, fitting)
        if refused and fitting:
            again = self._try(one, [])
            if not again:
                self._give_up(one, ", ".join(fitting), refused)
            refused = again
        if refused:
            self.failed.append(f"{one.name}: {refused}")
            return
        if one.running and not fitting:
            self._keep_clear(one)
        if one.mac:
            self._look_at_mac(one)

    def _try(self, one: Attachment, addresses: t.Sequence[str]) -> str:
        return self.engine.connect(self.name, one.id, endpoint_config(one, addresses))

    def _told(self) -> str:
        return ", ".join(map(str, self.subnets)) or "no subnet"

    def _warn(self, one: Attachment, what: str) -> None:
        self.warnings.append(f"container {one.name} {what}")

    def _give_up(self, one: Attachment, address: str, why: str) -> None:
        gets = "the engine has chosen another" if one.running else "the engine chooses another when it starts"
        self._warn(one, f"had asked for {address} and no longer does: {why}; {gets}")

    def _keep_clear(self, one: Attachment) -> None:
        """Where the engine chose what a stopped container asks for, ask for what this one had before."""
        taken = self.reserved.intersection(self._addresses(one))
        if not taken:
            return
        before = [address for address in one.chosen if fits(address, self.subnets) and address not in self.reserved]
        self.engine.disconnect(self.name, one.id)
        if before and not self._try(one, before):
            return
        refused = self._try(one, [])
        if refused:
            self.failed.append(f"{one.name}: {refused}")
        elif self.reserved.intersection(self._addresses(one)):
            what = f"was given {', '.join(sorted(taken))}, which a stopped container asks for"
            self._warn(one, f"{what}; that one will not start until this one has another")

    def _look_at_mac(self, one: Attachment) -> None:
        """Engines from 25.0 on pass over it when a container is connected, until one of the 29 series (moby 48192)."""
        version = self.engine.version
        lost = self._has(one).get("MacAddress") != one.mac if one.running else version and not before(version, "25.0")
        if lost:
            what = f"had asked for MAC address {one.mac}, which this engine passes over when it connects a container"
            self._warn(one, f"{what}; make the container again where that matters")

    def _addresses(self, one: Attachment) -> tuple[str, ...]:
        found = self._has(one)
        return tuple(filter(None, [found.get("IPAddress"), found.get("GlobalIPv6Address")]))

    def _has(self, one: Attachment) -> Json:
        container = self.engine.container(one.id)
        endpoint = endpoint_of(container, self.network) if container else None
        return endpoint[1] if endpoint else {}
