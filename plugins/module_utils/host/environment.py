# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Environment of a systemd service: files, assignments, and variables put into words.

Rules after systemd.exec(5) and systemd.service(5): this is not a shell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .systemd_unit import split_words

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BRACED = re.compile(r"\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_WHOLE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")


@dataclass(frozen=True)
class Assignment:
    """A variable and where it got its value."""

    name: str
    value: str
    path: str
    line: int


def parse_environment_file(text: str, path: str) -> list[Assignment]:
    """What systemd reads from an EnvironmentFile.

    Lines that are no assignment, names that are none (``export X=1`` has such a name) and comments are passed over.
    """
    found: list[Assignment] = []
    index, line = 0, 1
    while index < len(text):
        end = _end_of_line(text, index)
        stripped = text[index:end].lstrip(" \t\r")
        if not stripped or stripped[0] in "#;" or "=" not in stripped:
            index, line = end + 1, line + 1
            continue
        equals = text.index("=", index)
        name = text[index:equals].strip()
        value, after = _value_at(text, equals + 1)
        if _NAME.fullmatch(name):
            found.append(Assignment(name, value, path, line))
        line += text.count("\n", index, after)
        index = after
    return found


def _end_of_line(text: str, index: int) -> int:
    end = text.find("\n", index)
    return len(text) if end < 0 else end


def _value_at(text: str, index: int) -> tuple[str, int]:
    """The value that begins here, and the index behind its line.

    Quotes count only where the value, or another quoted part of it, begins; behind a plain character they are text.
    """
    out: list[str] = []
    kept = 0  # how much of `out` stays when the blanks at its end are cut
    quote, plain = "", False
    while index < len(text):
        char = text[index]
        following = text[index + 1 : index + 2]
        if char == "\\" and quote != "'" and following:
            if following != "\n":
                out.append("\\" + following if quote and following not in '"\\`$' else following)
                kept = len(out)
            plain = plain or not quote
            index += 1
        elif quote:
            if char == quote:
                quote = ""
            else:
                out.append(char)
            kept = len(out)
        elif char == "\n":
            return "".join(out[:kept]), index + 1
        elif char in "\"'" and not plain:
            quote = char
        elif char not in " \t\r":
            out.append(char)
            kept, plain = len(out), True
        elif plain:
            out.append(char)
        index += 1
    return "".join(out[:kept]), index


def expand_word(text: str, variables: dict[str, str]) -> list[str]:
    """Put variables into one word of an Exec line.

    ``$NAME`` as a word of its own is split on blanks (none, one or several words); ``${NAME}`` stays one word.
    """
    whole = _WHOLE.fullmatch(text)
    if whole:
        return [word.text for word in split_words(variables.get(whole.group(1), ""))]
    return [_BRACED.sub(lambda m: variables.get(m.group(1), "") if m.group(1) else "$", text)]
