# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Environment of a systemd service: files, assignments, and variables put into words.

Rules after systemd.exec(5) and systemd.service(5): this is not a shell.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

from .systemd_unit import split_words

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BRACED = re.compile(r"\$\$|\$\{([^}]*)\}")
_WHOLE = re.compile(r"\$(?![{$])(.*)", re.DOTALL)
_LINE_END = re.compile(r"[\n\r]")

# A piece of a value with the offsets between which it stands in the file.
Piece = tuple[str, int, int]


@dataclass(frozen=True)
class Assignment:
    """A variable and where it got its value."""

    name: str
    value: str
    path: str
    line: int


def parse_environment_file(text: str, path: str) -> list[Assignment]:
    """What systemd reads from an EnvironmentFile.

    Lines that are no assignment, names that are none (``export X=1`` has such a name) and comments are passed over.
    """
    return [
        Assignment(name, "".join(piece for piece, _start, _end in pieces), path, text.count("\n", 0, index) + 1)
        for name, pieces, index in _assignments(text)
    ]


def locate_value(text: str, name: str) -> list[Piece] | None:
    """Where each character of a variable's value stands, None where it is not set; of several the last counts."""
    found = [pieces for each, pieces, _index in _assignments(text) if each == name]
    return found[-1] if found else None


def _assignments(text: str) -> t.Iterator[tuple[str, list[Piece], int]]:
    """Name, value and offset of each assignment."""
    index = 0
    while index < len(text):
        end = _end_of_line(text, index)
        stripped = text[index:end].lstrip(" \t")
        equals = text.find("=", end - len(stripped) + 1, end)
        if equals < 0 or stripped[0] in "#;":
            index = end + 1
            continue
        name = text[index:equals].strip(" \t")
        pieces, after = _value_at(text, equals + 1)
        if _NAME.fullmatch(name):
            yield name, pieces, index
        index = after


def _end_of_line(text: str, index: int) -> int:
    """A carriage return ends a line as well, outside of quotes."""
    end = _LINE_END.search(text, index)
    return end.start() if end else len(text)


def _value_at(text: str, index: int) -> tuple[list[Piece], int]:
    """The value that begins here, and the index behind its line.

    Quotes count only where the value, or another quoted part of it, begins; behind a plain character they are text.
    """
    out: list[Piece] = []
    kept = 0  # how much of `out` stays when the blanks at its end are cut
    quote, plain = "", False
    while index < len(text):
        char = text[index]
        if char == "\\" and quote != "'":
            following = text[index + 1 : index + 2]
            if following and following not in ("\n" if quote else "\n\r"):
                literal = bool(quote) and following not in '"\\`$'
                out += [("\\", index, index + 1)] if literal else []
                out.append((following, index + 1 if literal else index, index + 2))
            kept = len(out)
            plain = plain or not quote
            index += 1
        elif quote:
            if char == quote:
                quote = ""
            else:
                out.append((char, index, index + 1))
            kept = len(out)
        elif char in "\n\r":
            return out[:kept], index + 1
        elif char in "\"'" and not plain:
            quote = char
        elif char not in " \t":
            out.append((char, index, index + 1))
            kept, plain = len(out), True
        elif plain:
            out.append((char, index, index + 1))
        index += 1
    return out[:kept], index


def expand_word(text: str, variables: dict[str, str]) -> list[str]:
    """Put variables into one word of an Exec line.

    ``$NAME`` as a word of its own is split on blanks (none, one or several words); ``${NAME}`` stays one word.
    """
    whole = _WHOLE.fullmatch(text)
    if whole:
        return [word.text for word in split_words(variables.get(whole.group(1), ""), c_escapes=False)]
    return [_BRACED.sub(lambda m: "$" if m.group(1) is None else variables.get(m.group(1), ""), text)]
