# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A root filesystem in which nothing tells when and where it was made: the same packages give the same bytes."""

from __future__ import annotations

import fnmatch
import os
import stat
import typing as t

# Written while building and different each time, or of no use to, or a hazard for, a machine made from the result.
# A pattern's last part may hold asterisks. Directories stay. extended_states tells which packages apt may take away
# again: versions of mmdebstrap differ in that, and what a root came with is there because it was asked for.
LEFTOVERS = (
    "/etc/.pwd.lock",
    "/etc/group-",
    "/etc/gshadow-",
    "/etc/hostname",
    "/etc/passwd-",
    "/etc/resolv.conf",
    "/etc/shadow-",
    "/etc/subgid-",
    "/etc/subuid-",
    "/usr/sbin/policy-rc.d",
    "/var/cache/apt/*",
    "/var/cache/apt/archives/*",
    "/var/cache/apt/archives/partial/*",
    "/var/cache/debconf/*-old",
    "/var/cache/ldconfig/aux-cache",
    "/var/lib/apt/extended_states",
    "/var/lib/apt/lists/*",
    "/var/lib/apt/lists/partial/*",
    "/var/lib/dbus/machine-id",
    "/var/lib/dpkg/*-old",
    "/var/lib/dpkg/lock",
    "/var/lib/dpkg/lock-frontend",
    "/var/lib/dpkg/triggers/Lock",
    "/var/lib/systemd/random-seed",
    "/var/log/alternatives.log",
    "/var/log/apt/*",
    "/var/log/bootstrap.log",
    "/var/log/dpkg.log",
)
# A directory that debconf leaves, or not, depending on whether packages were asked about before or after it was there.
_EMPTY_LEFTOVER = "/var/cache/debconf/tmp.ci"
_INFO = "/var/lib/dpkg/info"
_SHADOW = "/etc/shadow"
_FSTAB = "/etc/fstab"
# Where a package has the shell at this place, packages of the release bring all links of a merged /usr that they need;
# in a release before that (Debian 12, Ubuntu 23.10) the program that bootstraps makes them.
_MERGED = "/usr/bin/bash"
# Filesystems stamp files with a clock that may be a tick behind the one that programs ask.
_TICK = 1
_DAY = 86400


def remove_leftovers(root: str, keep: t.Collection[str] = ()) -> None:
    """What the programs that built a root leave in it.

    :param keep: paths that are there on purpose
    """
    for pattern in LEFTOVERS:
        directory, last = os.path.split(pattern)
        parent = _within(root, directory)
        for name in fnmatch.filter(os.listdir(parent), last) if parent else ():
            path = os.path.join(parent, name)
            if not stat.S_ISDIR(os.lstat(path).st_mode) and f"{directory}/{name}" not in keep:
                os.unlink(path)
    left = _within(root, _EMPTY_LEFTOVER)
    if left and not os.listdir(left):
        os.rmdir(left)


def _within(root: str, directory: str) -> str:
    """A directory of the root as this process sees it; empty where there is none, or a link leads out."""
    path = os.path.realpath(os.path.join(root, directory.lstrip("/")))
    inside = path.startswith(os.path.realpath(root) + "/")
    return path if inside and os.path.isdir(path) else ""


def remove_links(root: str) -> None:
    """Links such as /lib32, which old versions of mmdebstrap make although the packages bring those they need."""
    info = _within(root, _INFO)
    owned: set[str] = set()
    for name in fnmatch.filter(os.listdir(info), "*.list") if info else ():
        with open(os.path.join(info, name), encoding="utf-8", errors="surrogateescape") as file:
            owned.update(file.read().splitlines())
    for name in fnmatch.filter(os.listdir(root), "lib*") if _MERGED in owned else ():
        path, target = os.path.join(root, name), os.path.join(root, "usr", name)
        if f"/{name}" not in owned and os.path.islink(path) and os.readlink(path) == f"usr/{name}":
            os.unlink(path)
            if f"/usr/{name}" not in owned and os.path.isdir(target) and not os.listdir(target):
                os.rmdir(target)


def content_date(root: str) -> int:
    """The date of the newest package, in seconds since 1970; 0 where there is no package.

    A package's control files carry the date of its last changelog entry: dpkg-deb lets none be newer
    (SOURCE_DATE_EPOCH in dpkg-deb(1)), and the sums are made when it is built. This needs neither changelogs, which a
    slim image does without, nor a clock, nor the Release file, whose date moves while the packages stay the same.
    """
    info = _within(root, _INFO)
    sums = [os.path.join(info, name) for name in os.listdir(info) if name.endswith(".md5sums")] if info else []
    return max((int(os.lstat(path).st_mtime) for path in sums), default=0)


def settle(root: str, began: float) -> int:
    """Take the time of the build out of a finished root.

    :param began: when the build began, by this machine's clock
    :returns: the date of what is in the root; no file is newer
    """
    date = content_date(root)
    _rewrite(root, _SHADOW, lambda text: shadow_of(text, date))
    _rewrite(root, _FSTAB, fstab_of)
    device = os.lstat(root).st_dev
    for directory, names, files in os.walk(root):
        names[:] = [name for name in names if os.lstat(os.path.join(directory, name)).st_dev == device]
        for path in (os.path.join(directory, name) for name in (".", *names, *files)):
            info = os.lstat(path)
            if time_of(info.st_mtime, stat.S_ISDIR(info.st_mode), date, began) is not None:
                os.utime(path, (date, date), follow_symlinks=False)
    return date


def time_of(mtime: float, directory: bool, date: int, began: float) -> int | None:
    """The time to set, None to keep what a file has.

    What came out of a package keeps its time, on which Python's compiled files rely. What was made during the build is
    told from it by the machine's clock, which may be behind the packages' dates. Whether a directory keeps its time
    depends on the order in which things are put into it; the year 1970 was given to one on purpose.
    """
    if directory:
        return date if mtime else None
    return date if mtime > date or mtime >= began - _TICK else None


def _rewrite(root: str, path: str, change: t.Callable[[str], str]) -> None:
    directory = _within(root, os.path.dirname(path))
    target = os.path.join(directory, os.path.basename(path))
    if directory and os.path.isfile(target) and not os.path.islink(target):
        with open(target, "r+", encoding="utf-8", errors="surrogateescape", newline="") as file:
            text = change(file.read())
            file.seek(0)
            file.write(text)
            file.truncate()


def shadow_of(text: str, date: int) -> str:
    """shadow(5) with the content's day as that of each password's last change; 0, which asks for a new one, stays."""
    lines = []
    for line in text.splitlines():
        fields = line.split(":")
        if len(fields) > 2 and fields[2] not in ("", "0"):
            fields[2] = str(date // _DAY)
        lines.append(":".join(fields) + "\n")
    return "".join(lines)


def fstab_of(text: str) -> str:
    """One that mounts nothing without the explanations, whose words differ from version to version."""
    lines = text.splitlines(keepends=True)
    return "".join(lines[:1]) if all(line.startswith("#") for line in lines) else text
