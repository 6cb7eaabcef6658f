# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Bring a plan about, prove it, or put everything back."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from ..host import undo
from ..host.errors import HostError
from ..host.files import FileChange, read_file, restore, write_change
from ..host.machine import Host
from . import containers, default_bridge, proof
from .activation import left_by_reload
from .containers import Container
from .document import Document, render
from .observe import State
from .plan import Plan, Request
from .record import Loaded, change_record
from .redact import fit_to_show
from .service import Service, remove_orphans
from .sockets import Address


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


def apply(host: Host, state: State, plan: Plan, request: Request, ran: list[Container]) -> Outcome:
    """Bring a plan about.

    :param ran: the containers that run now
    :raises TransactionFailed: after everything was put back, or with what is where when even that failed
    """
    if not plan.changes:
        _remember(host, state, plan)
        return Outcome()
    attempt = _Attempt(host, state, plan, request, ran)
    try:
        outcome = attempt.run()
    except (HostError, OSError) as error:
        raise attempt.roll_back(str(error)) from None
    except Exception as error:  # a fault of ours must not leave a host half-way either
        raise attempt.roll_back(f"unexpected {type(error).__name__}: {error}") from error
    _remember(host, state, plan)
    undo.forget(host)
    return outcome


class _Attempt:
    """One try at a plan, with what it takes to put everything back.

    :ivar touched: the most that was done to the daemon so far
    :ivar docker0: its address before, where it may change
    :ivar reloaded: whether the daemon has taken a new configuration over by a reload
    """

    def __init__(self, host: Host, state: State, plan: Plan, request: Request, ran: list[Container]) -> None:
        self.host, self.state, self.plan, self.request, self.ran = host, state, plan, request, ran
        self.touched, self.reloaded = "none", False
        self.service = Service(host, state.launcher, state.pid_files(plan.document))
        self.mark = state.launcher.mark(host, state.launch) if state.acts else None
        self.launch_files = [change for change in plan.files if not self._is_configuration(change)]
        self.record = change_record(state.record_file, plan.record)
        moves = (plan.bridge.moves or plan.bridge.rebuilds) and not state.document.get("bridge")
        self.docker0 = default_bridge.address_of(host) if moves else ""

    def run(self) -> Outcome:
        self._note()
        if self.state.service.stale or self.state.socket.stale:
            self.state.launcher.files_changed(self.host)
        downtime = 0.0
        for number, step in enumerate(self.plan.steps):
            with_units = step.how != "reload" or number + 1 == len(self.plan.steps)
            self._write(render(step.document), last=number + 1 == len(self.plan.steps), units=with_units)
            if step.how == "reload":
                self.touched = "restart" if self.touched == "restart" else "reload"
                self.service.reload(self.state.listens_now() if self.touched == "reload" else self.plan.listens)
                self.reloaded = True
            elif step.how in ("restart", "start"):
                self.touched = "restart"
                downtime += self._restart(step.how == "restart")
        if self.touched != "none":
            self.service.prove(self.plan.listens, self.plan.document, self.request.timeout)
            if self.touched == "restart":
                self.service.prove_environment(self.plan.environment)
                self._prove_bridge()
        failed: dict[str, str] = {}
        if self.touched == "restart":
            failed = containers.start_again(self.plan.listens, self.ran)
            self.service.watch(self.request.settle)
        if self.plan.enable:  # last, as nothing takes it back
            self.state.launcher.enable(self.host)
        stopped = [] if self.plan.keeps_containers else [container.name for container in self.ran]
        back = tuple(name for name in stopped if name not in failed)
        return Outcome(round(downtime, 2), back, containers.complaints(failed))

    def _prove_bridge(self) -> None:
        bridge = self.plan.bridge
        wrong = default_bridge.contradiction(bridge, default_bridge.address_of(self.host))
        if wrong:
            raise HostError(wrong)

    def _note(self) -> None:
        changes = [*self.plan.files]
        passing = [(self.state.file.path, render(step.document)) for step in self.plan.steps[:-1]]
        if self.docker0:
            passing.append((self.state.file.path, render(self._with_old_address())))
        if passing and not any(change.path == self.state.file.path for change in changes):
            changes.append(FileChange(self.state.file, self.state.file.content))
        owed = [[container.id, container.name] for container in self.ran]
        undo.note(self.host, changes, self.record, passing, owed)

    def _write(self, content: bytes, *, last: bool, units: bool) -> None:
        """Write one step's files.

        What launches the daemon comes first, so that daemon.json never says something that clashes with it; where a
        flag comes back, it comes last.
        """
        if units and not self.plan.flags_return:
            self._write_launch_files()
        if last:
            own = [change for change in self.plan.files if self._is_configuration(change)]
            if not any(change.path == self.state.file.path for change in own):  # it held something else on the way
                own.append(FileChange(self.state.file, self.state.file.content))
            for change in own:
                self._write_if_as_seen(change)
            write_change(self.host, self.record)
        else:
            self._write_if_as_seen(FileChange(self.state.file, content))
        if units and self.plan.flags_return:
            self._write_launch_files()

    def _write_launch_files(self) -> None:
        changes, self.launch_files = self.launch_files, []
        for change in changes:
            self._write_if_as_seen(change)
        if changes and self.state.acts:
            self.state.launcher.files_changed(self.host)

    def _is_configuration(self, change: FileChange) -> bool:
        """daemon.json, and its backup; all else launches the daemon."""
        backup = self.state.backup.path if self.state.backup else ""
        return change.path in (self.state.file.path, backup)

    def _write_if_as_seen(self, change: FileChange) -> None:
        """Somebody else's change between our look and our write must not be lost."""
        found = read_file(self.host, change.path).content
        ours = [render(step.document) for step in self.plan.steps] if change.path == self.state.file.path else []
        if found not in (change.before.content, change.after, *ours):
            raise HostError(f"{change.path} was changed by somebody else during this run; run again")
        if found != change.after:
            write_change(self.host, change)

    def _restart(self, counts: bool) -> float:
        began = time.monotonic()
        limit = proof.patience(self.plan.listens, self.plan.document, self.request.timeout)
        self.service.restart(with_socket=self.plan.moves_socket, timeout=limit)
        remove_orphans(self.state.socket_paths(), self.plan.listens)
        silent = self.service.unanswered(self.plan.listens, self.plan.document, self.request.timeout)
        if silent:
            raise HostError(f"the daemon does not answer: {silent}")
        return time.monotonic() - began if counts else 0.0

    def roll_back(self, cause: str) -> TransactionFailed:
        """Put every file back, and the daemon where there was one."""
        launcher = self.state.launcher
        journal = _telling(launcher.log_since(self.host, self.mark)) if self.touched != "none" else []
        reason = f"{cause}{_last_words(journal)}"
        problems = self._stop() if self.touched == "restart" else []
        problems += self._restore_files()
        if self.state.acts:
            problems += self._bring_back()
        if not problems:
            try:
                undo.forget(self.host)
            except HostError as error:
                problems.append(str(error))
        if problems:
            message = f"{reason}. Rolling back failed as well: {'; '.join(problems)}"
            return TransactionFailed(message, rolled_back=False, journal=journal)
        back = "the old configuration is back" + (" and the daemon runs" if self.state.service.is_running else "")
        left = self._left_by_reload()
        if left:
            back += f"; it still has {', '.join(sorted(left))}, which only a restart takes away, and the next run will"
        return TransactionFailed(f"{reason}. Rolled back: {back}", rolled_back=True, journal=journal)

    def _left_by_reload(self) -> Document:
        """What the daemon still has, written down so that the next run knows."""
        process = self.service.process() if self.touched == "reload" and self.reloaded else None
        left = left_by_reload(self.plan.document, self.state.document, self.state.version) if process else {}
        if process and left:
            has = Loaded(process.identity, {**self.state.document, **left}, self.plan.launch_digest)
            was = read_file(self.host, self.state.record_file.path)
            write_change(self.host, change_record(was, replace(self.state.record, loaded=has)))
        return left

    def _stop(self) -> list[str]:
        try:
            self.service.stop(with_socket=self.plan.moves_socket)
        except HostError as error:  # its files are put back all the same
            return [str(error)]
        return []

    def _restore_files(self) -> list[str]:
        problems = []
        ours = [render(step.document) for step in self.plan.steps]
        for before, after in [(c.before, c.after) for c in (*self.plan.files, self.record)] + [(self.state.file, None)]:
            try:
                found = read_file(self.host, before.path).content
                if found in (after, *ours) and found != before.content:
                    restore(self.host, before)
            except HostError as error:
                problems.append(str(error))
        return problems

    def _bring_back(self) -> list[str]:
        try:
            self.state.launcher.files_changed(self.host)
            running, listens = self.state.service.is_running, self.state.listens_now()
            if self.touched == "reload" and self._reload_again(listens):
                return []
            if self.touched == "none":
                return []
            if self.state.socket.is_running:
                self.state.launcher.start_socket(self.host)
            if not running:
                return []
            limit = proof.patience(listens, self.state.document, 60)
            self.service.restart(with_socket=self.plan.moves_socket, timeout=limit)
            silent = self.service.unanswered(listens, self.state.document, 60)
            if silent:
                return [silent]
            self._bring_bridge_back(listens, limit)
        except HostError as error:
            return [str(error)]
        return list(containers.complaints(containers.start_again(listens, self.ran)))

    def _with_old_address(self) -> Document:
        return {**self.state.document, "bip": self.docker0}

    def _bring_bridge_back(self, listens: list[Address], limit: float) -> None:
        """Without a bip the daemon goes on with the address that docker0 has by now; it is told the old one once."""
        if not self.docker0 or default_bridge.address_of(self.host) in ("", self.docker0):
            return
        try:
            write_change(self.host, FileChange(self.state.file, render(self._with_old_address())))
            self.service.restart(with_socket=self.plan.moves_socket, timeout=limit)
        finally:
            restore(self.host, self.state.file)
        silent = self.service.unanswered(listens, self.state.document, 60)
        now = default_bridge.address_of(self.host)
        if silent or now != self.docker0:
            raise HostError(silent or f"docker0 had {self.docker0}, and has {now} now")

    def _reload_again(self, listens: list[Address]) -> bool:
        """A failed reload leaves a running daemon as it was (25.0 and newer) or half-way (before)."""
        try:
            self.service.reload(listens)
        except HostError:
            return False
        return True


