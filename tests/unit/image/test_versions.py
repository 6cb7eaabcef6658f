# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of versions, as deb-version(7) has it and dpkg --compare-versions answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.image.apt.versions import is_older, version_key

# Checked with dpkg --compare-versions 1.21.22.
IN_ORDER = [
    "0~",
    "0",
    "1.0~~",
    "1.0~~a",
    "1.0~",
    "1.0~rc1-1",
    "1.0",
    "1.0-0+b1",
    "1.0-1~bpo12+1",
    "1.0-1",
    "1.0-1+b1",
    "1.0-1+deb12u1",
    "1.0-1+deb12u10",
    "1.0-1.1",
    "1.0a-1",
    "1.0+ds-1",
    "1.0.1-1",
    "1.9",
    "1.10",
    "1:0.1",
    "10:0",
]


@pytest.mark.parametrize("index", range(1, len(IN_ORDER)))
def test_each_is_newer_than_those_before_it(index: int) -> None:
    newer = IN_ORDER[index]
    assert all(is_older(one, newer) and not is_older(newer, one) for one in IN_ORDER[:index])


@pytest.mark.parametrize(("one", "other"), [("1.0", "1.00"), ("1.0", "0:1.0"), ("1.0", "1.0-0"), ("1a", "1a0")])
def test_equal(one: str, other: str) -> None:
    assert version_key(one) == version_key(other)


versions = st.from_regex(r"([0-9]:)?[0-9][0-9a-z.+~]{0,5}(-[0-9a-z.+~]{1,3})?", fullmatch=True)


@given(versions, versions)
def test_one_of_two_is_older_or_they_are_equal(first: str, second: str) -> None:
    assert is_older(first, second) + is_older(second, first) + (version_key(first) == version_key(second)) == 1
