# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which storage drivers can be used, and why the others cannot."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon import storage_drivers
from ansible_collections.slipway.docker.plugins.module_utils.daemon.storage_drivers import DRIVERS, SNAPSHOTTERS, usable
from ansible_collections.slipway.docker.plugins.module_utils.daemon.version import parse_version
from unit.host.kernel_captures import boot, configure, install_modules
from unit.trees import Tree

ROOT = "/var/lib/docker"


@pytest.fixture
def host(tree: Tree) -> Tree:
    """A Debian 13 machine with one ext4."""
    configure(tree, "debian-13", f"/boot/config-{boot(tree, 'debian-13')}")
    install_modules(tree, "debian-13")
    tree.at(ROOT).mkdir(parents=True)
    tree.at("/var/lib/containerd").mkdir()
    mount(tree, ("/", "ext4"))
    return tree


def mount(tree: Tree, *mounts: tuple[str, str]) -> None:
    lines = (f"27 1 254:0 / {point} rw,relatime - {kind} /dev/x rw\n" for point, kind in mounts)
    tree.write("/proc/self/mountinfo", "".join(lines))


def program(tree: Tree, name: str) -> None:
    tree.write(f"/usr/bin/{name}", "")
    tree.at(f"/usr/bin/{name}").chmod(0o755)


def reasons(tree: Tree, version: str = "", root: str = ROOT) -> dict[str, str]:
    return usable(tree.host, parse_version(version), root)


@pytest.mark.parametrize(
    ("version", "drivers"),
    [
        ("20.10.24+dfsg1", {"devicemapper", "overlay", "overlay2", "vfs"}),
        ("23.0.6", {"devicemapper", "overlay", "overlay2", "vfs"}),
        ("24.0.9", {"devicemapper", "overlay2", "vfs", "native", "overlayfs"}),
        ("26.1.5+dfsg1", {"overlay2", "vfs", "native", "overlayfs"}),
        ("29.0.1", {"overlay2", "vfs", "native", "overlayfs"}),
        ("", {"devicemapper", "overlay", "overlay2", "vfs", "native", "overlayfs"}),
    ],
)
def test_by_engine(host: Tree, version: str, drivers: set[str]) -> None:
    assert {name for name, reason in reasons(host, version).items() if not reason} == drivers


@pytest.mark.parametrize(
    ("driver", "version", "reason"),
    [
        ("aufs", "20.10", "the kernel was built without CONFIG_AUFS_FS"),
        ("aufs", "24.0", "engine 24.0 removed it"),
        ("overlay", "24.0", "engine 24.0 removed it"),
        ("devicemapper", "24.0.9", ""),
        ("devicemapper", "25.0.0", "engine 25.0 removed it"),
        ("overlayfs", "23.0", "it came with engine 24.0"),
        ("native", "20.10", "it came with engine 24.0"),
        ("zfs", "26.1", "program zfs is not installed"),
        ("fuse-overlayfs", "26.1", "program fuse-overlayfs is not installed"),
        ("btrfs", "26.1", "/var/lib/docker lies on ext4, not on btrfs"),
    ],
)
def test_reasons(host: Tree, driver: str, version: str, reason: str) -> None:
    assert reasons(host, version)[driver] == reason


@pytest.mark.parametrize("kind", ["overlay", "nfs4", "fuse.glusterfs", "vfat", "9p"])
def test_no_overlay_on_these(host: Tree, kind: str) -> None:
    mount(host, ("/", "ext4"), (ROOT, kind))
    found = reasons(host, "26.1")
    assert found["overlay2"] == f"{ROOT} is {kind}, on which no overlay can be built"
    assert found["vfs"] == ""
    assert found["overlayfs"] == ""  # containerd's data lies elsewhere


def test_the_containerd_store_lies_with_containerd(host: Tree) -> None:
    mount(host, ("/", "overlay"), (ROOT, "ext4"))
    found = reasons(host, "26.1")
    assert found["overlay2"] == ""
    assert found["overlayfs"] == "/ is overlay, on which no overlay can be built"
    beside = usable(host.host, (26, 1), ROOT, f"{ROOT}/containerd/daemon")
    assert beside["overlayfs"] == ""


def test_folders_of_containers_on_a_mount_without_programs(host: Tree) -> None:
    host.write("/proc/self/mountinfo", f"27 1 254:0 / {ROOT} rw,noexec - tmpfs tmpfs rw\n")
    found = reasons(host, "26.1")
    assert found["vfs"] == f"{ROOT} is mounted noexec, so that no program runs in a container"
    assert (found["overlay2"], found["native"]) == ("", "")


def test_btrfs(host: Tree) -> None:
    mount(host, ("/", "ext4"), (ROOT, "btrfs"))
    found = reasons(host, "20.10.24")
    assert (found["btrfs"], found["overlay2"]) == ("", "")
    assert found["overlay"] == f"{ROOT} lies on btrfs, which this driver refuses"


def test_a_driver_s_own_folder_may_lie_on_its_filesystem(host: Tree) -> None:
    mount(host, ("/", "ext4"), (f"{ROOT}/btrfs", "btrfs"))
    host.at(f"{ROOT}/btrfs").mkdir()
    assert reasons(host)["btrfs"] == ""


def test_zfs(host: Tree) -> None:
    mount(host, ("/", "ext4"), (ROOT, "zfs"))
    program(host, "zfs")
    assert reasons(host)["zfs"] == "/dev/zfs is not there"
    host.write("/dev/zfs", "")
    host.write("/sys/module/zfs/version", "2.1.11-1\n")
    found = reasons(host)
    assert found["zfs"] == ""
    assert found["overlay2"] == "overlays on zfs came with ZFS 2.2; this is 2.1.11"
    host.write("/sys/module/zfs/version", "2.3.2-2\n")
    assert reasons(host)["overlay2"] == ""


def test_fuse_overlayfs(host: Tree) -> None:
    program(host, "fuse-overlayfs")
    assert reasons(host)["fuse-overlayfs"] == "/dev/fuse is not there"
    host.write("/dev/fuse", "")
    assert reasons(host)["fuse-overlayfs"] == ""
    host.write("/proc/sys/kernel/osrelease", "4.17.0\n")
    assert reasons(host)["fuse-overlayfs"] == "it needs kernel 4.18 or newer; this is 4.17.0"


def test_xfs_without_file_types(host: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    mount(host, ("/", "xfs"))
    assert reasons(host)["overlay2"] == ""
    monkeypatch.setattr(storage_drivers, "stores_file_types", lambda host, path: False)
    refused = "/ was made without file types (mkfs.xfs -n ftype=1)"
    assert reasons(host, "20.10.24")["overlay2"] == refused
    host.at(f"{ROOT}/overlay2/l").mkdir(parents=True)
    assert reasons(host, "20.10.24")["overlay2"] == ""
    assert reasons(host, "23.0")["overlay2"] == refused


def test_a_module_whose_package_is_not_installed(host: Tree) -> None:
    release = "6.12.117+deb13-amd64"
    host.write(f"/lib/modules/{release}/modules.dep", "kernel/net/bridge/bridge.ko:\n")
    assert reasons(host)["overlay2"].startswith("module overlay is not among the kernel's modules in /lib/modules/")


def test_a_host_of_which_nothing_is_known(tree: Tree) -> None:
    found = reasons(tree)
    assert found.keys() == DRIVERS.keys()
    assert found["overlay2"] == found["vfs"] == ""
    assert found.keys() > SNAPSHOTTERS
