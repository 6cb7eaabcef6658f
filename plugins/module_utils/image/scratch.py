# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A directory for the time of one job, which leaves neither files nor mounts behind."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import typing as t

from ..host.errors import HostError
from ..host.machine import Host


def mounts_below(path: str, mountinfo: str) -> list[str]:
    """Mount points at or below a path, the innermost first."""
    base = os.path.realpath(path)
    found = []
    for line in mountinfo.splitlines():
        fields = line.split(" ")
        if len(fields) > 4:
            point = fields[4].encode("latin-1", "replace").decode("unicode_escape")
            if point == base or point.startswith(base + "/"):
                found.append(point)
    return sorted(found, key=len, reverse=True)


def remove_tree(host: Host, path: str) -> None:
    """Delete a directory, having unmounted what is mounted in it; a mount that stays is never deleted into.

    :raises HostError: when something stays mounted
    """
    for _attempt in range(3):
        points = mounts_below(path, _mountinfo())
        if not points:
            break
        for point in points:
            host.run(["umount", "--", point])
    left = mounts_below(path, _mountinfo())
    for point in left:
        host.check(["umount", "--lazy", "--", point])
    if mounts_below(path, _mountinfo()):
        raise HostError(f"{path} is not removed: {left[0]} is still mounted below it")
    if os.path.lexists(path):
        shutil.rmtree(path)


def _mountinfo() -> str:
    with open("/proc/self/mountinfo", encoding="latin-1") as opened:
        return opened.read()


@contextlib.contextmanager
def scratch(host: Host, parent: str | None = None) -> t.Iterator[str]:
    """A private directory, gone afterwards whatever happens."""
    directory = tempfile.mkdtemp(prefix="slipway-", dir=parent)
    try:
        yield directory
    finally:
        remove_tree(host, directory)
