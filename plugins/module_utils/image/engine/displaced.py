# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Images that lost a name to another one: those of our making go when nothing needs them any more."""

from __future__ import annotations

import typing as t

from ...host.machine import Host
from ..provenance import read_provenance
from . import client as engine
from .client import Engine, Image


def clear_displaced(host: Host, asked: Engine, displaced: t.Sequence[Image], kept: str) -> list[str]:
    """Remove each that has no name left, if it is of our making and nothing uses it; else say that it stays.

    :param kept: ID of the image that has the names now
    """
    remarks = []
    for image in {image.id: image for image in displaced if image.id != kept}.values():
        old = engine.inspect_image(host, asked, image.id)
        if old is None or old.tags:
            continue
        if read_provenance(dict(image.labels)) is None:
            remarks.append(f"the image that had the name, {old.id}, was not made by this module and stays without one")
        elif refusal := engine.remove(host, asked, old.id):
            remarks.append(f"the image that had the name stays without one: {refusal}")
    return remarks
