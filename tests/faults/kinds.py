# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The faults: each is arranged, meets one run, and is cleared again."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

FAST = {"settle": 0, "timeout": 20}
WITH_HOSTS: dict[str, t.Any] = {"hosts": ["unix:///var/run/docker.sock", "tcp://127.0.0.1:2375"]}
# Everything moves between these two: the file, both drop-ins, the socket unit, the flag that an administrator has put
# into /etc/default/docker, a variable there, and the daemon has to restart.
BIP = "10.9.0.1/24"
OLD = {"config": {**WITH_HOSTS, "labels": ["state=old"], "bip": BIP}, "variables": {"no_proxy": "old"}, **FAST}
NEW = {"config": {"log-driver": "local", "labels": ["state=new"]}, "variables": {"no_proxy": "new"}, **FAST}


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong.

    :ivar arrange: shell script that brings it about
    :ivar clear: shell script that ends it
    :ivar tracer: command that the run is started under
    :ivar labels: of daemon.json in the run that meets it
    :ivar says: what the error must say; empty where the run is killed
    :ivar outage: whether the daemon is down before the run, so that the run has to come through
    :ivar writes_units: whether it matters only on the way on which units are written
    """

    name: str
    arrange: str = "true"
    clear: str = "true"
    tracer: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    settings: dict[str, t.Any] = field(default_factory=dict)
    says: str = ""
    outage: bool = False
    writes_units: bool = False


def kills(counts: dict[str, int]) -> list[Fault]:
    """A kill at each place where a run writes, removes, starts a program or connects.

    :param counts: how often a whole run makes each system call
    """
    found = []
    for call, count in counts.items():
        for number in range(1, count + 1):
            tracer = ("strace", "-qq", "-o", "/dev/null", "-e", f"trace={call}")
            inject = ("-e", f"inject={call}:signal=KILL:when={number}")
            found.append(Fault(f"killed at {call} {number} of {count}", tracer=(*tracer, *inject)))
    return found


def _full(folder: str) -> tuple[str, str]:
    """A file system without room in the place of a folder, with what was in the folder."""
    fill = f"cp -a {folder}/. /run/kept/ && mount -t tmpfs -o size=64k tmpfs {folder} && cp -a /run/kept/. {folder}/"
    return (
        f"rm -rf /run/kept && mkdir /run/kept && {fill} && dd if=/dev/zero of={folder}/fill bs=1k 2>/dev/null; true",
        f"umount {folder}",
    )


def _read_only(folder: str) -> tuple[str, str]:
    return f"mount --bind {folder} {folder} && mount -o remount,bind,ro {folder}", f"umount {folder}"


def others() -> list[Fault]:
    """Everything but kills."""
    found = []
    for folder in ("/etc/docker", "/etc/systemd/system", "/etc/default", "/var/lib/slipway"):
        arrange, clear = _full(folder)
        units = folder == "/etc/systemd/system"
        found.append(Fault(f"disk full: {folder}", arrange, clear, says="No space left on device", writes_units=units))
        arrange, clear = _read_only(folder)
        found.append(Fault(f"read-only: {folder}", arrange, clear, says="Read-only file system", writes_units=units))
    limit = "for i in 1 2 3 4 5; do systemctl restart docker.service; done; true"
    return [
        *found,
        Fault("dockerd refuses the file", settings={"config": {"dns": ["nonsense"]}}, says="nonsense"),
        Fault("dockerd refuses to start", labels=("fault=refuse",), says="this is the fault"),
        Fault("dockerd dies after 2 s", labels=("fault=die",), settings={"settle": 4}, says="the daemon ended"),
        Fault("dockerd hangs", labels=("fault=hang",), settings={"timeout": 3}, says="has not started after"),
        Fault("start limit was hit before", arrange=limit, outage=True),
        Fault("somebody edits the file", "touch /run/edit-in-between", says="was changed by somebody else"),
    ]
