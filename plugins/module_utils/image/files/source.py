# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""An image of nothing but files: what it is, told in words and in a digest."""

from __future__ import annotations

import hashlib
import typing as t

from ..engine.image_file import canonical
from ..request import Request
from .dates import parse_date
from .tree import Entry, summary

# Part of every digest: raise it when the way of making a layer of files changes what comes out.
FORMAT = 1


def fields_of_files(request: Request, architecture: str, entries: t.Sequence[Entry]) -> dict[str, t.Any]:
    """The wishes that decide what the image is; what is not asked for is left out."""
    fields = {
        "source": "files",
        "architecture": architecture,
        "date": parse_date(request.date),
        "files": summary(entries, request.files),
        **request.config.fields(),
    }
    return {name: value for name, value in fields.items() if value}


def digest_of_files(request: Request, architecture: str, entries: t.Sequence[Entry]) -> str:
    """What the image is, in one word: the same wherever the same is asked for."""
    parts = {
        "format": FORMAT,
        "architecture": architecture,
        "date": parse_date(request.date),
        "entries": [[entry.path, entry.identity] for entry in entries],
        "config": request.config.fields(),
    }
    return hashlib.sha256(canonical(parts)).hexdigest()
