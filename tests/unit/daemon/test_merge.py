# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The three-way merge and its laws."""

from __future__ import annotations

import copy
import typing as t

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.daemon.document import render
from ansible_collections.slipway.docker.plugins.module_utils.daemon.merge import NESTED, Owned, drift, merge, replace
from ansible_collections.slipway.docker.plugins.module_utils.daemon.semantics import same

Doc = dict[str, t.Any]

SCALARS = st.booleans() | st.integers(0, 3) | st.sampled_from(["a", "b"]) | st.lists(st.sampled_from("xy"), max_size=2)
ENTRIES = st.dictionaries(st.sampled_from(["one", "two", "three"]), st.sampled_from(["1", "2"]), min_size=1)


def documents(maps: st.SearchStrategy[t.Any]) -> st.SearchStrategy[Doc]:
    """Documents with few names, so that they meet."""
    plain = {"debug": SCALARS, "hosts": SCALARS, "proxies": ENTRIES}
    return st.fixed_dictionaries({}, optional={**plain, "log-opts": maps, "runtimes": maps})


# What stands in a file may be of any type; what is wished for has been checked.
DOCS = documents(ENTRIES | st.none() | SCALARS | st.builds(dict))
WISHES = documents(ENTRIES)
# What can be remembered: what some wishes have come to on some document.
OWNED = st.builds(lambda original, wanted: merge(original, Owned(), wanted)[1], DOCS, WISHES)


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
    assert merge(current, Owned(last), wanted)[0] == expected


def test_order() -> None:
    merged, _owned = merge({"b": 1, "debug": False, "a": 2}, Owned(), {"mtu": 1, "debug": True})
    assert list(merged) == ["b", "debug", "a", "mtu"]


def test_what_says_the_same_stays_as_it_is_written() -> None:
    current = {"hosts": ["tcp://127.0.0.1:2375", "fd://"], "labels": ["b=2", "a=1"], "dns": ["b", "a"]}
    wanted = {"hosts": ["fd://", "tcp://127.0.0.1:2375"], "labels": ["a=1", "b=2"], "dns": ["a", "b"]}
    assert merge(current, Owned(), wanted)[0] == {**current, "dns": ["a", "b"]}


def test_a_number_is_no_switch() -> None:
    """Python takes True for 1 and 1500.0 for 1500; dockerd refuses both."""
    merged, _owned = merge({"debug": 1, "mtu": 1500.0}, Owned(), {"debug": True, "mtu": 1500})
    assert render(merged) == render({"debug": True, "mtu": 1500})


@given(DOCS, OWNED, WISHES)
def test_what_is_wanted_is_there(current: Doc, last: Owned, wanted: Doc) -> None:
    merged, owned = merge(current, last, wanted)
    assert owned.config == wanted
    for key, value in wanted.items():
        if key in NESTED and isinstance(value, dict):
            assert merged[key].items() >= value.items()
        else:
            assert same(key, merged[key], value)
    assert drift(merged, wanted) == []


@given(DOCS, OWNED, WISHES)
def test_a_second_run_changes_nothing(current: Doc, last: Owned, wanted: Doc) -> None:
    merged, owned = merge(current, last, wanted)
    assert merge(merged, owned, wanted) == (merged, owned)


@given(DOCS, OWNED, WISHES)
def test_nothing_foreign_is_touched(current: Doc, last: Owned, wanted: Doc) -> None:
    merged, _owned = merge(current, last, wanted)
    for key, value in current.items():
        ours = [owner.get(key, {}) for owner in (last.config, wanted)]
        if key not in last.config and key not in wanted:
            assert merged[key] == value
        elif key in NESTED and isinstance(value, dict) and all(isinstance(entries, dict) for entries in ours):
            foreign = {name: entry for name, entry in value.items() if not any(name in entries for entries in ours)}
            assert (merged[key].items() if foreign else set()) >= foreign.items()
    assert merged.keys() <= current.keys() | wanted.keys() | last.displaced.keys()


@settings(max_examples=300)
@given(DOCS, st.lists(WISHES, max_size=3))
def test_dropping_everything_gives_the_original_back(original: Doc, wishes: list[Doc]) -> None:
    """Whatever was wished for in between, and whatever had stood in its place."""
    document, owned = original, Owned()
    for wanted in [*wishes, {}]:
        document, owned = merge(document, owned, wanted)
    assert document == original
    assert owned == Owned()


@given(DOCS, WISHES, WISHES)
def test_one_wish_after_another_leaves_no_trace(original: Doc, first: Doc, second: Doc) -> None:
    document, owned = merge(original, Owned(), first)
    once, owned_once = merge(original, Owned(), second)
    twice, owned_twice = merge(document, owned, second)
    assert owned_twice == owned_once
    assert twice.keys() == once.keys()
    assert all(same(key, value, once[key]) for key, value in twice.items())


@given(DOCS, OWNED, WISHES)
def test_replace_leaves_nothing_else(current: Doc, last: Owned, wanted: Doc) -> None:
    document, owned = replace(current, last, wanted)
    assert document.keys() == wanted.keys()
    assert all(same(key, value, wanted[key]) for key, value in document.items())
    assert owned == Owned(wanted, {})
    assert replace(document, owned, wanted) == (document, owned)


@given(DOCS, OWNED, WISHES)
def test_the_arguments_are_left_alone(current: Doc, last: Owned, wanted: Doc) -> None:
    for join in (merge, replace):
        before = copy.deepcopy((current, last, wanted))
        document, owned = join(current, last, wanted)
        for value in (*document.values(), *owned.config.values(), *owned.displaced.values()):
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
