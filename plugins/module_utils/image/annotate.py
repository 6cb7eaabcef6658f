# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Labels that say what an image is, beside those by which it is recognised.

Nothing in them tells when or where it was made: images with the same content have the same labels.
"""

from __future__ import annotations

import hashlib
import re

from .apt.archive import without_credentials
from .apt.origin import Origin
from .engine.image_config import RESERVED
from .provenance import PACKAGES, Provenance
from .recipe import Recipe
from .request import Request

# Names that the OCI image specification has for such things.
TITLE = "org.opencontainers.image.title"
VERSION = "org.opencontainers.image.version"
SOURCES = f"{RESERVED}base-image.sources"
PACKAGES_DIGEST = f"{RESERVED}base-image.packages-digest"

Labels = tuple[tuple[str, str], ...]


def labels_of(request: Request, origin: Origin, recipe: Recipe, provenance: Provenance) -> Labels:
    """All labels of an image that was bootstrapped. Those of the task win over the titles given here."""
    kind = ", ".join([request.variant, *(["slim"] if request.slim else [])])
    titles = {TITLE: f"{origin.distribution.title} {origin.suite} ({kind})", VERSION: origin.suite}
    own = dict(provenance.to_labels())
    packages = hashlib.sha256(own.get(PACKAGES, "").encode()).hexdigest()
    told = {SOURCES: "; ".join(_shown(line) for line in recipe.sources), PACKAGES_DIGEST: f"sha256:{packages}"}
    return tuple(sorted({**titles, **dict(request.config.labels), **own, **told}.items()))


def _shown(line: str) -> str:
    """A line of sources without its options, which are the host's, and without credentials."""
    return without_credentials(re.sub(r"\[[^\]]*\] ", "", line))
