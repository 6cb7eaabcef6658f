# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Take words out of the scripts that a command gets them from, by the smallest edit, or refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Callable

from ..files import as_bytes
from .errors import ShellError
from .fields import Field
from .stretches import Plan, apply
from .values import Cell, Cells, Frame
from .words import Gap, Literal, Quoted, Use, Word

_KEPT = re.compile(r"[A-Za-z0-9_./:=,@%+-]+\Z")

Chain = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Removal:
    """Adjoining words of one way of a command that go together.

    :param keep: words that stay in place of them
    """

    words: tuple[Field, ...]
    keep: tuple[str, ...] = ()


def take_out(read: Callable[[str], bytes | None], removals: Sequence[Removal]) -> dict[str, bytes]:
    """The new content of each file that has to change; nothing is written.

    A file is edited as it was traced. Whether the commands come out as they should, tracing again with the new
    contents tells.

    :param read: gives the content of a file
    :raises ShellError: if something else would go too, or a file is not what was traced
    """
    editor = _Editor(removals)
    for removal in removals:
        editor.plan(removal)
    for removal in removals:
        editor.check(removal)
    changed = {}
    for path, plans in editor.by_path().items():
        text = plans[0].frame.source.text
        if read(path) != as_bytes(text):
            raise ShellError(f"{path}:1: it was changed since it was read")
        new = apply(text, plans)
        if new != text:
            changed[path] = as_bytes(new)
    return changed


class _Editor:
    """Collects what has to go, frame by frame."""

    def __init__(self, removals: Sequence[Removal]) -> None:
        self.plans: dict[int, Plan] = {}
        self.removed: set[Chain] = {cell.chain for removal in removals for word in removal.words for cell in word.cells}

    def plan(self, removal: Removal) -> None:
        """Note what has to go for one removal."""
        cells = [cell for word in removal.words for cell in word.cells]
        if not cells or any(cell.frame is None for cell in cells):
            raise _refused(removal, "is not written in any file")
        if not all(_KEPT.match(word) for word in removal.keep):
            raise _refused(removal, "is to be replaced by what would have to be quoted")
        first = True
        for frame, group in _by_frame(self._level(removal, cells)):
            if frame.locked:
                raise _refused(removal, "is within a command substitution")
            self._plan_in(removal, frame, group, removal.keep if first else ())
            first = False

    def _plan_in(self, removal: Removal, frame: Frame, cells: list[Cell], keep: tuple[str, ...]) -> None:
        plan = self.plans.setdefault(id(frame), Plan(frame))
        ranges = {(cell.start, cell.end) for cell in cells}
        for word in _units(frame):
            inside = {found for found in ranges if word.start <= found[0] and found[1] <= word.end}
            if inside and self._goes_whole(removal, frame, word, inside):
                ranges = (ranges - inside) | {(word.start, word.end)}
        start = min(ranges)[0]
        if plan.keep.setdefault(start, keep) != keep:
            raise _refused(removal, "is to be replaced in two ways")
        for found in ranges:
            plan.ranges.add(found)

    def _level(self, removal: Removal, cells: list[Cell]) -> list[Cell]:
        """Go from the command down to where the words are written apart from what shares a variable with them."""
        while True:
            first = cells[0]
            inner = [cell.written for cell in cells if cell.written is not None]
            same = all(
                cell.frame is first.frame and cell.start == first.start and cell.end == first.end for cell in cells
            )
            if not same or len(inner) < len(cells) or self._must_stay(removal, first):
                return cells
            cells = inner

    def _must_stay(self, removal: Removal, use: Cell) -> bool:
        """Whether an empty word would be left where this is used, so that the whole word has to go there."""
        frame = use.frame
        if frame is None or not frame.whole:
            return False
        word = next((word for word in frame.words if word.start <= use.start and use.end <= word.end), None)
        if word is None or not _persists(word):
            return False
        inside = (id(frame), word.start, word.end)
        way = removal.words[0].kin.way
        if any(cell.chain not in self.removed for cell in _through(way, inside)):
            return False
        for other in removal.words[0].kin.ways:
            if any(cell.chain not in self.removed for cell in _through(other, inside)):
                raise _refused(removal, f"is put together at run time from {_written(frame, word.start, word.end)}")
        return True

    def _goes_whole(self, removal: Removal, frame: Frame, word: Word, ranges: set[tuple[int, int]]) -> bool:
        """Whether nothing but blanks is left of a word."""
        way = removal.words[0].kin.way
        text = frame.source.text
        for leaf, is_literal in _leaves(word):
            if leaf in ranges or (is_literal and not text[leaf[0] : leaf[1]].strip()):
                continue
            if is_literal or any(_through(way, (id(frame), *leaf))):
                return False
        return True

    def check(self, removal: Removal) -> None:
        """See that nothing else of the same command goes, whichever way it is run.

        :raises ShellError: if something does
        """
        for cells in (cells for way in removal.words[0].kin.ways for cells in way):
            for cell in cells:
                if cell.chain in self.removed:
                    continue
                level: Cell | None = cell
                while level is not None:
                    plan = self.plans.get(id(level.frame))
                    if plan and any(start <= level.start and level.end <= end for start, end in plan.ranges):
                        used = _written(plan.frame, level.start, level.end)
                        raise _refused(removal, f"is put together at run time from {used}")
                    level = level.inner

    def by_path(self) -> dict[str, list[Plan]]:
        """What has to go, by file."""
        found: dict[str, list[Plan]] = {}
        for plan in self.plans.values():
            found.setdefault(plan.frame.source.path, []).append(plan)
        return found


