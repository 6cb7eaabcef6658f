# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What is: everything that launches and configures dockerd on this host. Absence is a state, never an error."""

from __future__ import annotations

import hashlib
import typing as t
from dataclasses import dataclass, field, replace

from ..host import systemd
from ..host.errors import HostError
from ..host.files import FileState, read_file
from ..host.machine import Host
from ..host.process import Process, read_environment, read_process
from ..host.systemd import UnitStatus
from ..host.systemd_files import Unit, read_unit
from . import originals
from .arguments import parse_flags
from .default_bridge import address_of, ports_of
from .document import Document, UnreadableDocument, parse
from .engine_api import greet, may_connect
from .launch import Launch
from .launchers.attach import ATTACHING_DROP_IN
from .launchers.base import Launcher
from .launchers.detect import detect
from .launchers.init_scripts import script_path
from .launchers.systemd import Systemd
from .launchers.systemd_launch import SERVICE, SERVICE_DROP_IN, SOCKET, SOCKET_DROP_IN
from .record import RECORD_PATH, Record, parse_record
from .sockets import Address, addresses, parse_address, uses_tls
from .version import Version

PID_FILE = "/var/run/docker.pid"


@dataclass(frozen=True)
class State:
    """One host as it is.

    :param launcher: the init system that launches dockerd, or would
    :param acts: whether that runs here, so that the daemon can be started
    :param launch: the command line without our own edits and drop-in; None where there is no service
    :param launch_now: the command line with them
    :param files: the files out of which flags may be taken, and where their originals are kept
    :param unedited: those that we have edited, as they were before; None for one that was not there
    :param options_file: where variables are to be set
    :param has_script: whether there is an init script (as well), which reads that file too
    :param environment: of the running daemon; None where it is not known
    :param socket_unit: docker.socket without our own drop-in; None where there is none
    :param process: the running daemon
    :param silent: why it does not answer on some of its addresses though its service runs
    :param version: of the running engine
    :param docker0: its address, empty where nobody says
    :param on_docker0: what hangs on it while no daemon runs
    :param unreadable: why daemon.json could not be understood and will be replaced
    :param backup: where it is kept then
    """

    file: FileState
    document: Document
    record_file: FileState
    record: Record
    service_drop_in: FileState
    socket_drop_in: FileState
    launcher: Launcher = field(default_factory=Systemd, compare=False)
    acts: bool = False
    dockerd: str | None = None
    launch: Launch | None = None
    launch_now: Launch | None = None
    socket_unit: Unit | None = None
    files: t.Mapping[str, FileState] = field(default_factory=dict)
    unedited: t.Mapping[str, bytes | None] = field(default_factory=dict)
    options_file: str = ""
    has_script: bool = False
    environment: t.Mapping[str, str] | None = None
    service: UnitStatus = field(default_factory=lambda: UnitStatus(SERVICE))
    socket: UnitStatus = field(default_factory=lambda: UnitStatus(SOCKET))
    process: Process | None = None
    silent: tuple[str, ...] = ()
    version: Version | None = None
    docker0: str = ""
    on_docker0: tuple[str, ...] = ()
    unreadable: str = ""
    backup: FileState | None = None

    @property
    def systemd(self) -> bool:
        """Whether systemd runs here and launches dockerd."""
        return self.acts and self.launcher.name == "systemd"

    def pid_files(self, *documents: Document) -> list[str]:
        """Where dockerd writes its process number, as far as files, flags and the usual place tell."""
        named = [document.get("pidfile") for document in (self.document, *documents)]
        launches = [launch for launch in (self.launch_now, self.launch) if launch]
        named += [flag.value for launch in launches for flag in launch.flags if flag.key == "pidfile"]
        return list(dict.fromkeys([*(path for path in named if isinstance(path, str) and path), PID_FILE]))

    def socket_paths(self) -> list[str]:
        """Where docker.socket listens for ``fd://``."""
        unit = self.socket_unit
        return [s.value for s in unit.values("Socket", "ListenStream")] if unit else []

    def listens_now(self) -> list[Address]:
        """Where the running daemon should answer, by what it was started with as far as that is known."""
        flags = list(self.launch_now.flags) if self.launch_now else []
        document = self.document
        if self.process is not None:
            flags = parse_flags(list(self.process.argv[1:]))
            if self.record.loaded.process == self.process.identity:
                document = self.record.loaded.document
        try:
            found = addresses(document, [flag.value for flag in flags if flag.key == "hosts"])
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


