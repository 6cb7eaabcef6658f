# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Units that have a shell start dockerd: ``ExecStart=/bin/sh -c '...'``."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, field

from ...host.errors import HostError
from ...host.files import Contents, as_bytes, as_text
from ...host.machine import Host
from ...host.shell.edit import take_out
from ...host.shell.trace import trace
from ...host.systemd_unit import Word, quote_word
from ..arguments import Flag, parse_flags
from ..launch import Argument, Edits, Launch, Source
from .commands import Start
from .shell_launch import comes_to, commanded, removals, texts, texts_without, words_of


@dataclass(frozen=True)
class ShellInUnit(Launch):
    """The command line that a unit's shell builds.

    :param words: of ExecStart
    :param at: which of them is the script
    :param files: what EnvironmentFile= names
    :param given: the service's environment
    :param again: reads the unit once more with some files holding something else
    """

    words: tuple[Word, ...]
    at: int
    files: tuple[str, ...]
    given: t.Mapping[str, str]
    starts: tuple[Start, ...] = field(compare=False, repr=False)
    drop_in: t.Callable[[str, str], tuple[str, bytes]] = field(compare=False, repr=False)
    again: t.Callable[[Contents], Launch] = field(compare=False, repr=False)
    host: Host = field(compare=False, repr=False)

    @property
    def exact(self) -> bool:
        return False

    @property
    def variables(self) -> frozenset[str]:
        return self.brought_by

    @property
    def environment_files(self) -> tuple[str, ...]:
        return self.files

    @property
    def environment(self) -> t.Mapping[str, str]:
        return {name: value for name, value in self.given.items() if name not in self.variables}

    @property
    def editable(self) -> tuple[str, ...]:
        return ()

    def assuming(self, contents: Contents) -> Launch:
        return self.again(contents)

    def without(self, taken: t.Sequence[Flag]) -> Edits:
        keys = {flag.key for flag in taken}
        script = script_of(self.words[self.at])
        gone = [removal for start in self.starts for removal in removals(start, keys)]
        edited = take_out(lambda path: as_bytes(script), gone)
        text = as_text(next(iter(edited.values()), b""))
        wanted = [texts_without(start, keys) for start in self.starts]
        after = starts_in(text, self.given, self.source)
        done = self.host.run(["sh", "-n", "-s"], data=text)
        if not comes_to(after, wanted) or done.rc != 0:
            raise HostError(
                f"{self.source}: {taken[0].name} is put together at run time by a shell, so it cannot be taken out "
                "safely; take it out by hand"
            )
        words = [word.raw for word in self.words]
        words[self.at] = quote_word(text)
        path, content = self.drop_in(" ".join(words), ", ".join(sorted({flag.name for flag in taken})))
        return Edits({path: content}, dict.fromkeys(taken, "taken out by a drop-in"))


def script_at(words: t.Sequence[Word]) -> int:
    """Which word of a shell's command line is a script; 0 where none is."""
    for index, word in enumerate(words[1:-1], start=1):
        if re.fullmatch(r"-[a-z]*c[a-z]*", word.text):
            return index + 1
    return 0


def script_of(word: Word) -> str:
    """What the shell gets: systemd makes one of two percent signs, and of two dollar signs."""
    return word.text.replace("%%", "%").replace("$$", "$")


def starts_in(script: str, given: t.Mapping[str, str], source: Source) -> tuple[Start, ...]:
    """The ways in which a script starts dockerd.

    :raises HostError: where it does in none that can be followed
    """
    content = as_bytes(script)
    found = trace(lambda path: content if path == source.path else None, source.path, known=given)
    starts = commanded(found)
    if not starts:
        raise HostError(
            f"{source}: ExecStart runs a shell that starts dockerd in no way that can be followed, so its flags cannot "
            "be known; let ExecStart name dockerd itself"
        )
    return starts


def arguments_of(starts: t.Sequence[Start], source: Source) -> tuple[tuple[Argument, ...], tuple[Flag, ...]]:
    """dockerd's arguments, all of which stand on the unit's line."""
    words = words_of(starts)
    arguments = tuple(Argument(word.text, index, source, word.variable) for index, word in enumerate(words))
    return arguments, tuple(parse_flags(texts(words)))