def _remember(host: Host, state: State, plan: Plan) -> None:
    """Write down which keys are ours and, where a daemon runs, what it was started with."""
    loaded, bridge = plan.record.loaded, plan.record.bridge
    if state.acts and not plan.pending:
        service = Service(host, state.launcher, state.pid_files(plan.document))
        process = service.process() if plan.activation != "none" else state.process
        if process is not None:
            loaded = Loaded(process.identity, plan.document, plan.launch_digest)
            bridge = _address_to_remember(host, state, plan)
    record = replace(plan.record, loaded=loaded, bridge=bridge)
    change = change_record(read_file(host, state.record_file.path), record)
    if change.changes and (plan.record.says_something or change.before.exists):
        write_change(host, change)


def _address_to_remember(host: Host, state: State, plan: Plan) -> str:
    """docker0's address where a bip of ours gave it, or has left it there."""
    recorded = state.record.bridge
    if "bip" in plan.record.owned.config:
        return default_bridge.address_of(host)
    left_behind = recorded and plan.activation == "none" and default_bridge.address_of(host) == recorded
    return recorded if left_behind else ""


def _telling(journal: list[str]) -> list[str]:
    """The end of a journal without its chatter and without passwords."""
    chatter = ("level=info", "level=debug", "level=trace")
    return [str(fit_to_show(line)) for line in journal if not any(mark in line for mark in chatter)][-20:]


def _last_words(journal: list[str]) -> str:
    """dockerd's own reason, the line that says most."""
    for mark in (
        "unable to configure the Docker daemon",
        "failed to start daemon",
        "Error reloading configuration",
        "Error reconfiguring the daemon",
        "level=fatal",
        "failed to load",
        "level=error",
    ):
        telling = [line for line in journal if mark in line]
        if telling:
            return f": {telling[-1].strip()}"
    systemds = ("docker.service: ", "Stopping ", "Stopped ", "Starting ", "Started ", "Failed to start ", "Reload")
    plain = [line for line in journal if not line.startswith(systemds) and "level=warning" not in line]
    return f": {plain[-1].strip()}" if plain else ""
