# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Bring a plan about, prove it, or put everything back."""

from __future__ import annotations

import os
import stat
import time
from dataclasses import dataclass, replace

from ..host import systemd
from ..host.errors import HostError
from ..host.files import restore, write_change
from ..host.machine import Host
from ..host.process import read_process
from . import containers, proof
from .document import without_credentials
from .launch import SERVICE, SOCKET
from .observe import State
from .plan import Plan, Request
from .record import Loaded, change_record, digest
from .sockets import Address
from .validate import refusal


class TransactionFailed(HostError):
    """The plan could not be brought about.

    :param rolled_back: whether the host is as it was before
    :param journal: dockerd's last words
    """

    def __init__(self, message: str, *, rolled_back: bool, journal: list[str]) -> None:
        self.rolled_back = rolled_back
        self.journal = journal
        super().__init__(message)


@dataclass(frozen=True)
class Outcome:
    """What was done.

    :param downtime: seconds during which the daemon did not answer
    :param restarted_containers: names of those that were started again
    """

    downtime: float = 0.0
    restarted_containers: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def check_with_dockerd(host: Host, state: State, plan: Plan, path: str) -> str:
    """dockerd's own objection to the plan, empty when it has none or is not there to be asked."""
    asked = any(change.path == path for change in plan.files) or plan.activation != "none"
    if state.dockerd is None or not asked:
        return ""
    arguments, skip = [], False
    for word in plan.arguments:  # the candidate lies elsewhere for now
        if skip or word == "--config-file" or word.startswith("--config-file="):
            skip = word == "--config-file" and not skip
            continue
        arguments.append(word)
    return refusal(host, state.dockerd, plan.document, arguments, path)


def apply(host: Host, state: State, plan: Plan, request: Request) -> Outcome:
    """Bring a plan about.

    :raises TransactionFailed: after everything was put back, or with what is where when even that failed
    """
    if not plan.changes:
        _remember(host, state, plan)
        return Outcome()
    before = containers.running(state.listens_now()) if plan.activation == "restart" else []
    began = time.time()
    try:
        for change in plan.files:
            write_change(host, change)
        outcome = _activate(host, state, plan, request, before)
        if plan.enable:
            done = systemd.control(host, "enable", SERVICE)
            if done.rc != 0:
                raise HostError(f"cannot enable {SERVICE}: {done.last_words}")
    except (HostError, OSError) as error:
        raise _roll_back(host, state, plan, before, began, error) from None  # the cause is in its message
    _remember(host, state, plan)
    return outcome


def _activate(host: Host, state: State, plan: Plan, request: Request, before: list[containers.Container]) -> Outcome:
    if state.systemd and any(change.path.endswith(".conf") for change in plan.files):
        _must(host, "daemon-reload")
    if plan.activation == "none":
        return Outcome()
    stopped = time.monotonic()
    _start(host, state, plan, request.timeout)
    silent = proof.unanswered(host, plan.listens, plan.document, request.timeout)
    if silent:
        raise HostError(f"the daemon does not answer: {silent}")
    downtime = time.monotonic() - stopped
    wrong = proof.contradictions(plan.listens, plan.document)
    if wrong:
        raise HostError("; ".join(wrong))
    failed = containers.start_again(plan.listens, before)
    names = tuple(container.name for container in before)
    return Outcome(
        round(downtime, 2) if plan.activation == "restart" else 0.0,
        names,
        tuple(f"container did not start again: {reason}" for reason in failed),
    )


def _start(host: Host, state: State, plan: Plan, timeout: float) -> None:
    """(Re)start the service, and its socket unit where that moves.

    The start limit (three starts in a minute) counts earlier failures and earlier runs of ours: it is reset first.
    """
    if plan.moves_socket:
        systemd.control(host, "stop", SOCKET, SERVICE, timeout=timeout)
        _remove_orphan(state, plan.listens)
    systemd.control(host, "reset-failed", SERVICE, SOCKET)
    done = systemd.control(host, "restart", SERVICE, timeout=timeout + 16 * len(plan.listens))
    if done.rc != 0:
        raise HostError(f"{SERVICE} does not start")


