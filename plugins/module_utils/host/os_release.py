# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Which distribution the host is, after os-release(5)."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from .machine import Host


@dataclass(frozen=True)
class OsRelease:
    """A distribution and its release.

    :param id: ``debian``, ``ubuntu``, ...
    :param like: the distributions it descends from
    :param version: number of the release, empty for a rolling one
    :param codename: name of the release as the archive calls it
    """

    id: str = ""
    like: tuple[str, ...] = ()
    version: str = ""
    codename: str = ""

    @property
    def is_debian_family(self) -> bool:
        return "debian" in (self.id, *self.like)


def read_os_release(host: Host) -> OsRelease:
    """Read the host's identity; nothing known where the file is missing."""
    for path in ("/etc/os-release", "/usr/lib/os-release"):
        try:
            with open(host.path(path), encoding="utf-8", errors="replace") as handle:
                return parse_os_release(handle.read())
        except OSError:
            continue
    return OsRelease()


def parse_os_release(text: str) -> OsRelease:
    """The file's assignments; their values are quoted as in a shell."""
    fields = {}
    for line in text.splitlines():
        name, equals, value = line.strip().partition("=")
        if equals and not name.startswith("#"):
            fields[name] = "".join(shlex.split(value))
    return OsRelease(
        fields.get("ID", ""),
        tuple(fields.get("ID_LIKE", "").split()),
        fields.get("VERSION_ID", ""),
        fields.get("VERSION_CODENAME", ""),
    )
