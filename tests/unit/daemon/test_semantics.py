# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""When two values of an option say the same."""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.daemon.options import by_key
from ansible_collections.slipway.docker.plugins.module_utils.daemon.semantics import (
    KEY_VALUES,
    SETS,
    changed_keys,
    same,
)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.just(1.0) | st.sampled_from(["1", "a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=5,
)
KEYS = st.sampled_from(["hosts", "labels", "dns", "features", "debug"])


@pytest.mark.parametrize(
    ("key", "one", "other", "expected"),
    [
        ("hosts", ["a", "b"], ["b", "a", "a"], True),
        ("hosts", ["a"], ["a", "b"], False),
        ("insecure-registries", ["a", "b"], ["b", "a"], True),
        ("labels", ["a=1", "b=2"], ["b=2", "a=1"], True),
        ("labels", ["a=1"], ["a=1", "a=1"], False),
        ("node-generic-resources", ["g=1", "g=1"], ["g=1"], False),
        ("dns", ["a", "b"], ["b", "a"], False),
        ("registry-mirrors", ["a", "b"], ["b", "a"], False),
        ("log-opts", {"a": "1", "b": "2"}, {"b": "2", "a": "1"}, True),
        ("log-opts", {"a": "1"}, {"a": 1}, False),
        ("debug", True, True, True),
        ("debug", True, 1, False),
        ("debug", False, None, False),
        ("debug", "true", True, False),
        ("mtu", 1500, 1500.0, False),
        ("features", {"a": True}, {"a": 1}, False),
        ("hosts", [], None, False),
        ("hosts", "a", ["a"], False),
    ],
)
def test_same(key: str, one: t.Any, other: t.Any, expected: bool) -> None:
    for left, right in ((one, other), (other, one)):
        assert same(key, left, right) is expected


@given(KEYS, VALUES, VALUES, VALUES)
def test_it_is_an_equivalence(key: str, one: t.Any, two: t.Any, three: t.Any) -> None:
    assert same(key, one, one)
    assert same(key, one, two) == same(key, two, one)
    if same(key, one, two) and same(key, two, three):
        assert same(key, one, three)


def test_the_keys_are_lists_of_the_catalogue() -> None:
    assert {by_key()[key].kind for key in SETS | KEY_VALUES} == {"list"}
    assert not SETS & KEY_VALUES


def test_changed_keys() -> None:
    before = {"debug": True, "mtu": 1400, "hosts": ["a", "b"], "ipv6": None}
    after = {"mtu": 1500, "hosts": ["b", "a"], "icc": None}
    assert changed_keys(before, after) == ["debug", "icc", "ipv6", "mtu"]
    assert changed_keys(before, before) == []
