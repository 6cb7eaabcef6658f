# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of what was set; a damaged one is refused, since ownership would be lost silently."""

from __future__ import annotations

import json
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.daemon.merge import Owned
from ansible_collections.slipway.docker.plugins.module_utils.daemon.record import (
    RECORD_PATH,
    Loaded,
    Record,
    change_record,
    digest,
    parse_record,
)
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.host.files import FileState

Doc = dict[str, t.Any]

DOCUMENTS = st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.lists(st.text()))


def stored(content: bytes | None) -> FileState:
    return FileState(RECORD_PATH, RECORD_PATH, content)


@given(DOCUMENTS, DOCUMENTS, st.booleans(), st.text(), DOCUMENTS, st.text())
def test_what_is_written_is_read(
    config: Doc, displaced: Doc, created: bool, process: str, document: Doc, launch: str
) -> None:
    record = Record(Owned(config, displaced), created, Loaded(process, document, launch))
    assert parse_record(stored(record.render())) == record


def test_a_host_without_record_has_nothing_of_ours() -> None:
    assert parse_record(stored(None)) == Record(Owned({}, {}), False, Loaded("", {}, ""))


def test_the_record_of_an_earlier_run() -> None:
    content = (
        b'{"version": 1, "owned": {"config": {"debug": true}, "displaced": {"debug": false}}, "created": true,'
        b' "loaded": {"process": "12:345", "document": {"debug": true, "mtu": 1400}, "launch": "abc"}}'
    )
    assert parse_record(stored(content)) == Record(
        Owned({"debug": True}, {"debug": False}), True, Loaded("12:345", {"debug": True, "mtu": 1400}, "abc")
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("{", "", id="no-json"),
        pytest.param('"version": 1', '"version": 2', id="newer-version"),
        pytest.param('"version": 1, ', "", id="no-version"),
        pytest.param('"created": false, ', "", id="part-missing"),
        pytest.param('"owned": {', '"owned": {"surprise": 1, ', id="part-unknown"),
        pytest.param('"config": {}', '"config": []', id="config-list"),
        pytest.param('"config": {}', '"config": "debug"', id="config-text"),
        pytest.param('"displaced": {}', '"displaced": null', id="displaced-null"),
        pytest.param('"document": {}', '"document": ""', id="document-text"),
        pytest.param('{"process": "", "document": {}, "launch": ""}', "[]", id="loaded-list"),
        pytest.param('"launch": ""', '"launch": "\xff"', id="no-text"),
    ],
)
def test_a_damaged_record(old: str, new: str) -> None:
    whole = json.dumps(json.loads(Record().render()))
    assert old in whole
    with pytest.raises(HostError) as caught:
        parse_record(stored(whole.replace(old, new).encode("latin-1")))
    text = str(caught.value)
    assert text.startswith(f"{RECORD_PATH} is damaged (")
    assert text.endswith(
        "); it says which keys of daemon.json are ours: restore it, "
        "or remove it and the keys that stand there count as somebody else's"
    )


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b"{}", b"1"])
def test_something_else_in_its_place(content: bytes) -> None:
    with pytest.raises(HostError, match="is damaged"):
        parse_record(stored(content))


def test_only_root_reads_it() -> None:
    before = FileState(RECORD_PATH, RECORD_PATH, b"old", mode=0o644, uid=5, gid=5)
    change = change_record(before, Record(Owned({"debug": True}, {})))
    assert (change.before.mode, change.before.uid, change.before.gid) == (0o600, 0, 0)
    assert change.before.content == b"old"
    assert json.loads(change.after or b"") == {
        "version": 1,
        "owned": {"config": {"debug": True}, "displaced": {}},
        "created": False,
        "bridge": "",
        "path": "",
        "edits": {},
        "variables": {"path": "", "values": {}, "displaced": {}, "created": False},
        "loaded": {"process": "", "document": {}, "launch": ""},
    }


def test_the_same_record_changes_nothing() -> None:
    record = Record(Owned({"debug": True}), True, Loaded("1:2", {"a": 1}, "b"))
    assert not change_record(stored(record.render()), record).changes


def test_digest() -> None:
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    assert digest({"a": [1, 2]}) != digest({"a": [2, 1]})
    assert digest({"a": 1}) != digest({"a": True})
    assert digest({"a": 1}) != digest({"a": "1"})
