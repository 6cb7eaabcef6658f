# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Containers around a restart of the daemon: which ran before, and that they run again."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .engine_api import EngineError, get, request
from .sockets import Address


@dataclass(frozen=True)
class Container:
    """A running container."""

    id: str
    name: str


def running(listens: t.Sequence[Address]) -> list[Container]:
    """The running containers, by the first of the daemon's local sockets that answers; none when none does."""
    for address in _local(listens):
        try:
            found = get(address, "/containers/json")
        except EngineError:
            continue
        return [Container(entry["Id"], (entry.get("Names") or [entry["Id"][:12]])[0].lstrip("/")) for entry in found]
    return []


def start_again(listens: t.Sequence[Address], before: t.Sequence[Container]) -> dict[str, str]:
    """Start what ran before and does not run now.

    The engine itself starts those with a restart policy; starting one of them twice is no error (304).

    :returns: the engine's reason for each that could not be started, by name
    """
    failed = {}
    for address in _local(listens)[:1]:
        ids = {container.id for container in running(listens)}
        for container in before:
            if container.id in ids:
                continue
            try:
                status, body = request(address, f"/containers/{container.id}/start", method="POST", timeout=60)
            except EngineError as error:
                failed[container.name] = str(error)
                continue
            if status not in (204, 304):
                failed[container.name] = body[:300].decode("utf-8", "replace").strip()
    return failed


def complaints(failed: t.Mapping[str, str]) -> tuple[str, ...]:
    """What :func:`start_again` could not do, in sentences."""
    return tuple(f"container did not start again: {name}: {reason}" for name, reason in failed.items())


def _local(listens: t.Sequence[Address]) -> list[Address]:
    """Sockets of this machine, the unix ones first: a socket file can be gone while the daemon runs."""
    return [a for a in listens if a.kind == "unix"] + [a for a in listens if a.kind == "tcp" and a.loopback]
