# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What every init system does with dockerd: say how it is launched, start, stop and watch it, tell why it failed."""

from __future__ import annotations

import abc
import typing as t

from ...host.files import Contents
from ...host.machine import Host
from ...host.process import Process
from ...host.systemd import UnitStatus
from ..launch import Launch

# A moment in the daemon's log, as the launcher that made it understands it.
Mark = t.Any


class Launcher(abc.ABC):
    """One init system.

    :cvar name: of the init system
    :cvar service: what it calls dockerd's service
    """

    name: t.ClassVar[str]
    service: t.ClassVar[str] = "docker"

    @abc.abstractmethod
    def read(self, host: Host, instead: Contents | None = None) -> Launch | None:
        """The command line that the service's files build; None where it has none.

        :raises HostError: where it cannot be known from the files
        """

    @abc.abstractmethod
    def acts(self, host: Host) -> bool:
        """Whether this init system runs here, so that it can be told what to do."""

    @abc.abstractmethod
    def status(self, host: Host, pid_files: t.Sequence[str]) -> UnitStatus:
        """Whether the daemon runs, and whether it is started with the machine.

        :param pid_files: where dockerd writes its process number
        """

    @abc.abstractmethod
    def restart(self, host: Host, pid_files: t.Sequence[str], *, with_socket: bool, timeout: float) -> None:
        """(Re)start the daemon.

        :param with_socket: whether its socket unit moves as well
        :param timeout: seconds
        :raises HostError: where it does not start
        """

    @abc.abstractmethod
    def stop(self, host: Host, pid_files: t.Sequence[str], *, with_socket: bool) -> None:
        """Stop it as far as it runs."""

    @abc.abstractmethod
    def hang_up(self, host: Host, process: Process) -> None:
        """Send SIGHUP to the daemon.

        :raises HostError: where that cannot be done
        """

    @abc.abstractmethod
    def enable(self, host: Host) -> None:
        """Have it started with the machine.

        :raises HostError: where that fails
        """

    @abc.abstractmethod
    def mark(self, host: Host, launch: Launch | None) -> Mark:
        """This moment in its log."""

    @abc.abstractmethod
    def log_since(self, host: Host, mark: Mark) -> list[str]:
        """What the daemon has written since, a line each."""

    @abc.abstractmethod
    def options_file(self, host: Host, launch: Launch | None) -> str:
        """The file of variables in which this platform's administrators expect dockerd's options."""

    reader: t.ClassVar[t.Literal["shell", "systemd"]] = "shell"

    def start_socket(self, host: Host) -> None:
        """Start its socket unit, where there are such."""
        return

    def files_changed(self, host: Host) -> None:
        """Make the init system look at the service's files again, where it has to be told.

        :raises HostError: where that fails
        """
        return
