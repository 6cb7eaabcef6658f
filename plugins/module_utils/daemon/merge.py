# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The three-way merge: what we set last time, what is wanted, what is there."""

from __future__ import annotations

import copy

from .document import Document

# Maps whose entries have owners of their own: a GPU toolkit adds a runtime beside ours.
NESTED = frozenset({"runtimes", "log-opts", "features", "default-ulimits"})


def merge(current: Document, last: Document, wanted: Document) -> Document:
    """The document that keeps what others wrote, sets what is wanted and drops what only we had set.

    :param current: what stands in the file
    :param last: what this collection set the last time
    :param wanted: what it shall set now
    """
    merged = copy.deepcopy(current)
    for key, value in last.items():
        if key not in wanted:
            _drop(merged, key, value)
    for key, value in wanted.items():
        if _nested(key, value, merged.get(key)):
            entries = merged[key]
            for name in last.get(key) or {}:
                if name not in value:
                    entries.pop(name, None)
            entries.update(copy.deepcopy(value))
        else:
            merged[key] = copy.deepcopy(value)
    return merged


def drift(current: Document, last: Document) -> list[str]:
    """Keys that we had set and somebody else has changed or removed since; entries of maps as ``key.entry``."""
    found: list[str] = []
    for key, value in last.items():
        if _nested(key, value, current.get(key)):
            found += [f"{key}.{name}" for name in value if current[key].get(name) != value[name]]
        elif current.get(key) != value:
            found.append(key)
    return found


def _nested(key: str, *values: object) -> bool:
    return key in NESTED and all(isinstance(value, dict) for value in values)


def _drop(document: Document, key: str, value: object) -> None:
    there = document.get(key)
    if not _nested(key, value, there):
        document.pop(key, None)
        return
    for name in value:  # type: ignore[attr-defined]
        there.pop(name, None)  # type: ignore[union-attr]
    if not there:
        del document[key]
