# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which filesystem a path lies on."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Host
from ansible_collections.slipway.docker.plugins.module_utils.host.mounts import (
    Mount,
    mount_of,
    nearest,
    parse_mountinfo,
    read_mounts,
)
from ansible_collections.slipway.docker.plugins.module_utils.host.xfs import stores_file_types
from unit.host.kernel_captures import read
from unit.trees import Tree, no_command


def test_a_real_table() -> None:
    mounts = parse_mountinfo(read("mounts/v2"))
    assert len(mounts) == 8
    assert mounts[0].type == "overlay"
    assert Mount("/sys/fs/cgroup", "cgroup2", "cgroup2", ("rw",), ("rw", "relatime")) in mounts


@pytest.mark.parametrize(
    ("line", "mount"),
    [
        ("36 35 98:0 /mnt1 /mnt2 rw - ext3 /dev/root rw,errors=continue", ("/mnt2", "ext3")),
        ("36 35 98:0 / /a\\040b rw shared:1 master:2 - xfs /dev/x rw", ("/a b", "xfs")),
        ("36 35 98:0 / /back\\134slash rw - tmpfs tmpfs rw", ("/back\\slash", "tmpfs")),
    ],
)
def test_lines(line: str, mount: tuple[str, str]) -> None:
    (found,) = parse_mountinfo(f"# no mount\n{line}\ncut off\n")
    assert (found.point, found.type) == mount


@pytest.mark.parametrize(
    ("path", "point"),
    [
        ("/var/lib/docker", "/var/lib/docker"),
        ("/var/lib/docker/overlay2/x", "/var/lib/docker"),
        ("/var/lib/docker-old", "/"),
        ("/tmp/x", "/tmp"),
        ("/", "/"),
    ],
)
def test_the_nearest_mount_counts(tree: Tree, path: str, point: str) -> None:
    tree.write("/proc/self/mountinfo", read("mounts/v2"))
    tree.at(path).mkdir(parents=True, exist_ok=True)
    found = mount_of(tree.host, read_mounts(tree.host), path)
    assert found is not None
    assert found.point == point


def test_of_two_at_one_point_the_later_counts(tree: Tree) -> None:
    mounts = [Mount("/", "ext4", "/dev/a"), Mount("/", "btrfs", "/dev/b")]
    found = mount_of(tree.host, mounts, "/srv")
    assert found is not None
    assert found.type == "btrfs"


def test_what_is_not_there_would_lie_in_the_folder_above(tree: Tree) -> None:
    tree.at("/srv").mkdir()
    assert nearest(tree.host, "/srv/docker/data") == "/srv"
    assert nearest(tree.host, "/nothing") == "/"


def test_links_are_followed(tree: Tree) -> None:
    tree.at("/disk/docker").mkdir(parents=True)
    tree.link("/var/lib/docker", "../../disk/docker")
    assert nearest(tree.host, "/var/lib/docker") == "/disk/docker"


def test_this_machine_s_root_lies_on_something() -> None:
    here = Host(no_command)
    mount = mount_of(here, read_mounts(here), "/")
    assert mount is not None
    assert mount.point == "/"


def test_what_is_no_xfs_is_not_asked_for_file_types(tree: Tree) -> None:
    assert stores_file_types(tree.host, "/")
    assert stores_file_types(tree.host, "/nothing")
