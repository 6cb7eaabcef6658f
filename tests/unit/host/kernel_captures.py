# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What kernels of Debian and of test hosts say of themselves, cut down to what an engine asks for."""

from __future__ import annotations

import gzip
from pathlib import Path

from unit.trees import Tree

CAPTURES = Path(__file__).parent / "captures"
RELEASES = {"debian-12": "6.1.0-56-amd64", "debian-13": "6.12.117+deb13-amd64"}

CGROUPS = """\
#subsys_name\thierarchy\tnum_cgroups\tenabled
cpuset\t3\t40\t1
cpu\t1\t263\t1
cpuacct\t2\t40\t1
blkio\t7\t67\t1
memory\t4\t928\t1
devices\t5\t360\t1
freezer\t6\t40\t1
net_cls\t0\t380\t1
perf_event\t0\t380\t1
net_prio\t0\t380\t1
hugetlb\t0\t380\t1
pids\t8\t360\t1
"""


def read(name: str) -> str:
    return (CAPTURES / name).read_text()


def boot(tree: Tree, name: str) -> str:
    """Let a tree run a kernel without telling anything of it; returns its release."""
    release = RELEASES[name]
    tree.write("/proc/sys/kernel/osrelease", f"{release}\n")
    return release


def configure(tree: Tree, name: str, place: str) -> None:
    """Put a kernel's configuration somewhere."""
    text = read(f"{name}/config").encode()
    tree.write(place, gzip.compress(text) if place.endswith(".gz") else text)


def install_modules(tree: Tree, name: str) -> None:
    for listing in ("modules.dep", "modules.builtin"):
        tree.write(f"/lib/modules/{RELEASES[name]}/{listing}", read(f"{name}/{listing}"))
