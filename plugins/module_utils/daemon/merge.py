# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The three-way merge: what we set last time, what is wanted, what is there."""

from __future__ import annotations

import copy
import typing as t
from dataclasses import dataclass, field

from .document import Document
from .semantics import same

# Maps whose entries have owners of their own: a GPU toolkit adds a runtime beside ours.
NESTED = frozenset({"runtimes", "log-opts", "features", "default-ulimits"})


@dataclass(frozen=True)
class Owned:
    """What this collection has to do with a document.

    :param config: what it set the last time
    :param displaced: what had stood in the place of that; an empty map for a map that was there
    """

    config: Document = field(default_factory=dict)
    displaced: Document = field(default_factory=dict)


def merge(current: Document, last: Owned, wanted: Document) -> tuple[Document, Owned]:
    """The document that keeps what others wrote, sets what is wanted, and undoes what only we had set.

    A value that says the same as what stands there leaves that as it is written.

    :returns: the document, and what to remember for the next time
    """
    merged = copy.deepcopy(current)
    displaced = copy.deepcopy(last.displaced)
    for key, value in last.config.items():
        if key not in wanted:
            _take_back(merged, displaced, key, value)
    for key, value in wanted.items():
        if key in NESTED and isinstance(value, dict) and isinstance(merged.get(key, {}), dict):
            _set_entries(merged, displaced, key, value, last.config.get(key))
            continue
        if key not in last.config and key in merged:
            displaced[key] = copy.deepcopy(merged[key])
        if key not in merged or not same(key, merged[key], value):
            merged[key] = copy.deepcopy(value)
    return merged, Owned(copy.deepcopy(wanted), displaced)


def replace(current: Document, last: Owned, wanted: Document) -> tuple[Document, Owned]:
    """The document that holds what is wanted and nothing else; its keys keep the places they had."""
    document = {
        key: value if same(key, value, wanted[key]) else wanted[key] for key, value in current.items() if key in wanted
    }
    document.update((key, value) for key, value in wanted.items() if key not in document)
    return copy.deepcopy(document), Owned(copy.deepcopy(wanted), {})


def drift(current: Document, last: Document) -> list[str]:
    """Keys that we had set and somebody else has changed or removed since; entries of maps as ``key.entry``."""
    found: list[str] = []
    for key, value in last.items():
        there = current.get(key)
        if key in NESTED and isinstance(value, dict) and isinstance(there, dict):
            found += [f"{key}.{name}" for name in value if name not in there or there[name] != value[name]]
        elif key not in current or not same(key, there, value):
            found.append(key)
    return found


def _take_back(document: Document, displaced: Document, key: str, value: t.Any) -> None:
    there = document.get(key)
    before = {key: displaced.pop(key)} if key in displaced else {}
    if key in NESTED and isinstance(value, dict) and isinstance(there, dict):
        for name in value:
            there.pop(name, None)
        if isinstance(before.get(key), dict):
            there.update(before[key])
            return
        if there:  # somebody else's entries
            return
    document.pop(key, None)
    document.update(before)


def _set_entries(document: Document, displaced: Document, key: str, value: Document, last: t.Any) -> None:
    """Set entries of a map one by one, so that each can be taken back alone."""
    mine: Document = last if isinstance(last, dict) else {}
    if last is None and key in document:
        displaced[key] = {}
    entries = document.setdefault(key, {})
    before = displaced[key] if isinstance(displaced.get(key), dict) else {}
    for name in mine:
        if name not in value:
            entries.pop(name, None)
            if name in before:
                entries[name] = before.pop(name)
    for name, entry in value.items():
        if name not in mine and name in entries:
            before[name] = copy.deepcopy(entries[name])
            displaced[key] = before
        entries[name] = copy.deepcopy(entry)
