# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""live-restore: containers that run on while the daemon does not, and what that is not compatible with."""

from __future__ import annotations

import typing as t

from .base import Context, Problem, refuses, warns

# Not looked at while containers run on (initNetworkController skips the default bridge).
_LOSES_THEM = {
    "containerd": "containers are recorded as dead while they run",
    "containerd-namespace": "containers are recorded as dead while they run",
    "data-root": "containers are not found again, and run on unseen",
    "exec-root": "containers are recorded as dead while they run",
    "storage-driver": "containers are not found again, and run on unseen",
    "userns-remap": "containers are not found again, and run on unseen",
}


@refuses("live-restore")
def live_restore_in_a_swarm(context: Context) -> t.Iterator[Problem]:
    """dockerd does not start then, and no version checks it before (IsSwarmCompatible)."""
    if context.is_on("live-restore") and context.facts.swarm:
        remedy = "leave the swarm (docker swarm leave), or take it out"
        yield Problem("live-restore", "cannot be on while this host is a member of a swarm", True, remedy)


def _changes(context: Context, key: str) -> bool:
    before = context.facts.before
    return before is not None and before.get(key) != context.document.get(key)


@warns("live-restore")
def settings_that_lose_containers(context: Context) -> t.Iterator[Problem]:
    """The new daemon looks for them where it has its own data."""
    if not context.is_on("live-restore"):
        return
    for key, what in _LOSES_THEM.items():
        if _changes(context, key):
            reason = f"changes while live-restore is on: {what}"
            yield Problem(key, reason, remedy="stop the containers before", also=("live-restore",))
