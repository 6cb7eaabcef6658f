# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What is known of variables and files at one point of a script."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from posixpath import join, normpath
from typing import Callable, NamedTuple, TypeVar

from ..files import as_text
from .expansion import Expansion
from .grammar import Function, Sequence, Simple, Test
from .parser import parse
from .source import Source
from .values import UNKNOWN, UNSET, Cell, Cells, Choices, FewChoices, Frame, Root, Value, distinct, joined
from .words import Substitution, Word

_Result = TypeVar("_Result")
Way = tuple[tuple[Cells, bool], ...]
MOST_WAYS = 64
_MOST_RUNS = 128
_MOST_CELLS = 500_000
_MOST_STEPS = 20_000
# Any environment may have these.
_INHERITED = frozenset(
    "HOME PATH HOSTNAME USER LOGNAME LANG LANGUAGE LC_ALL LC_CTYPE TERM SHELL PWD OLDPWD RANDOM IFS PPID UID EUID"
    " SECONDS LINENO TMPDIR MAIL TZ OPTARG OPTIND RUNLEVEL PREVLEVEL UPSTART_JOB UPSTART_INSTANCE UPSTART_EVENTS JOB"
    " INSTANCE RC_SVCNAME RC_SERVICE SVCNAME RC_CMD BASH BASH_SOURCE BASH_VERSION FUNCNAME HOSTTYPE OSTYPE"
    " # ? $ ! -".split()
)


class Met(NamedTuple):
    """A simple command that was met, and the words that it may get.

    :param known: what tells the ways apart, once there are several
    """

    node: Simple | Test
    source: Source
    ways: list[Way]
    known: set[frozenset[Root]]


def cells_of(way: Way) -> list[Cell]:
    """All characters of a way."""
    return [cell for cells, _quoted in way for cell in cells]


