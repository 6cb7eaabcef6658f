# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Read the commands that have others within them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection

from .errors import ShellError
from .grammar import Arithmetic, Case, For, Function, Group, If, Loop, Node, Sequence, Subshell, Test
from .lexer import Lexer, Token
from .words import Word

_ARM_ENDS = (";;", ";&", ";;&")


class Compound(ABC):
    """The part of a parser that reads compound commands.

    :param lexer: gives the tokens
    """

    def __init__(self, lexer: Lexer) -> None:
        self.lexer = lexer
        self._ahead: Token | None = None

    @abstractmethod
    def sequence(self, stops: Collection[str]) -> Sequence:
        """Commands up to one of the words or operators, which is left there."""

    def peek(self) -> Token:
        """The next token."""
        if self._ahead is None:
            self._ahead = self.lexer.next()
        return self._ahead

    def take(self) -> Token:
        """The next token, which is then done with."""
        token, self._ahead = self.peek(), None
        return token

    def newlines(self) -> None:
        """Go past newlines."""
        while self.peek().kind == "newline":
            self.take()

    def expect(self, text: str) -> None:
        """Go past one word or operator.

        :raises ShellError: if something else is there
        """
        token = self.take()
        if token.text != text or token.kind not in ("op", "word"):
            raise self.unexpected(token, (text,))

    def unexpected(self, token: Token, wanted: Collection[str]) -> ShellError:
        """What to raise for a token that must not be here."""
        found = {"end": "the end", "newline": "the end of the line"}.get(token.kind) or repr(token.text or "a word")
        instead = f" where {' or '.join(sorted(wanted))} is expected" if wanted else " where it means nothing"
        return self.lexer.source.error(token.start, f"{found} stands{instead}")

    def compound(self, token: Token) -> Node | None:
        """The compound command that begins with this token; None if it begins none."""
        if token.kind == "op":
            return self._parentheses(token) if token.text == "(" else None
        if token.kind != "word":
            return None
        if token.text in ("while", "until"):
            self.take()
            condition = self.sequence(("do",))
            return Loop(condition, self._do())
        if token.text == "{":
            self.take()
            body = self.sequence(("}",))
            self.expect("}")
            return Group(body)
        read = {
            "if": self._if,
            "for": self._for,
            "select": self._for,
            "case": self._case,
            "function": self._function_keyword,
            "[[": self._test,
        }.get(token.text)
        return read() if read else None

    def _parentheses(self, token: Token) -> Node:
        self.take()
        end = self.lexer.arithmetic(token)
        if end >= 0:
            return Arithmetic(token.start, end)
        body = self.sequence((")",))
        self.expect(")")
        return Subshell(body)

    def _if(self) -> If:
        branches = []
        otherwise = None
        keyword = "if"
        while keyword != "fi":
            self.take()
            if keyword == "else":
                otherwise = self.sequence(("fi",))
                break
            condition = self.sequence(("then",))
            self.take()
            branches.append((condition, self.sequence(("elif", "else", "fi"))))
            keyword = self.peek().text
        self.expect("fi")
        return If(tuple(branches), otherwise)

    def _do(self) -> Sequence:
        self.expect("do")
        body = self.sequence(("done",))
        self.expect("done")
        return body

    def _for(self) -> Node:
        start = self.take().start
        token = self.take()
        if token.kind == "op" and token.text == "(":
            if self.lexer.arithmetic(token) < 0:
                raise self.unexpected(token, ("a name",))
            self._separators()
            return Loop(None, self._do())
        if token.word is None:
            raise self.unexpected(token, ("a name",))
        self.newlines()
        words = None
        if self.peek().text == "in" and self.peek().kind == "word":
            self.take()
            words = tuple(self._words())
        self._separators()
        return For(start, token.text, words, self._do())

    def _separators(self) -> None:
        if self.peek().kind == "op" and self.peek().text == ";":
            self.take()
        self.newlines()

    def _words(self) -> list[Word]:
        words: list[Word] = []
        while True:
            word = self.peek().word
            if word is None:
                return words
            words.append(word)
            self.take()

    def _case(self) -> Case:
        self.take()
        subject = self.take()
        if subject.word is None:
            raise self.unexpected(subject, ("a word",))
        self.newlines()
        self.expect("in")
        arms: list[tuple[tuple[Word, ...], Sequence]] = []
        while True:
            self.newlines()
            if self.peek().text == "esac" and self.peek().kind == "word":
                self.take()
                return Case(subject.word, tuple(arms))
            patterns = self._patterns()
            arms.append((patterns, self.sequence((*_ARM_ENDS, "esac"))))
            if self.peek().text in _ARM_ENDS:
                self.take()

    def _patterns(self) -> tuple[Word, ...]:
        if self.peek().kind == "op" and self.peek().text == "(":
            self.take()
        patterns: list[Word] = []
        while True:
            token = self.take()
            if token.word is None:
                raise self.unexpected(token, ("a pattern",))
            patterns.append(token.word)
            token = self.take()
            if token.kind == "op" and token.text == ")":
                return tuple(patterns)
            if token.kind != "op" or token.text != "|":
                raise self.unexpected(token, (")",))

    def _test(self) -> Test:
        start = self.take()
        words: list[Word] = [start.word] if start.word else []
        understood = True
        while True:
            token = self.take()
            if token.kind == "end":
                raise self.unexpected(token, ("]]",))
            if token.word is None:
                understood = understood and token.kind == "newline"
                continue
            words.append(token.word)
            if token.text == "]]":
                return Test(start.start, token.end, tuple(words) if understood else ())

    def _function_keyword(self) -> Function:
        self.take()
        name = self.take()
        if name.word is None:
            raise self.unexpected(name, ("a name",))
        if self.peek().kind == "op" and self.peek().text == "(":
            self.take()
            self.expect(")")
        return self.function_body(name)

    def function_body(self, name: Token) -> Function:
        """What a function does; its name has been read.

        :raises ShellError: if it is not in braces, parentheses or the like
        """
        self.newlines()
        with self.lexer.nest(name.start):
            body = self.compound(self.peek())
        if body is None:
            raise self.unexpected(self.peek(), ("{",))
        return Function(name.start, name.text, body)
