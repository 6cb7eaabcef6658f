# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Where a text stops being JSON, and what should stand there instead (RFC 8259, as Go's encoding/json reads it)."""

from __future__ import annotations

import json
import math
import re
import typing as t
from dataclasses import dataclass

DEEPEST = 200

_BLANKS = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
_ESCAPE = re.compile(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})')
_NUMBERLIKE = re.compile(r"[-+.0-9][-+.0-9A-Za-z_]*")
_FROM_PYTHON = {
    "True": "true",
    "False": "false",
    "None": "null",
    "yes": "true",
    "no": "false",
    "on": "true",
    "off": "false",
}


@dataclass(frozen=True)
class Fault:
    """The first thing in a text that is no JSON.

    :param offset: where it is
    :param said: what is wrong there
    """

    offset: int
    said: str


class _Found(Exception):
    def __init__(self, offset: int, said: str) -> None:
        self.fault = Fault(offset, said)
        super().__init__(said)


def first_fault(text: str) -> Fault | None:
    """Read a text as one object and find its first fault; None where it has none."""
    try:
        _Reader(text).document()
    except _Found as found:
        return found.fault
    return None


class _Reader:
    """Goes through a text once, from value to value."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def document(self) -> None:
        self.skip()
        if self.text.startswith("{", self.at):
            self.value(0)
        elif self.text.startswith("null", self.at):
            self.at += 4
        else:
            self.fail("expected {: the file holds one object in braces")
        self.skip()
        if self.at < len(self.text):
            more = "only one object is read" if self.text[self.at] == "{" else "nothing may follow the object"
            self.fail(f"expected the end of the file: {more}")

    def skip(self) -> None:
        found = _BLANKS.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def fail(self, said: str, at: int | None = None) -> t.NoReturn:
        where = self.at if at is None else at
        if self.text.startswith(("//", "#", "/*"), where):
            said += "; JSON has no comments"
        raise _Found(where, said)

    def value(self, depth: int) -> None:
        if depth > DEEPEST:
            self.fail(f"expected no more than {DEEPEST} levels of braces and brackets")
        char = self.text[self.at : self.at + 1]
        if char == "{":
            self.members(depth)
        elif char == "[":
            self.entries(depth)
        elif char == '"':
            self.string()
        else:
            self.plain()

    def members(self, depth: int) -> None:
        seen: dict[str, int] = {}
        self.at += 1
        self.skip()
        if self.take("}"):
            return
        while True:
            self.name(seen)
            self.value(depth + 1)
            self.skip()
            if self.take("}"):
                return
            if not self.take(","):
                self.fail("expected a comma or }")
            comma = self.at - 1
            self.skip()
            if self.text.startswith("}", self.at):
                self.fail("expected no comma before }", comma)

    def name(self, seen: dict[str, int]) -> None:
        start = self.at
        if not self.text.startswith('"', start):
            said = "expected a name in double quotes" + ("" if seen else " or }")
            if self.text[start - 1 : start + 1] in ("{{", "{%"):
                said += "; these are the braces of a template"
            self.fail(said + ("; single quotes are none" if self.text.startswith("'", start) else ""))
        name = self.string()
        if name in seen:
            line = self.text.count("\n", 0, seen[name]) + 1
            self.fail(
                f'expected each key once; "{name}" stands in line {line} already, and dockerd would take the last one',
                start,
            )
        seen[name] = start
        self.skip()
        if not self.take(":"):
            self.fail(f'expected : behind the name "{name}"')
        self.skip()

    def entries(self, depth: int) -> None:
        self.at += 1
        self.skip()
        if self.take("]"):
            return
        while True:
            self.value(depth + 1)
            self.skip()
            if self.take("]"):
                return
            if not self.take(","):
                self.fail("expected a comma or ]")
            comma = self.at - 1
            self.skip()
            if self.text.startswith("]", self.at):
                self.fail("expected no comma before ]", comma)

    def take(self, char: str) -> bool:
        if not self.text.startswith(char, self.at):
            return False
        self.at += 1
        return True

    def string(self) -> str:
        start = self.at
        self.at += 1
        while True:
            found = _PLAIN.match(self.text, self.at)
            self.at = found.end() if found else self.at
            char = self.text[self.at : self.at + 1]
            if char == '"':
                self.at += 1
                return self.decoded(start)
            if char in ("", "\n", "\r"):
                self.fail('expected " at the end of the string that begins here', start)
            if char != "\\":
                self.fail(f"expected \\u{ord(char):04x} instead of a control character in a string")
            escape = _ESCAPE.match(self.text, self.at)
            if escape is None:
                self.fail("expected a known escape behind a backslash; two backslashes stand for one")
            self.at = escape.end()

    def decoded(self, start: int) -> str:
        """A string without its escapes. Half a pair of surrogates is a character for Python, and for nobody else."""
        found = str(json.loads(self.text[start : self.at]))
        if any(0xD800 <= ord(char) < 0xE000 for char in found):
            self.fail("expected both halves of a pair of surrogates in this string", start)
        return found

    def plain(self) -> None:
        """A number, or one of three words."""
        number = _NUMBERLIKE.match(self.text, self.at)
        if number:
            self.number(number.group())
            return
        word = _WORD.match(self.text, self.at)
        if word is None:
            quote = "; strings stand in double quotes" if self.text.startswith("'", self.at) else ""
            self.fail(f"expected a value{quote}")
        if word.group() in ("NaN", "Infinity"):
            self.fail(f"expected a number; {word.group()} is none in JSON")
        if word.group() not in ("true", "false", "null"):
            instead = _FROM_PYTHON.get(word.group())
            self.fail(f"expected {instead}" if instead else "expected a value; strings stand in double quotes")
        self.at = word.end()

    def number(self, text: str) -> None:
        if text.endswith("Infinity"):
            self.fail(f"expected a number; {text} is none in JSON")
        if _NUMBER.fullmatch(text) is None:
            self.fail("expected a number without a plus, a leading zero, a bare point or letters")
        if math.isinf(float(text)):
            self.fail("expected a smaller number")
        self.at += len(text)
