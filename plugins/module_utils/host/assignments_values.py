# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What may be the name and the value of a variable, and how it is written for sh and systemd alike."""

from __future__ import annotations

import re

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_UNSAFE = re.compile(r"""(["\\`$])""")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_CONTROL_NAMES = {"\n": "a newline", "\r": "a carriage return", "\t": "a tab", "\0": "a NUL"}

_TAKEN_AWAY = "systemd takes it away when it splits the value into words, and sh hands it to dockerd as it is"
_GLOB = "sh puts the names of files in the place of a word with it, and systemd does not"
# What separates the options of dockerd differs from reader to reader.
_OPTION_CHARACTERS = {
    '"': ("a double quote", _TAKEN_AWAY),
    "'": ("a single quote", _TAKEN_AWAY),
    "\\": ("a backslash", _TAKEN_AWAY),
    "*": ("an asterisk", _GLOB),
    "?": ("a question mark", _GLOB),
    "[": ("an opening bracket", _GLOB),
    "$": ("a dollar sign", "neither sh nor systemd puts a variable in there, and OpenRC does"),
    "`": (
        "a backquote",
        "sh and systemd hand it to dockerd as it is, and OpenRC carries out what stands in backquotes",
    ),
}
_OPENRC_CHARACTERS = {
    ";": "a semicolon",
    "&": "an ampersand",
    "|": "a vertical bar",
    "<": "a less-than sign",
    ">": "a greater-than sign",
    "(": "an opening parenthesis",
    ")": "a closing parenthesis",
    "#": "a hash",
}
_ELSEWHERE = "put this option into daemon.json, where nobody splits or expands it"


def quote(name: str, value: str) -> str:
    """The statement `NAME="value"`, which sh and systemd read as the very same text."""
    escaped = _UNSAFE.sub(r"\\\1", value)
    return f'{name}="{escaped}"'


def problems(name: str, value: str, *, options: bool, path: str) -> list[str]:
    """All that is wrong with name and value, in sentences that do not show the value: it may hold a password.

    :param options: whether the value is expanded into dockerd's command line, where each reader splits it its own way
    :param path: of the file the variable is for
    """
    found: list[str] = []
    if not _NAME.fullmatch(name):
        shown = name.partition("=")[0]
        found.append(
            f"{path}: {shown!r} is no name of a variable, as sh would take the line for a command and systemd would "
            "pass over it; use letters, digits and underscores, with no digit first"
        )
        name = "the variable"
    for char in sorted(set(_CONTROL.findall(value))):
        shown = _CONTROL_NAMES.get(char, f"the control character {ord(char):#04x}")
        found.append(
            f"{path}: the value of {name} contains {shown}, which other programs that read this file line by line "
            "break on; take it out"
        )
    if _SURROGATE.search(value):
        found.append(
            f"{path}: the value of {name} contains bytes that are not UTF-8, and systemd ignores such a variable; "
            "write it in UTF-8"
        )
    return found + (_option_problems(name, value, path) if options else [])


def _option_problems(name: str, value: str, path: str) -> list[str]:
    found = [
        f"{path}: the value of {name} contains {shown}: {why}; {_ELSEWHERE}"
        for char, (shown, why) in _OPTION_CHARACTERS.items()
        if char in value
    ]
    if re.search(r"(?:^| )~", value):
        found.append(
            f"{path}: a word of the value of {name} begins with a tilde, which neither sh nor systemd replaces by a "
            "home directory here, so that dockerd would get it as it is; write the whole path"
        )
    if path.startswith("/etc/conf.d/"):
        found += [
            f"{path}: the value of {name} contains {shown}, and OpenRC has the shell read the command line once more, "
            f"where it is no part of a word; {_ELSEWHERE}"
            for char, shown in _OPENRC_CHARACTERS.items()
            if char in value
        ]
    return found
