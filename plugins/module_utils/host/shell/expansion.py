# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Expand words the way a shell does, for one choice among the values that the variables may have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import translate
from re import compile as compile_pattern
from typing import TYPE_CHECKING, Protocol

from .values import (
    OPAQUE,
    UNSET,
    Cell,
    Cells,
    Choices,
    Frame,
    Value,
    given,
    text_of,
    without_empty,
)
from .words import Array, Gap, Literal, Quoted, Substitution, Use, Word

if TYPE_CHECKING:
    from .words import Part

_BLANKS = " \t\n"
_LISTS = ("@", "*")
_LONGEST_PATTERN = 40
_LONGEST_MATCHED = 400


class Surroundings(Protocol):
    """What an expansion asks of the script around it."""

    def alternatives(self, name: str) -> tuple[Value, ...]:
        """The values that a variable may have."""

    def substitute(self, part: Substitution) -> str | None:
        """What a command prints, if that is known."""

    def value_frame(self, word: Word, bare: bool = False) -> Frame:
        """The frame of a word that is a value."""

    def spend(self, cells: int, offset: int) -> None:
        """Count characters, to stop before they are too many."""


class Expansion:
    """One run over one command.

    :param script: the script around it
    :param choices: which alternatives this run takes
    :param prune: leave out empty values of variables that have others
    """

    def __init__(self, script: Surroundings, choices: Choices, prune: bool) -> None:
        self.script = script
        self.choices = choices
        self.prune = prune
        self.picked: dict[str, Value] = {}
        self.assigned: dict[str, Value] = {}

    def fields(self, word: Word, frame: Frame) -> list[Cells]:
        """The words that a word becomes."""
        done: list[Cells] = []
        current: list[Cell] | None = None
        for piece in self._pieces(word.parts, frame, False):
            if piece is None:
                if current is not None:
                    done.append(tuple(current))
                current = None
            else:
                current = piece if current is None else current + piece
        if current is not None:
            done.append(tuple(current))
        self.script.spend(sum(map(len, done)), word.start)
        return done

    def value(self, word: Word, frame: Frame) -> Cells:
        """The one word that a value is, which is not split."""
        found: list[Cell] = []
        for piece in self._pieces(word.parts, frame, True):
            found += piece or ()
        self.script.spend(len(found), word.start)
        return tuple(cell for cell in found if cell.text)

    def _pieces(
        self, parts: tuple[Part, ...], frame: Frame, quoted: bool, expanded: bool = False
    ) -> Iterator[list[Cell] | None]:
        """Runs of characters that belong together; None where a word ends, if there is one.

        :param expanded: these are parts within an expansion, where characters without quotes are split too
        """
        for part in parts:
            if isinstance(part, Literal):
                cells = literal(part, frame)
                yield from (
                    _split(cells) if expanded and not quoted and len(cells) == part.end - part.start else (cells,)
                )
            elif isinstance(part, Quoted):
                yield from self._quoted(part, frame)
            elif isinstance(part, Use):
                yield from self._use(part, frame, quoted)
            elif isinstance(part, Substitution):
                text = self.script.substitute(part)
                cells = list(given(OPAQUE if text is None else text).cells)
                used = _used(part, frame, "", cells)
                yield from (used,) if quoted else _split(used)
            elif isinstance(part, Array):
                yield [Cell(OPAQUE, frame, part.start, part.end, "", None)]

    def _quoted(self, part: Quoted, frame: Frame) -> Iterator[list[Cell] | None]:
        pieces = list(self._pieces(part.parts, frame, True))
        if any(pieces):
            yield from pieces
        elif not part.parts or any(not is_list(inner) for inner in part.parts):
            yield [Cell("", frame, part.start, part.end, "", None)]

    def _use(self, part: Use, frame: Frame, quoted: bool) -> Iterator[list[Cell] | None]:
        value = self._used_value(part)
        if isinstance(value, Word):
            for piece in self._pieces(
                value.parts, self.script.value_frame(value, bare=not quoted), quoted, expanded=True
            ):
                yield piece and _used(part, frame, part.name, piece)
            return
        items = [
            _used(part, frame, part.name, item) for item in ((value.cells,) if value.items is None else value.items)
        ]
        separate = part.name == "@" or (part.operator == "list" and frame.source.text[part.end - 3] == "@")
        for number, item in enumerate(items):
            if number:
                yield [Cell(" ", frame, part.start, part.end, part.name, None)] if quoted and not separate else None
            if not quoted:
                yield from _split(item)
            elif item or (separate and len(items) > 1):
                yield item

    def _used_value(self, part: Use) -> Value | Word:
        """What is put in for a use: a value, or the word behind the operator."""
        name, operator = part.name, part.operator
        if operator == "opaque":
            return given(OPAQUE)
        whole = name in _LISTS or operator == "list"
        value = self.pick(name, self.prune and operator in ("", "list", "#", "##", "%", "%%"))
        if value.items is not None and not whole:
            value = Value(value.items[0]) if value.items else UNSET
        if operator in ("", "list") or part.word is None:
            return value
        if operator[0] in "#%":
            return self._cut(value, operator, part.word)
        return self._default(name, operator, part.word, value)

    def pick(self, name: str, prune: bool = False) -> Value:
        """The value that a variable has in this run."""
        found = self.assigned.get(name) or self.picked.get(name)
        if found is None:
            values = self.script.alternatives(name)
            values = without_empty(values) if prune else values
            found = self.picked[name] = values[self.choices.pick(len(values), name) if len(values) > 1 else 0]
        return found

    def _default(self, name: str, operator: str, word: Word, value: Value) -> Value | Word:
        if not value.is_set:
            missing = True
        elif operator[0] != ":":
            missing = False
        elif text_of(value.cells) == OPAQUE:
            missing = bool(self.choices.pick(2, word.start))
        else:
            missing = value.is_empty
        kind = operator[-1]
        if kind == "+":
            return given("") if missing else word
        if not missing or kind == "?":
            return value
        if kind == "-":
            return word
        default = self.assigned[name] = Value(self.value(word, self.script.value_frame(word)))
        return default

    def _cut(self, value: Value, operator: str, word: Word) -> Value:
        """`${X#pattern}` and its kin."""
        text = text_of(value.cells)
        pattern = _pattern(word)
        if pattern is None or OPAQUE in text or len(text) > _LONGEST_MATCHED or value.items is not None:
            return given(OPAQUE)
        matches = compile_pattern(translate(pattern)).match
        sizes = range(len(text) + 1)
        for size in sizes if len(operator) == 1 else reversed(sizes):
            if operator[0] == "#" and matches(text[:size]):
                return given(text[size:])
            if operator[0] == "%" and matches(text[len(text) - size :]):
                return given(text[: len(text) - size])
        return given(text)


