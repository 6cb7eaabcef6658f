# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""apt's package sources, read from both formats that sources.list(5) describes."""

from __future__ import annotations

import os
import re
import typing as t
from dataclasses import dataclass

from ...host.errors import HostError
from ...host.machine import Host

# apt passes over files with any other character in their names, such as editors' and packagers' leftovers.
_FILE_NAME = re.compile(r"[A-Za-z0-9_.-]+\Z")
_NO = frozenset({"no", "false", "without", "off", "disable"})
# A word of the one-line format; a cdrom's name may hold blanks, in brackets.
_WORD = re.compile(r"(?:cdrom:\[[^\]]*\]\S*|\"[^\"]*\"|\S+)")
_FIELD = re.compile(r"([!-,./-9;-~][!-9;-~]*):(.*)\Z")


@dataclass(frozen=True)
class AptSource:
    """One entry: a line of a ``.list`` file or a stanza of a ``.sources`` file."""

    types: tuple[str, ...]
    uris: tuple[str, ...]
    suites: tuple[str, ...]
    components: tuple[str, ...]
    options: tuple[tuple[str, str], ...] = ()
    enabled: bool = True
    file: str = ""
    line: int = 0

    def option(self, name: str) -> str | None:
        """Value of an option under the name the one-line format has for it, such as ``signed-by``."""
        return dict(self.options).get(name)

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"

    def one_line(self) -> tuple[str, ...]:
        """The entry as lines of the one-line format, one for each type, URI and suite."""
        options = " ".join(f"{name}={value}" for name, value in self.options)
        bracket = [f"[{options}]"] if options else []
        return tuple(
            " ".join([kind, *bracket, uri, suite, *self.components])
            for kind in self.types
            for uri in self.uris
            for suite in self.suites
        )


def parse_list(text: str, file: str) -> tuple[AptSource, ...]:
    """Entries of a file in the one-line format; commented-out entries are not there for apt and not here.

    :raises HostError: for a line apt would refuse
    """
    entries = []
    for number, line in enumerate(text.splitlines(), start=1):
        bare = _without_comment(line).strip()
        if bare:
            entries.append(_parse_line(bare, file, number))
    return tuple(entries)


def _without_comment(line: str) -> str:
    """apt ends a line at ``#``, except inside brackets."""
    depth = 0
    for index, char in enumerate(line):
        if char == "[" and "]" in line[index:]:
            depth += 1
        elif char == "]" and depth:
            depth -= 1
        elif char == "#" and not depth:
            return line[:index]
    return line


def _parse_line(line: str, file: str, number: int) -> AptSource:
    kind, *after = line.split(None, 1)
    rest = after[0] if after else ""
    if kind not in ("deb", "deb-src"):
        raise HostError(f"{file}:{number}: an entry starts with deb or deb-src; got: {kind}")
    options: tuple[tuple[str, str], ...] = ()
    if rest.startswith("["):
        inside, closed, rest = rest[1:].partition("]")
        if not closed:
            raise HostError(f"{file}:{number}: the options' closing bracket is missing: {line}")
        options = _line_options(inside, f"{file}:{number}")
    words = [word.strip('"') for word in _WORD.findall(rest)]
    if len(words) < 2 or (len(words) < 3 and not words[1].endswith("/")):
        raise HostError(f"{file}:{number}: an entry needs a URI, a suite and a component; got: {line}")
    return AptSource((kind,), (words[0],), (words[1],), tuple(words[2:]), options, True, file, number)


def _line_options(inside: str, place: str) -> tuple[tuple[str, str], ...]:
    options = []
    for word in inside.split():
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise HostError(f"{place}: an option is name=value; got: {word}")
        options.append((name.rstrip("+-").lower(), value))
    return tuple(options)


# Names of options in the one-line format for the fields of the deb822 format, where they differ by more than case.
_DEB822_OPTIONS = {"architectures": "arch", "languages": "lang", "targets": "target"}


def parse_deb822(text: str, file: str) -> tuple[AptSource, ...]:
    """Entries of a file in the deb822 format.

    :raises HostError: for a stanza apt would refuse
    """
    return tuple(_source_of(fields, file, number) for number, fields in _stanzas(text, file))


def _stanzas(text: str, file: str) -> t.Iterator[tuple[int, dict[str, str]]]:
    """Line number and fields, by lower-case name, of every stanza."""
    fields: dict[str, str] = {}
    start, last = 0, ""
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        if line.startswith("#"):
            continue
        if not line.strip():
            if fields:
                yield start, fields
            fields, last = {}, ""
        elif line[0] in " \t":
            if not last:
                raise HostError(f"{file}:{number}: a continuation line without a field before it: {line.strip()}")
            fields[last] += "\n" + line.strip()
        else:
            match = _FIELD.match(line)
            if match is None:
                raise HostError(f"{file}:{number}: a line is 'Field: value'; got: {line.strip()}")
            start = start if fields else number
            last = match.group(1).lower()
            fields[last] = match.group(2).strip()


def _source_of(fields: dict[str, str], file: str, number: int) -> AptSource:
    def words(name: str) -> tuple[str, ...]:
        return tuple(fields.get(name, "").split())

    enabled = fields.get("enabled", "yes").lower() not in _NO
    missing = [name for name in ("types", "uris", "suites") if not words(name)]
    exact = all(suite.endswith("/") for suite in words("suites"))
    if enabled and not missing and not exact and not words("components"):
        missing = ["components"]
    if enabled and missing:
        raise HostError(f"{file}:{number}: field {missing[0].capitalize()} is missing")
    known = {"types", "uris", "suites", "components", "enabled"}
    options = tuple(
        (_DEB822_OPTIONS.get(name, name), ",".join(value.split()) if name != "signed-by" else value)
        for name, value in fields.items()
        if name not in known and not name.startswith("x-")
    )
    return AptSource(
        words("types"), words("uris"), words("suites"), words("components"), options, enabled, file, number
    )


def read_sources(host: Host, etc: str = "/etc/apt") -> tuple[AptSource, ...]:
    """All entries of a machine, in the order apt reads them, those that are disabled included."""
    files = [f"{etc}/sources.list"] if host.exists(f"{etc}/sources.list") else []
    parts = f"{etc}/sources.list.d"
    if host.exists(parts):
        names = sorted(os.listdir(host.path(parts)))
        files += [f"{parts}/{name}" for name in names if _FILE_NAME.match(name)]
    entries: list[AptSource] = []
    for file in files:
        parse = {".list": parse_list, ".sources": parse_deb822}.get(os.path.splitext(file)[1])
        if parse is not None:
            with open(host.path(file), encoding="utf-8", errors="replace") as opened:
                entries += parse(opened.read(), file)
    return tuple(entries)
