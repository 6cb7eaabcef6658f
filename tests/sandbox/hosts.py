# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Test hosts: containers that boot the init system of their image."""

from __future__ import annotations

import ipaddress
import json
import re
import time
import typing as t
from dataclasses import dataclass

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError, InvalidInput

from .detect import NEWEST_CAPABILITIES, Machine
from .engine import Engine
from .paths import Paths, locked
from .progress import say, step
from .rootfs import check_pair, ensure_image

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?\Z")
_BOOT_SECONDS = 120.0
# How an init system is asked to shut down: sysvinit and OpenRC's init know the three-finger salute only.
_STOP_SIGNAL = {"systemd": "SIGRTMIN+3", "sysvinit": "SIGINT", "openrc": "SIGINT", "runit": "SIGCONT"}


@dataclass(frozen=True)
class Guest:
    """:ivar state: of the container, as the engine calls it
    :ivar lasting: the address that it has whenever it runs
    """

    name: str
    container: str
    suite: str
    init: str
    state: str
    address: str
    lasting: str = ""


def check_name(name: str) -> None:
    """:raises InvalidInput: when it cannot be a host name"""
    if not _NAME.match(name):
        raise InvalidInput([f"a host name is 1 to 40 of a-z, 0-9 and inner hyphens; got: {name!r}"])


def run_options(detected: Machine, engine: Engine) -> list[str]:
    """Rights an init system and a Docker daemon need, less what this machine does not have itself."""
    options = ["--cap-add", "ALL"]
    # from 23 on ALL is what the engine has itself, and dropping another is an error; before, ALL is all it knows of
    if int(engine.version.partition(".")[0] or 0) < 23:
        for name in detected.missing:
            if name not in NEWEST_CAPABILITIES:
                options += ["--cap-drop", name]
    for what in ("seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"):
        options += ["--security-opt", what]
    return [*options, "--device-cgroup-rule", "a *:* rwm", "--cgroupns", "private", "--tmpfs", "/run"]


def up(paths: Paths, engine: Engine, detected: Machine, name: str, suite: str, init: str) -> Guest:
    """A running host of this name; one that is there already is kept."""
    check_name(name)
    check_pair(suite, init)
    with locked(paths, f"host-{name}"):
        return _up(paths, engine, detected, name, suite, init)


def _up(paths: Paths, engine: Engine, detected: Machine, name: str, suite: str, init: str) -> Guest:
    known = find(paths, engine, name)
    if known is not None and (known.suite, known.init) != (suite, init):
        raise HostError(
            f"host {name} exists with {known.suite} and {known.init}; remove it first, or take another name"
        )
    if known is not None and known.state == "running":
        return known
    if known is None:
        image = ensure_image(paths, engine, detected, suite, init)
        options = _create_options(paths, engine, detected, name, suite, init)
        with locked(paths, "addresses"):
            _run(paths, engine, name, [*options, image])
    else:
        engine.check("start", known.container)
    wait(paths, engine, name)
    return get(paths, engine, name)


def _create_options(paths: Paths, engine: Engine, detected: Machine, name: str, suite: str, init: str) -> list[str]:
    labels = (paths.label, f"slipway.host={name}", f"slipway.suite={suite}", f"slipway.init={init}")
    options = ["--name", container_name(paths, name), "--hostname", name, "--network", paths.network]
    options += ["--network-alias", name, "--stop-signal", _STOP_SIGNAL[init]]
    for label in labels:
        options += ["--label", label]
    # a filesystem of their own below both daemons' data: overlay does not work upon overlay
    return [*options, *run_options(detected, engine), "--volume", "/var/lib/docker", "--volume", "/var/lib/containerd"]


def _run(paths: Paths, engine: Engine, name: str, options: list[str]) -> None:
    """Start a host under an address of its own, which it still has when it boots again."""
    network = json.loads(engine.check("network", "inspect", paths.network))[0]["IPAM"]["Config"][0]
    taken = [network.get("Gateway", ""), *(one.lasting for one in listing(paths, engine))]
    for address in free_addresses(network["Subnet"], taken):
        ran = engine.docker("run", "--detach", "--ip", address, *options)
        if ran.rc == 0:
            return
        engine.docker("rm", "--force", "--volumes", container_name(paths, name))
        if "Address already in use" not in ran.err:  # by what is no host
            raise HostError(f"the engine could not start {name}: {ran.last_words}")
    raise HostError(f"all addresses of {network['Subnet']} are taken: remove test hosts")


