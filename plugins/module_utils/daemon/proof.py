# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Proof that a configuration took effect: the daemon answers where it should, and says what it should."""

from __future__ import annotations

import os
import time
import typing as t

from ..host.systemd import UnitStatus
from .document import Document
from .engine_api import EngineError, NeedsTls, answers, get
from .sockets import Address, uses_tls

# What /info calls a key. Keys that /info does not show have no row.
_SHOWN: dict[str, tuple[str, t.Callable[[t.Any], t.Any]]] = {
    "data-root": ("DockerRootDir", os.path.realpath),
    "debug": ("Debug", bool),
    "default-runtime": ("DefaultRuntime", str),
    "experimental": ("ExperimentalBuild", bool),
    "labels": ("Labels", sorted),
    "live-restore": ("LiveRestoreEnabled", bool),
    "log-driver": ("LoggingDriver", str),
    "storage-driver": ("Driver", str),
}


def patience(listens: t.Sequence[Address], document: Document, timeout: float) -> float:
    """Seconds to wait for a daemon that starts: it sleeps on purpose before it opens tcp sockets without client checks,
    1 s for each, and 15 s more where others can reach it (20.10 and newer).
    """
    if document.get("tlsverify") is True:
        return timeout
    return timeout + sum(1 if address.loopback else 16 for address in listens if address.kind == "tcp")


def unanswered(
    status: t.Callable[[], UnitStatus], listens: t.Sequence[Address], document: Document, timeout: float
) -> str:
    """Wait until the daemon answers on every address; empty when it does, otherwise what is wrong.

    Ends early when the service has failed.

    :param status: how to ask for the service's state
    :param timeout: seconds
    """
    tls = uses_tls(document)
    deadline = time.monotonic() + patience(listens, document, timeout)
    while True:
        reasons = [reason for reason in (answers(address, tls) for address in listens) if reason]
        if not reasons:
            return ""
        found = status()
        if found.has_failed or found.active == "inactive":
            return found.in_words
        if time.monotonic() > deadline:
            return "; ".join(reasons)
        time.sleep(0.1)


def contradictions(listens: t.Sequence[Address], document: Document) -> list[str]:
    """Keys for which the daemon reports something else than the file says."""
    local = [address for address in listens if address.kind == "unix"]
    local += [address for address in listens if address.kind == "tcp" and not uses_tls(document)]
    if not local:
        return []
    try:
        info = get(local[0], "/info")
    except NeedsTls:
        return []
    except EngineError as error:
        return [str(error)]
    return disagreements(info, document)


def disagreements(info: t.Mapping[str, t.Any], document: Document) -> list[str]:
    """Keys for which an answer to /info says something else than a document. Pure."""
    found = []
    for key, (name, plain) in _SHOWN.items():
        wanted, reported = document.get(key), info.get(name)
        if not wanted or name not in info or reported is None:
            continue  # unset and zero values mean dockerd's default
        if plain(wanted) != plain(reported) and not _explained(key, wanted, reported):
            found.append(f"{key} is {wanted!r} in daemon.json, the daemon reports {reported!r}")
    return found


def _explained(key: str, wanted: t.Any, reported: t.Any) -> bool:
    """userns-remap puts the data below the data root."""
    return key == "data-root" and str(reported).startswith(os.path.realpath(wanted) + "/")