def _units(frame: Frame) -> list[Word]:
    """What goes as a whole, quotes included, once nothing is left in it."""
    if frame.whole:
        return list(frame.words)
    quotes = [part for word in frame.words for part in word.parts if isinstance(part, Quoted)]
    return [Word(part.start, part.end, part.parts) for part in quotes] if frame.bare else []


def _by_frame(cells: list[Cell]) -> list[tuple[Frame, list[Cell]]]:
    found: dict[int, tuple[Frame, list[Cell]]] = {}
    for cell in cells:
        if cell.frame is not None:
            found.setdefault(id(cell.frame), (cell.frame, []))[1].append(cell)
    return list(found.values())


def _through(way: Sequence[Cells], inside: tuple[int, int, int]) -> Iterator[Cell]:
    """The characters that come through a range of a frame."""
    frame, start, end = inside
    for cells in way:
        for cell in cells:
            level: Cell | None = cell
            while level is not None:
                if id(level.frame) == frame and start <= level.start and level.end <= end:
                    yield cell
                    break
                level = level.inner


def _leaves(word: Word) -> Iterator[tuple[tuple[int, int], bool]]:
    """The ranges of characters and uses in a word, and whether each is a character."""
    for part in word.parts:
        if isinstance(part, Quoted):
            yield from _leaves(Word(part.start, part.end, part.parts))
        elif isinstance(part, Literal) and len(part.text) == part.end - part.start:
            yield from (((at, at + 1), True) for at in range(part.start, part.end))
        elif not isinstance(part, Gap):
            yield (part.start, part.end), isinstance(part, Literal)


def _persists(word: Word) -> bool:
    """Whether a word stays one even if there is nothing in it."""
    return any(
        isinstance(part, Quoted)
        and not (
            part.parts
            and all(isinstance(inner, Use) and (inner.name == "@" or inner.operator == "list") for inner in part.parts)
        )
        for part in word.parts
    )


def _written(frame: Frame, start: int, end: int) -> str:
    return as_bytes(frame.source.text[start:end]).decode(errors="replace")


def _refused(removal: Removal, why: str) -> ShellError:
    place = removal.words[0].place if removal.words else "?:1"
    text = " ".join(word.text for word in removal.words)
    return ShellError(f"{place}: {text!r} {why}, so it cannot be taken out safely; take it out by hand")