def free_addresses(subnet: str, taken: t.Collection[str]) -> t.Iterator[str]:
    """The addresses of a subnet that nobody has, in order."""
    for address in ipaddress.ip_network(subnet).hosts():
        if str(address) not in taken:
            yield str(address)


def container_name(paths: Paths, name: str) -> str:
    return f"slipway-{paths.ident}-{name}"


def wait(paths: Paths, engine: Engine, name: str) -> None:
    """Until the host's init system has started all it starts.

    :raises HostError: with the end of the host's log, when it does not
    """
    host = get(paths, engine, name)
    with step(f"boot {name} ({host.suite}, {host.init})"):
        end = time.monotonic() + _BOOT_SECONDS
        while (state := _boot_state(engine, host)) not in ("running", "degraded"):
            alive = engine.docker("inspect", "--format", "{{.State.Running}}", host.container).out.strip() == "true"
            if not alive or time.monotonic() > end:
                raise HostError(f"{name} did not boot ({state or 'no answer'}): {_last_words(engine, host)}")
            time.sleep(0.2)
    if state == "degraded":
        failed = engine.docker("exec", host.container, "systemctl", "list-units", "--failed", "--plain", "--no-legend")
        units = ", ".join(line.split()[0] for line in failed.out.splitlines() if line.split())
        say(f"    {name} is up; units that failed: {units}")


def _boot_state(engine: Engine, host: Guest) -> str:
    if host.init == "systemd":
        return engine.docker("exec", host.container, "systemctl", "is-system-running").out.strip()
    if host.init == "runit":
        return "running" if engine.docker("exec", host.container, "pgrep", "-x", "runsvdir").rc == 0 else "starting"
    if engine.docker("exec", host.container, "runlevel").out.split()[-1:] != ["2"]:
        return "starting"
    # runlevel 2 is entered before its scripts have run
    busy = engine.docker("exec", host.container, "pgrep", "-x", "rc|startpar|openrc|openrc-run.sh")
    return "starting" if busy.rc == 0 else "running"


def _last_words(engine: Engine, host: Guest) -> str:
    logged = engine.docker("logs", "--tail", "20", host.container)
    words = (logged.out + logged.err).strip()
    if host.init == "systemd" and not words:
        journal = ("journalctl", "--no-pager", "--lines=20", "--priority=warning")
        words = engine.docker("exec", host.container, *journal).out.strip()
    return words or "it logged nothing"


def reboot(paths: Paths, engine: Engine, name: str) -> Guest:
    host = get(paths, engine, name)
    with step(f"shut {name} down and start it again"):
        if host.init == "runit":  # told so first, it takes the signal for an order to shut down
            engine.docker("exec", host.container, "runit-init", "0")
        engine.check("restart", "--time", "30", host.container)
    wait(paths, engine, name)
    return get(paths, engine, name)


def remove(paths: Paths, engine: Engine, name: str) -> None:
    host = get(paths, engine, name)
    engine.check("rm", "--force", "--volumes", host.container)


def get(paths: Paths, engine: Engine, name: str) -> Guest:
    host = find(paths, engine, name)
    if host is None:
        names = ", ".join(one.name for one in listing(paths, engine)) or "none"
        raise HostError(f"there is no host {name}; there are: {names}")
    return host


def find(paths: Paths, engine: Engine, name: str) -> Guest | None:
    return next((host for host in listing(paths, engine) if host.name == name), None)


def listing(paths: Paths, engine: Engine) -> list[Guest]:
    """All hosts of this checkout, by name."""
    argv = ["ps", "--all", "--quiet", "--filter", f"label={paths.label}", "--filter", "label=slipway.host"]
    containers = engine.check(*argv).split()
    if not containers:
        return []
    # one that is removed by another process meanwhile makes the command fail, and is left out of its answer
    found = json.loads(engine.docker("inspect", *containers).out or "[]")
    return sorted((_parse(one, paths) for one in found), key=lambda host: host.name)


def _parse(one: t.Any, paths: Paths) -> Guest:
    labels, networks = one["Config"]["Labels"], one["NetworkSettings"]["Networks"]
    network = networks.get(paths.network) or {}
    return Guest(
        name=labels["slipway.host"],
        container=one["Name"].lstrip("/"),
        suite=labels["slipway.suite"],
        init=labels["slipway.init"],
        state=one["State"]["Status"],
        address=network.get("IPAddress", "") if one["State"]["Running"] else "",
        lasting=(network.get("IPAMConfig") or {}).get("IPv4Address") or network.get("IPAddress", ""),
    )
