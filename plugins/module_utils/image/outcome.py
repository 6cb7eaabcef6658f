# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What came of a run."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ..host.files import FileChange
from .engine.client import Image
from .provenance import Provenance
from .root.fetched import Fetched


@dataclass(frozen=True)
class Outcome:
    """What was done.

    :ivar seconds: how long each phase took
    :ivar remarks: what a person should know though nothing went wrong
    :ivar in_memory: whether it was built there
    :ivar fetched: the packages it was made of, where the backend tells
    :ivar listed: what becomes of the file that lists its packages
    """

    image: Image | None = None
    provenance: Provenance | None = None
    seconds: t.Mapping[str, float] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    in_memory: bool = False
    fetched: Fetched | None = None
    listed: FileChange | None = None
