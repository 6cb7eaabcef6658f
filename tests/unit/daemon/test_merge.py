# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The three-way merge and its laws."""

from __future__ import annotations

import copy
import typing as t

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.daemon.merge import NESTED, drift, merge

Doc = dict[str, t.Any]

SCALARS = st.booleans() | st.integers(0, 3) | st.sampled_from(["a", "b"]) | st.lists(st.sampled_from("xy"), max_size=2)
ENTRIES = st.dictionaries(st.sampled_from(["one", "two", "three"]), st.sampled_from(["1", "2"]), min_size=1)
# Few names, so that documents meet.
DOCS = st.fixed_dictionaries(
    {},
    optional={
        "debug": SCALARS,
        "hosts": SCALARS,
        "proxies": ENTRIES,
        "log-opts": ENTRIES,
        "runtimes": ENTRIES | SCALARS,
        "features": ENTRIES,
    },
)


@pytest.mark.parametrize(
    ("current", "last", "wanted", "expected"),
    [
        pytest.param({}, {}, {}, {}, id="nothing"),
        pytest.param({"mtu": 1400}, {}, {"debug": True}, {"mtu": 1400, "debug": True}, id="foreign-key-stays"),
        pytest.param({"debug": False}, {}, {"debug": True}, {"debug": True}, id="wanted-wins"),
        pytest.param({"debug": True, "mtu": 1400}, {"debug": True}, {}, {"mtu": 1400}, id="ours-is-dropped"),
        pytest.param({"debug": False}, {"debug": True}, {}, {}, id="ours-is-dropped-though-changed"),
        pytest.param({}, {"debug": True}, {}, {}, id="ours-is-gone-already"),
        pytest.param({"dns": ["a"]}, {}, {"dns": ["b"]}, {"dns": ["b"]}, id="lists-are-replaced"),
        pytest.param(
            {"proxies": {"a": 1}}, {}, {"proxies": {"b": 2}}, {"proxies": {"b": 2}}, id="other-maps-are-replaced"
        ),
        pytest.param(
            {"runtimes": {"nvidia": {"path": "x"}}},
            {},
            {"runtimes": {"kata": {"path": "y"}}},
            {"runtimes": {"nvidia": {"path": "x"}, "kata": {"path": "y"}}},
            id="runtime-of-a-toolkit-stays",
        ),
        pytest.param(
            {"runtimes": {"nvidia": {"path": "x"}, "kata": {"path": "y"}}},
            {"runtimes": {"kata": {"path": "y"}}},
            {},
            {"runtimes": {"nvidia": {"path": "x"}}},
            id="only-our-runtime-is-dropped",
        ),
        pytest.param(
            {"log-opts": {"max-size": "1m", "max-file": "3", "tag": "t"}},
            {"log-opts": {"max-size": "1m", "max-file": "3"}},
            {"log-opts": {"max-size": "2m"}},
            {"log-opts": {"max-size": "2m", "tag": "t"}},
            id="an-entry-less",
        ),
        pytest.param(
            {"features": {"buildkit": True}}, {"features": {"buildkit": True}}, {}, {}, id="no-empty-map-is-left"
        ),
        pytest.param(
            {"log-opts": {"tag": "t"}},
            {"log-opts": {"max-size": "1m"}},
            {},
            {"log-opts": {"tag": "t"}},
            id="entry-gone",
        ),
        pytest.param({"runtimes": None}, {}, {"runtimes": {"a": 1}}, {"runtimes": {"a": 1}}, id="map-over-null"),
        pytest.param({"log-opts": "x"}, {"log-opts": {"a": "1"}}, {}, {}, id="not-a-map-any-more"),
    ],
)
def test_merge(current: Doc, last: Doc, wanted: Doc, expected: Doc) -> None:
    assert merge(current, last, wanted) == expected


def test_order() -> None:
    merged = merge({"b": 1, "debug": False, "a": 2}, {}, {"mtu": 1, "debug": True})
    assert list(merged) == ["b", "debug", "a", "mtu"]


@given(DOCS, DOCS, DOCS)
def test_what_is_wanted_is_there(current: Doc, last: Doc, wanted: Doc) -> None:
    merged = merge(current, last, wanted)
    for key, value in wanted.items():
        if key in NESTED and isinstance(value, dict):
            assert merged[key].items() >= value.items()
        else:
            assert merged[key] == value
    assert drift(merged, wanted) == []


@given(DOCS, DOCS, DOCS)
def test_a_second_run_changes_nothing(current: Doc, last: Doc, wanted: Doc) -> None:
    merged = merge(current, last, wanted)
    assert merge(merged, wanted, wanted) == merged
    assert merge(merged, last, wanted) == merged  # even where the record could not be written


@given(DOCS, DOCS, DOCS)
def test_nothing_foreign_is_touched(current: Doc, last: Doc, wanted: Doc) -> None:
    merged = merge(current, last, wanted)
    for key, value in current.items():
        if key not in last and key not in wanted:
            assert merged[key] == value
        elif key in NESTED and isinstance(value, dict):
            ours = [owner.get(key, {}) for owner in (last, wanted)]
            if all(isinstance(entries, dict) for entries in ours):
                foreign = {name: entry for name, entry in value.items() if not any(name in entries for entries in ours)}
                assert merged.get(key, {}).items() >= foreign.items()
    assert merged.keys() <= current.keys() | wanted.keys()


@given(DOCS, DOCS)
def test_setting_and_dropping_gives_the_original_back(original: Doc, wanted: Doc) -> None:
    """Where nobody else had set the same; what somebody had is not remembered."""
    for key, value in wanted.items():
        there = original.get(key)
        if key in NESTED and isinstance(value, dict) and isinstance(there, dict):
            assume(not there.keys() & value.keys())
        else:
            assume(key not in original)
    assert merge(merge(original, {}, wanted), wanted, {}) == original


@given(DOCS, DOCS, DOCS, DOCS)
def test_one_wish_after_another_leaves_no_trace(original: Doc, last: Doc, first: Doc, second: Doc) -> None:
    assume(not original.keys() & first.keys())
    once = merge(original, last, first)
    assert merge(once, first, second) == merge(merge(original, last, {}), {}, second)


@given(DOCS, DOCS, DOCS)
def test_the_arguments_are_left_alone(current: Doc, last: Doc, wanted: Doc) -> None:
    before = copy.deepcopy((current, last, wanted))
    merged = merge(current, last, wanted)
    for value in merged.values():
        if isinstance(value, dict):
            value["changed"] = "later"
        elif isinstance(value, list):
            value.append("later")
    assert (current, last, wanted) == before


@pytest.mark.parametrize(
    ("current", "last", "expected"),
    [
        ({"debug": True, "mtu": 1}, {"debug": True}, []),
        ({"debug": False}, {"debug": True}, ["debug"]),
        ({}, {"debug": True, "log-opts": {"a": "1"}}, ["debug", "log-opts"]),
        ({"log-opts": {"a": "2", "c": "3"}}, {"log-opts": {"a": "1", "b": "2"}}, ["log-opts.a", "log-opts.b"]),
        ({"log-opts": {"a": "1", "c": "3"}}, {"log-opts": {"a": "1"}}, []),
        ({"log-opts": "a"}, {"log-opts": {"a": "1"}}, ["log-opts"]),
        ({"proxies": {"a": 1, "b": 2}}, {"proxies": {"a": 1}}, ["proxies"]),
        ({"dns": ["b", "a"]}, {"dns": ["a", "b"]}, ["dns"]),
    ],
)
def test_drift(current: Doc, last: Doc, expected: list[str]) -> None:
    assert drift(current, last) == expected
