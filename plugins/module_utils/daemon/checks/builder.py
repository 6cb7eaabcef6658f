# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The builder's configuration, which is read when the daemon starts (builder-next, getGCPolicy)."""

from __future__ import annotations

import re
import typing as t

from .base import Context, Problem, refuses, warns
from .naming import is_size
from .shapes import member

_SIZES = ("keepStorage", "reservedSpace", "maxUsedSpace", "minFreeSpace")
_DEFAULTS = ("defaultKeepStorage", "defaultReservedSpace", "defaultMaxUsedSpace", "defaultMinFreeSpace")
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?(?:ns|us|ms|s|m|h))+")
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d.*|\d+(?:\.\d+)?")
_SINCE = dict.fromkeys((*_SIZES[1:], *_DEFAULTS[1:]), "28.0")


def _collection(context: Context) -> dict[str, t.Any]:
    found = member(context.table("builder"), "gc")
    return found if isinstance(found, dict) else {}


def _rules(context: Context) -> list[tuple[str, dict[str, t.Any]]]:
    found = member(_collection(context), "policy")
    listed = found if isinstance(found, list) else []
    return [(f"builder.gc.policy[{i}]", rule) for i, rule in enumerate(listed) if isinstance(rule, dict)]


def _is_off(context: Context) -> bool:
    """Switched off it is not looked at. 20.10 has it off unless it is switched on."""
    enabled = member(_collection(context), "enabled")
    return enabled is False or (enabled is None and not context.since("28.0"))


def _sizes(context: Context) -> t.Iterator[tuple[str, str]]:
    collection = _collection(context)
    for name in _DEFAULTS:
        value = member(collection, name)
        if isinstance(value, str) and value and not _rules(context):
            yield f"builder.gc.{name}", value
    for path, rule in _rules(context):
        for name in _SIZES:
            value = member(rule, name)
            if isinstance(value, str) and value:
                yield f"{path}.{name}", value


@refuses("builder")
def sizes(context: Context) -> t.Iterator[Problem]:
    """dockerd does not start with others (a share of the disk is for buildkitd only)."""
    for path, value in _sizes(context) if not _is_off(context) else ():
        if not is_size(value):
            yield Problem(path, 'must be a size such as "20GB"', value)


@refuses("builder", before="28.0")
def sizes_that_are_needed(context: Context) -> t.Iterator[Problem]:
    """Older engines read the size of each rule, there or not, and do not start without it."""
    for path, rule in _rules(context) if not _is_off(context) else []:
        if not member(rule, "keepStorage"):
            yield Problem(path, f"must have keepStorage with engine {context.engine}", rule)


@refuses("builder")
def filters(context: Context) -> t.Iterator[Problem]:
    """name=value; 20.10 crashes without the sign, newer engines pass over it. Ages are durations."""
    for path, rule in _rules(context) if not _is_off(context) else []:
        given = member(rule, "filter")
        for index, entry in enumerate(given if isinstance(given, list) else []):
            if not isinstance(entry, str):
                yield Problem(f"{path}.filter[{index}]", "must be a string such as unused-for=48h", entry)
                continue
            name, equals, value = entry.partition("=")
            if not equals and context.before("23.0"):
                yield Problem(f"{path}.filter[{index}]", "must be of the form name=value", entry)
            ages = name.strip().lower() in ("unused-for", "until")
            date = _TIMESTAMP.fullmatch(value.strip()) and not context.before("23.0")
            if equals and ages and not (date or _DURATION.fullmatch(value.strip())):
                yield Problem(f"{path}.filter[{index}]", "must have a duration such as 48h", entry)


@warns("builder")
def members_of_newer_engines(context: Context) -> t.Iterator[Problem]:
    """Passed over by older engines."""
    for path, value in _sizes(context):
        since = _SINCE.get(path.rpartition(".")[2])
        if since and context.before(since):
            yield Problem(path, f"came with engine {since}, and does nothing with {context.engine}", value)
    if member(context.table("builder"), "history") is not None and context.before("24.0"):
        yield Problem("builder.history", f"came with engine 24.0, and does nothing with {context.engine}")
