# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Take a script apart into words, operators and what lies between them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Callable, NamedTuple

from .quoting import Quoting, arithmetic_end
from .words import Array, Literal, Word

if TYPE_CHECKING:
    from .grammar import Sequence
    from .source import Source
    from .words import Part

_BLANKS = re.compile(r"(?:[ \t]|\r(?=\n))+")
_COMMENT = re.compile(r"#[^\n]*")
_PLAIN = re.compile(r"[^\\'\"`$;&|<>() \t\r\n]+")
_OPERATOR = re.compile(
    r"(?P<redirect>(?:[0-9]+|\{[A-Za-z_][A-Za-z0-9_]*\})?(?:<<<|<<-|<<|<>|<&|>>|>&|>\||<|>)|&>>|&>)"
    r"|;;&|;;|;&|&&|\|\||\|&|[;&|()]"
)
_ARRAY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\+?=\Z")


class Token(NamedTuple):
    """One piece of a script: a word, op, redirect, newline or end; to round it off also blank, comment and body."""

    kind: str
    start: int
    end: int
    text: str = ""
    word: Word | None = None


class Lexer(Quoting):
    """Gives one token after the other.

    Once a newline is met, the bodies of the here-documents that were announced before it are passed over.
    """

    def __init__(
        self, source: Source, position: int, end: int, nested: Callable[[Any, str], Sequence], depth: int = 0
    ) -> None:
        super().__init__(source, position, end, nested, depth)
        self.spans: list[Token] = []

    def next(self) -> Token:
        """The next token that is neither blank nor comment.

        :raises ShellError: if a quote or the like has no end
        """
        self._pass_over()
        at, text = self.position, self.text
        if at >= len(text):
            return Token("end", at, at)
        if text[at] == "\n":
            self.position = at + 1
            token = self._add("newline", at)
            self._bodies()
            return token
        found = None if text.startswith(("<(", ">("), at) else _OPERATOR.match(text, at)
        if found:
            self.position = found.end()
            return self._add("redirect" if found.group("redirect") else "op", at)
        mark = len(self.spans)
        word = self._word()
        del self.spans[mark:]
        self.spans.append(Token("word", at, self.position, word.plain, word))
        return self.spans[-1]

    def arithmetic(self, token: Token) -> int:
        """Go past `((...))`, whose first parenthesis is the token that was given last; where it ends, or -1."""
        end = arithmetic_end(self.text, token.start)
        if end >= 0:
            self.position = end
            self.spans[-1] = Token("arithmetic", token.start, end)
        return end

    def _add(self, kind: str, start: int) -> Token:
        token = Token(kind, start, self.position, self.text[start : self.position])
        self.spans.append(token)
        return token

    def _pass_over(self) -> None:
        """Go past blanks, continued lines and a comment."""
        start = self.position
        while True:
            found = _BLANKS.match(self.text, self.position)
            if found:
                self.position = found.end()
            elif self.text.startswith("\\\n", self.position):
                self.source.joins.add(self.position)
                self.position += 2
            else:
                break
        if self.position > start:
            self._add("blank", start)
        found = _COMMENT.match(self.text, self.position)
        if found:
            self.position = found.end()
            self._add("comment", found.start())

    def _bodies(self) -> None:
        """Go past the here-documents that begin here."""
        pending, self.pending = self.pending, []
        for delimiter, tabs in pending:
            start = self.position
            while self.position < len(self.text):
                end = self.text.find("\n", self.position)
                end = len(self.text) if end < 0 else end
                line = self.text[self.position : end].rstrip("\r")
                self.position = min(end + 1, len(self.text))
                if (line.lstrip("\t") if tabs else line) == delimiter:
                    break
            if self.position > start:
                self._add("body", start)

    def _word(self) -> Word:
        start = self.position
        parts: list[Part] = []
        while self.position < len(self.text):
            found = _PLAIN.match(self.text, self.position)
            if found:
                parts.append(Literal(found.start(), found.end(), found.group()))
                self.position = found.end()
                continue
            part = self._special(parts)
            if part is None:
                break
            parts.append(part)
        return Word(start, self.position, tuple(parts))

    def _special(self, parts: list[Part]) -> Part | None:
        """The part of a word that begins with a character that has a meaning; None where the word ends."""
        at, text = self.position, self.text
        sign = text[at]
        if sign in "\\'\"`$":
            return self.part(double=False, brace=False)
        if sign == "\r" and not text.startswith("\r\n", at):
            self.position += 1
            return Literal(at, at + 1, sign)
        if sign == "(" and len(parts) == 1 and isinstance(parts[0], Literal) and _ARRAY.match(parts[0].text):
            return self._array()
        if not parts and text.startswith(("<(", ">("), at):
            return self.command_substitution(at)
        return None

    def _array(self) -> Array:
        start = self.position
        self.position += 1
        words: list[Word] = []
        with self.nest(start):
            while True:
                token = self.next()
                if token.word is not None:
                    words.append(token.word)
                elif token.kind == "op" and token.text == ")":
                    return Array(start, self.position, tuple(words))
                elif token.kind != "newline":
                    raise self.source.error(start, "the array that begins here is not closed, or not understood")
