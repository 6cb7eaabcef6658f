# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The commands that a script is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Union

if TYPE_CHECKING:
    from .words import Assign, Word


class Simple(NamedTuple):
    """A simple command; redirections are left out.

    :param assigns: the assignments in front of it, or it is nothing but these
    :param declared: the assignments behind `export`, `local` and the like
    """

    start: int
    end: int
    assigns: tuple[Assign, ...]
    words: tuple[Word, ...]
    declared: tuple[Assign, ...]


class Pipeline(NamedTuple):
    """Commands with `|` between them."""

    commands: tuple[Node, ...]
    negated: bool


class AndOr(NamedTuple):
    """Pipelines with `&&` or `||` in front of each but the first."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


class Sequence(NamedTuple):
    """Commands one after the other, and whether each runs in the background."""

    items: tuple[tuple[Node, bool], ...]


class If(NamedTuple):
    """Conditions, each with what is done if it is the first that holds, and what is done if none does."""

    branches: tuple[tuple[Sequence, Sequence], ...]
    otherwise: Sequence | None


class Loop(NamedTuple):
    """`while` or `until`; an arithmetic `for` has no condition."""

    condition: Sequence | None
    body: Sequence


class For(NamedTuple):
    """`for NAME in WORDS`; without words it goes through the arguments."""

    start: int
    name: str
    words: tuple[Word, ...] | None
    body: Sequence


class Case(NamedTuple):
    """`case WORD in`; each arm's patterns and what it does."""

    subject: Word
    arms: tuple[tuple[tuple[Word, ...], Sequence], ...]


class Group(NamedTuple):
    """`{ ...; }`."""

    body: Sequence


class Subshell(NamedTuple):
    """`( ... )`."""

    body: Sequence


class Function(NamedTuple):
    """The definition of a function."""

    start: int
    name: str
    body: Node


class Test(NamedTuple):
    """`[[ ... ]]`; without words it is not understood."""

    start: int
    end: int
    words: tuple[Word, ...]


class Arithmetic(NamedTuple):
    """`((...))`."""

    start: int
    end: int


Node = Union[Simple, Pipeline, AndOr, Sequence, If, Loop, For, Case, Group, Subshell, Function, Test, Arithmetic]
