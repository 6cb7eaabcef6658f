# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""How much memory a build may fill."""

from __future__ import annotations

import os
import typing as t

from ...host.machine import Host
from ...host.peek import text

_CGROUPS = "/sys/fs/cgroup"
_FILES = {
    2: ("memory.max", "memory.current", "inactive_file"),
    1: ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
}


def available(host: Host) -> int:
    """Bytes that can be had without another process losing its own: of the machine, or of this process's groups."""
    return min([parse_available(text(host, "/proc/meminfo")), *_left_in_groups(host)])


def parse_available(meminfo: str) -> int:
    """``MemAvailable`` of proc_meminfo(5); 0 where it is not told."""
    for line in meminfo.splitlines():
        name, _colon, value = line.partition(":")
        if name == "MemAvailable":
            return int(value.split()[0]) * 1024
    return 0


def _left_in_groups(host: Host) -> t.Iterator[int]:
    for version, mounted, path in group_folders(text(host, "/proc/self/cgroup")):
        limit_file, usage_file, cache = _FILES[version]
        while True:
            folder = f"{mounted}{path}".rstrip("/")
            limit, usage = text(host, f"{folder}/{limit_file}").strip(), text(host, f"{folder}/{usage_file}").strip()
            if limit.isdigit() and usage.isdigit():
                yield int(limit) - int(usage) + _count(text(host, f"{folder}/memory.stat"), cache)
            if path in ("", "/"):
                break
            path = os.path.dirname(path)


def group_folders(cgroups: str) -> list[tuple[int, str, str]]:
    """From /proc/self/cgroup: version, where groups that limit memory are mounted, and this process's group there."""
    found = []
    for line in cgroups.splitlines():
        number, controllers, path = [*line.split(":", 2), "", ""][:3]
        if number == "0" and not controllers:
            found.append((2, _CGROUPS, path))
        elif "memory" in controllers.split(","):
            found.append((1, f"{_CGROUPS}/memory", path))
    return found


def _count(stat: str, name: str) -> int:
    """What is cached of files is given back when it is needed."""
    words = [line.split() for line in stat.splitlines()]
    return next((int(pair[1]) for pair in words if len(pair) == 2 and pair[0] == name), 0)
