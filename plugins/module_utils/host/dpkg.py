# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Installed packages by dpkg's own record, without starting a process."""

from __future__ import annotations

import hashlib
import typing as t
from dataclasses import dataclass

from .errors import HostError
from .machine import Host

STATUS = "/var/lib/dpkg/status"


@dataclass(frozen=True)
class Package:
    """An installed package."""

    name: str
    version: str
    held: bool


def installed(host: Host, names: t.Iterable[str]) -> dict[str, Package]:
    """Those of some packages that are wholly installed.

    :raises HostError: where the host has no dpkg
    """
    try:
        with open(host.path(STATUS), encoding="utf-8", errors="replace") as handle:
            text = handle.read()
    except OSError as error:
        raise HostError(f"cannot read {STATUS}: {error.strerror}") from error
    return parse_status(text, names)


def parse_status(text: str, names: t.Iterable[str]) -> dict[str, Package]:
    """Find packages in the record (deb822 paragraphs; ``Status`` is want, flag and state)."""
    wanted = set(names)
    found = {}
    for paragraph in text.split("\n\n"):
        first = paragraph.lstrip("\n").split("\n", 1)[0]
        name = first.partition(": ")[2]
        if name not in wanted:
            continue
        fields = dict(line.split(": ", 1) for line in paragraph.splitlines() if ": " in line and line[0] != " ")
        want, _flag, state = (fields.get("Status", "") + "  ").split(" ")[:3]
        if state == "installed":
            found[name] = Package(name, fields.get("Version", ""), want == "hold")
    return found


def is_as_packaged(host: Host, path: str) -> bool:
    """Whether a configuration file is as its package brought it (``Conffiles`` has a digest of each)."""
    try:
        with open(host.path(STATUS), encoding="utf-8", errors="replace") as handle:
            text = handle.read()
        with open(host.path(path), "rb") as file:
            digest = hashlib.md5(file.read(), usedforsecurity=False).hexdigest()  # dpkg records this one
    except (OSError, ValueError):
        return False
    return f"\n {path} {digest}\n" in text
