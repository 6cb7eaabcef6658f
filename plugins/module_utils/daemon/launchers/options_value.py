# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Flags taken out of a variable in an environment file of systemd's, by as few bytes as that takes."""

from __future__ import annotations

import typing as t

from ...host.environment import locate_value
from ...host.files import as_bytes, as_text
from ...host.systemd_unit import split_words
from ..arguments import Flag, parse_flags, remaining_words


def value_without(content: bytes, name: str, goes: t.Callable[[Flag], bool]) -> bytes | None:
    """The file without some flags in the value that counts; None where they cannot be told apart in its text.

    :param content: the file's
    :param name: of the variable
    :param goes: which flags go
    """
    text = as_text(content)
    located = locate_value(text, name)
    if located is None:
        return None
    value = "".join(text for text, _start, _end in located)
    words, spans, at = split_words(value, c_escapes=False), [], 0
    for word in words:
        at = value.index(word.raw, at)
        spans.append((at, at + len(word.raw)))
        at += len(word.raw)
    flags = parse_flags([word.text for word in words])
    taken = [flag for flag in flags if goes(flag)]
    for flag in reversed(taken):
        first, last = spans[flag.first][0], spans[flag.last][1]
        start, end = located[first][1], located[last - 1][2]
        left = " ".join(remaining_words(flags, taken, flag.first) or [])
        if not left:
            start, end = _with_blanks(text, start, end)
        text = text[:start] + left + text[end:]
    return as_bytes(text) if taken else None


def _with_blanks(text: str, start: int, end: int) -> tuple[int, int]:
    """A gap with the blanks behind it or, where there are none, before it."""
    after = end
    while text[after : after + 1] in (" ", "\t"):
        after += 1
    if after == end:
        while start and text[start - 1] in " \t":
            start -= 1
    return start, after
