# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Which storage drivers can be used on a host, and why the others cannot.

What an engine has built in is known by its version; a distribution may have left one out all the same.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ..host.kernel import Kernel, read_kernel
from ..host.machine import Host
from ..host.mounts import Mount, mount_of, read_mounts
from ..host.peek import entries, text
from ..host.xfs import stores_file_types
from .version import Version, before, parse_version

CONTAINERD_ROOT = "/var/lib/containerd"

# Snapshotters of the containerd image store. They are a storage-driver only where that store is switched on.
SNAPSHOTTERS = frozenset({"overlayfs", "native"})

# The kernel takes none of these as the upper layer of an overlay, whatever is built on them.
_NO_UPPER_LAYER = (
    "overlay aufs ecryptfs nfs nfs4 cifs smb3 9p ceph fuse fuseblk vfat msdos exfat ntfs ntfs3 squashfs erofs iso9660 "
    "ramfs"
).split()


@dataclass(frozen=True)
class Ground:
    """What a driver would stand on.

    :param mount: the filesystem of the data root
    :param store: the filesystem of containerd's own data
    """

    host: Host
    kernel: Kernel
    version: Version | None
    data_root: str
    mount: Mount | None
    store: Mount | None


@dataclass(frozen=True)
class Driver:
    """A storage driver.

    :param objection: why a ground does not carry it, empty when it does
    :param since: engine that brought it
    :param removed: engine that no longer has it
    """

    objection: t.Callable[[Ground], str]
    since: str = ""
    removed: str = ""


def usable(
    host: Host,
    version: Version | None,
    data_root: str,
    containerd_root: str = CONTAINERD_ROOT,
    kernel: Kernel | None = None,
) -> dict[str, str]:
    """Every storage driver there is or was, with the reason why it cannot be used; empty for those that can.

    Nothing is mounted or written to find out.

    :param version: of the engine; None judges by the host alone
    :param data_root: where the engine keeps its data, or is going to
    :param kernel: where the caller has looked at it before
    """
    mounts = read_mounts(host)
    ground = Ground(
        host,
        kernel or read_kernel(host),
        version,
        data_root,
        mount_of(host, mounts, data_root),
        mount_of(host, mounts, containerd_root),
    )
    return {name: _in_engine(driver, version) or driver.objection(ground) for name, driver in DRIVERS.items()}


def _in_engine(driver: Driver, version: Version | None) -> str:
    if version is None:
        return ""
    if driver.removed and not before(version, driver.removed):
        return f"engine {driver.removed} removed it"
    if driver.since and before(version, driver.since):
        return f"it came with engine {driver.since}"
    return ""


def _aufs(ground: Ground) -> str:
    return ground.kernel.lacks("AUFS_FS") or _upper_layer(ground.mount)


def _btrfs(ground: Ground) -> str:
    return ground.kernel.lacks("BTRFS_FS") or _lies_on(ground, "btrfs") or _no_programs(ground.mount)


def _devicemapper(ground: Ground) -> str:
    return ground.kernel.lacks("BLK_DEV_DM") or ground.kernel.lacks("DM_THIN_PROVISIONING")


def _fuse_overlayfs(ground: Ground) -> str:
    if ground.kernel.version < (4, 18):
        return f"it needs kernel 4.18 or newer; this is {ground.kernel.release}"
    if ground.host.find_program("fuse-overlayfs") is None:
        return "program fuse-overlayfs is not installed"
    return ground.kernel.lacks("FUSE_FS") or _device(ground, "/dev/fuse")


def _overlay(ground: Ground) -> str:
    """The first overlay driver: pickier than the kernel about what lies below it."""
    picky = {"btrfs", "zfs"}
    if ground.mount and ground.mount.type in picky:
        return f"{ground.data_root} lies on {ground.mount.type}, which this driver refuses"
    return _overlay2(ground)


def _overlay2(ground: Ground) -> str:
    return (
        ground.kernel.lacks("OVERLAY_FS")
        or _upper_layer(ground.mount)
        or _zfs_without_overlay(ground)
        or _file_types(ground)
    )


def _overlayfs(ground: Ground) -> str:
    return ground.kernel.lacks("OVERLAY_FS") or _upper_layer(ground.store)


def _zfs(ground: Ground) -> str:
    if ground.host.find_program("zfs") is None:
        return "program zfs is not installed"
    return _lies_on(ground, "zfs") or _device(ground, "/dev/zfs")


def _native(ground: Ground) -> str:
    return _no_programs(ground.store)


def _vfs(ground: Ground) -> str:
    return _no_programs(ground.mount)


DRIVERS: dict[str, Driver] = {
    "aufs": Driver(_aufs, removed="24.0"),
    "btrfs": Driver(_btrfs),
    "devicemapper": Driver(_devicemapper, removed="25.0"),
    "fuse-overlayfs": Driver(_fuse_overlayfs, since="20.10"),
    "native": Driver(_native, since="24.0"),
    "overlay": Driver(_overlay, removed="24.0"),
    "overlay2": Driver(_overlay2),
    "overlayfs": Driver(_overlayfs, since="24.0"),
    "vfs": Driver(_vfs),
    "zfs": Driver(_zfs),
}


def _upper_layer(mount: Mount | None) -> str:
    if mount and (mount.type in _NO_UPPER_LAYER or mount.type.startswith("fuse.")):
        return f"{mount.point} is {mount.type}, on which no overlay can be built"
    return ""


def _no_programs(mount: Mount | None) -> str:
    """A container's files are plain folders with these drivers, under the rules of the mount that they lie on."""
    if mount and "noexec" in mount.flags:
        return f"{mount.point} is mounted noexec, so that no program runs in a container"
    return ""


def _lies_on(ground: Ground, wanted: str) -> str:
    """The data root itself has to be on the driver's filesystem, or the driver's own folder in it."""
    own = mount_of(ground.host, read_mounts(ground.host), f"{ground.data_root}/{wanted}")
    if own is None or own.type == wanted:
        return ""
    return f"{ground.data_root} lies on {own.type}, not on {wanted}"


def _device(ground: Ground, path: str) -> str:
    return "" if ground.host.exists(path) else f"{path} is not there"


def _zfs_without_overlay(ground: Ground) -> str:
    if ground.mount is None or ground.mount.type != "zfs":
        return ""
    release = parse_version(text(ground.host, "/sys/module/zfs/version"))
    if release and before(release, "2.2"):
        return f"overlays on zfs came with ZFS 2.2; this is {'.'.join(map(str, release))}"
    return ""


def _file_types(ground: Ground) -> str:
    """XFS can be made without file types in its folders. Engine 20.10 puts up with that for what is there already."""
    if ground.mount is None or ground.mount.type != "xfs" or stores_file_types(ground.host, ground.mount.point):
        return ""
    lenient = ground.version is not None and before(ground.version, "23.0")
    if lenient and entries(ground.host, f"{ground.data_root}/overlay2"):
        return ""
    return f"{ground.mount.point} was made without file types (mkfs.xfs -n ftype=1)"
