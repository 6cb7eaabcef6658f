# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What matters about files that are all that there is in an image."""

from __future__ import annotations

import os
import typing as t
from dataclasses import replace

from ...host.errors import HostError
from ...host.machine import Host
from ..request import Request
from .elf import read_program
from .layer import accounts_among
from .libraries import through_links, with_libraries
from .tree import Entry, Tree

# Debian's names for what uname(2) tells.
_MACHINES = {
    "aarch64": "arm64",
    "armv6l": "armel",
    "armv7l": "armhf",
    "armv8l": "armhf",
    "i386": "i386",
    "i586": "i386",
    "i686": "i386",
    "mips64": "mips64el",
    "ppc64le": "ppc64el",
    "riscv64": "riscv64",
    "s390x": "s390x",
    "x86_64": "amd64",
}


def machine_architecture() -> str:
    """That of the machine's kernel, empty for one that Debian does not know."""
    return _MACHINES.get(os.uname().machine, "")


def alone(host: Host, tree: Tree, request: Request) -> Tree:
    """The files with what can be told of them together: owners that nobody knows, programs that would not start."""
    entries, problems = tree.entries, list(tree.problems)
    if request.libraries:
        entries, missing = with_libraries(host, entries)
        problems += missing
    try:
        accounts = accounts_among(entries)
    except OSError as error:
        return replace(tree, problems=(*problems, f"files: {error.filename} cannot be read: {error.strerror}"))
    for entry in entries:
        try:
            accounts.user(entry.owner), accounts.group(entry.group)
        except HostError as error:
            problems.append(f"files: owner of {entry.path}: {error}")
    return Tree(entries, tuple(problems), tuple(_remarks(entries)))


def _remarks(entries: t.Sequence[Entry]) -> t.Iterator[str]:
    paths = {entry.path: entry for entry in entries}
    for entry in entries:
        program = read_program(entry)
        if program is not None and program.interpreter:
            loader = paths.get(through_links(paths, program.interpreter))
            if loader is None or loader.kind != "file":
                yield f"{entry.path} will not start: it needs {program.interpreter}, which is not among the files"
