# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What an image of ours was made from, written into its labels and read back from there."""

from __future__ import annotations

import json
import typing as t
from dataclasses import dataclass, field

from .image_config import RESERVED

_PREFIX = f"{RESERVED}base-image."
RECIPE = f"{_PREFIX}recipe"
FIELDS = f"{_PREFIX}fields"
SUITES = f"{_PREFIX}suites"
PACKAGES = f"{_PREFIX}packages"
BACKEND = f"{_PREFIX}backend"


@dataclass(frozen=True)
class Provenance:
    """How an image came to be.

    :ivar recipe: digest of all that decides what the image is; equal digests mean that nothing has to be done
    :ivar fields: the wishes behind the digest, for people: what differs between two of them is the reason to rebuild
    :ivar suites: the suites that packages were taken from
    :ivar packages: how many are installed
    :ivar backend: the program that bootstrapped it
    """

    recipe: str
    fields: t.Mapping[str, t.Any] = field(default_factory=dict)
    suites: tuple[str, ...] = ()
    packages: int = 0
    backend: str = ""

    def to_labels(self) -> tuple[tuple[str, str], ...]:
        return (
            (RECIPE, self.recipe),
            (FIELDS, json.dumps(self.fields, sort_keys=True, separators=(",", ":"))),
            (SUITES, " ".join(self.suites)),
            (PACKAGES, str(self.packages)),
            (BACKEND, self.backend),
        )


def read_provenance(labels: t.Mapping[str, str]) -> Provenance | None:
    """What the labels tell; None where the image is not of our making. A label somebody has spoilt counts as absent."""
    recipe = labels.get(RECIPE, "")
    if not recipe:
        return None
    try:
        fields = json.loads(labels.get(FIELDS, "{}"))
    except ValueError:
        fields = {}
    packages = labels.get(PACKAGES, "")
    return Provenance(
        recipe=recipe,
        fields=fields if isinstance(fields, dict) else {},
        suites=tuple(labels.get(SUITES, "").split()),
        packages=int(packages) if packages.isascii() and packages.isdigit() else 0,
        backend=labels.get(BACKEND, ""),
    )
