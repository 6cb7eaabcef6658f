# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What checks have to know of a host: looked at when a configuration is about to change, and only then.

Everything here may be unknown: None, or not among the entries. Whoever needs it holds back then.
"""

from __future__ import annotations

import contextlib
import os
import typing as t
from dataclasses import dataclass, field, replace

from ..host.cgroups import read_cgroups
from ..host.errors import HostError
from ..host.machine import Host
from ..host.mounts import Mount, mount_of, read_mounts
from ..host.network import (
    IPAddress,
    Listener,
    Route,
    owner_of,
    read_addresses,
    read_interfaces,
    read_listeners,
    read_routes,
    sockets_of,
)
from ..host.peek import entries, text
from ..host.systemd_files import read_unit
from . import accounts, named_files, plugins, storage_drivers
from .accounts import Accounts
from .document import Document
from .effective import flag_values
from .engine_versions import version_in
from .launchers.systemd_launch import SERVICE, read_environment
from .named_files import Kind
from .observe import State
from .options import by_key
from .sockets import parse_address
from .version import Version, parse_version

DATA_ROOT = "/var/lib/docker"

# Drivers whose leftovers dockerd counts as an earlier choice (scanPriorDrivers); vfs is not one of them.
_LEAVING_TRACES = ("aufs", "btrfs", "devicemapper", "fuse-overlayfs", "overlay", "overlay2", "zfs")

# Where dockerd looks for its own helpers before PATH (lookupBinPath).
_LIBEXEC = (
    "/usr/local/libexec/docker",
    "/usr/libexec/docker",
    "/usr/local/lib/docker",
    "/usr/lib/docker",
    "/usr/local/libexec",
    "/usr/libexec",
)
_PROGRAMS = ("iptables", "docker-init", "docker-proxy", "useradd", "adduser")


@dataclass(frozen=True)
class Facts:
    """A host, as far as it is known.

    :param version: of the engine that the next start of the daemon would run
    :param flags: options that the command line sets, by key
    :param environment: of the service
    :param before: what stood in the file before
    :param files: what lies at the paths that the configuration names, and where their folders are
    :param marks: kinds of PEM blocks in the files that the keys for TLS name
    :param contents: of files whose form is checked
    :param programs: whether dockerd would find them
    :param listeners: listening tcp sockets that are not the daemon's own
    :param owners: names of the processes behind some of them, by the socket's number
    :param interfaces: whether each is a bridge
    :param activated: where docker.socket listens; empty where there is no such unit
    :param storage: why each storage driver cannot be used, empty for those that can
    :param traces: storage drivers whose data lie in the data root
    """

    version: Version | None = None
    flags: t.Mapping[str, t.Any] = field(default_factory=dict)
    environment: t.Mapping[str, str] = field(default_factory=dict)
    before: Document | None = None
    systemd: bool | None = None
    cgroups: str | None = None
    files: t.Mapping[str, Kind] = field(default_factory=dict)
    marks: t.Mapping[str, frozenset[str]] = field(default_factory=dict)
    contents: t.Mapping[str, str] = field(default_factory=dict)
    programs: t.Mapping[str, bool] = field(default_factory=dict)
    listeners: tuple[Listener, ...] | None = None
    owners: t.Mapping[str, str] = field(default_factory=dict)
    addresses: frozenset[IPAddress] | None = None
    routes: tuple[Route, ...] | None = None
    interfaces: t.Mapping[str, bool] | None = None
    forwards: bool | None = None
    activated: tuple[str, ...] | None = None
    swarm: bool | None = None
    storage: t.Mapping[str, str] | None = None
    traces: tuple[str, ...] | None = None
    ground: Mount | None = None
    accounts: Accounts | None = None
    plugins: frozenset[str] | None = None


def known(state: State) -> Facts:
    """What an observed host says without being looked at again."""
    return Facts(
        flags=_flags(state),
        before=state.document,
        activated=tuple(state.socket_paths()) if state.launch is not None else None,
    )


def gather(host: Host, document: Document, state: State) -> Facts:
    """Look at a host.

    :param document: the file as it would be written
    """
    said = known(state)
    root = document.get("data-root") or said.flags.get("data-root")
    data_root = os.path.normpath(root) if isinstance(root, str) and root.startswith("/") else DATA_ROOT
    remapped = bool(document.get("userns-remap") or said.flags.get("userns-remap"))  # the data are in a folder below
    version = _version(host, state)
    listeners, owners = _listeners(host, document, state)
    forwards = text(host, "/proc/sys/net/ipv4/ip_forward")
    return replace(
        said,
        version=version,
        environment=_environment(host, state),
        systemd=state.systemd if host.booted else None,
        cgroups=_cgroups(host),
        files=named_files.kinds(host, document),
        marks=named_files.marks(host, document),
        contents=named_files.contents(host, document),
        programs={name: _is_there(host, name) for name in _PROGRAMS} if state.dockerd else {},
        listeners=listeners,
        owners=owners,
        addresses=read_addresses(host),
        routes=read_routes(host),
        interfaces=read_interfaces(host),
        forwards=forwards == "1" if forwards else None,
        swarm=None if remapped else host.exists(f"{data_root}/swarm/docker-state.json"),
        storage=storage_drivers.usable(host, version, data_root) if "storage-driver" in document else None,
        traces=None if remapped else tuple(name for name in _LEAVING_TRACES if entries(host, f"{data_root}/{name}")),
        ground=mount_of(host, read_mounts(host), data_root),
        accounts=accounts.read(host, document),
        plugins=plugins.names(host, data_root),
    )


def _version(host: Host, state: State) -> Version | None:
    """The running daemon's, unless its program has been replaced since or it does not answer."""
    outdated = state.process is not None and state.process.outdated
    if state.version is not None and not outdated:
        return state.version
    if state.dockerd is None or not host.booted:
        return None
    try:
        done = host.run([state.dockerd, "--version"])
    except OSError:  # no program of this machine
        return None
    return parse_version(version_in(done.out)) if done.rc == 0 else None


