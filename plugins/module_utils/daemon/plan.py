# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What shall be: which files change, and the least that makes them effective. Pure: nothing is read or run here."""

from __future__ import annotations

import os
import typing as t
from dataclasses import dataclass, field

from ..host.errors import InvalidInput
from ..host.files import FileChange
from . import checks
from .arguments import Flag
from .conflicts import Conflict, Strategy, clashing_flags, describe
from .document import Document, render
from .drop_ins import service_drop_in, socket_drop_in
from .launch import Launch
from .merge import drift, merge
from .observe import SERVICE_DROP_IN, State, with_socket_unit
from .record import Record, change_record, digest
from .sockets import Address, addresses

Activation = t.Literal["none", "start", "restart"]


@dataclass(frozen=True)
class Request:
    """What the caller wants.

    :param config: keys of daemon.json
    :param conflicts: what to do about a flag that clashes with a key
    :param timeout: seconds that the daemon may take to answer
    """

    config: Document
    path: str = "/etc/docker/daemon.json"
    conflicts: Strategy = "resolve"
    allow_unknown: bool = False
    allow_insecure_tcp: bool = False
    enabled: bool = True
    timeout: float = 60.0


@dataclass(frozen=True)
class Plan:
    """What is to be done.

    :param files: the changes of daemon.json and drop-ins, only real ones
    :param arguments: what dockerd will be started with
    :param launch_digest: fingerprint of the command line, as recorded after activation
    :param moves_socket: whether docker.socket changes its place, so that it has to be restarted as well
    :param listens: where the daemon must answer afterwards
    :param pending: why something written is not effective after this run
    """

    document: Document
    files: tuple[FileChange, ...]
    record: Record
    record_change: FileChange
    changed_keys: tuple[str, ...]
    drifted_keys: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    arguments: tuple[str, ...]
    launch_digest: str
    activation: Activation
    reasons: tuple[str, ...]
    moves_socket: bool
    enable: bool
    listens: tuple[Address, ...]
    pending: tuple[str, ...] = ()
    warnings: tuple[str, ...] = field(default=())

    @property
    def changes(self) -> bool:
        return bool(self.files) or self.activation != "none" or self.enable


def plan(state: State, request: Request) -> Plan:
    """Decide.

    :raises InvalidInput: with all problems of the wanted configuration
    """
    config, kept, warnings = _settle_keys(state, request)
    document = merge(state.document, state.record.config, config)
    problems = checks.check(
        config, document, allow_unknown=request.allow_unknown, allow_insecure_tcp=request.allow_insecure_tcp
    )
    taken = clashing_flags(state.launch, document)
    problems += _conflict_problems(state.launch, taken, request)
    if problems:
        raise InvalidInput(problems)

    service, socket = service_drop_in(state.launch, taken), socket_drop_in(document, state.socket_unit is not None)
    files = [
        _document_change(state, document),
        FileChange(state.service_drop_in, service),
        FileChange(state.socket_drop_in, socket),
    ]
    changed = tuple(change for change in files if change.changes)
    moves_socket = files[2].changes
    arguments = state.launch.arguments_without(taken) if state.launch else []
    launch_digest = digest([arguments, (socket or b"").decode()])
    reasons = _reasons(state, document, arguments, launch_digest)
    activation, pending = _activation(state, reasons)
    return Plan(
        document=document,
        files=changed,
        record=Record(config, state.record.loaded),
        record_change=change_record(state.record_file, Record(config, state.record.loaded)),
        changed_keys=_changed_keys(state.document, document),
        drifted_keys=tuple(drift(state.document, state.record.config)),
        conflicts=(*describe(state.launch, taken, "taken out by a drop-in"), *kept),
        arguments=tuple(arguments),
        launch_digest=launch_digest,
        activation=activation,
        reasons=tuple(reasons) if activation != "none" else (),
        moves_socket=moves_socket,
        enable=request.enabled and state.service.enabled == "disabled",
        listens=tuple(_listens(state, document, arguments)),
        pending=tuple(pending),
        warnings=tuple(warnings),
    )


