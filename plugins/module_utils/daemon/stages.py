# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The order of steps that keeps containers running: live-restore is in force only in a daemon that has loaded it."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from . import default_bridge
from .activation import Activation, for_document
from .default_bridge import BridgeChange
from .document import Document
from .need import Need
from .version import Version


@dataclass(frozen=True)
class Stage:
    """One step: a content of daemon.json, and how it is made effective."""

    document: Document
    how: Activation


def stages(need: Need, now: Document, document: Document, version: Version | None) -> tuple[Stage, ...]:
    """The steps to a document.

    The flag in the old process decides whether containers outlive its end, the one in the new process whether they are
    taken over (Daemon.Shutdown, restore). So live-restore is switched on by a reload before a restart, and off by a
    reload after it.

    :param now: what stands in daemon.json
    """
    plain = (Stage(document, need.activation),)
    if need.activation != "restart" or need.loaded is None or need.harm:
        return plain
    was_on, shall_be_on = bool(need.loaded.get("live-restore")), bool(document.get("live-restore"))
    if was_on == shall_be_on:
        return plain
    if shall_be_on:
        first = {**now, "live-restore": True}
        reaches = for_document(need.loaded, first, version)[0] == "reload"
        return (Stage(first, "reload"), *plain) if reaches else plain
    still_on = {**document, "live-restore": True}
    switched_off = {**document, "live-restore": False}
    last = () if "live-restore" in document else (Stage(document, "none"),)
    return (Stage(still_on, "restart"), Stage(switched_off, "reload"), *last)


def with_bridge(
    steps: tuple[Stage, ...], bridge: BridgeChange, document: Document, flagged: t.Collection[str], need: Need
) -> tuple[Stage, ...]:
    """The steps that bring the default bridge along.

    :param steps: without regard to it
    :param flagged: keys that the command line sets
    """
    how = next((step.how for step in steps if step.how in ("restart", "start")), None)
    if how is None or not (bridge.keys or bridge.rebuilds):
        return steps
    if not bridge.rebuilds:
        if bridge.kept:
            return steps  # live-restore is in force: there are no containers, or this is held back
        # to switch live-restore on before would keep containers, and with them the bridge as it is
        return tuple(step for step in steps if step.how != "reload" or step is steps[-1])
    passing = dict(document)
    if default_bridge.POOLS not in {*document, *flagged}:
        passing[default_bridge.POOLS] = default_bridge.DEFAULT_POOLS
    restores = bool(document.get(default_bridge.RESTORE))
    if restores:
        passing[default_bridge.RESTORE] = False
    if passing == document:
        return (Stage(document, how),)
    ends: Activation = "none" if not restores else "restart" if need.harm else "reload"
    return (Stage(passing, how), Stage(document, ends))


def keeps_containers(need: Need, steps: tuple[Stage, ...]) -> bool:
    """Whether containers run on through all steps."""
    on = bool((need.loaded or {}).get("live-restore"))
    for step in steps:
        wanted = bool(step.document.get("live-restore"))
        if step.how == "restart" and not (on and wanted):
            return False
        on = wanted if step.how in ("reload", "restart") else on
    return True
