# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Delete ranges of a text together with the blanks that they leave behind."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from .values import Frame

_BLANKS = " \t"
_BETWEEN = re.compile(r"[ \t\r\n]|\\\n")


@dataclass
class Plan:
    """What has to go from one frame.

    :param ranges: of the text
    :param keep: words that stay, by the place at which they are put
    """

    frame: Frame
    ranges: set[tuple[int, int]] = field(default_factory=set)
    keep: dict[int, tuple[str, ...]] = field(default_factory=dict)


class Stretch(NamedTuple):
    """A range that goes, and what is put in its place."""

    start: int
    end: int
    keep: str


def apply(text: str, plans: list[Plan]) -> str:
    """The text without what has to go.

    :raises ShellError: if what is to stay is within something else that goes
    """
    stretches = sorted(stretch for plan in plans for stretch in _stretches(plan))
    done: list[str] = []
    at = 0
    for start, end, keep in stretches:
        if start < at and keep:
            raise plans[0].frame.source.error(start, "what has to go here overlaps; take it out by hand")
        done += [text[at : max(start, at)], keep]
        at = max(end, at)
    return "".join(done) + text[at:]


def _stretches(plan: Plan) -> list[Stretch]:
    """The ranges of a plan, with what lies between and around them."""
    found: list[Stretch] = []
    for start, end in sorted(plan.ranges):
        keep = " ".join(plan.keep.get(start, ()))
        if found and (start < found[-1].end or _is_between(plan, found[-1].end, start)):
            earlier = found.pop()
            kept = " ".join(part for part in (earlier.keep, keep) if part)
            found.append(Stretch(earlier.start, max(end, earlier.end), kept))
        else:
            found.append(Stretch(start, end, keep))
    return [stretch if stretch.keep else _without_line(plan, _without_blanks(plan, stretch)) for stretch in found]


def _is_between(plan: Plan, start: int, end: int) -> bool:
    """Whether nothing but blanks and ends of lines lies in a range."""
    text, joins = plan.frame.source.text, plan.frame.source.joins
    at = start
    while at < end:
        found = _BETWEEN.match(text, at, end)
        if not found or (text[at] == "\\" and at not in joins):
            return False
        at = found.end()
    return True


def _without_blanks(plan: Plan, stretch: Stretch) -> Stretch:
    """Take in the blanks behind it; if there are none, those before it."""
    text = plan.frame.source.text
    first, last = _extent(plan, stretch)
    start, end = stretch.start, stretch.end
    while end < last and text[end] in _BLANKS:
        end += 1
    if end == stretch.end and text[end : end + 1] not in ("<", ">", "&"):
        # A backslash before a blank quotes it.
        while start > first and text[start - 1] in _BLANKS and text[start - 2 : start - 1] != "\\":
            start -= 1
    return Stretch(start, end, "")


def _extent(plan: Plan, stretch: Stretch) -> tuple[int, int]:
    """How far blanks may go: in what is left of a word no farther than the word."""
    for word in plan.frame.words:
        if word.start <= stretch.start and stretch.end <= word.end:
            whole = plan.frame.whole and (word.start, word.end) == (stretch.start, stretch.end)
            if not whole:
                return word.start, word.end
    return 0, len(plan.frame.source.text)


def _without_line(plan: Plan, stretch: Stretch) -> Stretch:
    """Take in the rest of a line on which nothing but a continuation is left."""
    text, joins = plan.frame.source.text, plan.frame.source.joins
    start = text.rfind("\n", 0, stretch.start) + 1
    end = text.find("\n", stretch.end)
    if end <= 0 or end - 1 not in joins or text[start : stretch.start].strip(_BLANKS):
        return stretch
    if text[stretch.end : end - 1].strip(_BLANKS):
        return stretch
    if (
        start - 2 in joins
        and text[start - 3 : start - 2] not in (" ", "\t")
        and text[end + 1 : end + 2] not in (" ", "\t")
    ):
        return stretch
    return Stretch(start, end + 1, "")
