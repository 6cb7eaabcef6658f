# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Which of two of Debian's version numbers is the newer one, as dpkg has it (deb-version(7))."""

from __future__ import annotations

import re
import typing as t

_PIECES = re.compile(r"([^0-9]*)([0-9]*)")


def version_key(version: str) -> tuple[t.Any, ...]:
    """Sorts as versions do."""
    epoch, colon, rest = version.partition(":")
    if not colon:
        epoch, rest = "0", version
    upstream, dash, revision = rest.rpartition("-")
    if not dash:
        upstream, revision = rest, ""
    return (int(epoch) if epoch.isdigit() else 0, _part_key(upstream), _part_key(revision))


def _part_key(part: str) -> tuple[tuple[tuple[int, ...], int], ...]:
    """Words and numbers in turn, and the end, before which only a tilde comes; nothing at all is a zero."""
    pieces = [(word, number) for word, number in _PIECES.findall(part or "0") if word or number]
    return tuple((_word_key(word), int(number or 0)) for word, number in [*pieces, ("", "")])


def _word_key(word: str) -> tuple[int, ...]:
    """Tilde, end, letters, all else."""
    return (*(-1 if char == "~" else ord(char) if char.isalpha() else ord(char) + 256 for char in word), 0)


def is_older(one: str, other: str) -> bool:
    """Whether one version is older than another."""
    return version_key(one) < version_key(other)
