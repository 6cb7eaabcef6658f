# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What is found in a file of variable assignments, whoever reads it."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

Reader = t.Literal["shell", "systemd"]


@dataclass(frozen=True)
class Found:
    """One assignment in the file, as a reader sees it.

    :param line: number of the line it begins on, from 1
    :param start: offset of the value's text as it stands in the file, quotes included
    :param end: offset behind that text; blanks and a comment behind it are not part of it
    :param line_start: offset of the first line of the statement
    :param line_end: offset behind the statement's last line, its newline included
    :param value: what the reader makes of it; None where that depends on other variables, commands or the shell
    :param exported: whether processes that the reader starts see it
    :param plain: whether it is a statement of its own at top level that does not refer to its own variable
    :param whole: as ``plain``, but it may refer to its own variable
    :param certain: whether the reader is sure to carry it out; it may share its line with others
    :param unset: whether it takes the variable away instead
    """

    name: str
    line: int
    start: int
    end: int
    line_start: int
    line_end: int
    value: str | None
    exported: bool
    plain: bool
    refers_to_itself: bool
    whole: bool = True
    certain: bool = True
    unset: bool = False


@dataclass(frozen=True)
class Export:
    """A statement that says of a variable only that it is exported.

    :param whole: whether it is a statement of its own at top level that names no other variable
    """

    name: str
    line_start: int
    line_end: int
    whole: bool


@dataclass(frozen=True)
class View:
    """All that one reader sees.

    :param exported: variables that are in the environment when the reader is done
    """

    found: list[Found]
    exports: list[Export]
    exported: frozenset[str]
