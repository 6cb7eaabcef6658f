# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Follow a script along all ways it may take, without running anything."""

from __future__ import annotations

from functools import partial
from typing import Callable

from .commands import Commands
from .expansion import Expansion
from .grammar import (
    AndOr,
    Arithmetic,
    Case,
    For,
    Function,
    Group,
    If,
    Loop,
    Node,
    Pipeline,
    Sequence,
    Simple,
    Subshell,
    Test,
)
from .state import Met, Way, cells_of
from .values import OPAQUE, UNKNOWN, Value, distinct, roots, text_of, without_contained
from .words import Substitution

_DEEPEST_CALL = 20
_MOST_MET = 1000
# Loops over more words than these are followed once, with all of them as alternatives.
_TURNS = 12


class Interpreter(Commands):
    """Does what each kind of command does.

    Where it is not known whether something is run, it is followed as if it were, and joined with what holds if not.
    """

    def run(self, node: Node) -> bool | None:
        """Follow one command; whether it succeeds, where that is known."""
        follow: dict[type, Callable[..., bool | None]] = {
            Simple: self._simple,
            Sequence: self._sequence,
            AndOr: self._and_or,
            Pipeline: self._pipeline,
            If: self._if,
            Loop: self._loop,
            For: self._for,
            Case: self._case,
            Group: self._group,
            Subshell: self._subshell,
            Function: self._function,
            Test: self._simple,
        }
        if isinstance(node, Arithmetic):
            return None
        return follow[type(node)](node)

    def _sequence(self, node: Sequence) -> bool | None:
        status: bool | None = True
        for item, background in node.items:
            if background:
                self.isolated(partial(self.run, item))
                status = True
            else:
                status = self.run(item)
            if self.stop:
                break
        return status

    def _and_or(self, node: AndOr) -> bool | None:
        status = self.run(node.first)
        for operator, right in node.rest:
            if self.stop:
                break
            if status is None:
                self.branches([partial(self.run, right)], may_skip=True)
            elif status == (operator == "&&"):
                status = self.run(right)
        return status

    def _pipeline(self, node: Pipeline) -> bool | None:
        if len(node.commands) == 1:
            status = self.run(node.commands[0])
            return status if status is None or not node.negated else not status
        for command in node.commands:
            self.isolated(partial(self.run, command))
        return None

    def _if(self, node: If) -> bool | None:
        possible: list[Sequence] = []
        closed = False
        for condition, body in node.branches:
            status = self._sequence(condition)
            if self.stop:
                return status
            if status is not False:
                possible.append(body)
            closed = status is True
            if closed:
                break
        if not closed and node.otherwise is not None:
            possible.append(node.otherwise)
            closed = True
        if closed and len(possible) == 1:
            return self._sequence(possible[0])
        if possible:
            self.branches([partial(self._sequence, body) for body in possible], may_skip=not closed)
        return None

    def _loop(self, node: Loop) -> bool | None:
        if node.condition is not None:
            self._sequence(node.condition)
        if not self.stop:
            self.branches([partial(self._sequence, node.body)], may_skip=True)
        return None

    def _for(self, node: For) -> bool | None:
        self.here = node.start
        if node.words is None:
            items = [Value(item) for value in self.alternatives("@") for item in value.items or (UNKNOWN.cells,)]
        else:
            words = node.words
            frame = self.frame(node, words, True)
            runs, _complete = self.expand(
                lambda run: [cells for word in words for cells in run.fields(word, frame)], prune=True
            )
            items = [Value(cells) for run in runs for cells in run]
            if len(runs) == 1 and 1 < len(items) <= _TURNS:
                self._turns(node, items)
                return None
        if items:
            items = without_contained(items, lambda value: value.cells)

            def body() -> None:
                self.set(node.name, items)
                self._sequence(node.body)

            self.branches([body], may_skip=True)
        return None

    def _turns(self, node: For, items: list[Value]) -> None:
        """A loop over words that are known, turn by turn: a value may be put together from several of them."""
        for item in items:
            self.branches([partial(self._turn, node, item)], may_skip=True)

    def _turn(self, node: For, item: Value) -> None:
        self.set(node.name, [item])
        self._sequence(node.body)

    def _case(self, node: Case) -> bool | None:
        subject = node.subject
        self.here = subject.start
        self.expand(lambda run: run.value(subject, self.value_frame(subject)), prune=False)
        all_cases = any(pattern.plain == "*" for patterns, _body in node.arms for pattern in patterns)
        self.branches([partial(self._sequence, body) for _patterns, body in node.arms], may_skip=not all_cases)
        return None

    def _group(self, node: Group) -> bool | None:
        return self._sequence(node.body)

    def _subshell(self, node: Subshell) -> bool | None:
        self.isolated(partial(self._sequence, node.body))
        return None

    def _function(self, node: Function) -> bool | None:
        self.functions[node.name] = (node, self.source)
        return True

    def _simple(self, node: Simple | Test) -> bool | None:
        self.step(node.start)
        status: bool | None = True
        if isinstance(node, Simple):
            kept = not node.words or node.words[0].plain in self.functions
            for assign in (node.assigns if kept else ()) + node.declared:
                status = self.assign(assign) and status
        if not node.words:
            return status if isinstance(node, Simple) else None
        plain = node.words[0].plain
        ways, complete = self._ways(node, prune=not self.is_test(plain))
        self._meet(node, ways)
        names = {text_of(way[0][0]) if way else "" for way in ways}
        name = names.pop() if len(names) == 1 else ""
        if name in self.functions:
            self.call(name, ways)
            return None
        return self.builtin(name, ways, complete)

    def _ways(self, node: Simple | Test, prune: bool) -> tuple[list[Way], bool]:
        frame = self.frame(node, node.words, True)

        def fields(run: Expansion) -> Way:
            return tuple((cells, word.is_quoted) for word in node.words for cells in run.fields(word, frame))

        return self.expand(fields, prune)

    def _meet(self, node: Simple | Test, ways: list[Way]) -> None:
        met = self.met.get(id(node))
        if met is None:
            self.met[id(node)] = Met(node, self.source, without_contained(ways, cells_of), set())
            return
        met.known.update(roots(cells_of(way)) for way in met.ways[len(met.known) :])
        for way in ways:
            if roots(cells_of(way)) not in met.known:
                met.known.add(roots(cells_of(way)))
                met.ways.append(way)
        if len(met.ways) > _MOST_MET:
            raise self.source.error(node.start, "this command may come out in too many ways to follow")

    def call(self, name: str, ways: list[Way]) -> None:
        """Follow a function with the arguments that it may get; one that is being followed already is passed over."""
        self.called.add(name)
        if name in self.active or len(self.active) >= _DEEPEST_CALL:
            return
        arguments = [Value((), tuple(cells for cells, _quoted in way[1:])) for way in ways]
        kept = (self.variables.get("@"), self.source, self.locked)
        node, self.source = self.functions[name]
        self.locked = False
        if arguments:
            self.set("@", distinct(arguments))
        else:
            self.variables.pop("@", None)
        self.enclosed(name, node.body)
        positional, self.source, self.locked = kept
        if positional is None:
            self.variables.pop("@", None)
        else:
            self.variables["@"] = positional

    def enclosed(self, name: str, body: Node) -> None:
        """Follow what `return` leaves."""
        floor, self.return_floor = self.return_floor, self.unsure
        self.active.append(name)
        self.run(body)
        self.active.pop()
        self.return_floor = floor
        if self.stop == "return":
            self.stop = ""

    def substitute(self, part: Substitution) -> str | None:
        """What a command prints, if that is known."""
        body, source = part.body, part.source
        if body is None or source is None:
            return None
        kept = (self.source, self.locked, self.here)
        self.source, self.locked = source, True
        self.isolated(partial(self._sequence, body))
        self.source, self.locked, self.here = kept
        simple = body.items[0][0] if len(body.items) == 1 else None
        met = self.met.get(id(simple))
        if not isinstance(simple, Simple) or met is None or not met.ways:
            return None
        lines = {printed([text_of(cells) for cells, _quoted in way]) for way in met.ways}
        return lines.pop() if len(lines) == 1 else None


def printed(words: list[str]) -> str | None:
    """What a command prints, if that depends on nothing but its words."""
    if any(OPAQUE in word for word in words) or len(words) < 2 or words[1].startswith("-"):
        return None
    trimmed = words[1].rstrip("/") or "/"
    if words[0] == "basename" and len(words) in (2, 3):
        base = trimmed.rpartition("/")[2] or "/"
        suffix = words[2] if len(words) == 3 else ""
        return base[: -len(suffix)] if suffix and base.endswith(suffix) and base != suffix else base
    if words[0] == "dirname" and len(words) == 2:
        folder, slash, _base = trimmed.rpartition("/")
        return (folder.rstrip("/") or "/") if slash else "."
    return None
