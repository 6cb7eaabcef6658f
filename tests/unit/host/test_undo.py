# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A set of files that an interrupted run has written in part is put back by the next one; a whole set stays."""

from __future__ import annotations

import json
import os
import stat

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.host.files import FileChange, read_file, write_change
from ansible_collections.slipway.docker.plugins.module_utils.host.undo import (
    UNDO_PATH,
    Leftover,
    forget,
    note,
    settle,
)
from unit.trees import Tree

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="the note belongs to root")

RECORD = "/var/lib/slipway/daemon.json"
CHANGED, NEW, GONE = "/etc/docker/daemon.json", "/etc/systemd/system/docker.service.d/zz.conf", "/etc/old.conf"


@pytest.fixture
def changes(tree: Tree) -> list[FileChange]:
    """A file that changes, one that comes and one that goes, all noted."""
    tree.write(CHANGED, "old")
    tree.at(CHANGED).chmod(0o640)
    tree.write(GONE, "going")
    wanted = {CHANGED: b"new", NEW: b"[Service]\n", GONE: None}
    made = [FileChange(read_file(tree.host, path), content) for path, content in wanted.items()]
    tree.write(RECORD, "record")
    last = FileChange(read_file(tree.host, RECORD), b"new record")
    note(tree.host, made, last, [(CHANGED, b"on the way")], owed=["restart"])
    return made


def contents(tree: Tree) -> dict[str, bytes]:
    return {path: tree.read(path) for path in (CHANGED, NEW, GONE, RECORD) if tree.at(path).exists()}


BEFORE = {CHANGED: b"old", GONE: b"going", RECORD: b"record"}
AFTER = {CHANGED: b"new", NEW: b"[Service]\n", RECORD: b"new record"}


def test_no_run_was_interrupted(tree: Tree) -> None:
    assert settle(tree.host) is None
    assert tree.files() == []


@pytest.mark.parametrize("count", [0, 1, 2])
def test_interrupted_in_between(tree: Tree, changes: list[FileChange], count: int) -> None:
    for change in changes[:count]:
        write_change(tree.host, change)
    assert settle(tree.host) == Leftover(tuple(change.path for change in changes[:count]), ["restart"])
    assert contents(tree) == BEFORE
    assert stat.S_IMODE(tree.at(CHANGED).stat().st_mode) == 0o640


@pytest.mark.parametrize("record", ["record", "new record", "a newer one"])
def test_all_written(tree: Tree, changes: list[FileChange], record: str) -> None:
    """The record is written when all files are, and may be written again when the daemon has been seen."""
    for change in changes:
        write_change(tree.host, change)
    tree.write(RECORD, record)
    assert settle(tree.host) == Leftover((), ["restart"])
    assert contents(tree) == {**AFTER, RECORD: b"a newer one" if record == "a newer one" else b"new record"}


def test_the_record_of_a_set_that_was_undone_by_somebody(tree: Tree, changes: list[FileChange]) -> None:
    for change in changes:
        write_change(tree.host, change)
    tree.write(RECORD, "new record")
    tree.at(NEW).unlink()
    assert settle(tree.host) == Leftover((CHANGED, GONE), ["restart"])
    assert contents(tree) == BEFORE


def test_the_last_one_first(tree: Tree, changes: list[FileChange]) -> None:
    write_change(tree.host, changes[2])
    assert settle(tree.host) == Leftover((GONE,), ["restart"])
    assert contents(tree) == BEFORE


def test_a_content_on_the_way_is_ours_too(tree: Tree, changes: list[FileChange]) -> None:
    write_change(tree.host, FileChange(changes[0].before, b"on the way"))
    assert settle(tree.host) == Leftover((CHANGED,), ["restart"])
    assert contents(tree) == BEFORE


def test_what_somebody_else_changed_is_left_alone(tree: Tree, changes: list[FileChange]) -> None:
    for change in changes:
        write_change(tree.host, change)
    tree.write(CHANGED, "somebody's")
    assert settle(tree.host) == Leftover((NEW, GONE), ["restart"])
    assert contents(tree) == {**BEFORE, CHANGED: b"somebody's"}


def test_the_note_stays_until_it_is_forgotten(tree: Tree, changes: list[FileChange]) -> None:
    write_change(tree.host, changes[0])
    assert stat.S_IMODE(tree.at(UNDO_PATH).stat().st_mode) == 0o600  # it holds what the files hold
    assert settle(tree.host) == Leftover((CHANGED,), ["restart"])
    assert settle(tree.host) == Leftover((), ["restart"])
    forget(tree.host)
    assert settle(tree.host) is None
    forget(tree.host)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "{}",
        "null",
        '{"files": []}',
        '{"files": [{}], "finally": {}}',
        '{"files": [{"before": {"content": "%"}, "ours": []}]}',
    ],
)
def test_a_damaged_note(tree: Tree, content: str) -> None:
    tree.write(UNDO_PATH, content)
    with pytest.raises(
        HostError, match=rf"^{UNDO_PATH}, the note of an interrupted run, is damaged \(.*\); remove it$"
    ):
        settle(tree.host)


def test_bytes_that_are_no_text(tree: Tree) -> None:
    tree.write(CHANGED, b"\xff\x00")
    changes = [FileChange(read_file(tree.host, path), b"\xfe") for path in (CHANGED, NEW)]
    note(tree.host, changes, FileChange(read_file(tree.host, RECORD), b"\xfd"))
    write_change(tree.host, changes[0])
    assert json.loads(tree.read(UNDO_PATH))["owed"] is None
    assert settle(tree.host) == Leftover((CHANGED,), None)
    assert contents(tree) == {CHANGED: b"\xff\x00"}
