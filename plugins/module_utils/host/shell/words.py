# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What a shell word is made of; each part knows the range of the text that it takes up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, Union

if TYPE_CHECKING:
    from .grammar import Sequence
    from .source import Source

_ASSIGNED = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(\[[^]]*\])?(\+)?=")


class Literal(NamedTuple):
    """Characters that stand for themselves: each for itself, or one that is written in an escape of several."""

    start: int
    end: int
    text: str


class Quoted(NamedTuple):
    """What is in quotes; the range includes them."""

    start: int
    end: int
    parts: tuple[Part, ...]


class Use(NamedTuple):
    """`$X` or `${X...}`.

    :param operator: `:-` and the like, `list` for all items of an array, `opaque` where it is not worked out
    :param word: what comes behind the operator
    """

    start: int
    end: int
    name: str
    operator: str
    word: Word | None


class Substitution(NamedTuple):
    """`$(...)`, backquotes, or arithmetic, which has no body.

    :param source: the text that the body is of
    """

    start: int
    end: int
    body: Sequence | None
    source: Source | None


class Gap(NamedTuple):
    """A backslash and the newline that it hides."""

    start: int
    end: int


class Array(NamedTuple):
    """`(a b c)` behind `NAME=`."""

    start: int
    end: int
    words: tuple[Word, ...]


class Word(NamedTuple):
    """One word as it is written; its parts take up all of its range."""

    start: int
    end: int
    parts: tuple[Part, ...]

    @property
    def plain(self) -> str:
        """Its text, if nothing in it is quoted or expanded; else nothing. What a keyword must be."""
        if len(self.parts) == 1:
            part = self.parts[0]
            if isinstance(part, Literal) and len(part.text) == part.end - part.start:
                return part.text
        return ""

    @property
    def is_quoted(self) -> bool:
        """Whether any of it is in quotes or escaped."""
        return any(
            isinstance(part, Quoted) or (isinstance(part, Literal) and len(part.text) != part.end - part.start)
            for part in self.parts
        )


class Assign(NamedTuple):
    """`NAME=value`.

    :param items: the items of an array
    :param indexed: it is one item of an array that is set
    """

    start: int
    end: int
    name: str
    append: bool
    indexed: bool
    value: Word
    items: tuple[Word, ...] | None


Part = Union[Literal, Quoted, Use, Substitution, Gap, Array]


def assignment(word: Word) -> Assign | None:
    """The word as an assignment, if it is one."""
    first = word.parts[0] if word.parts else None
    if not isinstance(first, Literal) or len(first.text) != first.end - first.start:
        return None
    found = _ASSIGNED.match(first.text)
    if not found:
        return None
    start = first.start + found.end()
    rest = first.text[found.end() :]
    parts: tuple[Part, ...] = ((Literal(start, first.end, rest),) if rest else ()) + word.parts[1:]
    array = parts[0] if len(parts) == 1 else None
    return Assign(
        word.start,
        word.end,
        found.group(1),
        bool(found.group(3)),
        bool(found.group(2)),
        Word(start, word.end, parts),
        array.words if isinstance(array, Array) else None,
    )
