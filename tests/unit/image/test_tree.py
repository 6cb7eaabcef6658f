# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files as they are found: the same wherever they lie, whoever owns them there, and whatever the umask was."""

from __future__ import annotations

import hashlib
import os
import socket
from typing import Any

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image.files.tree import Tree, look_at_files, summary
from ansible_collections.slipway.docker.plugins.module_utils.image.files.wish import read_files
from unit.image.doubles import Commands, host_of
from unit.trees import Tree as Directory


def look(tree: Directory, *items: dict[str, Any]) -> Tree:
    return look_at_files(host_of(tree, Commands({})), read_files(items))


def identities(found: Tree) -> dict[str, str]:
    return {entry.path: entry.identity for entry in found.entries}


def sha(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def test_each_kind(tree: Directory) -> None:
    tree.write("/src/tool", "#!")
    os.chmod(tree.at("/src/tool"), 0o700)
    found = look(
        tree,
        {"path": "/usr/bin/tool", "src": "/src/tool"},
        {"path": "/etc/x", "content": "ü\n", "mode": "600", "owner": "box", "group": "7"},
        {"path": "/bin", "link": "usr/bin"},
        {"path": "/var", "directory": True},
    )
    assert found.problems == ()
    assert identities(found) == {
        "/bin": "link 0:0 usr/bin",
        "/etc/x": f"file 0600 box:7 {sha('ü' + chr(10))}",
        "/usr/bin/tool": f"file 0755 0:0 {sha('#!')}",
        "/var": "directory 0755 0:0",
    }


def test_a_directory_with_all_that_is_in_it(tree: Directory) -> None:
    tree.write("/src/a/b", "1")
    tree.write("/src/c", "2")
    os.symlink("a/b", tree.at("/src/link"))
    os.symlink("a", tree.at("/src/way"))
    os.chmod(tree.at("/src/c"), 0o711)
    os.chmod(tree.at("/src/a"), 0o700)
    found = look(tree, {"path": "/srv", "src": "/src"})
    assert identities(found) == {
        "/srv": "directory 0755 0:0",
        "/srv/a": "directory 0755 0:0",
        "/srv/a/b": f"file 0644 0:0 {sha('1')}",
        "/srv/c": f"file 0755 0:0 {sha('2')}",
        "/srv/link": "link 0:0 a/b",
        "/srv/way": "link 0:0 a",
    }
    with_mode = look(tree, {"path": "/srv", "src": "/src", "mode": "0640"})
    assert {entry.path: entry.mode for entry in with_mode.entries if entry.kind != "link"} == {
        "/srv": 0o750,
        "/srv/a": 0o750,
        "/srv/a/b": 0o640,
        "/srv/c": 0o640,
    }


def test_a_directory_may_be_laid_over_the_root(tree: Directory) -> None:
    tree.write("/src/etc/x", "1")
    items = [{"path": "/", "src": "/src"}, {"path": "/etc/y", "content": "1"}]
    found = look(tree, *items)
    assert list(identities(found)) == ["/etc", "/etc/x", "/etc/y"]
    assert found.entries[0].implied
    assert summary(found.entries, read_files(items), 2)["/"].startswith("tree of 3, sha256:")
    assert (
        look(tree, {"path": "/", "src": "/src/etc/x"})
        .problems[0]
        .endswith("/x is no directory, as the root of an image has to be")
    )


def test_what_is_named_wins_over_what_comes_along(tree: Directory) -> None:
    tree.write("/src/a", "1")
    for items in (
        [{"path": "/srv", "src": "/src"}, {"path": "/srv/a", "content": "2"}],
        [{"path": "/srv/a", "content": "2"}, {"path": "/srv", "src": "/src"}],
    ):
        assert identities(look(tree, *items))["/srv/a"] == f"file 0644 0:0 {sha('2')}"


def test_what_lies_elsewhere_is_the_same(tree: Directory) -> None:
    tree.write("/one/a", "1")
    tree.write("/two/a", "1")
    os.utime(tree.at("/two/a"), (1, 1))
    os.chmod(tree.at("/two/a"), 0o600)
    one, two = (identities(look(tree, {"path": "/srv", "src": src})) for src in ("/one", "/two"))
    assert one == two


@pytest.mark.parametrize("change", ["content", "mode", "name"])
def test_a_change_is_seen(tree: Directory, change: str) -> None:
    tree.write("/src/a", "1")
    before = identities(look(tree, {"path": "/srv", "src": "/src"}))
    if change == "content":
        tree.write("/src/a", "2")
    elif change == "mode":
        os.chmod(tree.at("/src/a"), 0o755)
    else:
        os.rename(tree.at("/src/a"), tree.at("/src/b"))
    assert identities(look(tree, {"path": "/srv", "src": "/src"})) != before


def test_what_cannot_be_had(tree: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.write("/src/a", "1")
    with socket.socket(socket.AF_UNIX) as listening:
        monkeypatch.chdir(tree.at("/src"))  # a socket's path must be short
        listening.bind("s")
        found = look(tree, {"path": "/b", "src": "/nothing"}, {"path": "/c", "src": "/src"})
    assert found.problems[0] == "files[0].src: /nothing cannot be read: No such file or directory"
    assert found.problems[1].startswith("files[1].src: ")
    assert found.problems[1].endswith("/s is neither a file, a directory nor a symbolic link")


def test_below_a_file_that_comes_along(tree: Directory) -> None:
    tree.write("/src/a", "1")
    found = look(tree, {"path": "/srv", "src": "/src"}, {"path": "/srv/a/b", "content": ""})
    assert found.problems == ("files: /srv/a/b cannot be there, as /srv/a is no directory but a file",)


def test_directories_come_before_what_is_in_them(tree: Directory) -> None:
    found = look(tree, *({"path": path, "content": ""} for path in ("/a-b", "/a/b", "/a.c", "/a/a")))
    assert [entry.path for entry in found.entries] == ["/a/a", "/a/b", "/a-b", "/a.c"]


def test_summary_of_many_is_short_and_still_tells_a_change(tree: Directory) -> None:
    for number in range(5):
        tree.write(f"/src/{number}", "1")
    items = [{"path": "/srv", "src": "/src"}, {"path": "/etc/x", "content": "1"}]
    before = look(tree, *items)
    assert summary(before.entries, read_files(items), 7) == identities(before)
    short = summary(before.entries, read_files(items), 6)
    assert short["/srv"].startswith("tree of 6, sha256:")
    assert short["/etc/x"] == f"file 0644 0:0 {sha('1')}"
    tree.write("/src/3", "2")
    assert summary(look(tree, *items).entries, read_files(items), 6)["/srv"] != short["/srv"]
