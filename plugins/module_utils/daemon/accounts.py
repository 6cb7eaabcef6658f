# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Users and groups that a configuration names, and the subordinate numbers that a user namespace is made of."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ..host.machine import Host
from ..host.peek import text
from .document import Document

# dockerd makes this user for userns-remap=default.
REMAP_USER = "dockremap"


@dataclass(frozen=True)
class Accounts:
    """Names and numbers that the host knows. The value of each is whether it is there; None where nobody can say.

    :param subuids: users that have subordinate user numbers, by name or number; None where files do not tell
    """

    users: t.Mapping[str, bool | None]
    groups: t.Mapping[str, bool | None]
    subuids: frozenset[str] | None
    subgids: frozenset[str] | None


def read(host: Host, document: Document) -> Accounts:
    """Look up the users and groups that a configuration names."""
    user, _colon, group = str(document.get("userns-remap") or "").partition(":")
    users = {REMAP_USER, *([user] if user and user != "default" else [])}
    groups = {name for name in (group, document.get("group")) if isinstance(name, str) and name}
    elsewhere = "subid:" in text(host, "/etc/nsswitch.conf")
    return Accounts(
        {name: _known(host, "passwd", name) for name in users} if "userns-remap" in document else {},
        {name: _known(host, "group", name) for name in groups},
        None if elsewhere else _first_fields(host, "/etc/subuid"),
        None if elsewhere else _first_fields(host, "/etc/subgid"),
    )


def _first_fields(host: Host, path: str) -> frozenset[str]:
    return frozenset(line.partition(":")[0] for line in text(host, path).splitlines() if ":" in line)


def _known(host: Host, database: str, name: str) -> bool | None:
    """By the file, or else by the name service, as dockerd asks it; 2 is its word for a name that is not there."""
    for line in text(host, f"/etc/{database}").splitlines():
        fields = line.split(":")
        if name in (fields[0], *fields[2:3]):
            return True
    if not host.booted:
        return False
    try:
        return {0: True, 2: False}.get(host.run(["getent", database, name]).rc)
    except OSError:  # no such program
        return None
