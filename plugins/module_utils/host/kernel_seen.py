# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What can be seen of the kernel's options at work, without its configuration. What is not seen may still be there."""

from __future__ import annotations

from .machine import Host
from .peek import entries, text

_NAMESPACES = {"ipc": "IPC_NS", "net": "NET_NS", "pid": "PID_NS", "user": "USER_NS", "uts": "UTS_NS"}
_CONTROLLERS = {
    "blkio": "BLK_CGROUP",
    "cpu": "CGROUP_SCHED",
    "cpuacct": "CGROUP_CPUACCT",
    "cpuset": "CPUSETS",
    "devices": "CGROUP_DEVICE",
    "freezer": "CGROUP_FREEZER",
    "hugetlb": "CGROUP_HUGETLB",
    "memory": "MEMCG",
    "net_prio": "CGROUP_NET_PRIO",
    "perf_event": "CGROUP_PERF",
    "pids": "CGROUP_PIDS",
}
_FILESYSTEMS = {
    "aufs": "AUFS_FS",
    "btrfs": "BTRFS_FS",
    "ext4": "EXT4_FS",
    "fuse": "FUSE_FS",
    "mqueue": "POSIX_MQUEUE",
    "overlay": "OVERLAY_FS",
    "selinuxfs": "SECURITY_SELINUX",
}
_FILES = {
    "/proc/sys/kernel/keys/root_maxkeys": ("KEYS",),
    "/proc/sys/kernel/seccomp/actions_avail": ("SECCOMP", "SECCOMP_FILTER"),
    "/sys/module/apparmor/parameters/enabled": ("SECURITY_APPARMOR",),
}


def read_filesystems(host: Host) -> frozenset[str]:
    """Filesystems in the kernel now; a module that is not loaded is not among them."""
    return frozenset(line.split()[-1] for line in text(host, "/proc/filesystems").splitlines() if line.strip())


def read_controllers(host: Host) -> list[str]:
    """Controllers of control groups that the kernel was built with."""
    return [line.split("\t")[0] for line in text(host, "/proc/cgroups").splitlines() if not line.startswith("#")]


def seen_options(host: Host) -> frozenset[str]:
    """Options of the kernel's configuration that are set for sure, since what they bring is there."""
    namespaces = {_NAMESPACES[name] for name in entries(host, "/proc/self/ns") if name in _NAMESPACES}
    controllers = {_CONTROLLERS[name] for name in read_controllers(host) if name in _CONTROLLERS}
    filesystems = {_FILESYSTEMS[name] for name in read_filesystems(host) if name in _FILESYSTEMS}
    files = {option for path, options in _FILES.items() if text(host, path) for option in options}
    found = namespaces | controllers | filesystems | files
    return frozenset(found | ({"NAMESPACES"} if namespaces else set()) | ({"CGROUPS"} if controllers else set()))
