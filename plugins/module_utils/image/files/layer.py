# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A layer of files, as a tar file that has the same bytes wherever it is written."""

from __future__ import annotations

import tarfile
import typing as t

from ..capabilities import ATTRIBUTE
from ..engine.layer import Sink, Source
from ..engine.tar_headers import BLOCK, SettledHeaders
from .accounts import GROUP, PASSWD, Accounts, parse_accounts
from .paths import parents_of
from .tree import Entry

_TYPES = {"file": tarfile.REGTYPE, "directory": tarfile.DIRTYPE, "link": tarfile.SYMTYPE}


def with_parents(entries: t.Sequence[Entry]) -> list[Entry]:
    """The entries and the directories that they need, in the order in which they go into the layer."""
    all_of_them = {parent: Entry(parent, "directory", 0o755) for entry in entries for parent in parents_of(entry.path)}
    all_of_them.update((entry.path, entry) for entry in entries)
    return [all_of_them[path] for path in sorted(all_of_them, key=lambda path: path.split("/"))]


def accounts_among(entries: t.Sequence[Entry]) -> Accounts:
    """The users and groups that an image of these files knows."""
    texts = {
        entry.path: b"".join(entry.chunks()).decode("utf-8", "replace")
        for entry in entries
        if entry.path in (PASSWD, GROUP) and entry.kind == "file"
    }
    return Accounts(parse_accounts(texts.get(PASSWD, "")), parse_accounts(texts.get(GROUP, "")))


def files_layer(entries: t.Sequence[Entry], date: int, accounts: Accounts) -> Source:
    """Writes the layer. No file is held in memory.

    :param date: of all that is in it
    """

    def write(sink: Sink) -> None:
        settled = SettledHeaders(sink)
        for entry in with_parents(entries):
            settled.write(_header(entry, date, accounts))
            if entry.kind == "file":
                entry.copy_to(settled)
                settled.write(bytes(-entry.size % BLOCK))
        settled.write(bytes(2 * BLOCK))
        settled.finish()

    return write


def _header(entry: Entry, date: int, accounts: Accounts) -> bytes:
    member = tarfile.TarInfo(entry.path.lstrip("/"))
    member.type = _TYPES[entry.kind]
    member.mode = entry.mode
    member.uid, member.gid = accounts.user(entry.owner), accounts.group(entry.group)
    member.size = entry.size
    member.mtime = date
    member.linkname = entry.link
    if entry.capabilities:
        value = entry.capabilities.decode("utf-8", "surrogateescape")
        member.pax_headers = {f"SCHILY.xattr.{ATTRIBUTE}": value}
    return member.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")
