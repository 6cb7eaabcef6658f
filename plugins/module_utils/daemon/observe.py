# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What is: everything that launches and configures dockerd on this host. Absence is a state, never an error."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace

from ..host import systemd
from ..host.files import FileState, read_file
from ..host.machine import Host
from ..host.process import Process, read_process
from ..host.systemd import UnitStatus
from ..host.systemd_files import Unit, read_unit
from .document import Document, parse
from .engine_api import answers, may_connect
from .launch import SERVICE, SOCKET, Launch, read_launch
from .record import RECORD_PATH, Record, parse_record
from .sockets import Address, addresses, parse_address, uses_tls

# Sorts behind what people and packages call theirs: the last ExecStart counts.
SERVICE_DROP_IN = f"/etc/systemd/system/{SERVICE}.d/zz-slipway.conf"
SOCKET_DROP_IN = f"/etc/systemd/system/{SOCKET}.d/zz-slipway.conf"


@dataclass(frozen=True)
class State:
    """One host as it is.

    :param launch: the command line without our own drop-in; None where there is no service
    :param launch_now: the command line with it
    :param socket_unit: docker.socket without our own drop-in; None where there is none
    :param process: the running daemon
    :param silent: why it does not answer on some of its addresses though its service runs
    """

    file: FileState
    document: Document
    record_file: FileState
    record: Record
    service_drop_in: FileState
    socket_drop_in: FileState
    dockerd: str | None = None
    launch: Launch | None = None
    launch_now: Launch | None = None
    socket_unit: Unit | None = None
    systemd: bool = False
    service: UnitStatus = field(default_factory=lambda: UnitStatus(SERVICE))
    socket: UnitStatus = field(default_factory=lambda: UnitStatus(SOCKET))
    process: Process | None = None
    silent: tuple[str, ...] = ()

    def socket_paths(self) -> list[str]:
        """Where docker.socket listens for ``fd://``."""
        unit = self.socket_unit
        return [s.value for s in unit.values("Socket", "ListenStream")] if unit else []

    def listens_now(self) -> list[Address]:
        """Where the running daemon should answer, by what it was started with."""
        flags = [f.value for f in self.launch_now.flags if f.key == "hosts"] if self.launch_now else []
        try:
            found = addresses(self.document, flags)
        except ValueError:
            return []
        return with_socket_unit(found, self.socket_paths())


def with_socket_unit(found: list[Address], paths: list[str]) -> list[Address]:
    """The addresses with ``fd://`` replaced by what the socket unit listens on."""
    expanded: list[Address] = []
    for address in found:
        if address.kind == "fd":
            expanded += [parse_address(f"unix://{path}") for path in paths if path.startswith("/")]
        else:
            expanded.append(address)
    return expanded


T = t.TypeVar("T")


class Attempt(t.Protocol):
    """Reads one part of a host. Whoever only looks has a way to go on where that fails."""

    def __call__(self, part: str, read: t.Callable[[], T], otherwise: T) -> T: ...


def strictly(part: str, read: t.Callable[[], T], otherwise: T) -> T:
    """The way of whoever is going to write: what cannot be read is an error."""
    return read()


def observe(host: Host, path: str, attempt: Attempt = strictly) -> State:
    """Read the host.

    :param path: of daemon.json
    :param attempt: how each part is read
    :raises HostError: where a file that has to be understood cannot be
    """
    file = attempt("file", lambda: read_file(host, path), FileState(path, path))
    content = file.content
    record_file = attempt("record", lambda: read_file(host, RECORD_PATH), FileState(RECORD_PATH, RECORD_PATH))
    ours: dict[str, bytes | None] = {SERVICE_DROP_IN: None, SOCKET_DROP_IN: None}
    launch = attempt("launch", lambda: read_launch(host, ours), None)
    service, socket = UnitStatus(SERVICE), UnitStatus(SOCKET)
    runs_systemd = systemd.is_running(host)
    if runs_systemd and launch is not None:
        found = systemd.status(host, SERVICE, SOCKET)
        service, socket = found.get(SERVICE, service), found.get(SOCKET, socket)
    state = State(
        file=file,
        document=attempt("document", lambda: parse(content, path) if content is not None else {}, {}),
        record_file=record_file,
        record=attempt("record", lambda: parse_record(record_file), Record()),
        service_drop_in=attempt("launch", lambda: read_file(host, SERVICE_DROP_IN), FileState("", "")),
        socket_drop_in=attempt("socket", lambda: read_file(host, SOCKET_DROP_IN), FileState("", "")),
        dockerd=_program(host, launch),
        launch=launch,
        launch_now=attempt("launch", lambda: read_launch(host), None),
        socket_unit=attempt("socket", lambda: read_unit(host, SOCKET, ours), None),
        systemd=runs_systemd,
        service=service,
        socket=socket,
        process=read_process(service.main_pid),
    )
    return replace(state, silent=_silent(state)) if service.is_running else state


def _silent(state: State) -> tuple[str, ...]:
    """A daemon whose service is up answers at once; one that is busy gets a second chance."""
    tls = uses_tls(state.document)
    listens = [address for address in state.listens_now() if may_connect(address)]
    for patience in (1.0, 5.0):
        reasons = tuple(reason for reason in (answers(a, tls, patience) for a in listens) if reason)
        if not reasons:
            break
    return reasons


def _program(host: Host, launch: Launch | None) -> str | None:
    if launch is not None and host.exists(launch.program):
        return launch.program
    return host.find_program("dockerd")
