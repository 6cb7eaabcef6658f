# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Engine versions are numbers."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.version import before, parse_version, within


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("28.5.2", (28, 5, 2)),
        ("20.10.24+dfsg1", (20, 10, 24)),
        ("v29.0.0-rc.1", (29, 0, 0)),
        ("17.03.1-ce", (17, 3, 1)),
        (" 26.1\n", (26, 1)),
        ("28.5.2 (linux)", (28, 5, 2)),
        ("library-import", None),
        ("", None),
    ],
)
def test_parse(text: str, expected: tuple[int, ...] | None) -> None:
    assert parse_version(text) == expected


@pytest.mark.parametrize(
    ("version", "other", "older"),
    [
        ((20, 10, 24), "23.0", True),
        ((23, 0, 0), "23.0", False),
        ((9, 0), "20.10", True),
        ((29, 2, 9), "29.3", True),
        ((29, 10, 0), "29.3", False),
        ((29, 3, 0), "29.3.0", False),
        ((29,), "29.3", True),
    ],
)
def test_before(version: tuple[int, ...], other: str, older: bool) -> None:
    assert before(version, other) is older


@pytest.mark.parametrize(
    ("version", "series", "inside"),
    [
        ((20, 10, 24), "20.10", True),
        ((19, 3, 1), "20.10", True),
        ((23, 0, 0), "20.10", False),
        ((27, 5, 1), "27.5", True),
        ((27, 5, 99), "27.5", True),
        ((28, 0, 0), "27.5", False),
    ],
)
def test_within(version: tuple[int, ...], series: str, inside: bool) -> None:
    assert within(version, series) is inside
