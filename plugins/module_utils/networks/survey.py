# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Declared networks against what the engine has: what is to be done, and all that stands in the way."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ..daemon.engine_api import EngineError
from ..daemon.network_drivers import usable
from ..host.errors import HostError
from ..host.kernel import read_kernel
from ..host.machine import Host
from ..host.network import read_interfaces, read_routes
from .checks import BUILT_IN, Seen, bridge_of, built_in, lacking, obstacles
from .compare import connections, differences
from .endpoints import Attachment, endpoint_of
from .engine import Engine
from .entries import Declared, Entry, read_declared
from .note import Note, elsewhere, read_notes
from .standing import Standing, standing

Json = dict[str, t.Any]

# docker_network takes off what the network itself lists, and it lists no containers that do not run.
_STOPPED = frozenset({"created", "exited", "dead"})

# connect: it is as declared, but for containers that are to be on it. resume: an interrupted run left containers off.
State = t.Literal["absent", "connect", "differs", "missing", "present", "resume", "same"]


@dataclass(frozen=True)
class Finding:
    """One network.

    :param network: as the engine has it, None where it does not
    :param note: what an interrupted run left
    :param containers: on it; looked at where it is to be made again or removed
    :param others: names of those that will be taken off for good, as they are not declared
    """

    entry: Entry
    state: State
    network: Json | None = None
    differences: tuple[str, ...] = ()
    note: Note | None = None
    containers: tuple[Attachment, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def makes(self) -> bool:
        return self.state in ("missing", "differs")

    @property
    def again(self) -> bool:
        """Whether containers have to come off and back: also where an interrupted run got as far as that."""
        return self.state == "differs" or (self.state == "missing" and self.note is not None)

    @property
    def options(self) -> Json:
        """The entry. One that is made again keeps labels that nobody declares, such as those of Docker Compose."""
        had: t.Mapping[str, t.Any] = self.network or (self.note.definition if self.note else {})
        given = self.entry.options.get("labels") or {}
        inherits = self.entry.options.get("config_from") or (had.get("ConfigFrom") or {}).get("Network")
        kept = {} if inherits or not self.again else had.get("Labels") or {}
        if not kept or not isinstance(given, t.Mapping):
            return dict(self.entry.options)
        return {**self.entry.options, "labels": {**kept, **given}}


@dataclass(frozen=True)
class Survey:
    """What was found.

    :param warnings: what would be a problem, had not a task before this one been about to change it
    """

    findings: tuple[Finding, ...] = ()
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def entries(self, *, config_only: t.Literal["first", "last"], wanted: t.Callable[[Finding], bool]) -> list[Json]:
        """Those that something is to be done with, in order, but templates before or after who uses them."""
        found = [one for one in self.findings if wanted(one)]
        found.sort(key=lambda one: one.entry.config_only != (config_only == "first"))
        return [one.options for one in found]


@dataclass
class _Survey:
    host: Host
    docker_host: str
    declared: Declared
    recreate: bool
    check_mode: bool
    notes: dict[str, Note] = field(default_factory=dict)
    elsewhere: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def survey(host: Host, docker_host: str, networks: t.Any, *, recreate: bool, check_mode: bool) -> Survey:
    """Look; nothing is changed.

    :param recreate: whether a network with containers on it may be made again or removed
    :param check_mode: an engine that is not there yet has no networks then
    :raises HostError: where the engine or a note cannot be read
    """
    look = _Survey(host, docker_host, read_declared(networks), recreate, check_mode, read_notes(host))
    if not look.declared.entries and not look.notes:
        return Survey((), tuple(problem for _where, problem in look.declared.problems))
    engine, there = _asked(look)
    if engine is not None:
        _leave_to_others(look, engine)
    findings = [_find(look, engine, there, entry) for entry in look.declared.entries]
    findings += _left(look, there)
    problems = tuple(_problems(look, engine, there, findings))
    return Survey(tuple(findings), problems, tuple(look.warnings))


def _asked(look: _Survey) -> tuple[Engine | None, list[Json]]:
    """The engine and its networks; no engine where in check mode none answers."""
    engine = Engine(look.docker_host)
    try:
        return engine, engine.networks()
    except EngineError as error:
        if look.check_mode:
            return None, []
        remedy = "start it first, with role slipway.docker.engine, or name its socket in docker_host"
        raise HostError(f"no engine can be asked for its networks: {error}; {remedy}") from error


def _leave_to_others(look: _Survey, engine: Engine) -> None:
    """A note of another engine is that one's, and a warning unless it is in the way."""
    told = {name: elsewhere(note, engine) for name, note in look.notes.items()}
    look.elsewhere = {name: complaint for name, complaint in told.items() if complaint}
    look.notes = {name: note for name, note in look.notes.items() if name not in look.elsewhere}


def _find(look: _Survey, engine: Engine | None, there: list[Json], entry: Entry) -> Finding:
    network = next((network for network in there if network["Name"] == entry.name), None)
    note = look.notes.get(entry.name)
    if entry.name in BUILT_IN:
        return Finding(entry, "same", network)
    if engine is not None and _left_to_managers(engine, entry, network):
        return Finding(entry, "absent" if entry.absent else "same", network)
    if entry.absent:
        if network is None or engine is None:
            return Finding(entry, "absent", None, (), note)
        return Finding(entry, "present", network, (), note, tuple(engine.attachments(network)))
    if network is None or engine is None:
        others = _others(entry, note.containers if note else ())
        return Finding(entry, "missing", None, _in_words(others), note, (), tuple(one.name for one in others))
    found = differences(entry, network)
    if found:
        on_it = tuple(engine.attachments(network))
        others = _others(entry, on_it)
        names = tuple(one.name for one in others)
        return Finding(entry, "differs", network, (*found, *_in_words(others)), note, on_it, names)
    if note is not None:
        return Finding(entry, "resume", network, (), note)
    return _connected(engine, entry, network)


def _others(entry: Entry, containers: t.Iterable[Attachment]) -> list[Attachment]:
    """Those that ``connected`` does not name; docker_network takes off what runs."""
    running = {one.name: one for one in containers if one.running}
    return [running[name] for name in connections(entry, list(running), list(running))[1]]


def _in_words(others: t.Iterable[Attachment]) -> tuple[str, ...]:
    return tuple(
        f"container {one.name} is connected, not declared so{', and on no other network' if one.only else ''}"
        for one in others
    )


def _left_to_managers(engine: Engine, entry: Entry, network: Json | None) -> bool:
    """Whether a network of the swarm is declared on a worker, as it is where all hosts share a declaration."""
    if not entry.swarm and (network or {}).get("Scope") != "swarm":
        return False
    swarm = engine.info.get("Swarm") or {}
    return swarm.get("LocalNodeState") == "active" and not swarm.get("ControlAvailable")


def _connected(engine: Engine, entry: Entry, network: Json) -> Finding:
    if not entry.options.get("connected"):
        return Finding(entry, "same", network)
    names = {name.lstrip("/"): short for short in engine.containers() for name in short.get("Names") or ()}
    attached = [name for name, short in names.items() if endpoint_of(short, network) is not None]
    running = [name for name in attached if names[name].get("State") not in _STOPPED]
    missing, others = connections(entry, attached, names)[0], connections(entry, running, names)[1]
    told = [f"container {name} is not connected, declared connected" for name in missing]
    told += [f"container {name} is connected, not declared so" for name in others]
    return Finding(entry, "connect" if told else "same", network, tuple(told), None, (), tuple(others))


def _left(look: _Survey, there: list[Json]) -> list[Finding]:
    """Networks that an interrupted run had begun with, and that are declared no more."""
    named = {entry.name for entry in look.declared.entries}
    return [
        Finding(
            Entry(name, note.path, {"name": name}),
            "resume",
            next((network for network in there if network["Name"] == name), None),
            note=note,
        )
        for name, note in look.notes.items()
        if name not in named
    ]


def _problems(look: _Survey, engine: Engine | None, there: list[Json], findings: list[Finding]) -> t.Iterator[str]:
    settled = {one.entry.where for one in findings if not one.makes and one.state != "connect"}
    for where, problem in look.declared.problems:
        # What is wrong with addresses of a network that is there as declared is no obstacle any more.
        if where not in settled or ".ipam_config" not in problem.partition(" ")[0]:
            yield problem
    for entry in look.declared.entries:
        if entry.name in BUILT_IN:
            yield from built_in(entry)
    due = [one for one in findings if one.makes]
    if due:
        seen = _seen(look, engine, there, findings, due)
        yield from obstacles(seen)
        if look.check_mode:
            look.warnings += lacking(seen)
        else:
            yield from lacking(seen)
    again = {one.entry.name: one.entry.where for one in findings if one.containers and one.state == "differs"}
    for name, complaint in look.elsewhere.items():
        if name in again:
            yield f"{again[name]} would need a note for network {name}, and {complaint}"
        else:
            look.warnings.append(complaint)
    if engine is not None:
        for one in findings:
            yield from standing(_stand(one, there, findings), engine, recreate=look.recreate)


def _stand(one: Finding, there: list[Json], findings: list[Finding]) -> Standing:
    going = {other.entry.name for other in findings if other.state == "present"}
    users = [
        str(network["Name"])
        for network in there
        if (network.get("ConfigFrom") or {}).get("Network") == one.entry.name and network["Name"] not in going
    ]
    what = {"present": "removed", "differs": "made again", "connect": "connected"}.get(one.state, "")
    if one.state == "missing" and one.others:
        what = "connected"
    twins = sum(1 for network in there if network["Name"] == one.entry.name)
    return Standing(
        one.entry, what, one.network or {}, one.differences, one.containers, one.others, one.note, tuple(users), twins
    )


def _seen(look: _Survey, engine: Engine | None, there: list[Json], findings: list[Finding], due: list[Finding]) -> Seen:
    moving = {one.entry.name for one in findings if one.makes or one.state == "present"}
    leaving = {one.entry.name for one in findings if one.state in ("present", "absent")}
    templates = {str(network["Name"]) for network in there if network.get("ConfigOnly")} - leaving
    templates |= {one.entry.name for one in findings if one.entry.config_only and not one.entry.absent}
    entries = tuple(one.entry for one in due)
    drivers = {entry.driver for entry in entries}
    on_a_lan, bridges = drivers & {"macvlan", "ipvlan"}, "bridge" in drivers
    swarm = any(entry.swarm for entry in entries)
    asks_api = engine is not None and any("enable_ipv4" in entry.options for entry in entries)
    return Seen(
        due=entries,
        subnets=look.declared.subnets,
        staying=tuple(network for network in there if network["Name"] not in moving),
        templates=frozenset(templates),
        engine=engine is not None,
        api=engine.api() if engine is not None and asks_api else None,
        swarm=(engine.info.get("Swarm") or {}) if engine is not None and swarm else {},
        interfaces=_interfaces(look.host) if on_a_lan else None,
        routes=(read_routes(look.host) or ()) if bridges else (),
        bridges=frozenset([*map(bridge_of, there), "docker_gwbridge"]),
        unusable=usable(look.host, read_kernel(look.host), "none") if on_a_lan or swarm else {},
    )


def _interfaces(host: Host) -> dict[str, str] | None:
    """The host's interfaces; on those that are part of something the kernel makes no others (rx_handler)."""
    found = read_interfaces(host)
    if found is None:
        return None
    return {name: _part_of(host, name) for name in found}


def _part_of(host: Host, name: str) -> str:
    parts = {"brport": "bridge", "bonding_slave": "bond"}
    return next((what for file, what in parts.items() if host.exists(f"/sys/class/net/{name}/{file}")), "")
