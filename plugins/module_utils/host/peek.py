# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Files of /proc, /sys and the like: what they say, and nothing where they are not there or not for this user."""

from __future__ import annotations

import os

from .machine import Host


def text(host: Host, path: str) -> str:
    """The text of a file without the blanks around it."""
    try:
        with open(host.path(path), encoding="utf-8", errors="replace") as handle:
            return handle.read().strip()
    except OSError:
        return ""


def entries(host: Host, folder: str) -> list[str]:
    """The names in a folder, sorted."""
    try:
        return sorted(os.listdir(host.path(folder)))
    except OSError:
        return []
