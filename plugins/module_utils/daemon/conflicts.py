# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Directives that stand both on dockerd's command line and in daemon.json: it refuses to start then.

Any flag that is present clashes with its key, whatever the values (findConfigurationConflicts, all versions to 29.7).
"""

from __future__ import annotations

import typing as t
from dataclasses import asdict, dataclass

from .arguments import Flag
from .document import Document, without_credentials
from .launch import Launch
from .options import MERGED_BY_DOCKERD, OPTIONS

Strategy = t.Literal["resolve", "fail", "keep"]


@dataclass(frozen=True)
class Conflict:
    """One directive that stands twice.

    :param option: the key in daemon.json
    :param flag: as it was written on the command line, with its value
    :param file: where the flag stands
    :param line: the line there
    :param variable: the variable through which it comes, empty where the unit has it
    :param resolution: what is done about it
    """

    option: str
    flag: str
    file: str
    line: int
    variable: str
    resolution: str

    def to_result(self) -> dict[str, t.Any]:
        return asdict(self)

    def __str__(self) -> str:
        through = f" through ${self.variable}" if self.variable else ""
        return f"{self.flag} in {self.file}:{self.line}{through}"


def clashing_flags(launch: Launch | None, document: Document) -> list[Flag]:
    """The flags that dockerd would refuse beside this document."""
    return clashing(launch.flags, document) if launch else []


def clashing(flags: t.Iterable[Flag], document: Document) -> list[Flag]:
    """Those of some flags that dockerd would refuse beside a document."""
    return [flag for flag in flags if any(_stands_in(document, key) for key in _keys_of(flag))]


def describe(launch: Launch | None, flags: list[Flag], resolutions: t.Mapping[Flag, str]) -> list[Conflict]:
    """The clashes with their sources, for people.

    :param resolutions: what is done about each
    """
    if launch is None:
        return []
    return [
        Conflict(
            flag.key,
            flag.name if flag.value == "true" else f"{flag.name} {without_credentials(flag.value)}",
            launch.source_of(flag).path,
            launch.source_of(flag).line,
            launch.variable_of(flag),
            resolutions.get(flag, ""),
        )
        for flag in flags
    ]


def _keys_of(flag: Flag) -> list[str]:
    """The keys that say the same as a flag; host-gateway-ip is one of two that share theirs."""
    if flag.option is None or not flag.key:
        return []
    return [o.key for o in OPTIONS if o.flag == flag.option.flag and o.key not in MERGED_BY_DOCKERD]


def _stands_in(document: Document, key: str) -> bool:
    """A key counts as set even when its value is null or empty; groups are compared by their members."""
    group, _dot, member = key.partition(".")
    if not member:
        return key in document
    return isinstance(document.get(group), dict) and member in document[group]