def _flags(state: State) -> dict[str, t.Any]:
    """What the command line sets: the flags beside our keys are taken out of it, so those of the file count first."""
    if state.launch is None:
        return {}
    return flag_values(flag for flag in state.launch.flags if flag.key in by_key())


def _environment(host: Host, state: State) -> dict[str, str]:
    if state.launch is None:
        return {}
    if state.launcher.name != "systemd":  # a unit may be there all the same, and launches nothing
        return dict(state.launch.environment)
    try:
        unit = read_unit(host, SERVICE)
        return {name: found.value for name, found in read_environment(host, unit).items()} if unit else {}
    except HostError:
        return {}


def _cgroups(host: Host) -> str | None:
    layout = read_cgroups(host).layout
    return None if layout == "none" else "v2" if layout == "v2" else "v1"


def _is_there(host: Host, name: str) -> bool:
    return host.find_program(name) is not None or any(host.exists(f"{folder}/{name}") for folder in _LIBEXEC)


def _listeners(host: Host, document: Document, state: State) -> tuple[tuple[Listener, ...] | None, dict[str, str]]:
    """Sockets of other processes, and who those are as far as one of our ports is concerned.

    What docker.socket listens on is let go when the daemon opens sockets itself.
    """
    found = read_listeners(host)
    if found is None:
        return None, {}
    own = sockets_of(host, state.process.pid) if state.process is not None else frozenset()
    given = {path.rpartition(":")[2] for path in state.socket_paths() if not path.startswith("/")}
    others = tuple(one for one in found if one.inode not in own and str(one.port) not in given)
    wanted = ports(document)
    return others, {one.inode: _name(host, one.inode) for one in others if one.port in wanted}


def _name(host: Host, inode: str) -> str:
    owner = owner_of(host, inode)
    return f"{owner[1]} (pid {owner[0]})" if owner else ""


def ports(document: Document) -> set[int]:
    """The tcp ports that a configuration asks for."""
    found = set()
    hosts = document.get("hosts")
    for entry in [*(hosts if isinstance(hosts, list) else []), document.get("metrics-addr")]:
        with contextlib.suppress(ValueError):  # told by the checks
            found.add(parse_address(entry).port if isinstance(entry, str) and entry else 0)
    return found - {0}
