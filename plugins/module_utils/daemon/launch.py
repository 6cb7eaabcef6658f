# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""dockerd's command line as the files of its service build it: every word, and the file and line it comes from."""

from __future__ import annotations

import abc
import typing as t
from dataclasses import dataclass, field

from ..host.files import Contents
from .arguments import Flag, remaining_words


@dataclass(frozen=True)
class Source:
    """Where a word stands."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True)
class Argument:
    """One word that dockerd gets.

    :param text: the word
    :param position: index of the word of the command that it came from
    :param variable: the variable that it came through, empty where it stands in the command itself
    """

    text: str
    position: int
    source: Source
    variable: str = ""


@dataclass(frozen=True)
class Edits:
    """What takes flags off a command line.

    :param files: new contents by path
    :param places: what is done about each flag, for people
    """

    files: dict[str, bytes] = field(default_factory=dict)
    places: dict[Flag, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Launch(abc.ABC):
    """dockerd's command line.

    :param arguments: what dockerd gets, variables put in
    """

    program: str
    arguments: tuple[Argument, ...]
    flags: tuple[Flag, ...]
    source: Source

    @property
    def argv(self) -> list[str]:
        return [self.program, *(argument.text for argument in self.arguments)]

    @property
    def exact(self) -> bool:
        """Whether the words are wholly known, so that they can be compared with those of a process."""
        return True

    @property
    def unknown(self) -> tuple[Source, ...]:
        """Words that exist only at run time and may be flags."""
        return ()

    @property
    @abc.abstractmethod
    def variables(self) -> frozenset[str]:
        """Names that are put into the command line without quotes, so that each may hold several words."""

    @property
    def brought_by(self) -> frozenset[str]:
        """Names of those through which words do come."""
        return frozenset(argument.variable for argument in self.arguments if argument.variable)

    @property
    @abc.abstractmethod
    def environment_files(self) -> tuple[str, ...]:
        """Files of variables that are read on the way, whether they exist or not."""

    @property
    @abc.abstractmethod
    def environment(self) -> t.Mapping[str, str]:
        """What dockerd gets from them in its environment, as far as that is known; options are not among it."""

    @property
    @abc.abstractmethod
    def editable(self) -> tuple[str, ...]:
        """Files out of which flags may be taken."""

    @abc.abstractmethod
    def without(self, taken: t.Sequence[Flag]) -> Edits:
        """The smallest edits that take flags out.

        :raises HostError: where that cannot be done safely, naming file and line
        """

    @abc.abstractmethod
    def assuming(self, contents: Contents) -> Launch:
        """The same with some files holding something else.

        :raises HostError: where the command line cannot be known from them
        """

    def source_of(self, flag: Flag) -> Source:
        return self.arguments[flag.first].source

    def variable_of(self, flag: Flag) -> str:
        return self.arguments[flag.first].variable

    def arguments_without(self, taken: t.Sequence[Flag]) -> list[str]:
        """dockerd's arguments without some flags."""
        found: list[str] = []
        for index, argument in enumerate(self.arguments):
            left = remaining_words(list(self.flags), list(taken), index)
            found += [argument.text] if left is None else left
        return found
