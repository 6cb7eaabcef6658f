# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A plan held against the containers that run: what they keep from taking effect waits until they stop. Pure."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from .plan import Plan, Request, TooDisruptive


def hold_back(draft: Plan, request: Request, running: t.Sequence[str]) -> Plan:
    """Hold a plan against the containers that live-restore keeps running, and with them the default bridge as it is.

    :param running: their names
    :raises TooDisruptive: where some have to be stopped first, and the restart is not to be put off
    """
    bridge = draft.bridge
    if draft.activation != "restart" or not running or not bridge.kept or not (bridge.keys or bridge.rebuilds):
        return draft
    what = ", ".join(bridge.keys) or "another address of docker0"
    names = " ".join(running)
    why = f"the daemon takes {what} over only where it starts without running containers, and live-restore keeps these"
    if not request.defer:
        remedy = f"stop them (docker stop {names}) and run again, or write the files now and leave that for later with"
        raise TooDisruptive(f"{why}: {names}; nothing was touched: {remedy} defer=true", stops=False)
    pending = f"{why}: {names}; stop them (docker stop {names}) and run again"
    return replace(draft.put_off(pending), keeps_containers=True)