class State(ABC):
    """What is known at one point of a script, and how that is joined where branches meet.

    :param read: gives the content of a file
    :param folder: what relative paths are relative to
    :param skip: files that are not looked into
    """

    def __init__(
        self, read: Callable[[str], bytes | None], source: Source, folder: str, skip: Callable[[str], bool]
    ) -> None:
        self.read = read
        self.source = source
        self.folder = folder
        self.skip = skip
        self.variables: dict[str, tuple[Value, ...]] = {}
        self.functions: dict[str, tuple[Function, Source]] = {}
        self.called: set[str] = set()
        self.met: dict[int, Met] = {}
        self.contents: dict[str, bytes | None] = {}
        self.active: list[str] = []
        self.stop = ""
        self.unsure = 0
        self.return_floor = 0
        self.exit_floor = 0
        self.locked = False
        self.here = 0
        self._scripts: dict[str, tuple[Source, Sequence]] = {}
        self._frames: dict[int, Frame] = {}
        self._cells = 0
        self._steps = 0

    @abstractmethod
    def substitute(self, part: Substitution) -> str | None:
        """What a command prints, if that is known."""

    def full_path(self, path: str) -> str:
        """The path from the root on."""
        return normpath(join(self.folder, path))

    def content(self, path: str) -> bytes | None:
        """What is in a file; each is read once."""
        path = self.full_path(path)
        if path not in self.contents:
            self.contents[path] = self.read(path)
        return self.contents[path]

    def script(self, path: str) -> tuple[Source, Sequence] | None:
        """The commands of a file; None if there is none."""
        if path not in self._scripts:
            content = self.content(path)
            if content is None:
                return None
            source = Source(path, as_text(content))
            self._scripts[path] = (source, parse(source))
        return self._scripts[path]

    def spend(self, cells: int, offset: int) -> None:
        """Count characters.

        :raises ShellError: if there are more than a script can reasonably have
        """
        self._cells += cells
        if self._cells > _MOST_CELLS:
            raise self.source.error(offset, "what the script does with its variables is too much to follow")

    def step(self, offset: int) -> None:
        """Count a command, which begins at a place of the current file.

        :raises ShellError: if there are more than a script can reasonably run
        """
        self.here = offset
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise self.source.error(self.here, "the script does too much to follow")

    def value_frame(self, word: Word, bare: bool = False) -> Frame:
        """The frame of a word that is a value."""
        return self.frame(word, (word,), False, bare)

    def frame(self, key: object, words: tuple[Word, ...], whole: bool, bare: bool = False) -> Frame:
        """The frame of a part of the grammar: always the same for the same part."""
        found = self._frames.get(id(key))
        if found is None:
            found = self._frames[id(key)] = Frame(self.source, words, whole, bare, self.locked)
        return found

    def alternatives(self, name: str) -> tuple[Value, ...]:
        """The values that a variable may have."""
        found = self.variables.get("@" if name == "*" else name)
        if found is not None:
            return found
        if name in _INHERITED or name in ("@", "*", "0"):
            return (UNKNOWN,)
        if name.isdigit():
            lists = self.variables.get("@")
            if lists is None:
                return (UNKNOWN,)
            number = int(name[:4]) - 1
            return tuple(
                Value(value.items[number]) if number < len(value.items) else UNSET
                for value in lists
                if value.items is not None
            ) or (UNKNOWN,)
        return (UNSET,)

    def expand(self, work: Callable[[Expansion], _Result], prune: bool) -> tuple[list[_Result], bool]:
        """Do some expansion for what the variables may be; the results, and whether all combinations are there.

        If these are too many, each value of each variable is in at least one.
        """
        runs = self._runs(work, prune, Choices())
        complete = bool(runs)
        if not complete:
            runs = self._runs(work, prune, FewChoices())
        if not runs:
            raise self.source.error(self.here, "this may come out in too many ways to follow")
        for name in {name for run, _result in runs for name in run.assigned}:
            ends: list[Value] = []
            for run, _result in runs:
                end = run.assigned.get(name) or run.picked.get(name)
                ends += [end] if end else self.alternatives(name)
            self.set(name, distinct(ends))
        return [result for _run, result in runs], complete

    def _runs(
        self, work: Callable[[Expansion], _Result], prune: bool, choices: Choices
    ) -> list[tuple[Expansion, _Result]]:
        """The runs for all choices; none if these are too many."""
        found: list[tuple[Expansion, _Result]] = []
        while len(found) < _MOST_RUNS:
            run = Expansion(self, choices, prune)
            found.append((run, work(run)))
            if not choices.another():
                return found
        return []

    def set(self, name: str, values: Iterable[Value]) -> None:
        """Give a variable its alternatives.

        :raises ShellError: if these are too many
        """
        values = tuple(values)
        if len(values) > MOST_WAYS:
            # Where one of several that read the same is edited, the others show when it is traced again.
            values = tuple({(value.is_set, value.text): value for value in reversed(values)}.values())[::-1]
        if len(values) > MOST_WAYS:
            raise self.source.error(self.here, f"{name} may have more than {MOST_WAYS} values, too many to follow")
        self.variables[name] = values

    def branches(self, runs: list[Callable[[], object]], may_skip: bool) -> None:
        """Follow each of several branches, and join what comes of them."""
        start = self.variables
        ends = []
        self.unsure += 1
        for run in runs:
            self.variables = dict(start)
            run()
            ends.append(self.variables)
        self.unsure -= 1
        if may_skip:
            ends.append(start)
        self.variables = dict(start)
        for name in dict.fromkeys(name for end in ends for name in end):
            values = [self._ended(end, name) for end in ends]
            if any(value is not values[0] for value in values):
                self.set(name, joined([value for alternatives in values for value in alternatives]))

    def _ended(self, variables: dict[str, tuple[Value, ...]], name: str) -> tuple[Value, ...]:
        found = variables.get(name)
        if found is None:
            kept, self.variables = self.variables, variables
            found = self.alternatives(name)
            self.variables = kept
        return found

    def isolated(self, run: Callable[[], object]) -> None:
        """Follow commands that cannot change anything outside, as in a subshell."""
        kept = (self.variables, self.stop, self.return_floor, self.exit_floor)
        self.variables = dict(self.variables)
        self.return_floor = self.exit_floor = self.unsure
        run()
        self.variables, self.stop, self.return_floor, self.exit_floor = kept
