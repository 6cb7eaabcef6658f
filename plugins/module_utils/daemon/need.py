# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What the running daemon needs to do what the files say. Derived from the host, never from a notification."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from . import default_bridge
from .activation import ORDER, Activation, for_document, reload_does_harm
from .arguments import parse_flags
from .document import Document
from .observe import State
from .sockets import Address, uses_tls

# A file counts as newer than a process by more than a clock tick.
_TICK = 0.05


@dataclass(frozen=True)
class Need:
    """What is needed and why.

    :param loaded: what the running daemon has loaded, as far as that is known
    :param harm: why the daemon must not be reloaded, whatever for
    :param relaunch: whether it has to be launched in another way, by the service or its socket
    """

    activation: Activation
    reasons: tuple[str, ...] = ()
    loaded: Document | None = None
    harm: str = ""
    relaunch: bool = False


def needed(
    state: State, document: Document, arguments: list[str], environment: t.Mapping[str, str], launch_digest: str
) -> Need:
    """What makes a document, a command line and variables effective on a host whose service is up."""
    loaded = _loaded(state)
    restart = [f"the daemon does not answer: {reason}" for reason in state.silent]
    if state.process is not None and state.process.outdated:
        restart.append("the engine was upgraded since the daemon started")
    if loaded is None:
        restart.append("daemon.json is newer than the running daemon")
    restart += _of_docker0(state, default_bridge.settings(document, parse_flags(arguments)), loaded)
    relaunch = _launch_reasons(state, arguments, environment, launch_digest)
    restart += relaunch
    how, reasons = ("none", []) if loaded is None else for_document(loaded, document, state.version)
    flagged = _flagged(state)
    harm = reload_does_harm(document, flagged, state.version)
    harm = harm or unprovable(state.listens_now(), state.document if loaded is None else loaded, flagged)
    if how == "reload" and harm:
        how, reasons = "restart", [*reasons, harm]
    if restart and ORDER.index(how) < ORDER.index("restart"):
        how = "restart"
    return Need(how, (*restart, *reasons), loaded, harm, relaunch=bool(relaunch or state.silent))


def _of_docker0(state: State, wanted: Document, loaded: Document | None) -> list[str]:
    """That docker0 does not have the address it should, though no key changes."""
    bridge = default_bridge.change(wanted, wanted, state.docker0, state.record.bridge)
    same_bip = (loaded or {}).get("bip") == wanted.get("bip")
    found = default_bridge.contradiction(bridge, state.docker0) if same_bip else ""
    return [found] if found else []


def _loaded(state: State) -> Document | None:
    """What the running daemon has loaded: by our record of that very process, or because the file is older than it."""
    process = state.process
    if process is None:
        return None if state.service.is_running else state.document
    if state.record.loaded.process == process.identity:
        return state.record.loaded.document
    return state.document if state.file.mtime <= process.started + _TICK else None


def _launch_reasons(
    state: State, arguments: list[str], environment: t.Mapping[str, str], launch_digest: str
) -> list[str]:
    process = state.process
    if process is None:
        return []
    differs = state.environment is not None and any(
        state.environment.get(name) != value for name, value in environment.items()
    )
    if state.record.loaded.process == process.identity:
        if state.record.loaded.launch == launch_digest:
            return []
        return ["variables of its environment change" if differs else "the command line changes"]
    found = []
    if state.launch is not None and state.launch.exact and [*process.argv[1:]] != arguments:
        found.append("the daemon was started with another command line")
    return found + (["the daemon was started with another environment"] if differs else [])


def _flagged(state: State) -> set[str]:
    argv = state.process.argv[1:] if state.process else ()
    return {flag.key for flag in parse_flags(list(argv))}


def unprovable(listens: t.Sequence[Address], document: Document, flagged: t.Collection[str]) -> str:
    """Only the engine itself says that a reload took effect, and only a local socket without TLS lets us ask.

    :param flagged: keys that are set by flags
    """
    tls = uses_tls(document) or "tls" in flagged or "tlsverify" in flagged
    local = any(address.kind == "unix" or (address.loopback and not tls) for address in listens)
    return "" if local else "no local socket tells whether a reload took effect"
