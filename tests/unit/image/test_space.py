# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Room is looked for before anything is done, and a lack of it is told with place, need and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.image.place.memory import (
    available,
    group_folders,
    parse_available,
)
from ansible_collections.slipway.docker.plugins.module_utils.image.place.space import (
    Estimate,
    Filesystem,
    Need,
    engine_need,
    estimate,
    lacks,
    look,
    memory_for,
    refuse_lack,
    refuse_root,
    work_need,
)
from ansible_collections.slipway.docker.plugins.module_utils.image.root.failure import BootstrapFailed
from unit.trees import Tree

MIB = 1 << 20
GIB = 1 << 30
MEMINFO = "MemTotal:       24683520 kB\nMemFree:        21000000 kB\nMemAvailable:    1048576 kB\n"


def test_estimates_grow_with_what_is_asked_for() -> None:
    slim = estimate("mmdebstrap", "apt", True, 0)
    assert slim.layer < estimate("mmdebstrap", "apt", False, 0).layer < 200 * MIB
    assert 274 * MIB < slim.root < estimate("mmdebstrap", "apt", True, 1).root
    assert estimate("mmdebstrap", "apt", True, 1, installed=GIB).layer >= GIB
    assert estimate("mmdebstrap", "apt", True, 1, installed=1).root == slim.root
    assert estimate("new", "new", False, 0).root >= slim.root


@pytest.mark.parametrize(
    ("wish", "free", "given"),
    [
        ("auto", 4 * GIB, (4 * GIB - 256 * MIB) // 2),
        ("auto", GIB, 384 * MIB),
        ("auto", 900 * MIB, 0),
        ("auto", 0, 0),
        ("never", 4 * GIB, 0),
        ("always", 900 * MIB, 350 * MIB),
        ("always", 4 * GIB, (4 * GIB - 256 * MIB) // 2),
    ],
)
def test_memory(wish: str, free: int, given: int) -> None:
    assert memory_for(wish, 350 * MIB, free) == given


def test_memory_that_there_is_not() -> None:
    with pytest.raises(HostError, match="always needs 350 MiB, available are 300 MiB; use in_memory: auto"):
        memory_for("always", 350 * MIB, 300 * MIB)


NEEDED = Estimate(400 * MIB, 100 * MIB)
NEEDS = (work_need("/var/tmp", NEEDED), engine_need("/var/lib/docker", NEEDED))


def on(devices: dict[str, tuple[int, int]], needs: tuple[Need, ...] = NEEDS) -> list[str]:
    return lacks(needs, lambda path: Filesystem(devices[path][0], devices[path][1] * MIB))


def test_enough() -> None:
    assert on({"/var/tmp": (1, 400), "/var/lib/docker": (2, 200)}) == []
    assert on({"/var/tmp": (1, 600), "/var/lib/docker": (1, 600)}) == []


def test_all_places_that_lack_room_are_told() -> None:
    work, data = on({"/var/tmp": (1, 399), "/var/lib/docker": (2, 0)})
    assert work.startswith("/var/tmp (for the root filesystem): needs 400 MiB, free are 399 MiB; make room there")
    assert data.startswith("/var/lib/docker (for the image in the engine): needs 200 MiB, free are 0 MiB; make room")


def test_places_on_one_filesystem_share_its_room() -> None:
    (told,) = on({"/var/tmp": (1, 599), "/var/lib/docker": (1, 599)})
    assert told.startswith(
        "/var/tmp (for the root filesystem) and /var/lib/docker (for the image in the engine): needs 600"
    )


def test_real_filesystem(tmp_path: Path) -> None:
    assert look(str(tmp_path)).device == look(str(tmp_path / "not" / "there")).device
    refuse_lack([Need(str(tmp_path), 1, "a byte", "none")])
    with pytest.raises(HostError, match=r"not enough disk space, nothing was done: .*needs 1099511627776 MiB"):
        refuse_lack([Need(str(tmp_path), 1 << 60, "all of it", "a larger disk")])


def test_known_packages(tmp_path: Path) -> None:
    refuse_root(str(tmp_path), 1 << 20, 1)
    with pytest.raises(BootstrapFailed, match="the packages need 1153434 MiB, free are") as caught:
        refuse_root(str(tmp_path), 1 << 40, 0)
    assert caught.value.of_space


def test_memory_of_the_machine(tree: Tree) -> None:
    assert available(tree.host) == 0
    tree.write("/proc/meminfo", MEMINFO)
    assert available(tree.host) == GIB == parse_available(MEMINFO)


def test_groups_of_both_versions() -> None:
    assert group_folders("0::/a/b\n") == [(2, "/sys/fs/cgroup", "/a/b")]
    hybrid = "9:name=systemd:/\n4:cpu,memory:/a\n0::/\n"
    assert group_folders(hybrid) == [(1, "/sys/fs/cgroup/memory", "/a"), (2, "/sys/fs/cgroup", "/")]


@pytest.mark.parametrize(
    ("cgroup", "files", "left"),
    [
        ("0::/a/b\n", {"a/memory.max": "1000", "a/memory.current": "900", "a/memory.stat": "inactive_file 50\n"}, 150),
        ("0::/a/b\n", {"a/memory.max": "max", "a/memory.current": "900"}, GIB),
        ("4:memory:/x\n", {"memory/memory.limit_in_bytes": "100", "memory/memory.usage_in_bytes": "40"}, 60),
        ("4:memory:/\n", {"memory/memory.limit_in_bytes": str(1 << 62), "memory/memory.usage_in_bytes": "40"}, GIB),
    ],
    ids=["a group above", "no limit", "version 1 in a container", "version 1 without a limit"],
)
def test_memory_of_the_groups(tree: Tree, cgroup: str, files: dict[str, str], left: int) -> None:
    tree.write("/proc/meminfo", MEMINFO)
    tree.write("/proc/self/cgroup", cgroup)
    for name, content in files.items():
        tree.write(f"/sys/fs/cgroup/{name}", content)
    assert available(tree.host) == left
