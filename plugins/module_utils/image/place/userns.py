# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Root without being it: in a user namespace (user_namespaces(7)) with the subordinate IDs that the user was given."""

from __future__ import annotations

import ctypes
import os
import pwd
import subprocess
import typing as t

from ...host.errors import HostError
from ...host.machine import Host
from ...host.peek import text

_CLONE_NEWUSER = 0x10000000
_MAPPERS = ("newuidmap", "newgidmap")
# A distribution's packages own files as users and groups up to nobody, 65534.
_WANTED = 65534
# What forbids it, and the value that does: Debian's kernels, any kernel, Ubuntu's from 24.04 on.
_SWITCHES = (
    ("kernel/unprivileged_userns_clone", "0"),
    ("user/max_user_namespaces", "0"),
    ("kernel/apparmor_restrict_unprivileged_userns", "1"),
)


def hindrance(host: Host) -> str:
    """Why this user cannot have a namespace in which to be root; empty where that can be."""
    for name, forbids in _SWITCHES:
        if text(host, f"/proc/sys/{name}") == forbids:
            return f"the kernel's setting {name.replace('/', '.')} is {forbids}"
    if not all(host.find_program(program) for program in _MAPPERS):
        return f"{' and '.join(_MAPPERS)} are not installed: package uidmap"
    uid = os.getuid()
    name = user_name(uid)
    for file in ("/etc/subuid", "/etc/subgid"):
        if subordinate(text(host, file), name, uid) is None:
            return f"{file} gives {name} no {_WANTED} subordinate IDs: see usermod(8)"
    return ""


def user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def subordinate(listing: str, name: str, uid: int) -> tuple[int, int] | None:
    """The first range of subuid(5) or subgid(5) that is large enough: where it starts, and how many it has."""
    for line in listing.splitlines():
        owner, start, count = [*line.strip().split(":"), "", ""][:3]
        if owner in (name, str(uid)) and start.isdigit() and count.isdigit() and int(count) >= _WANTED:
            return int(start), int(count)
    return None


def become_root(host: Host) -> None:
    """From here on this process is root among its user's own IDs. It stays who it is to all others, as to the engine.

    :raises HostError: when the kernel, or the programs that map IDs, refuse
    """
    uid, gid = os.getuid(), os.getgid()
    maps = []
    for mapper, file, own in zip(_MAPPERS, ("/etc/subuid", "/etc/subgid"), (uid, gid)):
        found = subordinate(text(host, file), user_name(uid), uid)
        if found is None:
            raise HostError(f"{file} gives this user no subordinate IDs")
        maps.append([mapper, str(os.getpid()), "0", str(own), "1", "1", str(found[0]), str(found[1])])
    reading, writing = os.pipe()
    helper = os.fork()
    if helper == 0:
        _map(reading, writing, maps)
    os.close(reading)
    libc = ctypes.CDLL(None, use_errno=True)
    entered = libc.unshare(_CLONE_NEWUSER) == 0
    trouble = os.strerror(ctypes.get_errno())
    if entered:
        os.write(writing, b".")
    os.close(writing)
    _pid, status = os.waitpid(helper, 0)
    if not entered or status:
        raise HostError(f"no user namespace can be had: {'newuidmap refuses' if entered else trouble}; use become")
    os.setresgid(0, 0, 0)
    os.setresuid(0, 0, 0)


def _map(reading: int, writing: int, maps: t.Sequence[t.Sequence[str]]) -> t.NoReturn:
    """In another process, which stays outside: write the maps once the namespace is there."""
    failed = 1
    try:
        os.close(writing)
        if os.read(reading, 1):
            failed = int(any(subprocess.run(argv, capture_output=True, check=False).returncode for argv in maps))
    finally:
        os._exit(failed)


def is_mapped(uid_map: str) -> bool:
    """Whether root, by /proc/self/uid_map, is only somebody who is mapped to it."""
    return [line.split()[1] for line in uid_map.splitlines() if line.split()[:1] == ["0"]] not in (["0"], [])
