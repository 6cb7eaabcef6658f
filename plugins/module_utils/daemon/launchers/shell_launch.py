# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""How a shell script launches dockerd: its words, where they come from, and flags taken out where they stand."""

from __future__ import annotations

import functools
import os
import re
import typing as t
from dataclasses import dataclass, field

from ...host.assignments import read_assignments
from ...host.errors import HostError
from ...host.files import Contents, as_text, content_of
from ...host.machine import Host
from ...host.shell.edit import Removal, take_out
from ...host.shell.trace import OPAQUE, Field, Trace, split_again, trace
from ..arguments import Flag, parse_flags, remaining_words
from ..launch import Argument, Edits, Launch, Source
from .commands import Start, start_of
from .override import overridden

# What is read on the way and holds functions only.
_LIBRARIES = (
    "/lib/",
    "/usr/lib/",
    "/usr/share/",
    "/etc/init.d/",
    "/etc/rc.d/init.d/",
    "/etc/rc.status",
    "/etc/rc.subr",
)
_USED = re.compile(r"(?<!\\)\$\{?([A-Za-z_][A-Za-z0-9_]*)")


@dataclass(frozen=True)
class Script:
    """A script that launches dockerd.

    :param before: files that the init system reads before it
    :param known: variables that the init system sets
    :param folder: the folder that it runs in
    :param region: which bytes of the file are shell
    :param declares: whether it says what to start in variables, as one for openrc-run does
    :param options_file: the file of variables that it is meant to be controlled by
    :param packaged: whether it is as a package brought it
    """

    path: str
    before: tuple[str, ...] = ()
    known: t.Mapping[str, str] = field(default_factory=dict)
    folder: str = "/"
    region: t.Callable[[bytes], tuple[int, int]] | None = None
    declares: bool = False
    options_file: str = ""
    packaged: bool = False


@dataclass(frozen=True)
class ShellLaunch(Launch):
    """The command line that a script builds.

    :param starts: all the ways in which it may start dockerd, the likeliest first; it decides what the command line is,
        and flags that only others have stand behind its words
    """

    script: Script = field(compare=False, repr=False)
    starts: tuple[Start, ...] = field(compare=False, repr=False)
    found: Trace = field(compare=False, repr=False)
    host: Host = field(compare=False, repr=False)
    instead: Contents = field(compare=False, repr=False)

    @property
    def exact(self) -> bool:
        return len(self.starts) == 1 and not any(OPAQUE in word for word in self.argv)

    @property
    def unknown(self) -> tuple[Source, ...]:
        words = [argument.text for argument in self.arguments]
        taken = {index for flag in self.flags for index in range(flag.first, flag.last + 1)}
        return tuple(
            self.arguments[index].source
            for index, word in enumerate(words)
            if index not in taken and word.startswith(OPAQUE)
        )

    @property
    def variables(self) -> frozenset[str]:
        """Those whose words dockerd gets, and those that the script uses itself."""
        return self.brought_by | frozenset(_USED.findall(self.text_of(self.script.path)))

    @property
    def environment_files(self) -> tuple[str, ...]:
        mine = (self.script.options_file, *self.script.before)
        return tuple(dict.fromkeys(path for path in mine if path in self.found.read))

    @property
    def environment(self) -> t.Mapping[str, str]:
        found = {}
        for path in self.environment_files:
            for each in read_assignments(self.text_of(path), path, "shell"):
                if each.exported and each.value is not None and not each.unset:
                    found[each.name] = each.value
        return found

    @property
    def editable(self) -> tuple[str, ...]:
        read = (path for path in self.found.read if not path.startswith(_LIBRARIES))
        return tuple(dict.fromkeys((self.script.path, self.script.options_file, *read)))

    def variable(self, name: str) -> str:
        """What a variable of the script comes to, empty where that is not known."""
        found = self.found.value(name)
        return found.text if found and OPAQUE not in found.text else ""

    def assuming(self, contents: Contents) -> ShellLaunch:
        found = read_shell_launch(self.host, self.script, {**self.instead, **contents})
        if found is None:
            raise HostError(f"{self.script.path} is not there any more")
        return found

    def without(self, taken: t.Sequence[Flag]) -> Edits:
        """Every way in which the script starts dockerd loses the flags of these keys.

        A script as its package brought it stays, where the file of variables that it reads can do the same.
        """
        keys = {flag.key for flag in taken}
        wanted = [texts_without(start, keys) for start in self.starts]
        if self.script.packaged and any(self.source_of(flag).path == self.script.path for flag in taken):
            files = overridden(self, taken)
            if files and self._comes_to(files, wanted):
                return Edits(files, dict.fromkeys(taken, f"taken out by {self.script.options_file}"))
        files = self._edited(keys)
        if not self._comes_to(files, wanted):
            flag = taken[0]
            raise HostError(
                f"{self.source_of(flag)}: {flag.name} is put together at run time, so it cannot be taken out safely; "
                "take it out by hand"
            )
        self._check_syntax(files)
        return Edits(files, {flag: f"taken out of {self.source_of(flag).path}" for flag in taken})

    def _edited(self, keys: set[str]) -> dict[str, bytes]:
        """The files without the flags of these keys. A default may come alive when what stood before it goes."""
        files: dict[str, bytes] = {}
        now: ShellLaunch = self
        for _turn in range(4):
            gone = [removal for start in now.starts for removal in removals(start, keys)]
            if not gone:
                break
            files.update(take_out(now._read, gone))
            now = self.assuming(files)
        return files

    def _comes_to(self, files: Contents, wanted: list[list[str]]) -> bool:
        """Whether edits do what they are for, and nothing else."""
        try:
            after = self.assuming(files)
        except HostError:
            return False
        return comes_to(after.starts, wanted)

    def _check_syntax(self, files: t.Mapping[str, bytes]) -> None:
        """:raises HostError: where a shell does not take what we would write"""
        for path, content in files.items():
            text = content
            if path == self.script.path and self.script.region:
                first, last = self.script.region(content)
                text = content[first:last]
            shell = "bash" if re.match(rb"#!.*\bbash\b", content) and self.host.find_program("bash") else "sh"
            done = self.host.run([shell, "-n", "-s"], data=as_text(text))
            if done.rc != 0:
                raise HostError(f"{path} would be no valid script without the flag: {done.last_words}; edit it by hand")

    def _read(self, path: str) -> bytes | None:
        return content_of(self.host, path, self.instead)

    def text_of(self, path: str) -> str:
        """What a file holds that is read on the way."""
        return as_text(self._read(path))


