# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""dockerd's command line: which words are which flags, as pflag reads them."""

from __future__ import annotations

from dataclasses import dataclass

from .options import Option, by_flag, by_short


@dataclass(frozen=True)
class Flag:
    """A flag on the command line.

    :param option: its row in the catalogue, None for a flag that the catalogue lacks
    :param name: as it was written, with dashes: ``-H``, ``--host``
    :param value: its value as text; ``true`` for a switch without one
    :param first: index of its first word
    :param last: index of its last word (the value may be a word of its own)
    """

    option: Option | None
    name: str
    value: str
    first: int
    last: int

    @property
    def key(self) -> str:
        """The key in daemon.json that says the same, empty where there is none."""
        return self.option.key if self.option else ""


def parse_flags(words: list[str]) -> list[Flag]:
    """Find the flags in dockerd's arguments (its own name not among them).

    pflag's rules: ``--name=value``, ``--name value``, ``-n value``, ``-nvalue``, ``-n=value``, switches grouped behind
    one dash with at most one valued flag at the end; a switch takes a value only with ``=``; ``--`` ends the flags.
    """
    flags: list[Flag] = []
    index = 0
    while index < len(words):
        word = words[index]
        if word == "--":
            break
        if word.startswith("--"):
            found, index = _long(words, index)
            flags.append(found)
        elif word.startswith("-") and len(word) > 1:
            group, index = _short_group(words, index)
            flags += group
        else:
            index += 1
    return flags


def _long(words: list[str], index: int) -> tuple[Flag, int]:
    name, equals, value = words[index][2:].partition("=")
    option = by_flag().get(name)
    if equals:
        return Flag(option, f"--{name}", value, index, index), index + 1
    following = words[index + 1 : index + 2]
    is_switch = option.kind == "bool" if option else bool(following) and following[0].startswith("-")
    if is_switch or not following:
        return Flag(option, f"--{name}", "true", index, index), index + 1
    return Flag(option, f"--{name}", following[0], index, index + 1), index + 2


def _short_group(words: list[str], index: int) -> tuple[list[Flag], int]:
    flags: list[Flag] = []
    rest = words[index][1:]
    while rest:
        letter, rest = rest[0], rest[1:]
        option = by_short().get(letter)
        if rest.startswith("="):
            flags.append(Flag(option, f"-{letter}", rest[1:], index, index))
            break
        if option is None:  # what follows may be its value, and is no flag of its own
            flags.append(Flag(None, f"-{letter}{rest}", "true", index, index))
            break
        if option.kind == "bool":
            flags.append(Flag(option, f"-{letter}", "true", index, index))
            continue
        if rest:
            flags.append(Flag(option, f"-{letter}", rest, index, index))
            break
        if index + 1 < len(words):
            flags.append(Flag(option, f"-{letter}", words[index + 1], index, index + 1))
            return flags, index + 2
        flags.append(Flag(option, f"-{letter}", "", index, index))
    return flags, index + 1


def remaining_words(flags: list[Flag], taken: list[Flag], index: int) -> list[str] | None:
    """What is left of the word at an index when some flags are taken out; None where it stays as it is.

    A word that holds several switches (``-DH``) keeps the ones that stay.
    """
    gone = [flag for flag in taken if flag.first <= index <= flag.last]
    if not gone:
        return None
    kept = [flag for flag in flags if flag not in taken and flag.first == index]
    left: list[str] = []
    for flag in kept:
        is_switch = flag.value == "true" and (flag.option is None or flag.option.kind == "bool")
        if is_switch or flag.last > flag.first:
            left.append(flag.name)
        elif flag.value:
            left.append(f"{flag.name}={flag.value}")  # the only form that a switch with a value has
        else:
            left += [flag.name, ""]
    return left
