# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""How systemd launches dockerd: every word of its command line and the file and line it comes from."""

from __future__ import annotations

import glob
import os
import re
import typing as t
from dataclasses import dataclass

from ..host.environment import Assignment, expand_word, parse_environment_file
from ..host.errors import HostError
from ..host.files import read_file
from ..host.machine import Host
from ..host.systemd_files import Unit, read_unit
from ..host.systemd_unit import Setting, Word, quote_word, split_words
from .arguments import Flag, parse_flags, remaining_words

SERVICE = "docker.service"
SOCKET = "docker.socket"

_PREFIX = re.compile(r"^[-@:+!|]*")
_VARIABLE = re.compile(r"(?<!\$)\$\{([A-Za-z_][A-Za-z0-9_]*)\}|^\$([A-Za-z_][A-Za-z0-9_]*)$")


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
    :param position: index of the word of ExecStart that it came from
    :param variable: the variable that it came through, empty where it stands in the unit itself
    """

    text: str
    position: int
    source: Source
    variable: str = ""


@dataclass(frozen=True)
class Launch:
    """dockerd's command line as the service's files build it.

    :param prefix: special characters before the program (``-``, ``@``, ...)
    :param words: of ExecStart, the program first
    :param arguments: what dockerd gets, variables put in
    """

    program: str
    prefix: str
    words: tuple[Word, ...]
    arguments: tuple[Argument, ...]
    flags: tuple[Flag, ...]
    source: Source

    @property
    def argv(self) -> list[str]:
        return [self.program, *(argument.text for argument in self.arguments)]

    def source_of(self, flag: Flag) -> Source:
        return self.arguments[flag.first].source

    def variable_of(self, flag: Flag) -> str:
        return self.arguments[flag.first].variable

    def arguments_without(self, taken: list[Flag]) -> list[str]:
        """dockerd's arguments without some flags."""
        found: list[str] = []
        for index, argument in enumerate(self.arguments):
            left = remaining_words(list(self.flags), taken, index)
            found += [argument.text] if left is None else left
        return found

    def exec_start_without(self, taken: list[Flag]) -> str:
        """ExecStart's value without some flags; every word that they do not touch stays as it is written."""
        kept = [self.prefix + self.words[0].raw]
        for position in range(1, len(self.words)):
            mine = [index for index, argument in enumerate(self.arguments) if argument.position == position]
            left = {index: remaining_words(list(self.flags), taken, index) for index in mine}
            if all(words is None for words in left.values()):
                kept.append(self.words[position].raw)
                continue
            for index in mine:
                words = left[index]
                whole = [self.arguments[index].text] if words is None else words
                kept += [quote_word(word, variables=":" not in self.prefix) for word in whole]
        return " ".join(kept)


def read_launch(host: Host, instead: t.Mapping[str, bytes | None] | None = None) -> Launch | None:
    """Read how the service launches dockerd; None where there is no such service.

    :param instead: content to assume for some unit files in place of what is on disk
    :raises HostError: where the command line cannot be known from the files
    """
    unit = read_unit(host, SERVICE, instead)
    if unit is None or unit.masked:
        return None
    starts = unit.values("Service", "ExecStart")
    if len(starts) != 1:
        where = ", ".join(f"{setting.path}:{setting.line}" for setting in starts) or unit.fragment
        raise HostError(
            f"{SERVICE} has {len(starts)} ExecStart lines ({where}); a daemon has one: "
            "in a drop-in, write an empty ExecStart= before the new one"
        )
    return _build(host, unit, starts[0])


def _build(host: Host, unit: Unit, start: Setting) -> Launch:
    prefix = _PREFIX.match(start.value)
    prefix_text = prefix.group(0) if prefix else ""
    words = split_words(start.value[len(prefix_text) :])
    source = Source(start.path, start.line)
    if not words or os.path.basename(words[0].text) != "dockerd":
        shown = words[0].text if words else "nothing"
        raise HostError(
            f"{source}: ExecStart runs {shown}, not dockerd, so its flags cannot be known; "
            "let ExecStart name dockerd itself"
        )
    skip = 2 if "@" in prefix_text else 1  # behind "@" the second word is what the process calls itself
    variables = None if ":" in prefix_text else read_environment(host, unit)
    arguments = _arguments(words, skip, source, variables)
    flags = parse_flags([argument.text for argument in arguments])
    return Launch(words[0].text, prefix_text, tuple(words), tuple(arguments), tuple(flags), source)


def _arguments(words: list[Word], skip: int, source: Source, variables: dict[str, Assignment] | None) -> list[Argument]:
    """dockerd's arguments; without variables a dollar is a dollar."""
    if variables is None:
        return [Argument(_percent(word.text), index, source) for index, word in enumerate(words) if index >= skip]
    values = {name: assignment.value for name, assignment in variables.items()}
    found: list[Argument] = []
    for position, word in enumerate(words[skip:], start=skip):
        used = _VARIABLE.search(word.text)
        name = (used.group(1) or used.group(2)) if used else ""
        assignment = variables.get(name)
        origin = Source(assignment.path, assignment.line) if assignment else source
        found += [Argument(text, position, origin, name) for text in expand_word(_percent(word.text), values)]
    return found


def _percent(text: str) -> str:
    """In a unit, unlike in an environment file, two percent signs are one; single ones (specifiers) are left alone."""
    return text.replace("%%", "%")


def read_environment(host: Host, unit: Unit) -> dict[str, Assignment]:
    """The service's environment: Environment= first, files over it, later ones over earlier ones."""
    found: dict[str, Assignment] = {}
    for setting in unit.values("Service", "Environment"):
        for word in split_words(setting.value):
            name, equals, value = word.text.partition("=")
            if equals:
                found[name] = Assignment(name, _percent(value), setting.path, setting.line)
    for setting in unit.values("Service", "EnvironmentFile"):
        for path in _matching(host, setting.value.lstrip("-")):
            content = read_file(host, path).content
            for assignment in parse_environment_file((content or b"").decode("utf-8", "replace"), path):
                found[assignment.name] = assignment
    return found


def _matching(host: Host, pattern: str) -> list[str]:
    """The files that a value of EnvironmentFile= names: it may have wildcards (systemd.exec(5))."""
    if not glob.has_magic(pattern):
        return [pattern]
    outside = len(host.path("/").rstrip("/"))
    return [path[outside:] for path in sorted(glob.glob(host.path(pattern)))]
