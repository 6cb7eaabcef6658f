# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Which words the commands of a script get, and where each comes from; nothing is run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Callable

from ..files import as_text
from .errors import ShellError
from .fields import Field, Kin, Place, make_field, split_again
from .interpreter import Interpreter
from .parser import parse
from .source import Source
from .state import Met, cells_of
from .values import OPAQUE, Value, given, without_contained

__all__ = ["OPAQUE", "Command", "Field", "Place", "Trace", "split_again", "trace"]


@dataclass(frozen=True)
class Command:
    """One simple command that the script may run; its redirections are not among its words.

    :param ways: the words that it may get, in all alternatives, the likeliest first
    """

    place: Place
    ways: tuple[tuple[Field, ...], ...]
    node: Any = field(compare=False, repr=False)


@dataclass(frozen=True)
class Trace:
    """What a script may do.

    :param commands: in the order in which they are met
    :param functions: the names of those that are defined
    :param read: paths of the files that were looked at, whether they exist or not
    :param variables: what each may be after the whole script
    """

    commands: tuple[Command, ...]
    functions: frozenset[str]
    read: tuple[str, ...]
    variables: Mapping[str, tuple[Value, ...]] = field(compare=False, repr=False)
    end: Place = field(compare=False, repr=False)

    def value(self, name: str) -> Field | None:
        """The likeliest value of a variable after the whole script, as one word; None if it is not set."""
        found = self.variables.get(name, ())
        return self._field(found[0]) if found and found[0].is_set else None

    def ways_of(self, name: str) -> tuple[Field, ...]:
        """All values that a variable may have after the whole script."""
        return tuple(self._field(value) for value in self.variables.get(name, ()) if value.is_set)

    def _field(self, value: Value) -> Field:
        cells = value.cells if not value.items else value.items[0]
        return make_field(cells, False, Kin((cells,), ((cells,),)), self.end)


def trace(
    read: Callable[[str], bytes | None],
    path: str,
    *,
    region: tuple[int, int] | None = None,
    before: Sequence[str] = (),
    known: Mapping[str, str] | None = None,
    folder: str = "/",
    skip: Callable[[str], bool] = lambda path: False,
) -> Trace:
    """Follow a script and the files that it sources along all ways that it may take.

    :param read: gives the content of a file, None if it does not exist
    :param region: the range of bytes to look at
    :param before: files that are sourced first; one that does not exist is passed over
    :param known: variables with their values, `0` for `$0`
    :param folder: what relative paths are relative to
    :param skip: whether a sourced file is not looked into
    :raises ShellError: if it cannot be understood
    """
    content = read(path)
    if content is None:
        raise ShellError(f"{path}:1: it cannot be read")
    source = Source(path, as_text(content))
    try:
        script = Interpreter(read, source, folder, skip)
        script.contents[path] = content
        for name, text in (known or {}).items():
            script.set(name, (given(text),))
        return _followed(script, source, content, region, before)
    except RecursionError:
        raise source.error(0, "it is nested too deeply") from None


def _followed(
    script: Interpreter, source: Source, content: bytes, region: tuple[int, int] | None, before: Sequence[str]
) -> Trace:
    start, end = (0, len(source.text)) if region is None else (len(as_text(content[:at])) for at in region)
    body = parse(source, start, end)
    for earlier in before:
        script.source_file(earlier)
    script.enclosed(source.path, body)
    variables = dict(script.variables)
    script.stop = ""
    # Helpers mostly stand before what calls them: so they are followed with the arguments that they get.
    for name in reversed(list(script.functions)):
        if name not in script.called:
            script.isolated(partial(script.call, name, []))
    return Trace(
        tuple(map(_command, script.met.values())),
        frozenset(script.functions),
        tuple(script.contents),
        variables,
        Place(source.path, source.line(start)),
    )


def _command(met: Met) -> Command:
    place = Place(met.source.path, met.source.line(met.node.start))
    found = without_contained(met.ways, cells_of)
    ways = tuple(tuple(cells for cells, _quoted in way) for way in found)
    return Command(
        place,
        tuple(
            tuple(make_field(cells, quoted, Kin(words, ways), place) for cells, quoted in way)
            for way, words in zip(found, ways)
        ),
        met.node,
    )
