# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Control groups: how they are mounted, and which controllers a container can be limited by (cgroups(7))."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .kernel_seen import read_controllers
from .machine import Host
from .mounts import read_mounts
from .peek import text

Layout = t.Literal["v1", "hybrid", "v2", "none"]

FOLDER = "/sys/fs/cgroup"
# What containers are limited and observed by, under the names of either version.
_NEEDED_V1 = ("blkio", "cpu", "cpuacct", "cpuset", "devices", "freezer", "memory", "pids")
_NEEDED_V2 = ("cpu", "cpuset", "io", "memory", "pids")


@dataclass(frozen=True)
class Cgroups:
    """The control groups of a host.

    :param layout: ``hybrid`` is version 1 with an empty tree of version 2 beside it, for systemd
    :param controllers: that can be used through the mounted hierarchies
    :param missing: those of them that an engine would use and that are not there
    """

    layout: Layout = "none"
    controllers: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def read_cgroups(host: Host) -> Cgroups:
    """Look at how control groups are mounted."""
    mounts = read_mounts(host)
    here = [mount.type for mount in mounts if mount.point == FOLDER]
    if here and here[-1] == "cgroup2":
        controllers = text(host, f"{FOLDER}/cgroup.controllers").split()
        return Cgroups("v2", tuple(sorted(controllers)), _without(_NEEDED_V2, controllers))
    known = read_controllers(host)
    mounted = {option for mount in mounts if mount.type == "cgroup" for option in mount.options if option in known}
    if not mounted:
        return Cgroups("none", (), _NEEDED_V1)
    layout: Layout = "hybrid" if any(mount.type == "cgroup2" for mount in mounts) else "v1"
    return Cgroups(layout, tuple(sorted(mounted)), _without(_NEEDED_V1, mounted))


def _without(needed: t.Iterable[str], found: t.Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in needed if name not in found)
