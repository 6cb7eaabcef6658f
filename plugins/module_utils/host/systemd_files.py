# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Unit files on disk: which fragment and drop-ins make up a unit, without asking systemd."""

from __future__ import annotations

import os
from dataclasses import dataclass

from .files import Contents, content_of
from .machine import Host
from .systemd_unit import Setting, parse_unit

# systemd.unit(5), "System Unit Search Path": the first directory wins.
SEARCH_PATH = (
    "/etc/systemd/system.control",
    "/run/systemd/system.control",
    "/run/systemd/transient",
    "/run/systemd/generator.early",
    "/etc/systemd/system",
    "/etc/systemd/system.attached",
    "/run/systemd/system",
    "/run/systemd/system.attached",
    "/run/systemd/generator",
    "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
    "/run/systemd/generator.late",
)


@dataclass(frozen=True)
class Unit:
    """A unit as its files describe it.

    :param fragment: its main file
    :param settings: of fragment and drop-ins in the order in which they count
    """

    name: str
    fragment: str
    drop_ins: tuple[str, ...]
    settings: tuple[Setting, ...]
    masked: bool = False

    def values(self, section: str, name: str) -> list[Setting]:
        """What a list setting has come to: an empty assignment forgets all before it."""
        found: list[Setting] = []
        for setting in self.settings:
            if (setting.section, setting.name) == (section, name):
                found = [*found, setting] if setting.value else []
        return found


def read_unit(host: Host, name: str, instead: Contents | None = None) -> Unit | None:
    """Read a unit from its files; None where there is none.

    :param instead: content to assume for some paths in place of what is on disk; None for a file that is not there
    :raises HostError: where one of its files cannot be read
    """
    instead = instead or {}
    fragment = next((p for p in _candidates(name) if _there(host, p, instead)), None)
    if fragment is None:
        return None
    if os.path.realpath(host.path(fragment)) == "/dev/null" or content_of(host, fragment, instead) == b"":
        return Unit(name, fragment, (), (), masked=True)
    drop_ins = _drop_ins(host, name, instead)
    settings: list[Setting] = []
    for path in (fragment, *drop_ins):
        settings += parse_unit((content_of(host, path, instead) or b"").decode("utf-8", "replace"), path)
    return Unit(name, fragment, tuple(drop_ins), tuple(settings))


def _candidates(name: str) -> list[str]:
    return [f"{directory}/{name}" for directory in SEARCH_PATH]


def _there(host: Host, path: str, instead: Contents) -> bool:
    return instead[path] is not None if path in instead else os.path.lexists(host.path(path))


def _drop_ins(host: Host, name: str, instead: Contents) -> list[str]:
    """Drop-ins sorted by file name; of two with one name the unit's own counts, then the earlier directory's."""
    by_name: dict[str, str] = {}
    for owner in (name, name.rpartition(".")[2]):  # docker.service.d, then service.d
        for folder in (f"{directory}/{owner}.d" for directory in SEARCH_PATH):
            assumed = [os.path.basename(path) for path in instead if os.path.dirname(path) == folder]
            for entry in {*_entries(host, folder), *assumed}:
                path = f"{folder}/{entry}"
                if entry.endswith(".conf") and _there(host, path, instead):
                    by_name.setdefault(entry, path)
    hidden = {entry for entry, path in by_name.items() if os.path.realpath(host.path(path)) == "/dev/null"}
    return [by_name[entry] for entry in sorted(by_name) if entry not in hidden]


def _entries(host: Host, folder: str) -> list[str]:
    try:
        return os.listdir(host.path(folder))
    except OSError:
        return []
