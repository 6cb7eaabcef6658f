# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Docker engine the test hosts run in: the machine's own where it can be used, else one of the sandbox."""

from __future__ import annotations

import contextlib
import io
import json
import os
import platform
import struct
import tarfile
import tempfile
from dataclasses import dataclass

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Completed, Host

from . import daemon
from .detect import Machine
from .network import ensure_network
from .paths import Paths, locked
from .process import machine as this_machine
from .progress import say, step


@dataclass(frozen=True)
class Engine:
    """
    :ivar url: as ``docker --host`` takes it
    :ivar own: whether the sandbox started it
    """

    host: Host
    url: str
    own: bool

    @property
    def version(self) -> str:
        """Of the daemon; empty when it does not answer."""
        return self.docker("version", "--format", "{{.Server.Version}}").out.strip()

    def docker(self, *args: str) -> Completed:
        return self.host.run(["docker", "--host", self.url, *args])

    def check(self, *args: str) -> str:
        return self.host.check(["docker", "--host", self.url, *args]).out.strip()


def existing(paths: Paths) -> Engine | None:
    """The engine this sandbox was set up with, as it is: it may be down."""
    with contextlib.suppress(OSError, ValueError, KeyError), open(_choice(paths), encoding="utf-8") as opened:
        known = json.load(opened)
        return Engine(this_machine(), str(known["url"]), bool(known["own"]))
    if os.path.isdir(paths.data):
        return Engine(this_machine(), f"unix://{paths.socket}", True)
    return None


def ensure(paths: Paths, detected: Machine) -> Engine:
    """An engine that answers, and the test hosts' network in it. A daemon that died is started again."""
    with locked(paths, "engine"):
        engine = existing(paths)
        if engine is None:
            engine = _usable_engine(paths, detected) or Engine(this_machine(), f"unix://{paths.socket}", True)
            if engine.own and os.environ.get("SLIPWAY_ENGINE") == "machine":
                raise HostError("SLIPWAY_ENGINE=machine, and no Docker engine of this machine can be used")
        if engine.own:
            daemon.ensure_running(paths, detected)
        elif engine.docker("version").rc != 0:
            raise HostError(f"the Docker engine at {engine.url} no longer answers; start it, or run make clean")
        _remember(paths, engine)
        ensure_network(paths, engine)
        return engine


def _choice(paths: Paths) -> str:
    return os.path.join(paths.work, "engine.json")


def _remember(paths: Paths, engine: Engine) -> None:
    with open(_choice(paths), "w", encoding="utf-8") as opened:
        json.dump({"url": engine.url, "own": engine.own}, opened)


def _usable_engine(paths: Paths, detected: Machine) -> Engine | None:
    """The machine's engine, when it proves that it can run what a test host needs."""
    if os.environ.get("SLIPWAY_ENGINE") == "own":
        return None
    host = this_machine()
    url = os.environ.get("DOCKER_HOST") or _context_url(host)
    if not url.startswith("unix://"):
        say(f"    the Docker engine at {url} is not on this machine, it is not used")
        return None
    engine = Engine(host, url, False)
    info = engine.docker("info", "--format", "{{json .SecurityOptions}}")
    if info.rc != 0 or info.out.strip() in ("", "null"):
        return None
    if "rootless" in info.out:
        say(f"    the Docker engine at {url} is rootless, it cannot run test hosts")
        return None
    with step(f"prove that the Docker engine at {url} can run a test host"):
        why = _proof(paths, engine, detected)
    if why:
        say(f"    it cannot: {why}")
        return None
    return engine


def _context_url(host: Host) -> str:
    done = host.run(["docker", "context", "inspect", "--format", "{{.Endpoints.docker.Host}}"])
    return done.out.strip() if done.rc == 0 and done.out.strip() else "unix:///var/run/docker.sock"


def _proof(paths: Paths, engine: Engine, detected: Machine) -> str:
    """Run a program that does nothing, with all the rights of a test host. Empty when that worked."""
    from .hosts import run_options  # the one list of options; hosts needs Engine in its turn

    program = tiny_program(platform.machine())
    if program is None:
        return ""
    tag = f"slipway-sandbox/probe:{paths.ident}"
    with tempfile.TemporaryDirectory(prefix="slipway-") as directory:
        archive = os.path.join(directory, "probe.tar")
        with tarfile.open(archive, "w") as tar:
            entry = tarfile.TarInfo("true")
            entry.size, entry.mode = len(program), 0o755
            tar.addfile(entry, io.BytesIO(program))
        imported = engine.docker("import", "--change", f"LABEL {paths.label}", archive, tag)
        if imported.rc != 0:
            return imported.last_words
        ran = engine.docker(
            "run", "--rm", "--network", "none", *run_options(detected, engine), "--entrypoint", "/true", tag
        )
        engine.docker("rmi", "--force", tag)
    return ran.last_words if ran.rc != 0 else ""


def tiny_program(architecture: str) -> bytes | None:
    """A static ELF program that exits with 0: no image is needed to see whether an engine can run one."""
    code = {
        "x86_64": (62, bytes.fromhex("31ffb83c0000000f05")),
        "aarch64": (183, bytes.fromhex("000080d2a80b80d2010000d4")),
    }.get(architecture)
    if code is None:
        return None
    machine, text = code
    base, headers = 0x400000, 64 + 56
    size = headers + len(text)
    elf = b"\x7fELF" + bytes([2, 1, 1]) + bytes(9)
    elf += struct.pack("<HHIQQQIHHHHHH", 2, machine, 1, base + headers, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    elf += struct.pack("<IIQQQQQQ", 1, 5, 0, base, base, size, size, 0x1000)
    return elf + text
