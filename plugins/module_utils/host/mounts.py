# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Mounted filesystems, and which of them a path lies on (proc_pid_mountinfo(5))."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from .machine import Host
from .peek import text

_CODE = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True)
class Mount:
    """One mounted filesystem.

    :param point: where it is mounted
    :param options: of the filesystem itself
    :param flags: of this mount of it
    """

    point: str
    type: str
    source: str
    options: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


def read_mounts(host: Host) -> list[Mount]:
    """What this process sees mounted, in the order in which it was mounted."""
    return parse_mountinfo(text(host, "/proc/self/mountinfo"))


def parse_mountinfo(listing: str) -> list[Mount]:
    found = []
    for line in listing.splitlines():
        before, _dash, after = line.partition(" - ")
        fields, rest = before.split(" "), after.split(" ")
        if len(fields) > 5 and len(rest) > 2:
            options, flags = tuple(rest[2].split(",")), tuple(fields[5].split(","))
            found.append(Mount(_plain(fields[4]), rest[0], _plain(rest[1]), options, flags))
    return found


def _plain(field: str) -> str:
    """Blanks and backslashes stand as octal codes."""
    return _CODE.sub(lambda code: chr(int(code.group(1), 8)), field)


def mount_of(host: Host, mounts: list[Mount], path: str) -> Mount | None:
    """The filesystem that a path lies on, or would lie on once it is made; of two at one point the later counts."""
    real = nearest(host, path)
    found = None
    for mount in mounts:
        inside = real == mount.point or real.startswith(mount.point.rstrip("/") + "/")
        if inside and (found is None or len(mount.point) >= len(found.point)):
            found = mount
    return found


def nearest(host: Host, path: str) -> str:
    """The path itself without symbolic links, or the nearest folder above it that is there."""
    while path not in ("", "/") and not os.path.lexists(host.path(path)):
        path = os.path.dirname(path)
    real = os.path.realpath(host.path(path or "/"))
    if host.booted:
        return real
    inside = os.path.relpath(real, host.root)
    return "/" if inside == "." else f"/{inside}"
