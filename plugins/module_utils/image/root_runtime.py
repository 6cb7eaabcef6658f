# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What a new root needs so that programs run in it: devices, /proc and /sys, and no service that starts."""

from __future__ import annotations

import contextlib
import os
import stat
import typing as t

from ..host.errors import HostError
from ..host.machine import Host
from .root_files import inside

_NODES = (("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9), ("tty", 5, 0))
_LINKS = (
    ("fd", "/proc/self/fd"),
    ("stdin", "/proc/self/fd/0"),
    ("stdout", "/proc/self/fd/1"),
    ("stderr", "/proc/self/fd/2"),
    ("ptmx", "/dev/pts/ptmx"),
)
_BLOCKER = "/usr/sbin/policy-rc.d"
_BLOCKING = "#!/bin/sh\nexit 101\n"


@contextlib.contextmanager
def running(host: Host, root: str) -> t.Iterator[None]:
    """A root in which programs may be run, as long as this lasts; what they find is what mmdebstrap shows them.

    :raises HostError: where not even other mounts will do
    """
    mounted: list[str] = []
    try:
        _devices(host, root, mounted)
        _mount(host, mounted, root, "sys", ["-t", "sysfs", "-o", "ro,nosuid,nodev,noexec", "sys"])
        _mount(host, mounted, root, "proc", ["-t", "proc", "-o", "ro", "proc"])
        blocker = inside(root, _BLOCKER)
        with open(blocker, "w", encoding="ascii") as file:
            file.write(_BLOCKING)
        os.chmod(blocker, 0o755)
        yield
        os.unlink(blocker)
    finally:
        for point in reversed(mounted):
            if host.run(["umount", "--", point]).rc != 0:
                host.run(["umount", "--lazy", "--", point])


def _mount(host: Host, mounted: list[str], root: str, name: str, argv: t.Sequence[str]) -> None:
    point = inside(root, f"/{name}")
    if host.run(["mount", *argv, point]).rc != 0:
        # in a container, where a filesystem of one's own may be forbidden
        done = host.run(["mount", "--rbind", f"/{name}", point])
        if done.rc != 0:
            raise HostError(f"/{name} cannot be mounted in the new root: {done.last_words}")
        host.run(["mount", "--make-rslave", point])
        host.run(["umount", "--lazy", "--", f"{point}/sys/fs/binfmt_misc"])
    mounted.append(point)


def _devices(host: Host, root: str, mounted: list[str]) -> None:
    directory = inside(root, "/dev")
    for name, major, minor in _NODES:
        path = os.path.join(directory, name)
        if os.path.lexists(path):
            continue
        try:
            os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(major, minor))
            os.chmod(path, 0o666)
            with open(path, "rb" if name == "tty" else "wb"):
                pass
        except OSError as exc:
            if name != "tty":  # it cannot be opened by a process that has none
                _lend(host, directory, name, mounted, exc)
    for name, target in _LINKS:
        if not os.path.lexists(os.path.join(directory, name)):
            os.symlink(target, os.path.join(directory, name))
    for name in ("pts", "shm"):
        os.makedirs(os.path.join(directory, name), exist_ok=True)
    pts = os.path.join(directory, "pts")
    if host.run(["mount", "-t", "devpts", "-o", "noexec,nosuid,uid=5,mode=620,ptmxmode=666", "none", pts]).rc == 0:
        mounted.append(pts)


def _lend(host: Host, directory: str, name: str, mounted: list[str], cause: OSError) -> None:
    """A device that cannot be made, or not be used where the filesystem forbids them."""
    path = os.path.join(directory, name)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    with open(path, "wb"):
        pass
    done = host.run(["mount", "--bind", f"/dev/{name}", path])
    if done.rc != 0:
        raise HostError(f"/dev/{name} cannot be made in the new root: {cause}; {done.last_words}")
    mounted.append(path)
