# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""dockerd as a service of systemd."""

from __future__ import annotations

import time
import typing as t

from ...host import systemd
from ...host.errors import HostError
from ...host.files import Contents
from ...host.machine import Host
from ...host.process import Process
from ...host.systemd import UnitStatus
from ..launch import Launch
from .base import Launcher, Mark
from .options_file import usual_options_file
from .systemd_launch import SERVICE, SOCKET, read_launch


class Systemd(Launcher):
    name = "systemd"
    service = SERVICE
    reader = "systemd"

    def read(self, host: Host, instead: Contents | None = None) -> Launch | None:
        return read_launch(host, instead)

    def acts(self, host: Host) -> bool:
        return systemd.is_running(host)

    def status(self, host: Host, pid_files: t.Sequence[str]) -> UnitStatus:
        return systemd.status(host, SERVICE).get(SERVICE, UnitStatus(SERVICE))

    def restart(self, host: Host, pid_files: t.Sequence[str], *, with_socket: bool, timeout: float) -> None:
        """One job, which systemd ends also without us.

        The start limit (three starts in a minute) counts earlier failures and earlier runs of ours: it is reset first.
        """
        units = (SOCKET, SERVICE) if with_socket else (SERVICE,)
        systemd.control(host, "reset-failed", SERVICE, SOCKET)
        done = systemd.control(host, "restart", *units, timeout=timeout)
        if done.rc == 124:
            raise HostError(f"{SERVICE} has not started after {timeout:g} s")
        if done.rc != 0:
            raise HostError(f"{SERVICE} does not start")

    def stop(self, host: Host, pid_files: t.Sequence[str], *, with_socket: bool) -> None:
        systemd.control(host, "stop", *([SOCKET] if with_socket else []), SERVICE, timeout=30)
        systemd.control(host, "reset-failed", SERVICE, SOCKET)

    def start_socket(self, host: Host) -> None:
        systemd.control(host, "reset-failed", SERVICE, SOCKET)
        systemd.control(host, "start", SOCKET, timeout=30)

    def hang_up(self, host: Host, process: Process) -> None:
        done = host.run(["systemctl", "kill", "--kill-who=main", "--signal=HUP", "--", SERVICE])
        if done.rc != 0:
            raise HostError(f"cannot send SIGHUP to {SERVICE}: {done.last_words}")

    def enable(self, host: Host) -> None:
        done = systemd.control(host, "enable", SERVICE)
        if done.rc != 0:
            raise HostError(f"cannot enable {SERVICE}: {done.last_words}")

    def mark(self, host: Host, launch: Launch | None) -> Mark:
        return time.time()

    def log_since(self, host: Host, mark: Mark) -> list[str]:
        return systemd.journal(host, SERVICE, mark)

    def options_file(self, host: Host, launch: Launch | None) -> str:
        files = launch.environment_files if launch else ()
        usual = usual_options_file(host)
        return usual if usual in files or not files else files[-1]

    def files_changed(self, host: Host) -> None:
        done = systemd.control(host, "daemon-reload")
        if done.rc != 0:
            raise HostError(f"systemctl daemon-reload failed: {done.last_words}")
