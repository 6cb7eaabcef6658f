# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What a bootstrap fetched, and what of it was there already."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fetched:
    """Packages, counted.

    :ivar packages: how many were needed
    :ivar cached: how many of them came from the cache
    :ivar bytes: that all of them have
    :ivar cached_bytes: that those from the cache have
    """

    packages: int = 0
    cached: int = 0
    bytes: int = 0
    cached_bytes: int = 0
