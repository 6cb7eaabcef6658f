# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An engine of the sandbox's own: containerd and dockerd that share nothing with the machine's."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import time
import typing as t

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError

from . import footprint, packages, pids
from .detect import Machine
from .network import ensure_bridge
from .paths import Paths
from .process import environment
from .process import machine as this_machine
from .progress import step

_PATIENCE = 60.0


def ensure_running(paths: Paths, detected: Machine) -> None:
    """Start what is not running of the two daemons, having installed them where they are absent."""
    if os.geteuid() != 0:
        raise HostError("no Docker engine can be used as this user, and starting one needs root: use sudo")
    _install(paths, detected)
    for directory in (paths.machine_data, paths.data):
        os.makedirs(directory, mode=0o711, exist_ok=True)
    os.makedirs(os.path.dirname(paths.runtime), mode=0o755, exist_ok=True)
    os.makedirs(paths.runtime, mode=0o700, exist_ok=True)
    containerd, dockerd = pid_file(paths, "containerd"), pid_file(paths, "dockerd")
    if pids.running(containerd) and pids.running(dockerd) and answers(paths):
        return
    with step("start the sandbox's Docker engine"):
        footprint.remember(paths)
        ensure_bridge(paths)
        _write_configuration(paths)
        if not pids.running(containerd):
            _start(paths, "containerd", ["containerd", "--config", f"{paths.data}/containerd.toml"])
            _wait(paths, "containerd", lambda: os.path.exists(f"{paths.runtime}/containerd.sock"))
        if not pids.running(dockerd):
            # dockerd takes any process with the number in its file for a daemon that still runs
            with contextlib.suppress(FileNotFoundError):
                os.unlink(f"{paths.runtime}/dockerd.number")
            _start(paths, "dockerd", ["dockerd", "--config-file", f"{paths.data}/dockerd.json"])
        _wait(paths, "dockerd", lambda: answers(paths))


def stop(paths: Paths) -> None:
    """Stop both daemons, if they run."""
    for name in ("dockerd", "containerd"):
        process = pids.running(pid_file(paths, name))
        if process is not None:
            pids.stop(process)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(pid_file(paths, name))


def pid_file(paths: Paths, name: str) -> str:
    return f"{paths.runtime}/{name}.json"


def _install(paths: Paths, detected: Machine) -> None:
    wanted = {"dockerd": "docker.io", "containerd": "containerd", "iptables": "iptables", "ip": "iproute2"}
    if detected.apparmor:
        wanted["apparmor_parser"] = "apparmor"
    installed = packages.ensure_programs(paths, wanted)
    packages.ensure_programs(paths, {"docker": "docker-cli"})  # came with docker.io up to Debian 12
    if "docker.io" in installed and detected.systemd:
        this_machine().run(["systemctl", "disable", "--now", "docker.socket", "docker.service", "containerd.service"])


def _write_configuration(paths: Paths) -> None:
    own = paths.runtime
    toml = (
        'version = 2\ndisabled_plugins = ["io.containerd.grpc.v1.cri"]\n'
        f'root = "{paths.data}/containerd"\nstate = "{own}/containerd"\n'
        f'[grpc]\n  address = "{own}/containerd.sock"\n'
    )
    # --config-file is given, so that the machine's daemon.json is not read
    settings = {
        "data-root": f"{paths.data}/docker",
        "exec-root": f"{own}/docker",
        "pidfile": f"{own}/dockerd.number",
        "hosts": [f"unix://{paths.socket}"],
        "containerd": f"{own}/containerd.sock",
        "group": "root",
        # never "none": such a daemon deletes docker0 of every other one
        "bridge": paths.engine_bridge,
        "log-opts": {"max-size": "10m"},
    }
    for name, text in (("containerd.toml", toml), ("dockerd.json", json.dumps(settings, indent=2) + "\n")):
        with open(f"{paths.data}/{name}", "w", encoding="utf-8") as opened:
            opened.write(text)


def _start(paths: Paths, name: str, argv: list[str]) -> None:
    """A process in a session of its own, so that it outlives the make that needed it."""
    os.makedirs(paths.log, exist_ok=True)
    with open(log_file(paths, name), "ab") as log:
        process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=environment(),
            start_new_session=True,
        )
    pids.record(pid_file(paths, name), process.pid)


def log_file(paths: Paths, name: str) -> str:
    return os.path.join(paths.log, f"{name}.log")


def _wait(paths: Paths, name: str, ready: t.Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE
    while not ready():
        if pids.running(pid_file(paths, name)) is None or time.monotonic() > end:
            with open(log_file(paths, name), encoding="utf-8", errors="replace") as opened:
                raise HostError(f"{name} did not start; the end of its log: {opened.read()[-2000:]}")
        time.sleep(0.1)


def answers(paths: Paths) -> bool:
    host = this_machine()
    argv = ["docker", "--host", f"unix://{paths.socket}", "version", "--format", "{{.Server.Version}}"]
    return host.run(argv).rc == 0
