# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The text of systemd units: settings with the line they stand on, and the words of a command line.

Rules after systemd.syntax(7) and systemd.service(5).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_BLANKS = " \t\n\r"
_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "s": " "}
_CODE = re.compile(r"x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2}")
_PLAIN_WORD = re.compile(r"[A-Za-z0-9_@%+=:,./-]+")


@dataclass(frozen=True)
class Setting:
    """One assignment in a unit file.

    :param line: number of the line it begins on, from 1
    """

    section: str
    name: str
    value: str
    path: str
    line: int


@dataclass(frozen=True)
class Word:
    """One word of a command line.

    :param raw: as it stands in the file, quotes and escapes included
    :param text: what it means before variables are put in
    """

    raw: str
    text: str


def parse_unit(text: str, path: str) -> list[Setting]:
    """The settings of a unit file in order; comments and what is no assignment are passed over, as systemd does."""
    settings: list[Setting] = []
    section = ""
    for number, line in _logical_lines(text.removeprefix("\ufeff")):
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
            continue
        name, equals, value = line.partition("=")
        if equals:
            settings.append(Setting(section, name.strip(_BLANKS), value.strip(_BLANKS), path, number))
    return settings


def _logical_lines(text: str) -> list[tuple[int, str]]:
    """Lines joined where one ends in a backslash that is not itself escaped; a comment between the parts is dropped."""
    found: list[tuple[int, str]] = []
    started = 0
    parts: list[str] = []
    for number, physical in enumerate([*text.split("\n"), ""], start=1):
        line = physical.rstrip("\r")
        if line.lstrip(_BLANKS).startswith(("#", ";")):
            continue
        if not parts:
            started = number
        if (len(line) - len(line.rstrip("\\"))) % 2:
            parts.append(line[:-1])
            continue
        joined = " ".join([*parts, line]).strip(_BLANKS)
        parts = []
        if joined:
            found.append((started, joined))
    return found


def split_words(value: str, *, c_escapes: bool = True) -> list[Word]:
    """Split a command line into words: blanks separate, quotes hold together, a backslash begins an escape.

    :param c_escapes: whether escapes mean what they mean in C; otherwise the character behind the backslash itself,
        as in the value of a variable
    """
    words: list[Word] = []
    index = 0
    while index < len(value):
        if value[index] in _BLANKS:
            index += 1
            continue
        start = index
        text, index = _word_at(value, index, c_escapes)
        words.append(Word(value[start:index], text))
    return words


def _word_at(value: str, index: int, c_escapes: bool) -> tuple[str, int]:
    text: list[str] = []
    quote = ""
    while index < len(value):
        char = value[index]
        if char == "\\":
            piece, index = _escape(value, index + 1) if c_escapes else (value[index + 1 : index + 2], index + 2)
            text.append(piece)
            continue
        if quote:
            if char == quote:
                quote = ""
            else:
                text.append(char)
        elif char in "\"'":
            quote = char
        elif char in _BLANKS:
            break
        else:
            text.append(char)
        index += 1
    return "".join(text), index


def _escape(value: str, index: int) -> tuple[str, int]:
    char = value[index : index + 1]
    if char in _ESCAPES:
        return _ESCAPES[char], index + 1
    if char and char in "\\\"'":
        return char, index + 1
    code = _CODE.match(value, index)
    if code:
        return chr(int(code.group().lstrip("xuU"), 16 if char in "xuU" else 8)), code.end()
    return "\\" + char, index + 1


def quote_word(text: str, *, variables: bool = True) -> str:
    """A word for an Exec line that means exactly this text: no variable, no specifier.

    :param variables: whether the line is one in which systemd puts variables in
    """
    text = text.replace("%", "%%")
    if variables:
        text = text.replace("$", "$$")
    if text and _PLAIN_WORD.fullmatch(text):
        return text
    for char, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(char, escaped)
    return f'"{text}"'