def observe(
    host: Host,
    path: str,
    attempt: Attempt = strictly,
    *,
    follow: bool = True,
    replace_unreadable: bool = False,
    options_file: str = "",
) -> State:
    """Read the host.

    :param path: of daemon.json
    :param follow: whether that may be a symbolic link
    :param replace_unreadable: whether a file that cannot be understood counts as empty, to be kept as a backup
    :param options_file: where variables are to be set, empty for the file that this platform has for that
    :param attempt: how each part is read
    :raises HostError: where a file that has to be understood cannot be
    """
    file = attempt("file", lambda: read_file(host, path), FileState(path, path))
    if file.real != path and not follow:
        raise HostError(f"{path} is a symbolic link to {file.real}; set follow=true, or name {file.real} as path")
    nothing: tuple[Document, str, FileState | None] = ({}, "", None)
    read = attempt("document", lambda: _read_document(host, file, replace_unreadable), nothing)
    record_file = attempt("record", lambda: read_file(host, RECORD_PATH), FileState(RECORD_PATH, RECORD_PATH))
    record = attempt("record", lambda: parse_record(record_file), Record()).of(path)
    none_edited: dict[str, bytes | None] = {}
    unedited = attempt("record", lambda: originals.look_through(host, record.edits), none_edited)
    ours: dict[str, bytes | None] = {SERVICE_DROP_IN: None, SOCKET_DROP_IN: None, **unedited}
    launcher = detect(host)
    launch = attempt("launch", lambda: launcher.read(host, ours), None)
    units = launcher.name == "systemd"
    service_drop_in = attempt("launch", lambda: read_file(host, SERVICE_DROP_IN), FileState("", ""))
    touched = service_drop_in.exists or bool(unedited)
    options = options_file or launcher.options_file(host, launch)
    edited = [*unedited, *(launch.editable if launch else ()), options, record.variables.path, ATTACHING_DROP_IN]
    state = State(
        file=file,
        document=read[0],
        unreadable=read[1],
        backup=read[2],
        record_file=record_file,
        record=record,
        service_drop_in=service_drop_in,
        socket_drop_in=attempt("socket", lambda: read_file(host, SOCKET_DROP_IN), FileState("", "")),
        launcher=launcher,
        acts=launcher.acts(host),
        dockerd=_program(host, launch),
        launch=launch,
        launch_now=attempt("launch", lambda: launcher.read(host), None) if touched else launch,
        socket_unit=attempt("socket", lambda: read_unit(host, SOCKET, ours), None) if units else None,
        files=attempt("launch", lambda: originals.states(host, filter(None, edited)), {}),
        unedited=unedited,
        options_file=options,
        has_script=bool(script_path(host)),
    )
    state = _with_service(host, state) if state.acts and launch is not None else state
    return _greet(state) if state.service.is_running else state


def _with_service(host: Host, state: State) -> State:
    service, socket = state.service, state.socket
    if state.systemd:
        found = systemd.status(host, SERVICE, SOCKET)
        service, socket = found.get(SERVICE, service), found.get(SOCKET, socket)
    else:
        service = state.launcher.status(host, state.pid_files(state.record.loaded.document))
    process = read_process(service.main_pid)
    environment = read_environment(process) if process else None
    hanging = () if process else ports_of(host)
    state = replace(state, service=service, socket=socket, process=process, environment=environment)
    return replace(state, docker0=address_of(host), on_docker0=hanging)


def _read_document(host: Host, file: FileState, put_aside: bool) -> tuple[Document, str, FileState | None]:
    if file.content is None:
        return {}, "", None
    try:
        return parse(file.content, file.path), "", None
    except UnreadableDocument as error:
        if not put_aside:
            raise
        name = hashlib.sha256(file.content).hexdigest()[:8]
        kept = read_file(host, f"{file.real}.unreadable-{name}")
        return {}, str(error), replace(kept, mode=file.mode, uid=file.uid, gid=file.gid)


def _greet(state: State) -> State:
    """A daemon whose service is up answers at once; one that is busy gets a second chance."""
    tls = uses_tls(state.document)
    listens = [address for address in state.listens_now() if may_connect(address)]
    for patience in (1.0, 5.0):
        greetings = [greet(address, tls, patience) for address in listens]
        silent = tuple(reason for reason, _version in greetings if reason)
        if not silent:
            break
    version = next((found for _reason, found in greetings if found), None)
    return replace(state, silent=silent, version=version)


def _program(host: Host, launch: Launch | None) -> str | None:
    if launch is not None and host.exists(launch.program):
        return launch.program
    return host.find_program("dockerd")
