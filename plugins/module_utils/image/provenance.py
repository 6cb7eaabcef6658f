# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What an image of ours was made from, written into its labels and read back from there."""

from __future__ import annotations

import json
import typing as t
from dataclasses import dataclass, field, replace

from .engine.image_config import RESERVED
from .listing.installed import Package, from_words, to_words

_PREFIX = f"{RESERVED}base-image."
RECIPE = f"{_PREFIX}recipe"
FIELDS = f"{_PREFIX}fields"
SUITES = f"{_PREFIX}suites"
PACKAGES = f"{_PREFIX}packages"
# Earlier versions wrote it, though it makes no difference to what the image is.
BACKEND = f"{_PREFIX}backend"


@dataclass(frozen=True)
class Provenance:
    """How an image came to be.

    :ivar recipe: digest of all that decides what the image is; equal digests mean that nothing has to be done
    :ivar fields: the wishes behind the digest, for people: what differs between two of them is the reason to rebuild
    :ivar suites: the suites that packages were taken from
    :ivar packages: what is installed; none where that is not known
    :ivar counted: how many those are, where an earlier version wrote nothing but that
    :ivar backend: the program that bootstrapped it, where that is known. It is not in the labels, as equal layers shall
        have equal labels
    """

    recipe: str
    fields: t.Mapping[str, t.Any] = field(default_factory=dict)
    suites: tuple[str, ...] = ()
    packages: tuple[Package, ...] = ()
    counted: int = 0
    backend: str = ""

    @property
    def package_count(self) -> int:
        return len(self.packages) or self.counted

    @property
    def architecture(self) -> str:
        """The image's own, as Debian names it."""
        return str(self.fields.get("architecture", ""))

    def to_labels(self) -> tuple[tuple[str, str], ...]:
        return (
            (RECIPE, self.recipe),
            (FIELDS, json.dumps(self.fields, sort_keys=True, separators=(",", ":"))),
            (SUITES, " ".join(self.suites)),
            (PACKAGES, to_words(self.packages, self.architecture)),
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
    found = Provenance(
        recipe=recipe,
        fields=fields if isinstance(fields, dict) else {},
        suites=tuple(labels.get(SUITES, "").split()),
        backend=labels.get(BACKEND, ""),
    )
    packages = labels.get(PACKAGES, "")
    if packages.isascii() and packages.isdigit():
        return replace(found, counted=int(packages))
    return replace(found, packages=from_words(packages, found.architecture))
