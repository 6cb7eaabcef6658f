# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The words that a command gets, each with where it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from .errors import ShellError
from .values import OPAQUE, Cell, Cells, text_of


@dataclass(frozen=True)
class Place:
    """Where something is written."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Kin(NamedTuple):
    """What is expanded together.

    :param way: all words of the way that a word is of
    :param ways: all ways of the command
    """

    way: tuple[Cells, ...]
    ways: tuple[tuple[Cells, ...], ...]


@dataclass(frozen=True)
class Field:
    """One word that a command gets.

    :param text: with OPAQUE where part of it is known at run time only
    :param place: where its first character is written
    :param variable: the outermost variable through which it comes; empty where the command has it itself
    :param quoted: whether the command itself has it in quotes, at least in part
    :param cells: its characters
    :param kin: the words around it
    """

    text: str
    place: Place
    variable: str
    quoted: bool
    cells: Cells = field(compare=False, repr=False)
    kin: Kin = field(compare=False, repr=False)


def make_field(cells: Cells, quoted: bool, kin: Kin, fallback: Place) -> Field:
    """A word of these characters.

    :param fallback: its place where nothing of it is written in any file
    """
    place = place_of(cells) or fallback
    variable = next((cell.name for cell in cells if cell.text), "")
    return Field(text_of(cells), place, variable, quoted, cells, kin)


def place_of(cells: Iterable[Cell]) -> Place | None:
    """Where the first character is written."""
    for cell in cells:
        root = cell.root
        if root.frame is not None:
            return Place(root.frame.source.path, root.frame.source.line(root.start))
    return None


def split_again(word: Field) -> tuple[Field, ...]:
    """Read a word's text once more as shell words, as `eval` does.

    An operator such as `;` or `>` is a word of its own that is not quoted; what is redirected to is part of it.

    :raises ShellError: if a quote is not closed
    """
    found = _Splitter(word).words()
    others = tuple(cells for cells in word.kin.way if cells is not word.cells)
    words = tuple(cells for cells, _quoted in found) + others
    kin = Kin(words, (words,))
    return tuple(make_field(cells, quoted, kin, word.place) for cells, quoted in found)


class _Splitter:
    """Goes through the characters of a word."""

    def __init__(self, word: Field) -> None:
        self.place = word.place
        self.cells = [cell for cell in word.cells if cell.text]
        self.at = 0

    def words(self) -> list[tuple[Cells, bool]]:
        found: list[tuple[Cells, bool]] = []
        while self.at < len(self.cells):
            text = self.cells[self.at].text
            if text in " \t\n":
                self.at += 1
            elif text == "#":
                while self.at < len(self.cells) and self.cells[self.at].text != "\n":
                    self.at += 1
            elif self._look(2) == "\\\n":
                self.at += 2
            elif text in ";&|()" and self._look(2) != "&>":
                found.append(((self.cells[self.at],), False))
                self.at += 1
            else:
                found.append(self._word())
        return found

    def _look(self, count: int) -> str:
        return text_of(self.cells[self.at : self.at + count])

    def _word(self) -> tuple[Cells, bool]:
        """One word, or an operator of redirection with its word."""
        cells = self._operator()
        quoted = False
        begun = False
        while self.at < len(self.cells):
            text = self.cells[self.at].text
            if text in " \t\n" and cells and not begun and text_of(cells)[-1] in "<>&|":
                self.at += 1
                continue
            if text in " \t\n;&|()<>":
                break
            begun = True
            if text in "'\"\\":
                quoted = True
                cells += self._quote()
            elif text in "$`":
                cells += self._expansion()
            else:
                cells.append(self.cells[self.at])
                self.at += 1
        return tuple(cells), quoted

    def _operator(self) -> list[Cell]:
        start = at = self.at
        while at < len(self.cells) and self.cells[at].text in "0123456789":
            at += 1
        if at < len(self.cells) and self.cells[at].text == "&":
            at += 1
        if at == len(self.cells) or self.cells[at].text not in "<>":
            return []
        while at < len(self.cells) and self.cells[at].text in "<>&|" and at < start + 12:
            at += 1
        self.at = at
        return self.cells[start:at]

    def _quote(self) -> list[Cell]:
        """What is in quotes or behind a backslash; the signs themselves become marks."""
        opening = self.cells[self.at]
        found = [_mark(opening)]
        self.at += 1
        if opening.text == "\\":
            if self.at == len(self.cells):
                return [opening]
            following = self.cells[self.at]
            self.at += 1
            return [*found, _mark(following) if following.text == "\n" else following]
        while self.at < len(self.cells):
            cell = self.cells[self.at]
            self.at += 1
            if cell.text == opening.text:
                return [*found, _mark(cell)]
            if opening.text == '"' and cell.text in "$`":
                self.at -= 1
                found += self._expansion()
            elif opening.text == '"' and cell.text == "\\" and self._look(1) in ("$", "`", '"', "\\", "\n"):
                found += [_mark(cell), self.cells[self.at]]
                self.at += 1
            else:
                found.append(cell)
        raise ShellError(f"{self.place}: a quote is not closed where this is read once more")

    def _expansion(self) -> list[Cell]:
        """A dollar or backquote and what belongs to it: one opaque character, the rest marks."""
        start = self.at
        opening = self._look(2)
        closing = {"${": "}", "$(": ")"}.get(opening, "`" if opening[:1] == "`" else "")
        self.at += 2 if closing in ("}", ")") and closing else 1
        if closing:
            while self.at < len(self.cells) and self.cells[self.at].text != closing:
                self.at += 1
            self.at += 1
            if self.at > len(self.cells):
                raise ShellError(f"{self.place}: an expansion is not closed where this is read once more")
        elif self._look(1) in tuple("0123456789@*#?$!-"):
            self.at += 1
        else:
            while self.at < len(self.cells) and _in_name(self.cells[self.at].text):
                self.at += 1
        first = self.cells[start]
        return [first._replace(text=OPAQUE), *map(_mark, self.cells[start + 1 : self.at])]


def _mark(cell: Cell) -> Cell:
    return cell._replace(text="")


def _in_name(text: str) -> bool:
    return text == "_" or (text.isascii() and text.isalnum())
