# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing in a root filesystem tells when and where it was made."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image.root.fixed import (
    content_date,
    fstab_of,
    remove_leftovers,
    remove_links,
    settle,
    shadow_of,
    time_of,
)
from unit.trees import Tree

INFO = "/var/lib/dpkg/info"
DATE = 1_700_000_000


def at(tree: Tree, path: str, moment: int, content: str = "") -> Path:
    tree.write(path, content)
    os.utime(tree.at(path), (moment, moment))
    return tree.at(path)


def test_date_is_that_of_the_newest_package(tree: Tree) -> None:
    at(tree, f"{INFO}/apt.md5sums", DATE - 50)
    at(tree, f"{INFO}/dpkg.md5sums", DATE)
    at(tree, f"{INFO}/dpkg.list", DATE + 50)  # dpkg writes it when it installs
    assert content_date(str(tree.root)) == DATE


def test_nothing_installed_has_no_date(tree: Tree) -> None:
    assert content_date(str(tree.root)) == 0


@pytest.mark.parametrize(
    ("mtime", "directory", "began", "wanted"),
    [
        (DATE - 9, False, DATE + 9, None),  # from a package
        (DATE, False, DATE + 9, None),
        (DATE + 10, False, DATE + 9, DATE),  # made
        (DATE + 8.5, False, DATE + 9, DATE),  # made, by a clock that is a tick behind
        (DATE - 90, False, DATE - 100, DATE),  # made, by a clock that is far behind
        (DATE - 200, False, DATE - 100, None),
        (DATE - 9, True, DATE + 9, DATE),
        (0, True, DATE + 9, None),
    ],
)
def test_times(mtime: float, directory: bool, began: float, wanted: int | None) -> None:
    assert time_of(mtime, directory, DATE, began) == wanted


def test_settled(tree: Tree) -> None:
    began = time.time()
    sums = at(tree, f"{INFO}/dpkg.md5sums", DATE)
    old = at(tree, "/usr/lib/python3/a.py", DATE - 1000)
    tree.write("/etc/shadow", "root:*:20781:0:99999:7:::\n")
    tree.write("/etc/fstab", "# UNCONFIGURED\n# words\n")
    tree.link("/var/run", "/nowhere")
    assert settle(str(tree.root), began) == DATE
    assert tree.read("/etc/shadow") == b"root:*:19675:0:99999:7:::\n"
    assert tree.read("/etc/fstab") == b"# UNCONFIGURED\n"
    times = {path: os.lstat(path).st_mtime for path in (tree.root, *tree.root.rglob("*"))}
    assert times.pop(old) == DATE - 1000
    assert times[sums] == DATE
    assert set(times.values()) == {DATE}


def test_a_link_is_not_written_through(tree: Tree, tmp_path: Path) -> None:
    outside = tmp_path / "shadow"
    outside.write_text("root:*:20781:0:99999:7:::\n")
    tree.link("/etc/shadow", str(outside))
    tree.link("/var/log", str(tmp_path))
    (tmp_path / "dpkg.log").touch()
    settle(str(tree.root), 0)
    remove_leftovers(str(tree.root))
    assert outside.read_text() == "root:*:20781:0:99999:7:::\n"
    assert (tmp_path / "dpkg.log").exists()


def test_passwords_keep_what_is_not_a_day() -> None:
    text = "a:*:20781:0:99999:7:::\nb:!::::::::\nc:!:0:0:99999:7:::\n"
    assert shadow_of(text, 86400 * 3 + 5) == "a:*:3:0:99999:7:::\nb:!::::::::\nc:!:0:0:99999:7:::\n"
    assert shadow_of("", DATE) == ""


def test_fstab_that_mounts_stays() -> None:
    mounts = "# a\n# b\n/dev/vda1 / ext4 defaults 0 1\n"
    assert fstab_of(mounts) == mounts
    assert fstab_of("") == ""


def test_leftovers(tree: Tree) -> None:
    gone = ["/var/log/dpkg.log", "/var/cache/debconf/config.dat-old", "/var/lib/apt/lists/lock", "/etc/hostname"]
    kept = ["/var/cache/debconf/config.dat", "/var/log/wtmp", "/var/lib/apt/lists/partial/x/y", "/etc/passwd"]
    for path in (*gone, *kept):
        tree.write(path, "x")
    remove_leftovers(str(tree.root))
    assert [path for path in (*gone, *kept) if tree.at(path).exists()] == kept


@pytest.mark.parametrize(
    ("shell", "left"), [("/usr/bin/bash", ["lib", "lib64"]), ("/bin/bash", ["lib", "lib32", "lib64"])]
)
def test_links_that_the_release_has_no_use_for(tree: Tree, shell: str, left: list[str]) -> None:
    tree.write(f"{INFO}/bash.list", f"/.\n{shell}\n")
    tree.write(f"{INFO}/base-files.list", "/lib\n/usr/lib\n")
    tree.write("/usr/lib/x", "")
    tree.write("/usr/lib64/y", "")
    tree.at("/usr/lib32").mkdir()
    for name in ("lib", "lib32"):
        tree.link(f"/{name}", f"usr/{name}")
    tree.link("/lib64", "elsewhere")
    remove_links(str(tree.root))
    assert sorted(path.name for path in tree.root.glob("lib*")) == left
    assert tree.at("/usr/lib32").exists() == ("lib32" in left)
