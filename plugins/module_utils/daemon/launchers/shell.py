# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What the init systems that launch dockerd by a shell script have in common.

None of them says for sure whether dockerd runs: a script reports success as soon as it has forked. So the process is
looked for by the number that dockerd itself writes down.
"""

from __future__ import annotations

import abc
import contextlib
import os
import signal
import time
import typing as t

from ...host.errors import HostError
from ...host.files import Contents
from ...host.machine import Completed, Host
from ...host.process import Process, read_process
from ...host.systemd import UnitStatus
from ..launch import Launch
from .base import Launcher, Mark
from .pid_files import running_daemon
from .shell_launch import Script, ShellLaunch, read_shell_launch

# Seconds that dockerd gets to write down its process number: it does so before it looks at anything that takes long.
_BIRTH = 6.0
# Seconds that it gets to end: it waits 15 for containers (shutdown-timeout), each of which may use all of them.
_DEATH = 40.0
_LOGS = ("/var/log/docker.log", "/var/log/docker", "/var/log/upstart/docker.log", "/var/log/docker/current")
_LOG_VARIABLES = ("DOCKER_LOGFILE", "DOCKER_ERRFILE", "logfile", "LOGFILE", "error_log", "output_log")
_MOST = 200_000
# What an init system gives its services, whatever stands in our own environment.
_CLEAN = ("env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8")


class ShellLauncher(Launcher):
    """An init system whose services are shell scripts."""

    @abc.abstractmethod
    def script(self, host: Host) -> Script | None:
        """The script that launches dockerd, and what has to be known to read it."""

    @abc.abstractmethod
    def command(self, host: Host, verb: str) -> list[str]:
        """How the init system is told to ``start``, ``stop`` or ``enable`` the service."""

    @abc.abstractmethod
    def enabled(self, host: Host) -> str:
        """``enabled``, ``disabled``, or nothing where that cannot be told."""

    def read(self, host: Host, instead: Contents | None = None) -> ShellLaunch | None:
        script = self.script(host)
        return read_shell_launch(host, script, instead) if script else None

    def status(self, host: Host, pid_files: t.Sequence[str]) -> UnitStatus:
        process = running_daemon(host, pid_files)
        active, sub = ("active", "running") if process else ("inactive", "no dockerd runs")
        pid = process.pid if process else 0
        return UnitStatus(self.service, "loaded", active, sub, "", pid, self.enabled(host))

    def restart(self, host: Host, pid_files: t.Sequence[str], *, with_socket: bool, timeout: float) -> None:
        """The daemon is told to end by us: many scripts kill it after ten seconds, and its containers with it."""
        self._end(host, pid_files)
        self.clear(host)
        done = self.start(host, timeout)
        if done.rc == 124:
            raise HostError(f"{self.service} has not started after {timeout:g} s")
        if done.rc != 0:
            raise HostError(f"{self.service} does not start: {done.last_words}")
        began = time.monotonic()
        while running_daemon(host, pid_files) is None:
            if time.monotonic() - began > min(_BIRTH, timeout):
                raise HostError(f"{self.service} was started, its script reported success, and no dockerd runs")
            time.sleep(0.05)

    def start(self, host: Host, timeout: float) -> Completed:
        """Have the daemon started that does not run."""
        return self._tell(host, "start", timeout)

    def stop(self, host: Host, pid_files: t.Sequence[str], *, with_socket: bool) -> None:
        self._end(host, pid_files)
        self.clear(host)

    def clear(self, host: Host) -> None:
        """Make the init system forget a daemon that has died, where it would take it for a running one otherwise."""
        return

    def _end(self, host: Host, pid_files: t.Sequence[str]) -> None:
        process = running_daemon(host, pid_files)
        if process is None:
            return
        self.end(host, process)
        began = time.monotonic()
        while _is_there(process):
            if time.monotonic() - began > _DEATH:
                raise HostError(f"the daemon (process {process.pid}) has not ended after {_DEATH:g} s")
            time.sleep(0.05)

    def end(self, host: Host, process: Process) -> None:
        """Tell the daemon to end, so that nobody starts it again."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGTERM)

    def hang_up(self, host: Host, process: Process) -> None:
        try:
            os.kill(process.pid, signal.SIGHUP)
        except ProcessLookupError:
            raise HostError("the daemon does not run any more, so it cannot be reloaded") from None

    def enable(self, host: Host) -> None:
        done = host.run(self.command(host, "enable"))
        if done.rc != 0:
            raise HostError(f"cannot enable {self.service}: {done.last_words}")

    def _tell(self, host: Host, verb: str, timeout: float) -> Completed:
        return host.run(["timeout", f"{timeout:g}", *_CLEAN, *self.command(host, verb)])

    def mark(self, host: Host, launch: Launch | None) -> Mark:
        """How long each file is that the daemon may write its log into."""
        named = [launch.variable(name) for name in _LOG_VARIABLES] if isinstance(launch, ShellLaunch) else []
        paths = [path for path in dict.fromkeys([*named, *_LOGS]) if path.startswith("/")]
        return {path: _size(host, path) for path in paths}

    def log_since(self, host: Host, mark: Mark) -> list[str]:
        lines: list[str] = []
        for path, size in mark.items():
            now = _size(host, path)
            if now > size or (0 < now < size):
                lines += _tail(host, path, size if now > size else 0)
        return lines

    def options_file(self, host: Host, launch: Launch | None) -> str:
        script = launch.script if isinstance(launch, ShellLaunch) else self.script(host)
        return script.options_file if script else ""


def _is_there(process: Process) -> bool:
    found = read_process(process.pid)
    return found is not None and found.identity == process.identity and bool(found.argv)  # a zombie has no words


def _size(host: Host, path: str) -> int:
    try:
        return os.stat(host.path(path)).st_size if os.path.isfile(host.path(path)) else 0
    except OSError:
        return 0


def _tail(host: Host, path: str, offset: int) -> list[str]:
    try:
        with open(host.path(path), "rb") as handle:
            handle.seek(max(offset, _size(host, path) - _MOST))
            return handle.read(_MOST).decode("utf-8", "replace").splitlines()
    except OSError:
        return []
