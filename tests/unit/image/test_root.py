# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written into a root filesystem stays in it, and what is mounted in one is found."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.image.place.scratch import mounts_below, scratch
from ansible_collections.slipway.docker.plugins.module_utils.image.recipe import RootFile
from ansible_collections.slipway.docker.plugins.module_utils.image.root.files import inside, put_file
from unit.trees import Tree


def test_file_replaces_a_link_instead_of_writing_through_it(tree: Tree, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("untouched")
    tree.link("/etc/resolv.conf", str(outside))
    put_file(str(tree.root), RootFile("/etc/resolv.conf", "nameserver 192.0.2.1\n", 0o640))
    assert outside.read_text() == "untouched"
    assert tree.read("/etc/resolv.conf") == b"nameserver 192.0.2.1\n"
    assert tree.at("/etc/resolv.conf").stat().st_mode & 0o777 == 0o640


def test_link_of_a_directory_within_the_root_is_followed(tree: Tree) -> None:
    tree.at("/usr/lib").mkdir(parents=True)
    tree.link("/lib", "usr/lib")
    put_file(str(tree.root), RootFile("/lib/x/y", "z"))
    assert tree.read("/usr/lib/x/y") == b"z"


def test_link_of_a_directory_out_of_the_root_is_refused(tree: Tree, tmp_path: Path) -> None:
    tree.link("/var/run", str(tmp_path))
    with pytest.raises(HostError, match="/var/run/x leads out of the root filesystem"):
        put_file(str(tree.root), RootFile("/var/run/x", "z"))
    with pytest.raises(HostError, match="leads out"):
        inside(str(tree.root), "/../x")


def test_symbolic_link(tree: Tree) -> None:
    put_file(str(tree.root), RootFile("/etc/localtime", link="/usr/share/zoneinfo/UTC"))
    assert os.readlink(tree.at("/etc/localtime")) == "/usr/share/zoneinfo/UTC"


MOUNTINFO = """\
21 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 21 0:5 / /srv/root rw - tmpfs none rw
31 30 0:6 / /srv/root/proc rw - proc proc rw
32 30 0:7 / /srv/root/a\\040b/dev rw - devtmpfs udev rw
33 21 0:8 / /srv/rootless rw - tmpfs none rw
"""


def test_mounts_are_found_innermost_first_and_no_neighbour_is_taken() -> None:
    assert mounts_below("/srv/root", MOUNTINFO) == ["/srv/root/a b/dev", "/srv/root/proc", "/srv/root"]
    assert mounts_below("/srv/other", MOUNTINFO) == []


def fail_in_scratch(tree: Tree) -> None:
    with scratch(tree.host, str(tree.root)) as directory:
        assert os.stat(directory).st_mode & 0o777 == 0o700
        (Path(directory) / "file").touch()
        raise RuntimeError


def test_scratch_is_private_and_gone_after_a_failure(tree: Tree) -> None:
    with pytest.raises(RuntimeError):
        fail_in_scratch(tree)
    assert list(tree.root.iterdir()) == []
