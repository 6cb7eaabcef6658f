# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A host looked at, part by part and only as far as somebody asks. Nothing here fails, and nothing is changed."""

from __future__ import annotations

import functools
import os
import typing as t
from dataclasses import dataclass, replace

from ..host import systemd
from ..host.cgroups import Cgroups, read_cgroups
from ..host.errors import HostError
from ..host.kernel import Kernel, read_kernel
from ..host.machine import Host
from ..host.process import read_process
from ..host.systemd_files import Unit, read_unit
from .arguments import parse_flags
from .effective import Setting, effective
from .engine_api import EngineError, get
from .engine_versions import Answers, Versions, ask, by_engine, by_programs
from .launch import Launch
from .launchers.pid_files import running_daemon
from .launchers.systemd_launch import SERVICE, SOCKET
from .observe import State, observe
from .plan import Plan, Request, plan
from .record import Record
from .sockets import parse_address

DATA_ROOT = "/var/lib/docker"

T = t.TypeVar("T")


@dataclass(frozen=True)
class Unread:
    """Something that is there and cannot be read, or not understood."""

    what: str
    reason: str


class Inspection:
    """One host.

    :param path: of daemon.json
    """

    def __init__(self, host: Host, path: str) -> None:
        self.host = host
        self.path = path
        self._problems: dict[str, str] = {}

    def problem(self, part: str) -> str:
        """Why a part of the state (``file``, ``document``, ``record``, ``launch``, ``socket``) could not be read."""
        self.state  # noqa: B018 - looking is what finds problems
        return self._problems.get(part, "")

    def unread(self) -> list[Unread]:
        """What there is that this user could not read."""
        found = [Unread(part, reason) for part, reason in sorted(self._problems.items())]
        if "kernel" in self.__dict__:
            found += [Unread("kernel", f"cannot read {p}: {why}") for p, why in self.kernel.config.unreadable.items()]
        if "answers" in self.__dict__:
            found += [Unread("engine", f"this user may not connect to {raw}") for raw in self.answers.forbidden]
        return found

    def _attempt(self, part: str, read: t.Callable[[], T], otherwise: T) -> T:
        try:
            return read()
        except HostError as error:
            self._problems.setdefault(part, str(error))
            return otherwise

    @functools.cached_property
    def state(self) -> State:
        """Everything that launches and configures dockerd, as the module that configures it sees it."""
        state = observe(self.host, self.path, self._attempt)
        if not self.host.booted:
            return state
        if not state.systemd:
            # none that an init system has started: there may be one all the same
            return state if state.process else replace(state, process=running_daemon(self.host, state.pid_files()))
        if state.launch is not None or state.dockerd is None:
            return state
        # A service whose command line cannot be made out, or that is masked: it may run all the same.
        found = systemd.status(self.host, SERVICE, SOCKET)
        service, socket = found.get(SERVICE, state.service), found.get(SOCKET, state.socket)
        return replace(state, service=service, socket=socket, process=read_process(service.main_pid))

    @functools.cached_property
    def unit(self) -> Unit | None:
        """The service as all its files describe it, our own drop-in among them; None where systemd is not for it."""
        if self.state.launcher.name != "systemd":
            return None
        return self._attempt("launch", lambda: read_unit(self.host, SERVICE), None)

    @functools.cached_property
    def running(self) -> bool:
        return self.state.service.is_running or self.state.process is not None

    @functools.cached_property
    def answers(self) -> Answers:
        """What the engine says. One that does not run is left alone: a connection to its socket would start it."""
        return ask(self.state.listens_now(), self.state.document) if self.running else Answers()

    @functools.cached_property
    def networks(self) -> list[dict[str, t.Any]]:
        """The engine's networks, each with the names of the containers on it under ``Attached``."""
        if not self.answers.address:
            return []
        address = parse_address(self.answers.address)
        try:
            networks, containers = get(address, "/networks"), get(address, "/containers/json?all=1")
        except EngineError:
            return []
        on: dict[str, list[str]] = {}
        for container in containers:
            for name in (container.get("NetworkSettings") or {}).get("Networks") or {}:
                on.setdefault(name, []).append((container.get("Names") or [container["Id"][:12]])[0].lstrip("/"))
        return [{**one, "Attached": sorted(on.get(one["Name"], ()))} for one in networks]

    @functools.cached_property
    def versions(self) -> Versions:
        if self.answers.version:
            return by_engine(self.answers)
        return by_programs(self.host, self.state.dockerd)

    @functools.cached_property
    def kernel(self) -> Kernel:
        return read_kernel(self.host)

    @functools.cached_property
    def cgroups(self) -> Cgroups:
        return read_cgroups(self.host)

    @property
    def launch(self) -> Launch | None:
        """The command line that the service's files build, where they are what the daemon was started by."""
        return self.state.launch_now if self.state.acts or self.state.process is None else None

    @functools.cached_property
    def settings(self) -> dict[str, Setting]:
        launch, process = self.launch, self.state.process
        if launch is None and process is not None:
            flags = [(flag, f"process {process.pid}") for flag in parse_flags(list(process.argv[1:]))]
        else:
            flags = [(flag, str(launch.source_of(flag))) for flag in launch.flags] if launch else []
        return effective(self.state.document, self.path, flags)

    @property
    def data_root(self) -> str:
        """Where the engine keeps its data: by its own word, or by its configuration."""
        setting = self.settings.get("data-root")
        configured = setting.value if setting else ""
        return os.path.normpath(str(self.answers.info.get("DockerRootDir") or configured or DATA_ROOT))

    @functools.cached_property
    def outlook(self) -> Plan | str:
        """What a run that wants exactly what stands there would do, or why there could be none."""
        problem = self.problem("file") or self.problem("document") or self.problem("launch")
        if problem:
            return problem
        state = replace(self.state, record=Record(loaded=self.state.record.loaded))
        try:
            return plan(state, Request(config={}, path=self.path))
        except HostError as error:
            return str(error)
