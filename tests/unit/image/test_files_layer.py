# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A layer of files: the same bytes each time, and never those of a file that changed meanwhile."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import tracemalloc
from typing import Any

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.image.engine.layer import measure
from ansible_collections.slipway.docker.plugins.module_utils.image.files.accounts import Accounts
from ansible_collections.slipway.docker.plugins.module_utils.image.files.layer import accounts_among, files_layer
from ansible_collections.slipway.docker.plugins.module_utils.image.files.tree import Entry, look_at_files
from ansible_collections.slipway.docker.plugins.module_utils.image.files.wish import read_files
from unit.image.doubles import Commands, host_of
from unit.trees import Tree

DATE = 1_700_000_000
ITEMS: list[dict[str, Any]] = [
    {"path": "/bin/tool", "src": "/src/tool"},
    {"path": "/bin/sh", "link": "tool"},
    {"path": "/etc/passwd", "content": "box:x:1000:1000::/:/bin/sh\n"},
    {"path": "/etc/group", "content": "box:x:1001:\n"},
    {"path": "/home/box", "directory": True, "owner": "box", "group": "box", "mode": "0700"},
    {"path": f"/usr/{'long/' * 40}ü", "content": "x"},
]


def entries(tree: Tree, items: list[dict[str, Any]]) -> tuple[Entry, ...]:
    found = look_at_files(host_of(tree, Commands({})), read_files(items))
    assert found.problems == ()
    return found.entries


def written(wanted: tuple[Entry, ...]) -> bytes:
    sink = io.BytesIO()
    files_layer(wanted, DATE, accounts_among(wanted))(sink)
    return sink.getvalue()


def test_what_is_in_it(tree: Tree) -> None:
    tree.write("/src/tool", "#!" + "x" * 1000)
    os.chmod(tree.at("/src/tool"), 0o755)
    with tarfile.open(fileobj=io.BytesIO(written(entries(tree, ITEMS)))) as archive:
        members = {member.name: member for member in archive}
        tool = archive.extractfile("bin/tool")
        assert tool is not None
        assert tool.read() == tree.at("/src/tool").read_bytes()
    assert {member.mtime for member in members.values()} == {DATE}
    assert (members["bin"].isdir(), members["bin"].mode, members["bin"].uid) == (True, 0o755, 0)
    assert (members["bin/tool"].mode, members["bin/sh"].linkname) == (0o755, "tool")
    home = members["home/box"]
    assert (home.mode, home.uid, home.gid, home.uname, home.gname) == (0o700, 1000, 1001, "", "")
    assert f"usr/{'long/' * 40}ü" in members
    names = [name.split("/") for name in members]
    assert names == sorted(names)


def test_capabilities(tree: Tree) -> None:
    items = [{"path": "/a", "content": "x", "capabilities": "cap_setuid,cap_net_raw=ep"}]
    with tarfile.open(fileobj=io.BytesIO(written(entries(tree, items)))) as archive:
        (member,) = list(archive)
    value = member.pax_headers["SCHILY.xattr.security.capability"].encode("utf-8", "surrogateescape")
    assert value.hex() == "0100000280200000000000000000000000000000"


def test_bytes_are_the_same_everywhere() -> None:
    # when this fails, images of files get other IDs than they had: raise FORMAT of files_source then
    digest = hashlib.sha256(b"a").hexdigest()
    wanted = (Entry("/a", size=1, sha256=digest, content=b"a"),)
    made = measure(files_layer(wanted, DATE, Accounts())).diff_id
    assert made == "sha256:1725a763b2996aeb0f0957374fdc26206634b8deaf3e284c35f4509c73dacd51"


def test_order_of_the_wishes_does_not_matter(tree: Tree) -> None:
    tree.write("/src/tool", "#!")
    assert written(entries(tree, ITEMS)) == written(entries(tree, ITEMS[::-1]))


@pytest.mark.parametrize("content", ["shorter", "much longer than it was", "otherwise"])
def test_a_file_that_changes_meanwhile(tree: Tree, content: str) -> None:
    tree.write("/src/a", "unchanged")
    wanted = entries(tree, [{"path": "/a", "src": "/src/a"}])
    tree.write("/src/a", content)
    with pytest.raises(HostError, match="/src/a changed while the image was made"):
        written(wanted)


def test_no_file_is_held_in_memory(tree: Tree) -> None:
    tree.write("/src/a", "")
    os.truncate(tree.at("/src/a"), 64 << 20)
    tracemalloc.start()
    try:
        wanted = entries(tree, [{"path": "/a", "src": "/src/a"}])
        measure(files_layer(wanted, DATE, Accounts()))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 16 << 20
