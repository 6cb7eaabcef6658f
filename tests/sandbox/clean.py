# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Remove all that the sandbox of this checkout made, and nothing else. Each part may be gone already."""

from __future__ import annotations

import contextlib
import os

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.image.place.scratch import remove_tree

from . import daemon, footprint, pids
from .detect import detect
from .engine import Engine, existing
from .paths import Paths
from .process import machine as this_machine
from .progress import say, step


def clean(paths: Paths) -> None:
    engine = existing(paths)
    if engine is not None and engine.own and _orphans(paths) and not daemon.answers(paths):
        # only an engine ends them with all that belongs to them; without one they are killed below
        with contextlib.suppress(HostError):
            daemon.ensure_running(paths, detect())
    if engine is not None and engine.docker("version").rc == 0:
        _empty_engine(paths, engine)
    elif engine is not None and not engine.own:
        raise HostError(f"the Docker engine at {engine.url} does not answer, and what the sandbox made is in there")
    if engine is not None and engine.own:
        if os.geteuid() != 0:
            raise HostError("removing the sandbox's engine needs root: use sudo")
        with step("stop the sandbox's engine and remove its data"):
            daemon.stop(paths)
            _end_orphans(paths)
            for directory in (paths.runtime, paths.data):
                remove_tree(this_machine(), directory)
            footprint.forget(paths)
            with contextlib.suppress(OSError):
                os.rmdir(os.path.dirname(paths.runtime))
    if os.path.isdir(paths.work):
        remove_tree(this_machine(), paths.work)
    say("    the sandbox is gone")


def _empty_engine(paths: Paths, engine: Engine) -> None:
    """By label, so that the same does for the machine's own engine."""
    has_label = ("--filter", f"label={paths.label}")
    with step("remove hosts, network and images"):
        containers = engine.check("ps", "--all", "--quiet", *has_label).split()
        if containers:
            engine.check("rm", "--force", "--volumes", *containers)
        networks = engine.check("network", "ls", "--quiet", *has_label).split()
        if networks:
            engine.check("network", "rm", *networks)
        images = engine.check("images", "--all", "--quiet", *has_label).split()
        if images:
            engine.check("rmi", "--force", *sorted(set(images)))


def _orphans(paths: Paths) -> list[int]:
    """A daemon that was killed leaves its containers running, each below a shim that knows the daemon's socket."""
    socket = f"{paths.runtime}/containerd.sock"
    return [pid for pid in _numbers() if socket in _arguments(pid) and "shim" in _arguments(pid)[0]]


def _end_orphans(paths: Paths) -> None:
    shims = _orphans(paths)
    for pid in [*(child for child in _numbers() if _parent(child) in shims), *shims]:
        process = pids.identify(pid)
        if process is not None:
            pids.stop(process, patience=1.0)


def _numbers() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _arguments(pid: int) -> list[str]:
    try:
        with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as opened:
            return opened.read().split("\0")
    except OSError:
        return []


def _parent(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/stat", encoding="latin-1") as opened:
            return int(opened.read().rpartition(")")[2].split()[1])
    except (OSError, ValueError):
        return 0
