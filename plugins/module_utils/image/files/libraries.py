# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The shared libraries that programs among an image's files need, taken from the host.

They are told by the programs' headers and looked for where the loader looks without a cache (ld.so(8)), which an image
of files does not have. What a program loads by name while it runs is not told by them.
"""

from __future__ import annotations

import glob
import os
import typing as t

from ...host.machine import Host
from .elf import Program, read_elf, read_program
from .paths import parents_of
from .tree import Entry, look_at_files
from .wish import FileWish

_DIRECTORIES = ("/lib/*-linux-*", "/usr/lib/*-linux-*", "/lib64", "/usr/lib64", "/lib", "/usr/lib")


def with_libraries(host: Host, entries: t.Sequence[Entry]) -> tuple[tuple[Entry, ...], list[str]]:
    """The entries and the libraries and loaders that they need, and what is needed and cannot be found."""
    found = {entry.path: entry for entry in entries}
    problems: list[str] = []
    waiting = list(entries)
    while waiting:
        entry = waiting.pop()
        program = read_program(entry)
        if program is None:
            continue
        for name, place in _needs(host, entry, program):
            if place is None:
                problems.append(f"files: {entry.path} needs {name}, which this host does not have where loaders look")
                continue
            source, wanted = place
            path = through_links(found, wanted)
            if path not in found:
                tree = look_at_files(host, [FileWish(path, src=source)])
                problems += tree.problems
                for added in tree.entries:
                    found[added.path] = added
                    waiting.append(added)
    return tuple(found[path] for path in sorted(found, key=lambda path: path.split("/"))), sorted(set(problems))


def _needs(host: Host, entry: Entry, program: Program) -> t.Iterator[tuple[str, tuple[str, str] | None]]:
    """Each name and where that is: on the host, and in the image."""
    if program.interpreter:
        there = host.exists(program.interpreter)
        yield program.interpreter, (program.interpreter, program.interpreter) if there else None
    for name in program.needed:
        yield name, _find(host, entry, program, name)


def _find(host: Host, entry: Entry, program: Program, name: str) -> tuple[str, str] | None:
    own = os.path.dirname(_shown(host, entry.src))
    places = [(_origin(search, own), _origin(search, os.path.dirname(entry.path))) for search in program.search]
    usual = [path for pattern in _DIRECTORIES for path in sorted(glob.glob(host.path(pattern)))]
    places += [
        (shown, shown) for shown in (path if host.booted else "/" + os.path.relpath(path, host.root) for path in usual)
    ]
    for source, wanted in places:
        library = read_elf(host.path(os.path.join(source, name)))
        if library is not None and library.kind == program.kind:
            return os.path.join(source, name), os.path.join(wanted, name)
    return None


def _shown(host: Host, path: str) -> str:
    """A path as the host has it."""
    return path if host.booted else "/" + os.path.relpath(path, host.root)


def _origin(search: str, directory: str) -> str:
    """A search path with the directory of the program itself in it."""
    return os.path.normpath(search.replace("${ORIGIN}", "$ORIGIN").replace("$ORIGIN", directory))


def through_links(entries: t.Mapping[str, Entry], path: str) -> str:
    """A path as it is when the links among the files are followed; of a circle, the path itself."""
    resolved = path
    for _step in range(40):
        for parent in (*parents_of(resolved), resolved):
            entry = entries.get(parent)
            if entry is not None and entry.kind == "link":
                rest = resolved[len(parent) :].lstrip("/")
                resolved = os.path.normpath(os.path.join(os.path.dirname(parent), entry.link, rest))
                break
        else:
            return resolved
    return path
