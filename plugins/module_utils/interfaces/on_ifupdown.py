# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""ifupdown on this host: its files, and telling it of new interfaces."""

from __future__ import annotations

import glob
import os
import typing as t

from ..host.files import FileChange, as_text, read_file
from ..host.machine import Host
from . import ifupdown
from .declare import Interface
from .kernel import Held
from .owned import Texts, owner_of
from .steps import Before


class Ifupdown:
    """Interfaces kept by ifupdown."""

    name = "ifupdown"

    def __init__(self, host: Host, reason: str) -> None:
        self.host, self.reason = host, reason
        self.main = as_text(read_file(host, ifupdown.MAIN).content)
        folder = host.path(ifupdown.FOLDER)
        names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
        paths = [f"{ifupdown.FOLDER}/{name}" for name in names if name.startswith("slipway-")]
        found = {path: as_text(read_file(host, path).content) for path in paths}
        self.ours: Texts = {path: content for path, content in found.items() if owner_of(content)}
        self.strangers = frozenset(found) - frozenset(self.ours)

    def made(self) -> dict[str, str]:
        return ifupdown.made(self.ours)

    def before(self, name: str) -> Before:
        return ifupdown.before(name, self.ours)

    def files(self, interfaces: t.Sequence[Interface], held: Held) -> dict[str, str]:
        declared = [one for one in interfaces if one.owner == one.name]
        present = [one for one in declared if one.present]
        wanted = {
            path: content
            for path, content in self.ours.items()
            if path not in {ifupdown.path_of(one.name) for one in declared}
        }
        ours = {one.name for one in present} | {(owner_of(content) or ("",))[0] for content in wanted.values()}
        for one in present:
            makes = [other.name for other in interfaces if other.owner == one.name and other.name != one.name]
            wanted[ifupdown.path_of(one.name)] = ifupdown.text(one, makes, ours)
        return wanted

    def problems(self, interfaces: t.Sequence[Interface], held: Held, wanted: Texts) -> list[str]:
        found = [f"{path} is not of this module; move it away" for path in sorted(self.strangers & set(wanted))]
        unread = [path for path in wanted if not ifupdown.is_read(self.main, path)]
        if unread:
            found.append(f"{ifupdown.MAIN} does not take in {unread[0]}; {ifupdown.REMEDY}")
        stanzas = read_stanzas(self.host)
        for one in (each for each in interfaces if each.present):
            if one.name in stanzas:
                found.append(f"{one.name}: {stanzas[one.name]} sets it up; take it out there, or choose another name")
            found += [
                f"{one.name}: {stanzas[port]} sets its port {port} up; make that `iface {port} inet manual`"
                for port in one.ports
                if port in stanzas
            ]
        return found

    def makes(self, changes: t.Sequence[FileChange]) -> frozenset[str]:
        return frozenset()  # what is there already, its commands leave as it is

    def leave(self, names: t.Iterable[str]) -> None:
        for name in names:
            self.host.run(["ifdown", name])  # what it does not know of, or is left, is seen to by the caller

    def take(self, names: t.Iterable[str], changes: t.Sequence[FileChange]) -> None:
        for name in names:  # its commands can be run again, and this shows that they work
            self.host.check(["ifup", "--force", name])

    def is_settled(self, names: t.Sequence[str]) -> bool:
        return True


def read_stanzas(host: Host) -> dict[str, str]:
    """Interfaces that files of others set up with more than `manual`, with the file of each."""
    if not os.path.isfile(host.path(ifupdown.MAIN)):
        return {}
    found: dict[str, str] = {}
    for path in _all_files(host, ifupdown.MAIN, 0):
        content = as_text(read_file(host, path).content)
        if owner_of(content) is None:
            for one in ifupdown.stanzas(content):
                if one.method not in ("manual", ""):
                    found.setdefault(one.name, path)
    return found


def _all_files(host: Host, path: str, depth: int) -> t.Iterator[str]:
    yield path
    for word, pattern in ifupdown.sources(as_text(read_file(host, path).content)) if depth < 5 else ():
        for each in sorted(glob.glob(host.path(f"{pattern}/*" if word == "source-directory" else pattern))):
            if os.path.isfile(each):
                yield from _all_files(host, each if host.booted else f"/{os.path.relpath(each, host.root)}", depth + 1)
