# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Users and groups of an image, which may have other numbers than the host's."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ...host.errors import HostError

PASSWD = "/etc/passwd"
GROUP = "/etc/group"


def parse_accounts(text: str) -> dict[str, int]:
    """Names and numbers of passwd(5) or group(5); the first of a name counts, as it does for the C library."""
    found: dict[str, int] = {}
    for line in text.splitlines():
        fields = line.split(":")
        if len(fields) > 2 and fields[2].isascii() and fields[2].isdigit():
            found.setdefault(fields[0], int(fields[2]))
    return found


@dataclass(frozen=True)
class Accounts:
    """Those that an image knows; it knows root even without a list."""

    users: t.Mapping[str, int] = field(default_factory=dict)
    groups: t.Mapping[str, int] = field(default_factory=dict)

    def user(self, name: str) -> int:
        """:raises HostError: where there is none of that name"""
        return _number(self.users, name, "user", PASSWD)

    def group(self, name: str) -> int:
        """:raises HostError: where there is none of that name"""
        return _number(self.groups, name, "group", GROUP)


def _number(known: t.Mapping[str, int], name: str, what: str, place: str) -> int:
    if name.isdigit():
        return int(name)
    number = known.get(name, 0 if name == "root" else None)
    if number is None:
        raise HostError(f"the image has no {what} {name} in its {place}: give the number, or the file")
    return number
