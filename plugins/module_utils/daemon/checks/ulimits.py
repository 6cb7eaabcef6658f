# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Limits that containers are started with (default-ulimits)."""

from __future__ import annotations

import typing as t

from .base import Context, Problem, refuses, warns
from .shapes import member

KEY = "default-ulimits"

# What runc knows, in upper and lower case alike (setrlimit(2)).
NAMES = frozenset(
    "as core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack".split()
)


def _entries(context: Context) -> dict[str, dict[str, t.Any]]:
    return {name: entry for name, entry in context.table(KEY).items() if isinstance(entry, dict)}


def _number(entry: dict[str, t.Any], name: str) -> int:
    found = member(entry, name)
    return found if isinstance(found, int) and not isinstance(found, bool) else 0


@refuses(KEY)
def empty_limits(context: Context) -> t.Iterator[Problem]:
    """dockerd starts with null in it, and crashes with the first container (20.10 to 28.5)."""
    for name, entry in context.table(KEY).items():
        if entry is None:
            yield Problem(f"{KEY}.{name}", "must be a map with Name, Soft and Hard", None)


@refuses(KEY)
def names_inside(context: Context) -> t.Iterator[Problem]:
    """The name inside is the one that counts (mergeUlimits); without one no container starts."""
    for key, entry in _entries(context).items():
        name = member(entry, "Name")
        if not name:
            remedy = f'add "Name": "{key}"'
            yield Problem(f"{KEY}.{key}", "must have Name as well: no container would start", entry, remedy)
        elif isinstance(name, str) and name.lower() not in NAMES:
            reason = f"must be one of {', '.join(sorted(NAMES))}: no container would start"
            yield Problem(f"{KEY}.{key}.Name", reason, name)


@refuses(KEY)
def soft_within_hard(context: Context) -> t.Iterator[Problem]:
    """The kernel refuses others, so that no container starts; -1 stands for no limit, and what is missing for 0."""
    for key, entry in _entries(context).items():
        soft, hard = _number(entry, "Soft"), _number(entry, "Hard")
        if hard != -1 and (soft > hard or soft == -1):
            reason = f"must not be more than Hard, which is {hard}: no container would start"
            yield Problem(f"{KEY}.{key}.Soft", reason, soft)


@refuses(KEY)
def limits_that_nothing_can_run_with(context: Context) -> t.Iterator[Problem]:
    """runc itself runs out of files while it makes the container; newer ones need more than older ones."""
    for key, entry in _entries(context).items():
        if str(member(entry, "Name")).lower() == "nofile" and 0 <= _number(entry, "Soft") <= 8:
            reason = "leaves too few files to open: no container would start"
            yield Problem(f"{KEY}.{key}.Soft", reason, _number(entry, "Soft"), "write 1024 or more")


@warns(KEY)
def names_that_differ(context: Context) -> t.Iterator[Problem]:
    """The limit that is set is that of Name, whatever it is called outside."""
    for key, entry in _entries(context).items():
        name = member(entry, "Name")
        if isinstance(name, str) and name and name != key:
            yield Problem(f"{KEY}.{key}", f"sets the limit {name}", name, "let the two names be the same")