def literal(part: Literal, frame: Frame) -> list[Cell]:
    """The characters of a literal part."""
    start, end, text = part
    if len(text) != end - start:
        return [Cell(character, frame, start, end, "", None) for character in text]
    return [Cell(character, frame, at, at + 1, "", None) for at, character in enumerate(text, start)]


def _used(part: Use | Substitution, frame: Frame, name: str, cells: Iterable[Cell]) -> list[Cell]:
    """Characters as they are where they are put in."""
    start, end = part.start, part.end
    return [Cell(cell.text, frame, start, end, name, cell) for cell in cells]


def is_list(part: Part) -> bool:
    """Whether a part gives any number of words even in quotes."""
    return isinstance(part, Gap) or (isinstance(part, Use) and (part.name == "@" or part.operator == "list"))


def _split(cells: list[Cell]) -> Iterator[list[Cell] | None]:
    """Split an unquoted value at its blanks; what is empty in it gives nothing."""
    current: list[Cell] = []
    for cell in cells:
        if cell.text and cell.text in _BLANKS:
            if current:
                yield current
            yield None
            current = []
        elif cell.text:
            current.append(cell)
    if current:
        yield current


def _pattern(word: Word) -> str | None:
    """The text of a pattern, if it is simple enough to be matched at once."""
    found = ""
    for part in word.parts:
        inner = part.parts if isinstance(part, Quoted) else (part,)
        for piece in inner:
            if not isinstance(piece, Literal):
                return None
            changed = isinstance(part, Quoted) or len(piece.text) != piece.end - piece.start
            if changed and any(sign in "*?[]" for sign in piece.text):
                return None
            found += piece.text
    return found if len(found) <= _LONGEST_PATTERN and found.count("*") < 4 else None
