# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Read a script's commands."""

from __future__ import annotations

from collections.abc import Collection

from .compound import Compound
from .grammar import AndOr, Function, Node, Pipeline, Sequence, Simple
from .lexer import Lexer, Token
from .source import Source
from .words import Assign, Literal, Quoted, Word, assignment

DECLARING = frozenset({"export", "readonly", "local", "declare", "typeset"})
_CLOSING = frozenset({"then", "elif", "else", "fi", "do", "done", "esac", "}", ")", ";;", ";&", ";;&"})


def parse(source: Source, start: int = 0, end: int | None = None) -> Sequence:
    """The commands of a text, or of a part of it.

    :raises ShellError: if it is not understood
    """
    return tokens_of(source, start, end)[1]


def tokens_of(source: Source, start: int = 0, end: int | None = None) -> tuple[list[Token], Sequence]:
    """All tokens, blanks and comments too, and the commands."""
    lexer = Lexer(source, start, len(source.text) if end is None else end, _nested)
    body = Parser(lexer).sequence(())
    return lexer.spans, body


def _nested(lexer: Lexer, closing: str) -> Sequence:
    parser = Parser(lexer)
    body = parser.sequence((closing,) if closing else ())
    if closing:
        parser.expect(closing)
    return body


class Parser(Compound):
    """Reads commands off a lexer, one token ahead at most."""

    def sequence(self, stops: Collection[str]) -> Sequence:
        """Commands up to one of the words or operators, which is left there."""
        items: list[tuple[Node, bool]] = []
        while True:
            token = self.peek()
            while token.kind == "newline":
                self.take()
                token = self.peek()
            if token.kind == "end" and not stops:
                return Sequence(tuple(items))
            if token.text in stops and token.kind in ("op", "word"):
                return Sequence(tuple(items))
            if token.kind == "end" or token.text in _CLOSING:
                raise self.unexpected(token, stops)
            node = self._and_or()
            separator = self.peek()
            background = separator.kind == "op" and separator.text == "&"
            if separator.kind == "op" and separator.text in (";", "&"):
                self.take()
            elif separator.kind == "op" and separator.text not in stops:
                raise self.unexpected(separator, stops)
            items.append((node, background))

    def _and_or(self) -> Node:
        first = self._pipeline()
        rest: list[tuple[str, Node]] = []
        while self.peek().kind == "op" and self.peek().text in ("&&", "||"):
            operator = self.take().text
            self.newlines()
            rest.append((operator, self._pipeline()))
        return AndOr(first, tuple(rest)) if rest else first

    def _pipeline(self) -> Node:
        negated = False
        while self.peek().text == "!" and self.peek().kind == "word":
            self.take()
            negated = not negated
        commands = [self._command()]
        while self.peek().kind == "op" and self.peek().text in ("|", "|&"):
            self.take()
            self.newlines()
            commands.append(self._command())
        return Pipeline(tuple(commands), negated) if negated or len(commands) > 1 else commands[0]

    def _command(self) -> Node:
        token = self.peek()
        with self.lexer.nest(token.start):
            node = self.compound(token)
            if node is None:
                return self._simple()
            while self.peek().kind == "redirect":
                self._redirect()
            return node

    def _redirect(self) -> None:
        operator = self.take().text
        token = self.take()
        if token.word is None:
            raise self.unexpected(token, ())
        if operator.endswith(("<<", "<<-")) and not operator.endswith("<<<"):
            tabs = operator.endswith("-")
            self.lexer.pending.append((_delimiter(self.lexer.source.text, token.word), tabs))

    def _simple(self) -> Node:
        """A simple command, or the definition of a function."""
        assigns: list[Assign] = []
        words: list[Word] = []
        declared: list[Assign] = []
        start, end = self.peek().start, -1
        while True:
            token = self.peek()
            if token.kind == "redirect":
                end = token.end
                self._redirect()
                continue
            if token.word is None:
                break
            self.take()
            end = token.end
            found = assignment(token.word)
            if found and not words:
                assigns.append(found)
            elif found and words[0].plain in DECLARING:
                declared.append(found)
            else:
                words.append(token.word)
                if len(words) == 1 and not assigns and self.peek().text == "(" and self.peek().kind == "op":
                    return self._function(token)
        if end < 0:
            raise self.unexpected(self.peek(), ())
        return Simple(start, end, tuple(assigns), tuple(words), tuple(declared))

    def _function(self, name: Token) -> Function:
        self.take()
        self.expect(")")
        return self.function_body(name)


def _delimiter(text: str, word: Word) -> str:
    """The line that ends a here-document."""
    found = ""
    for part in word.parts:
        if isinstance(part, Quoted):
            found += "".join(inner.text if isinstance(inner, Literal) else "" for inner in part.parts)
        else:
            found += part.text if isinstance(part, Literal) else text[part.start : part.end]
    return found
