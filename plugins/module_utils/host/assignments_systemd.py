# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Where the assignments of a file stand that systemd reads as EnvironmentFile."""

from __future__ import annotations

import re

from .assignments_found import Found, View
from .environment import parse_environment_file

_NAME = re.compile(r"[ \t]*(?![#; \t])([^\n\r][^\n\r=]*)=")
# Quoted parts, then plain text in which quotes mean nothing. A quotation that is never closed takes what is left.
_VALUE = re.compile(
    r"""[ \t]*(?P<raw>(?:(?:"(?:\\.|[^"\\])*(?:"|(?P<open1>\\?\Z))|'[^']*(?:'|(?P<open2>\Z)))[ \t]*)*"""
    r"""(?:\\.|[^\n\r\\])*(?:\\\Z)?)(?:\r\n|\r|\n|\Z)""",
    re.DOTALL,
)
_LINE = re.compile(r"[^\n\r]*[\n\r]?")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def view_systemd(text: str, path: str) -> View:
    """What systemd sees; nothing is an error to it."""
    values = iter(parse_environment_file(text, path))
    found: list[Found] = []
    index = 0
    while index < len(text):
        name = _NAME.match(text, index)
        value = _VALUE.match(text, name.end()) if name else None
        if not name or not value:
            line = _LINE.match(text, index)
            index = line.end() if line else len(text)
            continue
        if _VARIABLE.fullmatch(name.group(1).strip(" \t")):
            said = next(values)
            is_open = value.group("open1") is not None or value.group("open2") is not None
            end = value.end("raw") if is_open else _without_blanks(value)
            found.append(
                Found(
                    said.name,
                    said.line,
                    value.start("raw"),
                    end,
                    index,
                    value.end(),
                    said.value,
                    exported=True,
                    plain=not is_open,
                    refers_to_itself=False,
                    whole=not is_open,
                )
            )
        index = value.end()
    return View(found, [], frozenset(each.name for each in found))


def _without_blanks(value: re.Match[str]) -> int:
    """The end of the value's text; a blank behind a backslash belongs to it."""
    raw = value.group("raw")
    cut = raw.rstrip(" \t")
    escaped = len(cut) < len(raw) and (len(cut) - len(cut.rstrip("\\"))) % 2
    return value.start("raw") + len(cut) + (1 if escaped else 0)
