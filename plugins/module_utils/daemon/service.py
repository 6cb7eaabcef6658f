# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Make a configuration effective in the running service, and see that it is."""

from __future__ import annotations

import os
import stat
import time
import typing as t

from ..host.errors import HostError
from ..host.machine import Host
from ..host.process import Process, read_environment, read_process
from ..host.systemd import UnitStatus
from . import proof
from .document import Document
from .engine_api import wait_for_event
from .launchers.base import Launcher
from .sockets import Address

_RELOADED = {"type": ["daemon"], "event": ["reload"]}
_RELOAD_PATIENCE = 20.0


class Service:
    """dockerd as its init system runs it.

    :param pid_files: where dockerd writes its process number
    """

    def __init__(self, host: Host, launcher: Launcher, pid_files: t.Sequence[str]) -> None:
        self.host, self.launcher, self.pid_files = host, launcher, pid_files

    def status(self) -> UnitStatus:
        return self.launcher.status(self.host, self.pid_files)

    def process(self) -> Process | None:
        return read_process(self.status().main_pid)

    def restart(self, *, with_socket: bool, timeout: float) -> None:
        """:raises HostError: where the daemon does not start"""
        self.launcher.restart(self.host, self.pid_files, with_socket=with_socket, timeout=timeout)

    def stop(self, *, with_socket: bool) -> None:
        self.launcher.stop(self.host, self.pid_files, with_socket=with_socket)

    def reload(self, listens: t.Sequence[Address]) -> None:
        """Let the daemon read daemon.json again, and wait for it to say that it took it over.

        No exit status and no log line proves that; the daemon's reload event does, which it sends after all of it has
        succeeded.

        :raises HostError: where it did not
        """
        address = min((a for a in listens if a.loopback), key=lambda a: a.kind != "unix")  # of tcp, some speak TLS
        process = self.process()
        if process is None:
            raise HostError("the daemon does not run, so it cannot be reloaded")
        began = time.time()
        self.launcher.hang_up(self.host, process)
        if not wait_for_event(address, began, _RELOADED, _RELOAD_PATIENCE):
            raise HostError("the daemon did not take the new configuration over")

    def unanswered(self, listens: t.Sequence[Address], document: Document, timeout: float) -> str:
        """Wait until the daemon answers on every address; empty when it does, otherwise what is wrong."""
        return proof.unanswered(self.status, listens, document, timeout)

    def prove(self, listens: t.Sequence[Address], document: Document, timeout: float) -> None:
        """See that the daemon answers on every address and reports what the file says.

        :raises HostError: where it does not
        """
        silent = self.unanswered(listens, document, timeout)
        if silent:
            raise HostError(f"the daemon does not answer: {silent}")
        wrong = proof.contradictions(listens, document)
        if wrong:
            raise HostError("; ".join(wrong))

    def prove_environment(self, wanted: t.Mapping[str, str]) -> None:
        """See that the daemon was given the variables that its files set.

        :raises HostError: naming those that it lacks, without their values
        """
        process = self.process()
        given = read_environment(process) if process else None
        lacking = [name for name, value in wanted.items() if given is not None and given.get(name) != value]
        if lacking:
            raise HostError(f"the daemon was not given {', '.join(lacking)} as the file of variables has it")

    def watch(self, settle: float) -> None:
        """See that the daemon that has just been started stays: some die of their configuration only after a while.

        :param settle: seconds
        :raises HostError: where it ended
        """
        process = self.process()
        began = time.monotonic()
        while process is not None and time.monotonic() - began < settle:
            time.sleep(0.1)
            found = read_process(process.pid)
            if found is None or found.identity != process.identity:
                process = None
        if process is None:
            raise HostError(f"the daemon ended {time.monotonic() - began:.1f} s after it had answered")


def remove_orphans(socket_paths: t.Sequence[str], listens: t.Sequence[Address]) -> None:
    """Take away the nodes that docker.socket leaves behind: a client should see at once that nobody listens."""
    wanted = {os.path.realpath(address.path) for address in listens if address.kind == "unix"}
    for path in socket_paths:
        real = os.path.realpath(path)
        try:
            if real not in wanted and stat.S_ISSOCK(os.stat(real).st_mode):
                os.unlink(real)
        except FileNotFoundError:
            continue
