# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a user may be root among IDs of its own, and what stands against it."""

from __future__ import annotations

import os

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image.place.userns import (
    hindrance,
    is_mapped,
    subordinate,
    user_name,
)
from unit.image.doubles import with_programs
from unit.trees import Tree


@pytest.mark.parametrize(
    ("listing", "found"),
    [
        ("joe:100000:65536\n", (100000, 65536)),
        ("1000:5:65534", (5, 65534)),
        ("# joe\nann:1:65536\njoe:1:10\njoe:9:70000\n", (9, 70000)),
        ("joe:1:65533", None),
        ("joe:x:65536\njoe\n\n", None),
        ("", None),
    ],
)
def test_subordinate_ids(listing: str, found: tuple[int, int] | None) -> None:
    assert subordinate(listing, "joe", 1000) == found


@pytest.mark.parametrize(
    ("uid_map", "mapped"),
    [
        ("         0          0 4294967295\n", False),
        ("         0       1000          1\n         1     100000      65536\n", True),
        ("         0     231072      65536\n", True),
        ("", False),
    ],
    ids=["the machine's own", "a user's", "a container of a remapped engine", "no such kernel"],
)
def test_root_that_is_somebody_else(uid_map: str, mapped: bool) -> None:
    assert is_mapped(uid_map) is mapped


def test_what_stands_against_it(tree: Tree) -> None:
    assert "package uidmap" in hindrance(tree.host)
    with_programs(tree, "/usr/bin/newuidmap", "/usr/bin/newgidmap")
    assert "/etc/subuid gives" in hindrance(tree.host)
    listing = f"{user_name(os.getuid())}:100000:65536\n"
    tree.write("/etc/subuid", listing)
    assert "/etc/subgid gives" in hindrance(tree.host)
    tree.write("/etc/subgid", listing)
    assert hindrance(tree.host) == ""
    tree.write("/proc/sys/kernel/unprivileged_userns_clone", "0\n")
    assert hindrance(tree.host) == "the kernel's setting kernel.unprivileged_userns_clone is 0"
