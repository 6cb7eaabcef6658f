# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files are read with what it takes to put them back, and written whole or not at all."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import replace

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.host.files import (
    FileChange,
    FileState,
    read_file,
    restore,
    write_change,
)
from unit.trees import DAEMON_JSON, Tree

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
UNPRIVILEGED_ONLY = pytest.mark.skipif(os.geteuid() == 0, reason="root may do anything")


def look(tree: Tree, path: str = DAEMON_JSON) -> FileState:
    """What lies there; a new file shall belong to whoever runs the tests."""
    return replace(read_file(tree.host, path), uid=os.geteuid(), gid=os.getegid())


def mode_of(tree: Tree, path: str = DAEMON_JSON) -> int:
    return stat.S_IMODE(tree.at(path).stat().st_mode)


def test_nothing_there(tree: Tree) -> None:
    state = read_file(tree.host, DAEMON_JSON)
    assert state == FileState(DAEMON_JSON, DAEMON_JSON)
    assert not state.exists


def test_what_is_read(tree: Tree) -> None:
    tree.write(DAEMON_JSON, b"\xff{}\r\n")
    os.chmod(tree.at(DAEMON_JSON), 0o640)
    os.utime(tree.at(DAEMON_JSON), (5, 1_700_000_000.5))
    state = read_file(tree.host, DAEMON_JSON)
    assert state.exists
    assert (state.path, state.real, state.content) == (DAEMON_JSON, DAEMON_JSON, b"\xff{}\r\n")
    assert (state.mode, state.uid, state.gid) == (0o640, os.geteuid(), os.getegid())
    assert state.mtime == 1_700_000_000.5


def test_an_empty_file_is_a_file(tree: Tree) -> None:
    tree.write(DAEMON_JSON, b"")
    assert read_file(tree.host, DAEMON_JSON).exists


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [(None, None, False), (None, b"", True), (b"", None, True), (b"a", b"a", False), (b"a", b"b", True)],
)
def test_whether_a_change_changes(before: bytes | None, after: bytes | None, changes: bool) -> None:
    change = FileChange(FileState("/x", "/x", before), after)
    assert change.changes is changes
    assert change.path == "/x"


def test_a_new_file_and_its_folders(tree: Tree) -> None:
    old_umask = os.umask(0o077)
    try:
        write_change(tree.host, FileChange(look(tree), b"{}\n"))
    finally:
        os.umask(old_umask)
    assert tree.read(DAEMON_JSON) == b"{}\n"
    assert mode_of(tree) == 0o644


def test_a_private_file(tree: Tree) -> None:
    write_change(tree.host, FileChange(replace(look(tree), mode=0o600), b"{}\n"))
    assert mode_of(tree) == 0o600


def test_mode_is_kept_and_the_file_is_replaced_not_written_into(tree: Tree) -> None:
    tree.write(DAEMON_JSON, b"old")
    os.chmod(tree.at(DAEMON_JSON), 0o440)
    with tree.at(DAEMON_JSON).open("rb") as reader:
        write_change(tree.host, FileChange(look(tree), b"new"))
        assert reader.read() == b"old"
    assert tree.read(DAEMON_JSON) == b"new"
    assert mode_of(tree) == 0o440
    assert tree.files() == [DAEMON_JSON]  # no temporary file stays


@ROOT_ONLY
def test_the_owner_is_kept(tree: Tree) -> None:
    tree.write(DAEMON_JSON, b"old")
    os.chown(tree.at(DAEMON_JSON), 1234, 2345)
    state = read_file(tree.host, DAEMON_JSON)
    write_change(tree.host, FileChange(state, b"new"))
    assert (tree.at(DAEMON_JSON).stat().st_uid, tree.at(DAEMON_JSON).stat().st_gid) == (1234, 2345)
    os.chown(tree.at(DAEMON_JSON), 0, 0)
    restore(tree.host, state)
    assert (tree.at(DAEMON_JSON).stat().st_uid, tree.at(DAEMON_JSON).stat().st_gid) == (1234, 2345)


def test_removal(tree: Tree) -> None:
    tree.write(DAEMON_JSON, b"old")
    write_change(tree.host, FileChange(look(tree), None))
    assert tree.files() == []
    write_change(tree.host, FileChange(look(tree), None))  # nothing to remove is no error
    assert tree.at("/etc/docker").is_dir()


def test_restore_what_was_changed(tree: Tree) -> None:
    tree.write(DAEMON_JSON, b"old\xff")
    os.chmod(tree.at(DAEMON_JSON), 0o600)
    os.utime(tree.at(DAEMON_JSON), (5, 1_700_000_000.5))
    state = look(tree)
    write_change(tree.host, FileChange(state, b"new"))
    os.chmod(tree.at(DAEMON_JSON), 0o644)
    restore(tree.host, state)
    assert tree.read(DAEMON_JSON) == b"old\xff"
    assert mode_of(tree) == 0o600
    assert tree.at(DAEMON_JSON).stat().st_mtime == 1_700_000_000.5


def test_restore_what_was_removed(tree: Tree) -> None:
    tree.write(DAEMON_JSON, b"old")
    state = look(tree)
    write_change(tree.host, FileChange(state, None))
    restore(tree.host, state)
    assert tree.read(DAEMON_JSON) == b"old"