def read_shell_launch(host: Host, script: Script, instead: Contents | None = None) -> ShellLaunch | None:
    """Read how a script launches dockerd; None where there is no such script.

    :param instead: content to assume for some files in place of what is on disk
    :raises HostError: where the command line cannot be known from the files
    """
    assumed = instead or {}
    read = functools.partial(content_of, host, instead=assumed)
    content = read(script.path)
    if content is None:
        return None
    found = trace(
        read,
        script.path,
        region=script.region(content) if script.region else None,
        before=script.before,
        known=script.known,
        folder=script.folder,
        skip=lambda path: path.startswith(_LIBRARIES) or os.path.basename(path) in ("functions", "functions.sh"),
    )
    starts = _declared(found) if script.declares and "start" not in found.functions else commanded(found)
    if not starts:
        raise HostError(
            f"{script.path} starts dockerd in no way that can be followed, so its flags cannot be known; "
            "let it name dockerd itself in the command that starts it"
        )
    first = starts[0]
    words = words_of(starts)
    arguments = tuple(
        Argument(word.text, index, Source(word.place.path, word.place.line), word.variable)
        for index, word in enumerate(words)
    )
    flags = tuple(parse_flags(texts(words)))
    source = Source(first.program.place.path, first.program.place.line)
    return ShellLaunch(first.program.text, arguments, flags, source, script, starts, found, host, assumed)


def words_of(starts: t.Sequence[Start]) -> list[Field]:
    """The words of the likeliest way, and behind them those flags of the others that it does not have."""
    words = list(starts[0].arguments)
    known = {flag.key for flag in parse_flags(texts(words))}
    for start in starts[1:]:
        for flag in parse_flags(texts(start.arguments)):
            if flag.key and flag.key not in known:
                known.add(flag.key)
                words += start.arguments[flag.first : flag.last + 1]
    return words


def comes_to(starts: t.Sequence[Start], wanted: t.Sequence[t.Sequence[str]]) -> bool:
    """Whether these ways are those that are wanted.

    A way that got shorter may be part of another one now, and is not told apart from it any more.
    """
    found = {tuple(texts(start.arguments)) for start in starts}
    return found <= set(map(tuple, wanted)) and all(any(_is_within(words, way) for way in found) for words in wanted)


def _is_within(words: t.Sequence[str], way: t.Sequence[str]) -> bool:
    """Whether words stand in this order among others."""
    rest = iter(way)
    return all(word in rest for word in words)


def commanded(found: Trace) -> tuple[Start, ...]:
    """What a script's own commands start, in all their ways."""
    starts = [start_of(way) for command in found.commands for way in command.ways]
    return tuple(start for start in starts if start is not None)


def _declared(found: Trace) -> tuple[Start, ...]:
    """What openrc-run(8) starts by itself: it reads command_args once more as a shell does."""
    starts = []
    for program in found.ways_of("command"):
        for way in found.ways_of("command_args") or (None,):
            more = [found.value(f"command_args_{name}") for name in ("background", "foreground")]
            words = [part for each in (way, *more) if each for part in split_again(each)]
            starts.append(start_of([program, *words]))
    return tuple(start for start in starts if start is not None)


def texts(words: t.Sequence[Field]) -> list[str]:
    return [word.text for word in words]


def texts_without(start: Start, keys: set[str]) -> list[str]:
    words = texts(start.arguments)
    flags = parse_flags(words)
    taken = [flag for flag in flags if flag.key in keys]
    found: list[str] = []
    for index, word in enumerate(words):
        left = remaining_words(flags, taken, index)
        found += [word] if left is None else left
    return found


def removals(start: Start, keys: set[str]) -> list[Removal]:
    flags = parse_flags(texts(start.arguments))
    taken = [flag for flag in flags if flag.key in keys]
    return [
        Removal(
            start.arguments[flag.first : flag.last + 1],
            tuple(remaining_words(flags, taken, flag.first) or ()),
        )
        for flag in taken
    ]
