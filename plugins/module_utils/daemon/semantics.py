# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What two values of an option have in common: lists in order, sets, lists of key=value, maps.

After how dockerd itself merges and compares them (daemon/config, opts).
"""

from __future__ import annotations

import json
import typing as t

from .document import Document

# dockerd sorts and deduplicates these, or looks things up in them.
SETS = frozenset({"hosts", "insecure-registries", "dns-opts"})
# key=value entries whose order says nothing.
KEY_VALUES = frozenset({"labels", "exec-opts", "storage-opts", "node-generic-resources"})


def same(key: str, one: t.Any, other: t.Any) -> bool:
    """Whether two values of an option say the same."""
    if isinstance(one, list) and isinstance(other, list) and key in SETS:
        return set(map(_exact, one)) == set(map(_exact, other))
    if isinstance(one, list) and isinstance(other, list) and key in KEY_VALUES:
        return sorted(map(_exact, one)) == sorted(map(_exact, other))
    return _exact(one) == _exact(other)


def _exact(value: t.Any) -> str:
    """For Python True equals 1, and 1500 equals 1500.0; dockerd takes one and refuses the other."""
    return json.dumps(value, sort_keys=True)


def changed_keys(before: Document, after: Document) -> list[str]:
    """Top-level keys that say something else, sorted."""
    return sorted(
        key
        for key in {*before, *after}
        if (key in before) != (key in after) or not same(key, before.get(key), after.get(key))
    )