def test_restore_that_there_was_nothing(tree: Tree) -> None:
    state = look(tree)
    write_change(tree.host, FileChange(state, b"new"))
    restore(tree.host, state)
    assert tree.files() == []


@pytest.mark.parametrize("target", ["/srv/config/daemon.json", "../../srv/config/daemon.json"])
def test_a_link_is_followed_inside_the_root_and_stays(tree: Tree, target: str) -> None:
    tree.link(DAEMON_JSON, target)
    tree.write("/srv/config/daemon.json", b"old")
    state = look(tree)
    assert (state.path, state.real, state.content) == (DAEMON_JSON, "/srv/config/daemon.json", b"old")
    write_change(tree.host, FileChange(state, b"new"))
    assert tree.at(DAEMON_JSON).is_symlink()
    assert tree.read("/srv/config/daemon.json") == b"new"
    restore(tree.host, state)
    assert tree.read("/srv/config/daemon.json") == b"old"


def test_a_link_to_nothing_is_written_where_it_leads(tree: Tree) -> None:
    tree.link(DAEMON_JSON, "/srv/daemon.json")
    state = look(tree)
    assert not state.exists
    write_change(tree.host, FileChange(state, b"new"))
    assert tree.read("/srv/daemon.json") == b"new"


def test_links_behind_links(tree: Tree) -> None:
    tree.link(DAEMON_JSON, "a.json")
    tree.link("/etc/docker/a.json", "/srv/b.json")
    tree.write("/srv/b.json", b"{}")
    assert read_file(tree.host, DAEMON_JSON).real == "/srv/b.json"


def test_a_link_in_a_circle(tree: Tree) -> None:
    tree.link(DAEMON_JSON, "other.json")
    tree.link("/etc/docker/other.json", "daemon.json")
    with pytest.raises(HostError, match=re.escape("is a symbolic link that leads in a circle")):
        read_file(tree.host, DAEMON_JSON)


def test_a_folder_where_a_file_should_be(tree: Tree) -> None:
    tree.at(DAEMON_JSON).mkdir(parents=True)
    with pytest.raises(HostError) as caught:
        read_file(tree.host, DAEMON_JSON)
    assert str(caught.value) == f"cannot read {DAEMON_JSON}: Is a directory"


def test_a_named_pipe_is_not_waited_for(tree: Tree) -> None:
    tree.at("/etc/docker").mkdir(parents=True)
    os.mkfifo(tree.at(DAEMON_JSON))
    with pytest.raises(HostError) as caught:
        read_file(tree.host, DAEMON_JSON)
    assert str(caught.value) == f"{DAEMON_JSON} is no regular file; move it away first"


def test_a_file_where_a_folder_should_be(tree: Tree) -> None:
    tree.write("/etc/docker", b"")
    with pytest.raises(HostError) as caught:
        read_file(tree.host, DAEMON_JSON)
    assert str(caught.value) == f"cannot read {DAEMON_JSON}: Not a directory"
    with pytest.raises(HostError) as caught:
        write_change(tree.host, FileChange(FileState(DAEMON_JSON, DAEMON_JSON), b"new"))
    assert re.fullmatch(f"cannot write {DAEMON_JSON}: (File exists|Not a directory)", str(caught.value))


def test_a_failed_write_leaves_everything_as_it_was(tree: Tree) -> None:
    tree.at(DAEMON_JSON).mkdir(parents=True)
    state = FileState(DAEMON_JSON, DAEMON_JSON, uid=os.geteuid(), gid=os.getegid())
    with pytest.raises(HostError) as caught:
        write_change(tree.host, FileChange(state, b"new"))
    assert str(caught.value) == f"cannot write {DAEMON_JSON}: Is a directory"
    assert tree.files() == []  # the temporary file is gone


def test_what_cannot_be_removed(tree: Tree) -> None:
    tree.at(DAEMON_JSON).mkdir(parents=True)
    with pytest.raises(HostError, match=f"^cannot remove {DAEMON_JSON}: (Is a directory|Operation not permitted)$"):
        write_change(tree.host, FileChange(FileState(DAEMON_JSON, DAEMON_JSON, b"old"), None))


@UNPRIVILEGED_ONLY
def test_what_may_not_be_written(tree: Tree) -> None:
    tree.write(DAEMON_JSON, b"old")
    os.chmod(tree.at("/etc/docker"), 0o555)
    with pytest.raises(HostError) as caught:
        write_change(tree.host, FileChange(look(tree), b"new"))
    assert str(caught.value) == f"cannot write {DAEMON_JSON}: Permission denied"
    assert tree.read(DAEMON_JSON) == b"old"


def test_removing_the_last_drop_in_takes_its_folder_along(tree: Tree) -> None:
    folder = "/etc/systemd/system/docker.service.d"
    tree.write(f"{folder}/a.conf", b"")
    tree.write(f"{folder}/b.conf", b"")
    write_change(tree.host, FileChange(look(tree, f"{folder}/a.conf"), None))
    assert tree.files() == [f"{folder}/b.conf"]
    write_change(tree.host, FileChange(look(tree, f"{folder}/b.conf"), None))
    assert not tree.at(folder).exists()
