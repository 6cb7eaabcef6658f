# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Which backend makes a root filesystem; told without loading any of them."""

from __future__ import annotations

# Suites of which the backend that unpacks itself was seen to make what mmdebstrap makes, byte for byte.
PROVEN = frozenset({"bookworm", "trixie", "sid", "unstable"})
# The best first.
NAMES = ("direct", "mmdebstrap", "debootstrap")
BACKENDS = ("auto", *NAMES)


def program_of(backend: str) -> str:
    """The program that a backend cannot do without."""
    return {"direct": "apt-get"}.get(backend, backend)


def fitting(wanted: str, suite: str, variant: str, foreign: bool) -> tuple[str, ...]:
    """The backends that may make a root, the best first: one that is named, or all that are known to make it right.

    :param foreign: whether it is of another architecture than the host
    """
    if wanted != "auto":
        return (wanted,)
    unfit = {
        "direct": suite not in PROVEN or foreign,
        "debootstrap": variant != "minbase",
    }
    return tuple(name for name in NAMES if not unfit.get(name, False))
