# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What an inspected host's kernel can do for an engine, as a module's result."""

from __future__ import annotations

import typing as t

from ..host.machine import Host
from ..host.mounts import mount_of, read_mounts
from ..host.peek import entries, text
from . import storage_drivers
from .inspection import Inspection
from .kernel_needs import findings, options

Section = dict[str, t.Any]

NAMESPACES = ("cgroup", "ipc", "mnt", "net", "pid", "user", "uts")
SYSCTLS = (
    "kernel.keys.root_maxkeys",
    "net.bridge.bridge-nf-call-ip6tables",
    "net.bridge.bridge-nf-call-iptables",
    "net.ipv4.ip_forward",
    "net.ipv6.conf.all.disable_ipv6",
    "net.ipv6.conf.all.forwarding",
    "net.ipv6.conf.default.forwarding",
    "user.max_user_namespaces",
    "vm.max_map_count",
)


def kernel(inspection: Inspection) -> Section:
    """The kernel, feature by feature."""
    looked, groups = inspection.kernel, inspection.cgroups
    there = entries(inspection.host, "/proc/self/ns")
    return {
        "release": looked.release,
        "config_source": looked.config.source,
        "options": options(looked),
        "features": {
            feature.name: {
                "necessary": feature.necessary,
                "missing": list(finding.missing),
                "unknown": list(finding.unknown),
            }
            for feature, finding in findings(looked).items()
        },
        "namespaces": {name: name in there for name in NAMESPACES},
        "cgroup": {
            "layout": groups.layout,
            "controllers": list(groups.controllers),
            "missing": list(groups.missing),
        },
        "filesystems": sorted(looked.filesystems),
        "security": security(inspection.host),
        "sysctls": {name: _sysctl(inspection.host, name) for name in SYSCTLS},
    }


def storage(inspection: Inspection) -> Section:
    """The storage drivers, each with the reason why it cannot be used."""
    setting = inspection.settings.get("storage-driver")
    root = inspection.data_root
    drivers = storage_drivers.usable(
        inspection.host, inspection.versions.number, root, containerd_root(inspection), inspection.kernel
    )
    mount = mount_of(inspection.host, read_mounts(inspection.host), root)
    return {
        "data_root": root,
        "filesystem": mount.type if mount else "",
        "mount_point": mount.point if mount else "",
        "in_use": str(inspection.answers.info.get("Driver", "")),
        "configured": str(setting.value) if setting else "",
        "drivers": {name: {"usable": not reason, "reason": reason} for name, reason in drivers.items()},
        "needs_containerd_store": sorted(storage_drivers.SNAPSHOTTERS),
    }


def security(host: Host) -> Section:
    """What confines containers besides namespaces."""
    enforcing = text(host, "/sys/fs/selinux/enforce")
    return {
        "apparmor": text(host, "/sys/module/apparmor/parameters/enabled") == "Y",
        "seccomp": bool(text(host, "/proc/sys/kernel/seccomp/actions_avail")),
        "selinux": {"1": "enforcing", "0": "permissive"}.get(enforcing, "disabled"),
    }


def containerd_root(inspection: Inspection) -> str:
    """Where the containerd image store lies: with containerd, or with the engine where it starts one of its own."""
    if "containerd" in inspection.settings:
        return storage_drivers.CONTAINERD_ROOT
    return f"{inspection.data_root}/containerd/daemon"


def _sysctl(host: Host, name: str) -> str:
    """The value, empty where this kernel has none of that name now."""
    return text(host, "/proc/sys/" + name.replace(".", "/"))
