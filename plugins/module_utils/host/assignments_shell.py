# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Assignments of a file that a shell sources: which there are, and whether each is sure to be carried out.

This follows the structure of the script only as far as that takes; it carries nothing out.
"""

from __future__ import annotations

import re
import typing as t
from dataclasses import replace

from .assignments_found import Export, Found, View
from .assignments_tokens import Token, Tokens
from .assignments_words import refers_to, word_value

# A backslash before a newline joins the two lines, within a name too.
_ASSIGNMENT = re.compile(r"((?:\\\n)*[A-Za-z_](?:[A-Za-z0-9_]|\\\n)*)(\+?)=")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DEFAULT = re.compile(r"(?<!\\)\$\{([A-Za-z_][A-Za-z0-9_]*):?=")
_REST_OF_LINE = re.compile(r"[ \t]*;?[ \t]*(?:#[^\n]*)?(?:\n|\Z)")
_OPENS = {"if": "if", "while": "loop", "until": "loop", "for": "loop", "select": "loop", "case": "case", "{": "{"}
_CLOSES = {"fi": ("if",), "done": ("loop",), "esac": ("pattern", "body"), "}": ("{",)}
_CONTINUES = ("then", "else", "elif", "do", "!")
_DECLARES = ("export", "readonly", "declare", "typeset", "local")
_ENDS_SCRIPT = ("exit", "return")


def view_shell(text: str, path: str) -> View:
    """What sh sees; raises HostError where it could not read the file."""
    script = _Script(text, path)
    for token in script.tokens.read():
        script.take(token)
    return script.end()


class _Script:
    """The state between two tokens: which compound commands are open, and the words of the simple command so far."""

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.tokens = Tokens(text, path)
        self.found: list[Found] = []
        self.exports: list[Export] = []
        self.exported: set[str] = set()
        self._open: list[tuple[str, int]] = []
        self._words: list[Token] = []
        self._redirected = False
        self._depends = False  # on the command before, as behind `&&`
        self._began = False  # whether there was a word since the last operator
        self._name_follows = False  # behind `function`
        self._parentheses = False  # those of a function
        self._over = False
        self._read_only: set[str] = set()

    def take(self, token: Token) -> None:
        if self._parentheses and token.text != ")":
            raise self.tokens.fail(token.start, "a parenthesis is opened before this and not closed")
        if token.kind == "redirection":
            self._redirected = self._began = True
        elif token.kind == "word":
            self._word(token)
            self._began = True
        else:
            self._operator(token)

    def end(self) -> View:
        self._finish("\n")
        if self._open:
            raise self.tokens.fail(self._open[-1][1], "a block is opened here and never closed")
        found = [_with_export(each, self.exported) for each in self.found]
        return View(found, self.exports, frozenset(self.exported))

    @property
    def _top(self) -> str:
        return self._open[-1][0] if self._open else ""

    def _become(self, state: str) -> None:
        self._open[-1] = (state, self._open[-1][1])

    def _word(self, token: Token) -> None:
        if self._top == "pattern":
            if token.text == "esac" and not self._began:
                self._open.pop()
        elif self._top == "case":
            self._become("in")
        elif self._top == "in":
            self._become("pattern")
            self._began = False
        elif self._words:
            self._words.append(token)
        elif self._name_follows:
            self._name_follows = False
        else:
            self._first_word(token)

    def _first_word(self, token: Token) -> None:
        if token.text in _OPENS:
            self._open.append((_OPENS[token.text], token.start))
            if token.text in ("for", "select"):
                self._words.append(token)
        elif token.text in _CLOSES:
            if self._top not in _CLOSES[token.text]:
                raise self.tokens.fail(token.start, f"`{token.text}` closes nothing here")
            self._open.pop()
        elif token.text == "function":
            self._name_follows = True
        elif token.text not in _CONTINUES:
            self._words.append(token)

    def _operator(self, token: Token) -> None:
        operator = token.text
        if self._top == "pattern":
            if operator == ")":
                self._become("body")
            self._began = self._began and operator != "\n"
        elif self._top in ("case", "in"):
            return
        elif operator == "(":
            self._parenthesis(token)
        elif operator == ")" and self._parentheses:
            self._parentheses = False
        else:
            self._finish(operator)
            if operator == ")":
                if self._top != "(":
                    raise self.tokens.fail(token.start, "a parenthesis closes nothing here")
                self._open.pop()
            elif operator in (";;", ";&", ";;&") and self._top == "body":
                self._become("pattern")
            self._after(operator)

    def _after(self, operator: str) -> None:
        if operator in ("&&", "||", "|", "|&"):
            self._depends = True
        elif operator != "\n" or self._began:
            self._depends = False
        self._began = operator == ")"

    def _parenthesis(self, token: Token) -> None:
        """Of a function that is defined, of an array, or of a subshell."""
        if len(self._words) == 1 and not _ASSIGNMENT.match(self._words[0].text):
            self._words = []
            self._parentheses = True
            return
        self._finish("(")
        self._open.append(("(", token.start))

    def _finish(self, operator: str) -> None:
        """The simple command is complete."""
        words, redirected = self._words, self._redirected
        self._words, self._redirected = [], False
        if words:
            reached = not (self._open or self._depends or self._over or operator in ("|", "|&", "&"))
            # `exec` alone only redirects.
            leaves = words[0].text in _ENDS_SCRIPT or (words[0].text == "exec" and len(words) > 1)
            self._over = self._over or (reached and leaves)
            # A redirection can fail, and then the shell does not assign.
            surely = reached and not redirected and operator in ("\n", ";")
            _Command(self, words, surely).record()

    def fix(self, name: str) -> None:
        """From here on the shell refuses to set the variable."""
        self._read_only.add(name)

    def can_set(self, name: str) -> bool:
        return name not in self._read_only


class _Command:
    """One simple command, which may assign."""

    def __init__(self, script: _Script, words: list[Token], certain: bool) -> None:
        self._script = script
        self._words = words
        self._certain = certain
        text, first, last = script.text, words[0].start, words[-1].end
        self._line_start = text.rfind("\n", 0, first) + 1
        rest = _REST_OF_LINE.match(text, last)
        newline = text.find("\n", last)
        self._line_end = rest.end() if rest else newline + 1 or len(text)
        blank = not text[self._line_start : first].strip(" \t") and self._line_start not in script.tokens.continued
        self._alone = certain and bool(rest) and blank

    def record(self) -> None:
        words = [_joined(word.text) for word in self._words]
        for word in self._words:
            for match in _DEFAULT.finditer(word.text):
                self._add(word, match.group(1), unsure=True)
        if words[0] in _DECLARES:
            self._declare(words[0])
        elif words[0] == "unset":
            self._unset()
        elif words[0] in ("for", "select") and len(words) > 1:
            self._add(self._words[1], words[1], unsure=True)
        elif all(_ASSIGNMENT.match(word) for word in words):
            self._alone = self._alone and len(words) == 1
            for word in self._words:
                self._assign(word, exported=False)

    def _declare(self, command: str) -> None:
        arguments = [word for word in self._words[1:] if not word.text.startswith("-")]
        options = {word.text for word in self._words[1:]} - {word.text for word in arguments}
        exports = "-n" not in options and (command == "export" or "-x" in options)
        self._alone = self._alone and len(arguments) == 1 and not options - {"-x", "--"}
        for word in arguments:
            if _ASSIGNMENT.match(word.text):
                self._assign(word, exports)
            elif exports and _NAME.fullmatch(_joined(word.text)):
                if self._certain:
                    self._script.exported.add(_joined(word.text))
                self._script.exports.append(Export(_joined(word.text), self._line_start, self._line_end, self._alone))
        if command == "readonly":
            for word in arguments:
                self._script.fix(_joined(word.text).partition("=")[0])

    def _unset(self) -> None:
        if any(word.text == "-f" for word in self._words):
            return
        for word in self._words[1:]:
            name = _joined(word.text).partition("=")[0]
            if _NAME.fullmatch(name):
                self._add(word, name, unsure=True, unset=True)
                self._script.exported.discard(name)

    def _assign(self, word: Token, exported: bool) -> None:
        match = _ASSIGNMENT.match(word.text)
        if not match:
            return
        name, raw = _joined(match.group(1)), word.text[match.end() :]
        is_array = self._script.text.startswith("(", word.end)
        value = None if match.group(2) or is_array else word_value(raw)
        refers = bool(match.group(2)) or (value is None and refers_to(raw, name))
        if exported and self._certain:
            self._script.exported.add(name)
        certain = self._certain and self._script.can_set(name)
        self._add(word, name, value=value, refers=refers, exported=exported, certain=certain, offset=match.end())

    def _add(
        self,
        word: Token,
        name: str,
        *,
        value: str | None = None,
        refers: bool = False,
        exported: bool = False,
        certain: bool = False,
        offset: int = 0,
        unsure: bool = False,
        unset: bool = False,
    ) -> None:
        whole = self._alone and certain and not unsure
        self._script.found.append(
            Found(
                name,
                self._script.text.count("\n", 0, word.start) + 1,
                word.start + offset,
                word.end,
                self._line_start,
                self._line_end,
                value,
                exported,
                plain=whole and not refers,
                refers_to_itself=refers,
                whole=whole,
                certain=certain,
                unset=unset,
            )
        )


def _with_export(found: Found, exported: t.Collection[str]) -> Found:
    if found.exported or found.name not in exported:
        return found
    return replace(found, exported=True)


def _joined(word: str) -> str:
    return word.replace("\\\n", "")
