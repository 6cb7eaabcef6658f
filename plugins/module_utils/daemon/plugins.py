# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Plugins of the engine: those that it runs itself, and those that are found by a socket or a file (pkg/plugins)."""

from __future__ import annotations

import json
import os

from ..host.machine import Host
from ..host.peek import entries, text

_SOCKETS = "/run/docker/plugins"
_SPECS = ("/etc/docker/plugins", "/usr/lib/docker/plugins")
_ENDINGS = (".sock", ".spec", ".json")


def names(host: Host, data_root: str) -> frozenset[str] | None:
    """The names under which plugins can be called; None where the engine's own cannot be seen."""
    if os.path.exists(host.path(data_root)) and not os.access(host.path(data_root), os.R_OK | os.X_OK):
        return None
    found = {name for entry in entries(host, f"{data_root}/plugins") for name in _managed(host, data_root, entry)}
    for place in (_SOCKETS, *_SPECS):
        for entry in entries(host, place):
            stem, ending = os.path.splitext(entry)
            found.add(stem if ending in _ENDINGS else entry)
    return frozenset(found)


def _managed(host: Host, data_root: str, entry: str) -> list[str]:
    """A plugin that the engine runs is called with or without its tag latest."""
    listing = text(host, f"{data_root}/plugins/{entry}/config.json")
    try:
        name = str(json.loads(listing)["plugin"]["Name"])
    except (ValueError, KeyError, TypeError):
        return []
    return [name, name.removesuffix(":latest")]
