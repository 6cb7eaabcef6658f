# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What the commands do that a shell has itself, as far as that matters to variables."""

from __future__ import annotations

import re
from abc import abstractmethod
from functools import partial

from .conditions import TESTS, decide
from .expansion import Expansion
from .grammar import Node
from .state import State, Way
from .values import OPAQUE, UNKNOWN, UNSET, Value, distinct, text_of
from .words import Assign, Quoted, Substitution, Use, Word

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_SET_BY_EVAL = re.compile(r"(?:^|[\s;&|('\"])([A-Za-z_][A-Za-z0-9_]*)\+?=")
_DEEPEST_SOURCED = 20


class Commands(State):
    """Assignments, tests, and the commands of the shell itself."""

    @abstractmethod
    def enclosed(self, name: str, body: Node) -> None:
        """Follow what `return` leaves."""

    def is_test(self, name: str) -> bool:
        """Whether a command is a test."""
        return name in TESTS and name not in self.functions

    def assign(self, assign: Assign) -> bool | None:
        """Follow an assignment; whether it succeeds."""
        self.here = assign.start
        if assign.indexed:
            self.set(assign.name, (UNKNOWN,))
            return True
        items = assign.items

        def value(run: Expansion) -> Value:
            old = run.pick(assign.name) if assign.append else UNSET
            if items is None:
                new = run.value(assign.value, self.value_frame(assign.value))
                if old.items:
                    return Value((), (old.items[0] + new, *old.items[1:]))
                return Value(old.cells + new)
            frame = self.frame(assign, items, True)
            added = tuple(cells for word in items for cells in run.fields(word, frame))
            earlier = old.items if old.items is not None else (old.cells,) if old.is_set else ()
            return Value((), earlier + added)

        self.set(assign.name, distinct(self.expand(value, prune=not _is_one_use(assign.value))[0]))
        return None if any(isinstance(part, Substitution) for part in assign.value.parts) else True

    def builtin(self, name: str, ways: list[Way], complete: bool) -> bool | None:
        """Follow a command that is not a function; whether it succeeds, where that is known.

        :param complete: whether these are all ways
        """
        if self.is_test(name):
            results = {decide([text_of(cells) for cells, _quoted in way], self.content) for way in ways}
            return results.pop() if len(results) == 1 and complete else None
        if name in (":", "true"):
            return True
        if name == "false":
            return False
        if name in (".", "source"):
            self._source(ways)
        elif name in ("exit", "return"):
            floor = self.exit_floor if name == "exit" else self.return_floor
            self.stop = name if self.unsure == floor else ""
        elif name == "set":
            self._set(ways)
        elif name == "shift":
            self._shift(ways)
        elif name == "eval":
            for way in ways:
                text = " ".join(text_of(cells) for cells, _quoted in way[1:])
                self._forget(_SET_BY_EVAL.findall(text), UNKNOWN)
        else:
            self._forgetting(name, ways)
        return None

    def _forgetting(self, name: str, ways: list[Way]) -> None:
        """Follow what sets variables to something that is known at run time only, or unsets them."""
        words = [text_of(cells) for way in ways for cells, _quoted in way[1:]]
        if name == "unset" and "-f" not in words:
            self._forget(words, UNSET)
        elif name in ("read", "getopts", "mapfile", "readarray", "let"):
            self._forget(words, UNKNOWN)
        elif name == "printf" and words[:1] == ["-v"]:
            self._forget(words[1:2], UNKNOWN)

    def _forget(self, names: list[str], value: Value) -> None:
        for name in names:
            if _NAME.match(name):
                self.set(name, (value,))

    def _source(self, ways: list[Way]) -> None:
        """Follow `. FILE`."""
        paths = dict.fromkeys(text_of(way[1][0]) for way in ways if len(way) > 1)
        runs = [partial(self.source_file, path) for path in paths if path and OPAQUE not in path]
        if len(paths) == 1 and runs:
            runs[0]()
        elif runs:
            self.branches(list(runs), may_skip=True)

    def source_file(self, path: str) -> None:
        """Follow a file in place; one that does not exist, or is being followed already, is passed over."""
        path = self.full_path(path)
        if path in self.active or len(self.active) >= _DEEPEST_SOURCED or self.skip(path):
            return
        script = self.script(path)
        if script is None:
            return
        kept = (self.source, self.locked)
        self.source, self.locked = script[0], False
        self.enclosed(path, script[1])
        self.source, self.locked = kept

    def _set(self, ways: list[Way]) -> None:
        """Follow `set -- WORDS`."""
        values = []
        for way in ways:
            words = [text_of(cells) for cells, _quoted in way]
            if "--" in words:
                first = words.index("--") + 1
            elif len(words) > 1 and not words[1].startswith(("-", "+")):
                first = 1
            else:
                return
            values.append(Value((), tuple(cells for cells, _quoted in way[first:])))
        self.set("@", distinct(values))

    def _shift(self, ways: list[Way]) -> None:
        lists = self.variables.get("@")
        if lists is None:
            return
        texts = {text_of(way[1][0]) if len(way) > 1 else "1" for way in ways}
        text = texts.pop()
        if texts or not re.match(r"[0-9]{1,3}\Z", text):
            self.set("@", (UNKNOWN,))
            return
        count = int(text)
        self.set("@", [Value((), value.items[count:]) if value.items is not None else value for value in lists])


def _is_one_use(word: Word) -> bool:
    """Whether a value is nothing but another variable's."""
    parts = word.parts
    if len(parts) == 1 and isinstance(parts[0], Quoted):
        parts = parts[0].parts
    return len(parts) == 1 and isinstance(parts[0], Use)
