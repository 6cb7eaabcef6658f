# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the running kernel can do, from its configuration or, without one, from what can be seen."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.kernel import Kernel, read_kernel
from ansible_collections.slipway.docker.plugins.module_utils.host.kernel_options import MODULES
from unit.host.kernel_captures import CGROUPS, RELEASES, boot, configure, install_modules
from unit.trees import Tree

DEBIAN = pytest.mark.parametrize("name", RELEASES)


@pytest.mark.parametrize(
    ("release", "version"),
    [("6.1.0-56-amd64", (6, 1)), ("6.12.117+deb13-amd64", (6, 12)), ("5.15", (5, 15)), ("", (0, 0)), ("x", (0, 0))],
)
def test_versions(release: str, version: tuple[int, int]) -> None:
    assert Kernel(release).version == version


@DEBIAN
def test_a_configured_kernel(tree: Tree, name: str) -> None:
    configure(tree, name, f"/boot/config-{boot(tree, name)}")
    install_modules(tree, name)
    kernel = read_kernel(tree.host)
    assert kernel.option("NAMESPACES") == "built-in"
    assert kernel.option("OVERLAY_FS") == "module"
    assert kernel.option("AUFS_FS") == "missing"
    assert kernel.option("NO_SUCH_THING") == "missing"
    assert kernel.lacks("OVERLAY_FS") == ""
    assert kernel.lacks("AUFS_FS") == "the kernel was built without CONFIG_AUFS_FS"


@DEBIAN
def test_the_modules_that_stand_for_options_are_those_that_debian_ships(tree: Tree, name: str) -> None:
    configure(tree, name, f"/boot/config-{boot(tree, name)}")
    install_modules(tree, name)
    kernel = read_kernel(tree.host)
    assert [option for option in MODULES if kernel.option(option) == "uninstalled"] == []


def test_a_module_whose_package_is_not_installed(tree: Tree) -> None:
    release = boot(tree, "debian-12")
    configure(tree, "debian-12", f"/boot/config-{release}")
    tree.write(f"/lib/modules/{release}/modules.dep", "kernel/net/bridge/bridge.ko:\n")
    kernel = read_kernel(tree.host)
    assert kernel.option("BRIDGE") == "module"
    assert kernel.option("IPVLAN") == "uninstalled"
    assert kernel.lacks("IPVLAN") == f"module ipvlan is not among the kernel's modules in /lib/modules/{release}"


def test_a_module_that_is_loaded_is_there_though_its_file_is_gone(tree: Tree) -> None:
    release = boot(tree, "debian-12")
    configure(tree, "debian-12", f"/boot/config-{release}")
    tree.write(f"/lib/modules/{release}/modules.dep", "kernel/net/bridge/bridge.ko:\n")
    tree.at("/sys/module/ipvlan").mkdir(parents=True)
    tree.write("/proc/filesystems", "nodev\tproc\nnodev\toverlay\n\text4\n")
    kernel = read_kernel(tree.host)
    assert kernel.option("IPVLAN") == "module"
    assert kernel.option("OVERLAY_FS") == "module"
    assert kernel.filesystems == {"proc", "overlay", "ext4"}


def test_in_a_container_modules_are_somebody_else_s(tree: Tree) -> None:
    configure(tree, "debian-12", f"/boot/config-{boot(tree, 'debian-12')}")
    assert read_kernel(tree.host).option("OVERLAY_FS") == "module"


@DEBIAN
def test_a_kernel_that_tells_nothing_but_its_modules(tree: Tree, name: str) -> None:
    boot(tree, name)
    install_modules(tree, name)
    kernel = read_kernel(tree.host)
    assert kernel.option("OVERLAY_FS") == "module"
    assert kernel.option("AUFS_FS") == "missing"
    assert kernel.option("NAMESPACES") == "unknown"
    assert kernel.lacks("NAMESPACES") == ""


def test_a_kernel_that_is_seen_at_work(tree: Tree) -> None:
    boot(tree, "debian-12")
    for namespace in ("cgroup", "ipc", "mnt", "net", "pid", "uts"):
        tree.write(f"/proc/self/ns/{namespace}", "")
    tree.write("/proc/cgroups", CGROUPS)
    tree.write("/proc/filesystems", "nodev\tmqueue\nnodev\toverlay\n")
    tree.write("/proc/sys/kernel/seccomp/actions_avail", "kill_process kill_thread trap errno\n")
    tree.write("/proc/sys/kernel/keys/root_maxkeys", "1000000\n")
    kernel = read_kernel(tree.host)
    for option in (
        *("NAMESPACES", "NET_NS", "PID_NS", "IPC_NS", "UTS_NS", "CGROUPS", "CPUSETS", "MEMCG", "CGROUP_PIDS"),
        *("POSIX_MQUEUE", "OVERLAY_FS", "SECCOMP", "SECCOMP_FILTER", "KEYS"),
    ):
        assert kernel.option(option) == "built-in", option
    assert kernel.option("USER_NS") == "unknown"
    assert kernel.option("BTRFS_FS") == "unknown"


def test_a_root_that_is_not_booted(tree: Tree) -> None:
    kernel = read_kernel(tree.host)
    assert (kernel.release, kernel.config.source, kernel.option("OVERLAY_FS")) == ("", "", "unknown")
