# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The order of steps that keeps containers running: live-restore is in force only in a daemon that has loaded it."""

from __future__ import annotations

from dataclasses import dataclass

from .activation import Activation, for_document
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


def keeps_containers(need: Need, steps: tuple[Stage, ...]) -> bool:
    """Whether containers run on through all steps."""
    on = bool((need.loaded or {}).get("live-restore"))
    for step in steps:
        wanted = bool(step.document.get("live-restore"))
        if step.how == "restart" and not (on and wanted):
            return False
        on = wanted if step.how in ("reload", "restart") else on
    return True
