# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What this machine can do. Everything here is looked at, nothing assumed."""

from __future__ import annotations

import os
import typing as t
from dataclasses import dataclass

# capabilities(7), by bit number.
CAPABILITIES = (
    "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE"
    " NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN"
    " SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE"
    " MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE"
).split()
# Not known to engines before 23.
NEWEST_CAPABILITIES = ("PERFMON", "BPF", "CHECKPOINT_RESTORE")


@dataclass(frozen=True)
class Machine:
    """
    :ivar cgroup: ``v1`` (with or without systemd's own v2 tree beside it) or ``v2``
    :ivar systemd: whether systemd is its PID 1
    :ivar missing: capabilities this process cannot give to a test host
    :ivar apparmor: whether the kernel confines with AppArmor
    """

    cgroup: str
    systemd: bool
    missing: tuple[str, ...]
    apparmor: bool

    @property
    def may_raise_limits(self) -> bool:
        return "SYS_RESOURCE" not in self.missing

    def describe(self) -> str:
        lacks = f", lacks {', '.join(self.missing)}" if self.missing else ""
        return f"cgroup {self.cgroup}, {'systemd' if self.systemd else 'no systemd'}{lacks}"


def detect() -> Machine:
    return Machine(
        cgroup=cgroup_layout(_read("/proc/self/mountinfo")),
        systemd=os.path.isdir("/run/systemd/system"),
        missing=missing_capabilities(_read("/proc/self/status"), int(_read("/proc/sys/kernel/cap_last_cap") or 0)),
        apparmor=_read("/sys/module/apparmor/parameters/enabled").strip() == "Y",
    )


def cgroup_layout(mountinfo: str) -> str:
    """``v2`` when the cgroup tree itself is of the second version, else ``v1``."""
    for line in mountinfo.splitlines():
        before, _dash, after = line.partition(" - ")
        if before.split(" ")[4:5] == ["/sys/fs/cgroup"] and after.startswith("cgroup2 "):
            return "v2"
    return "v1"


def missing_capabilities(status: str, last: int) -> tuple[str, ...]:
    """Capabilities the kernel knows that are outside this process's bounding set."""
    bounding = next((int(line.split()[1], 16) for line in status.splitlines() if line.startswith("CapBnd:")), 0)
    return tuple(name for bit, name in enumerate(CAPABILITIES) if bit <= last and not bounding >> bit & 1)


INOTIFY: t.Final = "/proc/sys/fs/inotify/max_user_instances"


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as opened:
            return opened.read()
    except OSError:
        return ""
