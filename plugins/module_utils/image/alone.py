# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What matters about files that are all that there is in an image."""

from __future__ import annotations

import os
import typing as t
from dataclasses import replace

from ..host.errors import HostError
from ..host.machine import Host
from .elf import read_program
from .files_layer import accounts_among, with_parents
from .request import Request
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
    try:
        accounts = accounts_among(tree.entries)
    except OSError as error:
        return replace(tree, problems=(*tree.problems, f"files: {error.filename} cannot be read: {error.strerror}"))
    problems = list(tree.problems)
    for entry in tree.entries:
        try:
            accounts.user(entry.owner), accounts.group(entry.group)
        except HostError as error:
            problems.append(f"files: owner of {entry.path}: {error}")
    remarks = tuple(_remarks(tree.entries))
    return replace(tree, problems=tuple(dict.fromkeys(problems)), remarks=remarks)


def _remarks(entries: t.Sequence[Entry]) -> t.Iterator[str]:
    paths = {entry.path: entry for entry in with_parents(entries)}
    for entry in entries:
        program = read_program(entry)
        if program is not None and program.interpreter and not _leads_to(paths, program.interpreter):
            yield f"{entry.path} will not start: it needs {program.interpreter}, which is not among the files"


def _leads_to(paths: t.Mapping[str, Entry], path: str, depth: int = 0) -> bool:
    """Whether a path leads to a file in the image, by way of its links too."""
    so_far = ""
    parts = [part for part in path.split("/") if part]
    for index, part in enumerate(parts):
        so_far = f"{so_far}/{part}"
        entry = paths.get(so_far)
        if entry is None:
            return False
        if entry.kind == "link":
            target = os.path.normpath(os.path.join(os.path.dirname(so_far), entry.link, *parts[index + 1 :]))
            return depth < 40 and _leads_to(paths, target, depth + 1)
    return paths[so_far].kind == "file" if so_far else False
