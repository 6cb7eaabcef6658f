# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Quotes, escapes and expansions within a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Callable

from .source import Source
from .words import Gap, Literal, Quoted, Substitution, Use, Word

if TYPE_CHECKING:
    from .grammar import Sequence
    from .words import Part

_DOUBLE = re.compile(r"[^\\\"`$]+")
_BRACE = re.compile(r"[^\\'\"`$}]+")
_BRACE_DOUBLE = re.compile(r"[^\\\"`$}]+")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]|[@*#?$!-]")
_BRACED_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-]")
_OPERATOR = re.compile(r":?[-=+?]|##?|%%?")
_SUBSCRIPT = re.compile(r"\[[^]\n]*\]")
_ESCAPE = re.compile(r"\\(?:x[0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{1,4}|U[0-9A-Fa-f]{1,8}|[0-7]{1,3}|c.|.)", re.DOTALL)
_NAMED_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "v": "\v"}
DEEPEST = 60


class Quoting:
    """A position in a text, and the reading of what is special there.

    :param source: the text
    :param position: where to begin
    :param end: where the part that is read ends
    :param nested: reads the inside of `$(...)`, up to and with the closing parenthesis
    :param depth: how deep it lies already
    """

    def __init__(
        self, source: Source, position: int, end: int, nested: Callable[[Any, str], Sequence], depth: int = 0
    ) -> None:
        self.source = source
        self.text = source.text[:end]
        self.position = position
        self.nested = nested
        self.depth = depth
        self.pending: list[tuple[str, bool]] = []

    @contextmanager
    def nest(self, start: int) -> Iterator[None]:
        """Count one level more.

        :raises ShellError: if these are too many
        """
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.source.error(start, f"it is nested more than {DEEPEST} levels deep")
        try:
            yield
        finally:
            self.depth -= 1

    def part(self, double: bool, brace: bool) -> Part:
        """What begins at a backslash, quote, backquote or dollar."""
        sign = self.text[self.position]
        if sign == "\\":
            return self._backslash(double, brace)
        if sign == "'":
            return self._single()
        if sign == '"':
            return self._double(self.position)
        if sign == "`":
            return self._backquotes()
        return self._dollar(double)

    def _backslash(self, double: bool, brace: bool) -> Part:
        at = self.position
        following = self.text[at + 1 : at + 2]
        if following == "\n":
            self.source.joins.add(at)
            self.position = at + 2
            return Gap(at, at + 2)
        if following == "" or (double and following not in '$`"\\' and not (brace and following == "}")):
            self.position = at + 1
            return Literal(at, at + 1, "\\")
        self.position = at + 2
        return Literal(at, at + 2, following)

    def _single(self) -> Quoted:
        start = self.position
        end = self.text.find("'", start + 1)
        if end < 0:
            raise self.source.error(start, "the single quote that begins here is not closed")
        self.position = end + 1
        inside = (Literal(start + 1, end, self.text[start + 1 : end]),) if end > start + 1 else ()
        return Quoted(start, end + 1, inside)

    def _double(self, start: int) -> Quoted:
        self.position = self.text.index('"', start) + 1
        parts = self._inside(_DOUBLE, '"', double=True, brace=False)
        if parts is None:
            raise self.source.error(start, "the double quote that begins here is not closed")
        return Quoted(start, self.position, tuple(parts))

    def _inside(self, run: re.Pattern[str], closing: str, double: bool, brace: bool) -> list[Part] | None:
        """The parts up to the closing character, which is passed over; None if there is none."""
        parts: list[Part] = []
        with self.nest(self.position):
            while self.position < len(self.text):
                found = run.match(self.text, self.position)
                if found:
                    parts.append(Literal(found.start(), found.end(), found.group()))
                    self.position = found.end()
                elif self.text[self.position] == closing:
                    self.position += 1
                    return parts
                else:
                    parts.append(self.part(double, brace))
        return None

    def _ansi(self) -> Quoted:
        start = self.position
        self.position += 2
        parts: list[Part] = []
        while self.position < len(self.text):
            at = self.position
            if self.text[at] == "'":
                self.position = at + 1
                return Quoted(start, at + 1, tuple(parts))
            found = _ESCAPE.match(self.text, at)
            self.position = found.end() if found else at + 1
            parts.append(Literal(at, self.position, _unescaped(self.text[at : self.position])))
        raise self.source.error(start, "the quote that begins here is not closed")

    def _backquotes(self) -> Substitution:
        start = self.position
        at = start + 1
        while at < len(self.text) and self.text[at] != "`":
            at += 2 if self.text[at] == "\\" else 1
        if at >= len(self.text):
            raise self.source.error(start, "the backquote that begins here is not closed")
        self.position = at + 1
        inside = re.sub(r"\\([$`\\])", r"\1", self.text[start + 1 : at])
        source = Source(self.source.path, inside, self.source.line(start))
        with self.nest(start):
            inner = type(self)(source, 0, len(inside), self.nested, self.depth)
            return Substitution(start, at + 1, self.nested(inner, ""), source)

    def _dollar(self, double: bool) -> Part:
        at = self.position
        following = self.text[at + 1 : at + 2]
        if following == "'" and not double:
            return self._ansi()
        if following == '"' and not double:
            return self._double(at)
        if following == "{":
            return self._braces(double)
        if following == "(":
            end = arithmetic_end(self.text, at + 1)
            if end < 0:
                return self.command_substitution(at)
            self.position = end
            return Substitution(at, end, None, None)
        found = _NAME.match(self.text, at + 1)
        if not found:
            self.position = at + 1
            return Literal(at, at + 1, "$")
        self.position = found.end()
        return Use(at, found.end(), found.group(), "", None)

    def command_substitution(self, start: int) -> Substitution:
        """What is run within the text, from its first character on: `$(...)`, `<(...)`."""
        self.position = start + 2
        with self.nest(start):
            body = self.nested(self, ")")
        return Substitution(start, self.position, body, self.source)

    def _braces(self, double: bool) -> Use:
        start = self.position
        at = start + 2
        opaque = self.text.startswith(("#", "!"), at) and not self.text.startswith("}", at + 1)
        found = _BRACED_NAME.match(self.text, at + 1 if opaque else at)
        if not found:
            raise self.source.error(start, "the expansion that begins here is not understood")
        at = found.end()
        operator = "opaque" if opaque else ""
        subscript = _SUBSCRIPT.match(self.text, at)
        if subscript:
            operator = "list" if subscript.group() in ("[@]", "[*]") and not opaque else "opaque"
            at = subscript.end()
        self.position = at
        if self.text.startswith("}", at):
            self.position = at + 1
            return Use(start, at + 1, found.group(), operator, None)
        return self._operation(start, found.group(), operator, double)

    def _operation(self, start: int, name: str, operator: str, double: bool) -> Use:
        found = _OPERATOR.match(self.text, self.position)
        if found:
            self.position = found.end()
            operator = "opaque" if operator else found.group()
        elif self.text.startswith((":", "/", "^", ",", "@"), self.position):
            operator = "opaque"
        else:
            raise self.source.error(start, "the expansion that begins here is not understood")
        # Within a pattern single quotes quote even in double quotes.
        double = double and operator[0] not in "#%"
        at = self.position
        parts = self._inside(_BRACE_DOUBLE if double else _BRACE, "}", double=double, brace=True)
        if parts is None:
            raise self.source.error(start, "the expansion that begins here is not closed")
        return Use(start, self.position, name, operator, Word(at, self.position - 1, tuple(parts)))


def arithmetic_end(text: str, start: int) -> int:
    """Where `((...))` that begins at a place ends; -1 if it is something else."""
    if not text.startswith("((", start):
        return -1
    depth = 0
    for at in range(start, len(text)):
        if text[at] == "(":
            depth += 1
        elif text[at] == ")":
            depth -= 1
            if depth == 1:
                return at + 2 if text.startswith(")", at + 1) else -1
    return -1


def _unescaped(text: str) -> str:
    if text[0] != "\\" or len(text) < 2:
        return text
    kind = text[1]
    if kind in "xuU" and len(text) > 2:
        number = int(text[2:], 16)
        return chr(number) if 0 < number < 0xD800 else "?"
    if kind in "01234567":
        return chr(int(text[1:], 8) & 0xFF)
    return _NAMED_ESCAPES.get(kind, kind)
