# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What a word of a shell file means where that follows from its text alone."""

from __future__ import annotations

import re

_EXPANDS_QUOTED = re.compile(r"\$[A-Za-z0-9_{(\[@*#?$!-]")
# What a dollar means before a quotation differs from shell to shell.
_EXPANDS = re.compile(r"\$[A-Za-z0-9_{(\[@*#?$!'\"-]")


def refers_to(raw: str, name: str) -> bool:
    """Whether a word puts in the value of this variable."""
    return bool(re.search(rf"(?<!\\)\$\{{?[#!]?{name}(?![A-Za-z0-9_])", raw))


def word_value(raw: str) -> str | None:
    """What a word means, None where that depends on anything but its text, or on which shell it is."""
    out: list[str] = []
    index = 0
    while index < len(raw):
        char, following = raw[index], raw[index + 1 : index + 2]
        if char == "'":
            end = raw.index("'", index + 1)
            out.append(raw[index + 1 : end])
            index = end + 1
        elif char == '"':
            inner = _double_quoted(raw, index + 1)
            if inner is None:
                return None
            out.append(inner[0])
            index = inner[1]
        elif char == "\\" and following:
            out.append("" if following == "\n" else following)
            index += 2
        elif char in "\\`" or (char == "~" and raw[index - 1 : index] in ("", ":")) or _EXPANDS.match(raw, index):
            return None
        else:
            out.append(char)
            index += 1
    return "".join(out)


def _double_quoted(raw: str, index: int) -> tuple[str, int] | None:
    """The text up to the closing quote, and the offset behind that."""
    out: list[str] = []
    while raw[index] != '"':
        char, following = raw[index], raw[index + 1 : index + 2]
        if char == "`" or _EXPANDS_QUOTED.match(raw, index):
            return None
        if char == "\\":
            index += 1
            if following == "\n":
                char = ""
            elif following and following in '"\\`$':
                char = following
            else:
                index -= 1
        out.append(char)
        index += 1
    return "".join(out), index + 1
