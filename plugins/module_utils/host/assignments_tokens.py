# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The text of a shell file taken apart into words and operators, as far as finding assignments needs it."""

from __future__ import annotations

import re
import typing as t

from .errors import HostError

_BLANKS = re.compile(r"[ \t]+")
_PLAIN = re.compile(r"[^ \t\n'\"\\`$;&|<>()]+")
_OPERATOR = re.compile(r";;&|;;|;&|&&|\|\||\|&|[;&|()\n]")
_REDIRECTION = re.compile(r"[0-9]*(?:<<<|<<-|<<|<&|<>|<|>>|>&|>\||>)|&>>|&>")
_ENDS_WORD = " \t\n;&|<>()"
_BEFORE_COMMANDS = {"if", "then", "elif", "else", "while", "until", "do", "{", "!"}
_DEEPEST = 40


class Token(t.NamedTuple):
    """A word, an operator (a newline is one) or a redirection with its target."""

    kind: t.Literal["word", "operator", "redirection"]
    start: int
    end: int
    text: str


class Tokens:
    """The tokens of one file.

    :ivar continued: offsets of lines that a backslash at the end of the line before joins to it
    """

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.continued: set[int] = set()
        self._depth = 0

    def read(self, index: int = 0) -> t.Iterator[Token]:
        """Raises HostError where something is opened and never closed."""
        documents: list[tuple[str, bool]] = []
        while index < len(self.text):
            char = self.text[index]
            blanks = _BLANKS.match(self.text, index)
            if blanks:
                index = blanks.end()
            elif self.text.startswith("\\\n", index):
                index += 2
                self.continued.add(index)
            elif char == "#":
                index = self._line_end(index)
            else:
                token = self._token(index, documents)
                index = token.end
                yield token
                if token.text == "\n" and documents:
                    index = self._skip_documents(index, documents)
                    documents = []

    def fail(self, index: int, problem: str) -> HostError:
        """The error for what stands at this offset."""
        line = self.text.count("\n", 0, index) + 1
        return HostError(f"{self.path}:{line}: {problem}, so a shell cannot read the file; correct it by hand first")

    def _token(self, index: int, documents: list[tuple[str, bool]]) -> Token:
        redirection = _REDIRECTION.match(self.text, index)
        if redirection:
            end = target = self._behind_blanks(redirection.end())
            if target < len(self.text) and self.text[target] not in _ENDS_WORD:
                end = self._word(target)
            if redirection.group().lstrip("0123456789") in ("<<", "<<-"):
                delimiter = re.sub(r"""["'\\]""", "", self.text[target:end])
                documents.append((delimiter, redirection.group().endswith("-")))
            return Token("redirection", index, end, self.text[index:end])
        operator = _OPERATOR.match(self.text, index)
        if operator:
            return Token("operator", index, operator.end(), operator.group())
        end = self._word(index)
        return Token("word", index, end, self.text[index:end])

    def _line_end(self, index: int) -> int:
        end = self.text.find("\n", index)
        return len(self.text) if end < 0 else end

    def _behind_blanks(self, index: int) -> int:
        blanks = _BLANKS.match(self.text, index)
        return blanks.end() if blanks else index

    def _skip_documents(self, index: int, documents: list[tuple[str, bool]]) -> int:
        for delimiter, tabs in documents:
            while index < len(self.text):
                end = self._line_end(index)
                line = self.text[index:end]
                index = end + 1
                if (line.lstrip("\t") if tabs else line) == delimiter:
                    break
        return min(index, len(self.text))

    def _word(self, index: int) -> int:
        """The end of the word that begins here."""
        while index < len(self.text) and self.text[index] not in _ENDS_WORD:
            plain = _PLAIN.match(self.text, index)
            index = plain.end() if plain else self._quoted(index)
        return index

    def _quoted(self, index: int, within: str = "") -> int:
        """The end of the quotation, expansion or escape that begins here.

        :param within: the quotation around it, if any
        """
        char = self.text[index]
        if char == "\\":
            return min(index + 2, len(self.text))
        if char == "'" and not within:
            return self._closed(index, "'", "a quotation")
        if char == '"':
            return self._until(index, index + 1, '"', "a quotation")
        if char == "`":
            return self._escaped(index, index + 1, "`", "a command in backquotes")
        return self._dollar(index, within) if char == "$" else index + 1

    def _dollar(self, index: int, within: str) -> int:
        following = self.text[index + 1 : index + 2]
        if following == "'" and not within:
            return self._escaped(index, index + 2, "'", "a quotation")
        if following not in ("{", "("):
            return index + 1
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self.fail(index, "expansions are nested too deep here")
        if following == "{":
            end = self._until(index, index + 2, "}", "an expansion", within)
        elif self.text.startswith("((", index + 1):
            end = self._arithmetic(index)
        else:
            end = self._substitution(index)
        self._depth -= 1
        return end

    def _closed(self, opened: int, closing: str, what: str) -> int:
        end = self.text.find(closing, opened + 1)
        if end < 0:
            raise self.fail(opened, f"{what} is opened here and never closed")
        return end + 1

    def _escaped(self, opened: int, index: int, closing: str, what: str) -> int:
        """Up to the closing character that no backslash precedes."""
        while index < len(self.text):
            if self.text[index] == closing:
                return index + 1
            index += 2 if self.text[index] == "\\" else 1
        raise self.fail(opened, f"{what} is opened here and never closed")

    def _until(self, opened: int, index: int, closing: str, what: str, within: str = "") -> int:
        """Up to the closing character outside of everything that is nested in it."""
        within = '"' if closing == '"' else within
        while index < len(self.text):
            if self.text[index] == closing:
                return index + 1
            index = self._quoted(index, within) if self.text[index] in "\\'\"`$" else index + 1
        raise self.fail(opened, f"{what} is opened here and never closed")

    def _arithmetic(self, opened: int) -> int:
        depth, index = 0, opened + 1
        while index < len(self.text):
            char = self.text[index]
            depth += {"(": 1, ")": -1}.get(char, 0)
            index = self._quoted(index, '"') if char in '\\"`$' else index + 1
            if not depth:
                return index
        raise self.fail(opened, "a calculation is opened here and never closed")

    def _substitution(self, opened: int) -> int:
        """A parenthesis that closes a pattern of ``case`` does not close the command."""
        depth = cases = 0
        begins = True
        for token in self.read(opened + 2):
            if token.kind == "word":
                if token.text == "case" and begins:
                    cases += 1
                elif token.text == "esac" and cases:
                    cases -= 1
                begins = token.text in _BEFORE_COMMANDS
            elif token.kind == "operator":
                begins = True
                if token.text == "(":
                    depth += 1
                elif token.text == ")" and depth:
                    depth -= 1
                elif token.text == ")" and not cases:
                    return token.end
        raise self.fail(opened, "a command is opened here and never closed")
