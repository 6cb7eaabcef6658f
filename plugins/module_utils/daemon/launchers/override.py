# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Flags of a packaged script taken off by the file of variables that it reads, so that the script stays as it is."""

from __future__ import annotations

import typing as t

from ...host.assignments import Reader, set_variable
from ...host.errors import HostError
from ...host.files import as_bytes
from ..arguments import Flag, remaining_words

if t.TYPE_CHECKING:
    from .shell_launch import ShellLaunch

_READERS: tuple[Reader, ...] = ("shell",)


def overridden(launch: ShellLaunch, taken: t.Sequence[Flag]) -> dict[str, bytes]:
    """The file of variables with what is left of each that brings a flag; nothing where a flag comes in another way."""
    path = launch.script.options_file
    names = list(dict.fromkeys(launch.variable_of(flag) for flag in taken))
    if not path or "" in names or path not in launch.found.read:
        return {}
    text = launch.text_of(path)
    for name in names:
        left = _left(launch, name, taken)
        try:
            # An empty value would count as none where the script has a default for that.
            text = set_variable(text, path, name, left or " ", readers=_READERS, export=False).text
        except HostError:
            return {}
    return {path: as_bytes(text)}


def _left(launch: ShellLaunch, name: str, taken: t.Sequence[Flag]) -> str:
    words: list[str] = []
    for index, argument in enumerate(launch.arguments):
        if argument.variable == name:
            left = remaining_words(list(launch.flags), list(taken), index)
            words += [argument.text] if left is None else left
    return " ".join(words)
