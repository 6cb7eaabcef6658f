# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The whole of it in order: settle what an interrupted run left, observe, plan, ask dockerd, apply."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace

from ..host import systemd, undo
from ..host.errors import HostError
from ..host.lock import LOCK, locked
from ..host.machine import Host
from ..host.shell.trace import OPAQUE
from . import containers
from .containers import Container
from .facts import gather
from .hold_back import hold_back
from .observe import State, observe
from .plan import Plan, Request, TooDisruptive, plan
from .transaction import Outcome, apply
from .validate import refusal


@dataclass(frozen=True)
class Run:
    """What a run came to, or in check mode would.

    :param running: names of the containers that stop while the daemon restarts
    """

    plan: Plan
    outcome: Outcome
    running: tuple[str, ...]


def run(host: Host, request: Request, *, check_mode: bool, patience: float = 300.0) -> Run:
    """Configure the daemon.

    :param patience: seconds to wait for another run on this host
    :raises HostError: with nothing touched, or everything put back
    """
    with contextlib.nullcontext() if check_mode else locked(host, LOCK, patience):
        left = None if check_mode else _settle(host)
        state = observe(
            host,
            request.path,
            follow=request.follow,
            replace_unreadable=request.replace_unreadable,
            options_file=request.variables.path if request.variables else "",
        )
        wanted = _with_warnings(_plan(host, state, request), left)
        objection = _objection(host, state, wanted, request.path)
        if objection:
            raise HostError(f"dockerd refuses this configuration, so nothing was touched: {objection}")
        ran = containers.running(state.listens_now()) if wanted.activation == "restart" else []
        wanted = hold_back(wanted, request, [container.name for container in ran])
        stop = () if wanted.keeps_containers else tuple(container.name for container in ran)
        if check_mode:
            return Run(wanted, Outcome(), stop)
        owed = [Container(*entry) for entry in (left.owed if left else None) or []]
        outcome = apply(host, state, wanted, request, [*ran, *(one for one in owed if one not in ran)])
        if left:
            outcome = _pay(host, wanted, outcome, owed)
        return Run(wanted, outcome, stop)


def _plan(host: Host, state: State, request: Request) -> Plan:
    """Plan; where that would be too disruptive, name the containers that would stop."""
    try:
        return plan(state, request, lambda document: gather(host, document, state))
    except TooDisruptive as error:
        names = [container.name for container in containers.running(state.listens_now())] if error.stops else []
        if not names:
            raise
        raise TooDisruptive(f"{error}; containers that would stop: {', '.join(names)}", stops=True) from None


def _settle(host: Host) -> undo.Leftover | None:
    left = undo.settle(host)
    if left and systemd.is_running(host) and any(path.endswith(".conf") for path in left.put_back):
        systemd.control(host, "daemon-reload")  # of what a run has left, only units have to be read again
    return left


def _pay(host: Host, wanted: Plan, outcome: Outcome, owed: list[Container]) -> Outcome:
    """Start the containers that an interrupted run had wanted to bring back."""
    failed = containers.start_again(wanted.listens, owed) if owed and not wanted.pending else {}
    undo.forget(host)
    return replace(outcome, warnings=(*outcome.warnings, *containers.complaints(failed)))


def _with_warnings(wanted: Plan, left: undo.Leftover | None) -> Plan:
    if left is None or not left.put_back:
        return wanted
    warning = f"a run that was interrupted had changed {', '.join(left.put_back)} in part; that was put back first"
    return replace(wanted, warnings=(warning, *wanted.warnings))


def _objection(host: Host, state: State, wanted: Plan, path: str) -> str:
    """dockerd's own objection, empty when it has none or is not there to be asked."""
    asked = any(change.path == path for change in wanted.files) or wanted.activation != "none"
    if state.dockerd is None or not asked or not host.booted:
        return ""
    arguments, skip = [], False
    for word in wanted.arguments:  # the candidate lies elsewhere for now
        if OPAQUE in word:  # put together at run time: nobody knows what it says
            continue
        if skip or word == "--config-file" or word.startswith("--config-file="):
            skip = word == "--config-file" and not skip
            continue
        arguments.append(word)
    return refusal(host, state.dockerd, wanted.document, arguments, path)
