# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The text of one script, and where in it something stands."""

from __future__ import annotations

from bisect import bisect_right

from .errors import ShellError


class Source:
    """A text with the name of its file.

    :param path: of the file
    :param text: decoded such that it can be encoded to the same bytes again
    :param first_line: the number of its first line; the inside of backquotes is a text of its own
    """

    def __init__(self, path: str, text: str, first_line: int = 1) -> None:
        self.path = path
        self.text = text
        self.first_line = first_line
        # Where the backslash of a continued line stands; one within single quotes is none.
        self.joins: set[int] = set()
        self._lines: list[int] = []

    def line(self, offset: int) -> int:
        """The number of the line in which a character stands."""
        if not self._lines:
            self._lines = [0]
            at = self.text.find("\n")
            while at >= 0:
                self._lines.append(at + 1)
                at = self.text.find("\n", at + 1)
        return bisect_right(self._lines, offset) - 1 + self.first_line

    def error(self, offset: int, problem: str) -> ShellError:
        """What to raise where something at this place is wrong."""
        return ShellError(f"{self.path}:{self.line(offset)}: {problem}")
