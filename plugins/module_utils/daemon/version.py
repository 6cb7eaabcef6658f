# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Engine versions, compared as numbers."""

from __future__ import annotations

import re

Version = tuple[int, ...]

_NUMBERS = re.compile(r"\d+(?:\.\d+)*")


def parse_version(text: str) -> Version | None:
    """The numbers a version begins with: ``20.10.24+dfsg1`` is (20, 10, 24); None where it begins with none."""
    found = _NUMBERS.match(text.strip().removeprefix("v"))
    return tuple(int(part) for part in found.group(0).split(".")) if found else None


def before(version: Version, other: str) -> bool:
    """Whether a version is older than another; parts that the other does not name do not count."""
    limit = parse_version(other) or ()
    return version[: len(limit)] < limit


def within(version: Version, series: str) -> bool:
    """Whether a version is in a series or older than it: 27.5.1 is within 27.5, 28.0 is not."""
    limit = parse_version(series) or ()
    return version[: len(limit)] <= limit
