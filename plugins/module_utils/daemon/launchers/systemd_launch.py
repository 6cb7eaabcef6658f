# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""How systemd launches dockerd: unit, drop-ins and environment files put together, and flags taken out of them."""

from __future__ import annotations

import glob
import os
import re
import typing as t
from dataclasses import dataclass, field

from ...host.environment import Assignment, expand_word, parse_environment_file
from ...host.errors import HostError
from ...host.files import Contents, as_text, content_of
from ...host.machine import Host
from ...host.systemd_files import Unit, read_unit
from ...host.systemd_unit import Setting, Word, quote_word, split_words
from ..arguments import Flag, parse_flags, remaining_words
from ..launch import Argument, Edits, Launch, Source
from .options_value import value_without
from .programs import SHELLS, launches_daemon

SERVICE = "docker.service"
SOCKET = "docker.socket"
# Sorts behind what people and packages call theirs: the last ExecStart counts.
SERVICE_DROP_IN = f"/etc/systemd/system/{SERVICE}.d/zz-slipway.conf"
SOCKET_DROP_IN = f"/etc/systemd/system/{SOCKET}.d/zz-slipway.conf"

_NOT_DOCKERD = (
    "{source}: ExecStart runs {program}, not dockerd, so its flags cannot be known; let ExecStart name dockerd itself"
)
_PREFIX = re.compile(r"^[-@:+!|]*")
_VARIABLE = re.compile(r"(?<!\$)\$\{([A-Za-z_][A-Za-z0-9_]*)\}|^\$([A-Za-z_][A-Za-z0-9_]*)$")
_SPLIT_VARIABLE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")


@dataclass(frozen=True)
class SystemdLaunch(Launch):
    """The command line of docker.service.

    :param prefix: special characters before the program (``-``, ``@``, ...)
    :param words: of ExecStart, the program first
    :param files: what EnvironmentFile= names
    """

    prefix: str
    words: tuple[Word, ...]
    files: tuple[str, ...]
    host: Host = field(compare=False, repr=False)
    instead: Contents = field(compare=False, repr=False)

    @property
    def comes_last(self) -> bool:
        """Whether the line stands in a drop-in that counts after ours, so that ours cannot replace it."""
        name = os.path.basename(self.source.path)
        return name.endswith(".conf") and name > os.path.basename(SERVICE_DROP_IN)

    @property
    def exact(self) -> bool:
        """systemd's specifiers are not put in by us."""
        return not any("%" in word.text.replace("%%", "") for word in self.words)

    @property
    def variables(self) -> frozenset[str]:
        found = [_SPLIT_VARIABLE.fullmatch(word.text) for word in self.words if ":" not in self.prefix]
        return frozenset(match.group(1) for match in found if match)

    @property
    def environment_files(self) -> tuple[str, ...]:
        return self.files

    @property
    def environment(self) -> t.Mapping[str, str]:
        found = {}
        for path in self.files:
            for each in parse_environment_file(as_text(self._content(path, {})), path):
                if each.name not in self.variables:
                    found[each.name] = each.value
        return found

    @property
    def editable(self) -> tuple[str, ...]:
        return self.files

    def assuming(self, contents: Contents) -> Launch:
        return _again(self.host, {**self.instead, **contents})

    def without(self, taken: t.Sequence[Flag]) -> Edits:
        """Flags that come through a variable of an environment file go there, all others by a drop-in.

        The drop-in is what every word that stays amounts to, as it is written; files of packages are never edited.
        """
        files, places = self._in_files(taken)
        rest = [flag for flag in taken if flag not in places]
        if not rest:
            return Edits(files, places)
        found = self.assuming(files) if files else self
        left = found if isinstance(found, SystemdLaunch) else self
        keys = {flag.key for flag in rest}
        gone = [flag for flag in left.flags if flag.key in keys]
        flags = ", ".join(sorted({flag.name for flag in gone}))
        files[SERVICE_DROP_IN] = _drop_in(left.exec_start_without(gone), flags)
        if not self.comes_last and self.assuming(files).argv[1:] != self.arguments_without(taken):
            raise HostError(f"{self.source}: {flags} cannot be taken out of this line safely; take it out by hand")
        return Edits(files, {**places, **dict.fromkeys(rest, "taken out by a drop-in")})

    def _in_files(self, taken: t.Sequence[Flag]) -> tuple[dict[str, bytes], dict[Flag, str]]:
        """Edits of environment files, as far as what is read from them afterwards is what is wanted."""
        files: dict[str, bytes] = {}
        places: dict[Flag, str] = {}
        for flag in taken:
            source, name = self.source_of(flag), self.variable_of(flag)
            if source.path not in self.files or name not in self.variables:
                continue
            text = self._content(source.path, files)
            changed = value_without(text, name, lambda found: found.key == flag.key)  # noqa: B023
            if changed is None:
                continue
            attempt = {**files, source.path: changed}
            gone = [*places, *(f for f in taken if f.key == flag.key and self.source_of(f).path == source.path)]
            if self.assuming(attempt).argv[1:] == self.arguments_without(gone):
                files = attempt
                places.update(dict.fromkeys(gone, f"taken out of {source.path}"))
        return files, places

    def _content(self, path: str, edited: Contents) -> bytes:
        return content_of(self.host, path, {**self.instead, **edited}) or b""

    def exec_start_without(self, taken: t.Sequence[Flag]) -> str:
        """ExecStart's value without some flags; every word that they do not touch stays as it is written."""
        kept = [self.prefix + self.words[0].raw]
        flags = list(self.flags)
        for position in range(1, len(self.words)):
            mine = [index for index, argument in enumerate(self.arguments) if argument.position == position]
            left = {index: remaining_words(flags, list(taken), index) for index in mine}
            if all(words is None for words in left.values()):
                kept.append(self.words[position].raw)
                continue
            for index in mine:
                words = left[index]
                whole = [self.arguments[index].text] if words is None else words
                kept += [quote_word(word, variables=":" not in self.prefix) for word in whole]
        return " ".join(kept)