def _settle_keys(state: State, request: Request) -> tuple[Document, list[Conflict], list[str]]:
    """The keys to write: with ``conflicts=keep`` a key whose flag is there is left out, and said so."""
    config = {key: value for key, value in request.config.items() if value is not None}
    if request.conflicts != "keep":
        return config, [], []
    flags = clashing_flags(state.launch, config)
    conflicts = describe(state.launch, flags, "flag kept, key not written")
    kept = {flag.key.partition(".")[0] for flag in flags}
    warnings = [f"{conflict.option} is not written, because the flag stays: {conflict}" for conflict in conflicts]
    return {key: value for key, value in config.items() if key not in kept}, conflicts, warnings


def _conflict_problems(launch: Launch | None, taken: list[Flag], request: Request) -> list[str]:
    if launch is None:
        return []
    problems = []
    if request.conflicts != "resolve":
        problems += [
            f"{conflict.option} stands in {request.path} and also as {conflict}; dockerd refuses to start with both: "
            "take one out, or set conflicts to resolve"
            for conflict in describe(launch, taken, "")
        ]
    source = launch.source.path
    in_drop_in = source.endswith(".conf") and os.path.basename(source) > os.path.basename(SERVICE_DROP_IN)
    if taken and in_drop_in:
        problems.append(
            f"{source} sets ExecStart and comes after {SERVICE_DROP_IN}, so flags cannot be taken out of it; "
            "give it a name that sorts before"
        )
    problems += [
        f"the service reads {flag.value} (--config-file in {launch.source_of(flag)}), not {request.path}; "
        f"set path to {flag.value}"
        for flag in launch.flags
        if flag.name == "--config-file" and flag.value != request.path
    ]
    return problems


def _document_change(state: State, document: Document) -> FileChange:
    """The file is written anew only when it says something else; its layout alone is no reason."""
    if document == state.document and (state.file.exists or not document):
        return FileChange(state.file, state.file.content)
    return FileChange(state.file, render(document))


def _changed_keys(before: Document, after: Document) -> tuple[str, ...]:
    return tuple(
        sorted(
            key for key in {*before, *after} if before.get(key) != after.get(key) or (key in before) != (key in after)
        )
    )


def _reasons(state: State, document: Document, arguments: list[str], launch_digest: str) -> list[str]:
    """Why the running daemon does not do what the files will say. Derived from the host, never from a notification."""
    process = state.process
    if process is None:
        return ["the daemon is not running"] if not state.service.is_running else []
    reasons = [f"the daemon does not answer: {reason}" for reason in state.silent]
    loaded = state.record.loaded
    known = loaded.process == process.identity
    if process.outdated:
        reasons.append("the engine was upgraded since the daemon started")
    if document != state.document:
        reasons.append("daemon.json changes")
    elif known and loaded.document != digest(document):
        reasons.append("the daemon has not loaded daemon.json as it is now")
    elif not known and state.file.mtime > process.started + 1:
        reasons.append("daemon.json is newer than the running daemon")
    if known and loaded.launch != launch_digest:
        reasons.append("the command line changes")
    elif not known and _comparable(state.launch) and [*process.argv[1:]] != arguments:
        reasons.append("the daemon was started with another command line")
    return reasons


def _comparable(launch: Launch | None) -> bool:
    """Whether our reading of the command line can be compared: systemd's specifiers are not put in by us."""
    return launch is not None and not any("%" in word.text.replace("%%", "") for word in launch.words)


def _activation(state: State, reasons: list[str]) -> tuple[Activation, list[str]]:
    if state.launch is None or state.dockerd is None:
        return "none", ["the engine is not installed: its first start will read the configuration"]
    if not state.systemd:
        return "none", ["systemd is not running here: the next start of the daemon will read the configuration"]
    if not state.service.is_running:
        return "start", []
    return ("restart" if reasons else "none"), []


def _listens(state: State, document: Document, arguments: list[str]) -> list[Address]:
    flags = [flag.value for flag in state.launch.flags if flag.key == "hosts"] if state.launch else []
    found = addresses(document, flags if "hosts" not in document else [])
    return with_socket_unit(found, state.socket_paths())
