# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What variables hold: characters that know where they come from, and the alternatives a value may have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Callable, NamedTuple, TypeVar

from .source import Source
from .words import Word

# Stands in a text for what only exists at run time.
OPAQUE = "\ufffc"

_Any = TypeVar("_Any")


class Frame(NamedTuple):
    """A stretch of a file that is edited as one: the words of a command or list, or the value of an assignment.

    :param whole: words are taken out of it, not only characters of their values
    :param bare: quotes in it that become empty would be a word
    :param locked: it must not be edited
    """

    source: Source
    words: tuple[Word, ...]
    whole: bool
    bare: bool
    locked: bool


class Cell(NamedTuple):
    """One character of a value, or what stands for many; without text it is a mark for quotes with nothing in them.

    :param frame: where it is used; None for what is not written in any file, which only has a number
    :param start: with `end` the range that it comes from: the character itself, or a use of a variable
    :param name: the variable that is used there
    :param inner: the same character where that variable is set
    """

    text: str
    frame: Frame | None
    start: int
    end: int
    name: str
    inner: Cell | None

    @property
    def root(self) -> Cell:
        """The character where it is written."""
        cell = self
        while cell.inner is not None and cell.inner.frame is not None:
            cell = cell.inner
        return cell

    @property
    def written(self) -> Cell | None:
        """The same character where the variable is set, if that is written in a file."""
        return self.inner if self.inner is not None and self.inner.frame is not None else None

    @property
    def chain(self) -> tuple[tuple[int, int, int], ...]:
        """All ranges that it comes through, the use at the command first; the same for the same character only."""
        found = []
        cell: Cell | None = self
        while cell is not None:
            found.append((id(cell.frame), cell.start, cell.end))
            cell = cell.inner
        return tuple(found)


Cells = tuple[Cell, ...]
Root = tuple[int, int, int, int, str, int]


class Value(NamedTuple):
    """One value that a variable may have.

    :param cells: of the value as one word
    :param items: of an array; None for others
    """

    cells: Cells
    items: tuple[Cells, ...] | None = None
    is_set: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in it."""
        return not (any(self.items) if self.items else self.cells)

    @property
    def text(self) -> tuple[str, ...]:
        """The text of each item."""
        return tuple(map(text_of, (self.cells,) if self.items is None else self.items))


UNSET = Value((), None, False)
UNKNOWN = Value((Cell(OPAQUE, None, 0, 0, "", None),))


def text_of(cells: Iterable[Cell]) -> str:
    """The text of characters."""
    return "".join([cell.text for cell in cells])


def given(text: str) -> Value:
    """A value that is not written in any file."""
    return Value(tuple(Cell(character, None, at, at + 1, "", None) for at, character in enumerate(text)))


def roots(cells: Iterable[Cell]) -> frozenset[Root]:
    """What tells characters apart by where they are written; of several from one place each counts."""
    found: dict[Root, int] = {}
    for cell in cells:
        root = cell.root
        number = root.inner.start if root.inner is not None else 0
        key = (id(root.frame.source) if root.frame else 0, root.start, root.end, number, cell.text, 0)
        if key in found:
            found[key] += 1
            key = (*key[:5], found[key])
        found[key] = 0
    return frozenset(found)


def without_contained(alternatives: list[_Any], cells: Callable[[_Any], Iterable[Cell]]) -> list[_Any]:
    """Leave out each alternative whose characters are all in another; of two that are the same the first stays."""
    if len(alternatives) < 2:
        return alternatives
    keys = [roots(cells(alternative)) for alternative in alternatives]
    return [
        alternatives[number]
        for number, key in enumerate(keys)
        if not any(
            key <= other and (key != other or earlier < number)
            for earlier, other in enumerate(keys)
            if earlier != number
        )
    ]


def _value_cells(value: Value) -> Iterable[Cell]:
    return [cell for item in value.items for cell in item] if value.items else value.cells


def distinct(alternatives: list[Value]) -> list[Value]:
    """Leave out values that are contained in others; of those with nothing in them one of each kind stays."""
    if len(alternatives) < 2:
        return alternatives
    full = without_contained([value for value in alternatives if not value.is_empty], _value_cells)
    kept: list[Value] = []
    for value in alternatives:
        if value.is_empty:
            kind = (value.is_set, value.items is None)
            if all(not other.is_empty or (other.is_set, other.items is None) != kind for other in kept):
                kept.append(value)
        elif any(value is other for other in full):
            kept.append(value)
    return kept


def joined(alternatives: list[Value]) -> tuple[Value, ...]:
    """What is known of a variable where branches meet, the longest value first."""
    return tuple(sorted(distinct(alternatives), key=lambda value: -sum(1 for _cell in _value_cells(value))))


def without_empty(alternatives: tuple[Value, ...]) -> tuple[Value, ...]:
    """The alternatives in which there is something, if any are."""
    if len(alternatives) < 2:
        return alternatives
    return tuple(value for value in alternatives if not value.is_empty) or alternatives[:1]


class Choices:
    """At each point with several alternatives takes one; over many runs all combinations come, the first ones first."""

    def __init__(self) -> None:
        self._taken: list[tuple[int, int]] = []
        self._position = 0

    def pick(self, count: int, point: object) -> int:
        """The number of the alternative for this point of this run."""
        if self._position == len(self._taken):
            self._taken.append((0, count))
        self._position += 1
        return self._taken[self._position - 1][0]

    def another(self) -> bool:
        """Begin another run; False if all have been."""
        while self._taken:
            index, count = self._taken.pop()
            if index + 1 < count:
                self._taken.append((index + 1, count))
                self._position = 0
                return True
        return False


class FewChoices(Choices):
    """For when the combinations are too many: each alternative comes once, together with the first ones elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self._now: list[int] = []
        self._prefix: list[int] = []
        self._waiting: list[list[int]] = []
        self._points: set[object] = set()

    def pick(self, count: int, point: object) -> int:
        """The number of the alternative for this point of this run."""
        if point not in self._points:
            self._points.add(point)
            self._waiting += [[*self._now, index] for index in range(1, count)]
        position = len(self._now)
        self._now.append(self._prefix[position] if position < len(self._prefix) else 0)
        return min(self._now[-1], count - 1)

    def another(self) -> bool:
        """Begin another run; False if all have been."""
        if not self._waiting:
            return False
        self._prefix, self._now = self._waiting.pop(0), []
        return True