def _drop_in(line: str, flags: str) -> bytes:
    """The drop-in that replaces the line.

    :param flags: names of those that it lacks
    """
    return (
        "# Written by slipway.docker. dockerd does not start when a directive stands both on its command\n"
        f"# line and in daemon.json, so this takes out: {flags}\n"
        "[Service]\n"
        "ExecStart=\n"
        f"ExecStart={line}\n"
    ).encode()


def _again(host: Host, instead: Contents) -> Launch:
    found = read_launch(host, instead)
    if found is None:
        raise HostError(f"{SERVICE} is not there any more")
    return found


def read_launch(host: Host, instead: Contents | None = None) -> Launch | None:
    """Read how the service launches dockerd; None where there is no such service.

    :param instead: content to assume for some files in place of what is on disk
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
    return _build(host, unit, starts[0], instead or {})


def _build(host: Host, unit: Unit, start: Setting, instead: Contents) -> Launch:
    prefix = _PREFIX.match(start.value)
    prefix_text = prefix.group(0) if prefix else ""
    words = split_words(start.value[len(prefix_text) :])
    source = Source(start.path, start.line)
    files = tuple(path for setting in _files(unit) for path in _matching(host, setting.value.lstrip("-")))
    if os.path.basename(words[0].text if words else "") in SHELLS:
        return _in_a_shell(host, unit, start, prefix_text, words, files, instead)
    if not launches_daemon([word.text for word in words]):
        raise HostError(_NOT_DOCKERD.format(source=source, program=words[0].text if words else "nothing"))
    skip = 2 if "@" in prefix_text else 1  # behind "@" the second word is what the process calls itself
    variables = None if ":" in prefix_text else read_environment(host, unit, instead)
    arguments = _arguments(words, skip, source, variables)
    flags = parse_flags([argument.text for argument in arguments])
    return SystemdLaunch(
        words[0].text, tuple(arguments), tuple(flags), source, prefix_text, tuple(words), files, host, instead
    )


def _in_a_shell(
    host: Host,
    unit: Unit,
    start: Setting,
    prefix: str,
    words: list[Word],
    files: tuple[str, ...],
    instead: Contents,
) -> Launch:
    from . import systemd_shell  # reading scripts takes much code, which most units do without

    source = Source(start.path, start.line)
    at = systemd_shell.script_at(words)
    if not at:
        raise HostError(_NOT_DOCKERD.format(source=source, program=words[0].text))
    given = {name: each.value for name, each in read_environment(host, unit, instead).items()}
    starts = systemd_shell.starts_in(systemd_shell.script_of(words[at]), given, source)
    arguments, flags = systemd_shell.arguments_of(starts, source)
    return systemd_shell.ShellInUnit(
        starts[0].program.text,
        arguments,
        flags,
        source,
        tuple(words),
        at,
        files,
        given,
        starts,
        lambda line, names: (SERVICE_DROP_IN, _drop_in(prefix + line, names)),
        lambda contents: _again(host, {**instead, **contents}),
        host,
    )


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


def _files(unit: Unit) -> list[Setting]:
    return unit.values("Service", "EnvironmentFile")


def read_environment(host: Host, unit: Unit, instead: Contents | None = None) -> dict[str, Assignment]:
    """The service's environment: Environment= first, files over it, later ones over earlier ones."""
    found: dict[str, Assignment] = {}
    for setting in unit.values("Service", "Environment"):
        for word in split_words(setting.value):
            name, equals, value = word.text.partition("=")
            if equals:
                found[name] = Assignment(name, _percent(value), setting.path, setting.line)
    for setting in _files(unit):
        for path in _matching(host, setting.value.lstrip("-")):
            for assignment in parse_environment_file(as_text(content_of(host, path, instead)), path):
                found[assignment.name] = assignment
    return found


def _matching(host: Host, pattern: str) -> list[str]:
    """The files that a value of EnvironmentFile= names: it may have wildcards (systemd.exec(5))."""
    if not glob.has_magic(pattern):
        return [pattern]
    outside = len(host.path("/").rstrip("/"))
    return [path[outside:] for path in sorted(glob.glob(host.path(pattern)))]
