# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How control groups are mounted, and what can be limited by them."""

from __future__ import annotations

from ansible_collections.slipway.docker.plugins.module_utils.host.cgroups import Cgroups, read_cgroups
from unit.host.kernel_captures import CGROUPS, read
from unit.trees import Tree

ALL_V1 = ("blkio", "cpu", "cpuacct", "cpuset", "devices", "freezer", "memory", "pids")


def host_with(tree: Tree, mounts: str, controllers: str | None = None) -> Cgroups:
    tree.write("/proc/self/mountinfo", mounts)
    tree.write("/proc/cgroups", CGROUPS)
    if controllers is not None:
        tree.write("/sys/fs/cgroup/cgroup.controllers", controllers)
    return read_cgroups(tree.host)


def test_hybrid(tree: Tree) -> None:
    assert host_with(tree, read("mounts/hybrid")) == Cgroups("hybrid", ALL_V1, ())


def test_version_1(tree: Tree) -> None:
    mounts = "".join(line for line in read("mounts/hybrid").splitlines(True) if "cgroup2" not in line)
    assert host_with(tree, mounts) == Cgroups("v1", ALL_V1, ())


def test_version_1_with_controllers_that_share_a_mount_and_one_that_is_not_mounted(tree: Tree) -> None:
    mounts = read("mounts/hybrid").replace("rw,cpuacct", "rw,cpu,cpuacct")
    mounts = "".join(line for line in mounts.splitlines(True) if not line.endswith(("rw,cpu\n", "rw,memory\n")))
    assert host_with(tree, mounts) == Cgroups("hybrid", tuple(c for c in ALL_V1 if c != "memory"), ("memory",))


def test_version_2(tree: Tree) -> None:
    found = host_with(tree, read("mounts/v2"), "cpuset cpu io memory hugetlb pids rdma misc\n")
    assert found == Cgroups("v2", ("cpu", "cpuset", "hugetlb", "io", "memory", "misc", "pids", "rdma"), ())


def test_version_2_without_controllers_as_in_a_container(tree: Tree) -> None:
    assert host_with(tree, read("mounts/v2"), "\n") == Cgroups("v2", (), ("cpu", "cpuset", "io", "memory", "pids"))


def test_nothing_is_mounted(tree: Tree) -> None:
    assert host_with(tree, "") == Cgroups("none", (), ALL_V1)