def _remove_orphan(state: State, listens: tuple[Address, ...]) -> None:
    """Take away the node that docker.socket leaves behind: a client should see at once that nobody listens."""
    wanted = {os.path.realpath(address.path) for address in listens if address.kind == "unix"}
    for path in state.socket_paths():
        real = os.path.realpath(path)
        try:
            if real not in wanted and stat.S_ISSOCK(os.stat(real).st_mode):
                os.unlink(real)
        except FileNotFoundError:
            continue


def _must(host: Host, verb: str) -> None:
    done = systemd.control(host, verb)
    if done.rc != 0:
        raise HostError(f"systemctl {verb} failed: {done.last_words}")


def _remember(host: Host, state: State, plan: Plan) -> None:
    """Write down which keys are ours and, where a daemon runs, what it was started with."""
    loaded = plan.record.loaded
    if state.systemd and not plan.pending:
        status = systemd.status(host, SERVICE).get(SERVICE) if plan.activation != "none" else state.service
        process = read_process(status.main_pid) if status else None
        if process is not None:
            loaded = Loaded(process.identity, digest(plan.document), plan.launch_digest)
    change = change_record(state.record_file, replace(plan.record, loaded=loaded))
    if change.changes and (plan.record.config or state.record_file.exists):
        write_change(host, change)


def _roll_back(
    host: Host, state: State, plan: Plan, before: list[containers.Container], began: float, cause: Exception
) -> TransactionFailed:
    """Put every file back, and the daemon where there was one."""
    journal = _telling(systemd.journal(host, SERVICE, began)) if state.systemd and plan.activation != "none" else []
    reason = f"{cause}{_last_words(journal)}"
    problems: list[str] = []
    if state.systemd and plan.activation != "none":
        systemd.control(host, "stop", *([SOCKET] if plan.moves_socket else []), SERVICE, timeout=30)
    for change in plan.files:
        try:
            restore(host, change.before)
        except HostError as error:
            problems.append(str(error))
    if state.systemd:
        problems += _bring_back(host, state, plan, before)
    if problems:
        message = f"{reason}. Rolling back failed as well: {'; '.join(problems)}"
        return TransactionFailed(message, rolled_back=False, journal=journal)
    back = "the old configuration is back" + (" and the daemon runs" if state.service.is_running else "")
    return TransactionFailed(f"{reason}. Rolled back: {back}", rolled_back=True, journal=journal)


def _bring_back(host: Host, state: State, plan: Plan, before: list[containers.Container]) -> list[str]:
    if any(change.path.endswith(".conf") for change in plan.files):
        done = systemd.control(host, "daemon-reload")
        if done.rc != 0:
            return [f"systemctl daemon-reload failed: {done.last_words}"]
    if plan.activation == "none":
        return []
    systemd.control(host, "reset-failed", SERVICE, SOCKET)
    if state.socket.is_running:
        systemd.control(host, "start", SOCKET, timeout=30)
    if not state.service.is_running:
        return []
    done = systemd.control(host, "start", SERVICE, timeout=120)
    if done.rc != 0:
        return [f"{SERVICE} does not start with its old files either: {done.last_words}"]
    listens = state.listens_now()
    silent = proof.unanswered(host, listens, state.document, 60)
    if silent:
        return [silent]
    return [f"container did not start again: {reason}" for reason in containers.start_again(listens, before)]


def _telling(journal: list[str]) -> list[str]:
    """The end of a journal without its chatter and without passwords in URLs."""
    chatter = ("level=info", "level=debug", "level=trace")
    return [without_credentials(line) for line in journal if not any(mark in line for mark in chatter)][-20:]


def _last_words(journal: list[str]) -> str:
    """dockerd's own reason, the line that says most."""
    for mark in (
        "unable to configure the Docker daemon",
        "failed to start daemon",
        "level=fatal",
        "failed to load",
        "level=error",
    ):
        telling = [line for line in journal if mark in line]
        if telling:
            return f": {telling[-1].strip()}"
    plain = [line for line in journal if "dockerd" in line or "level=" in line]
    return f": {plain[-1].strip()}" if plain else ""
