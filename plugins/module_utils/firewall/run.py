# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A declared policy brought about: chosen, compared with what the kernel holds, applied in one step, proved, kept."""

from __future__ import annotations

import contextlib
import os
import typing as t
from dataclasses import dataclass, replace

from ..daemon.engine_api import EngineError, get, may_connect
from ..daemon.sockets import parse_address
from ..host.errors import HostError, InvalidInput
from ..host.files import FileChange, restore, write_change
from ..host.lock import LOCK, locked
from ..host.machine import Host
from . import outside, persist, proxies
from .backends import Backend, Held, Iptables
from .choice import choose, others
from .policy import UNKNOWN, Policy, read_policy
from .way_in import objection


@dataclass(frozen=True)
class Engine:
    """What the engine says of its networks; nothing where none answers.

    :param bridges: interface by network
    :param firewall: its firewall backend (29.0 and newer)
    :param coming: networks that are not there, and are taken to be made before
    """

    answers: bool = False
    bridges: t.Mapping[str, str] | None = None
    firewall: str = ""
    coming: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """What came of it, or in check mode would.

    :param variant: the set of tables that iptables works on, empty with another backend
    :param before: the kernel's rules, as ``after``; None where there are none of ours
    """

    changed: bool
    backend: str
    variant: str
    reason: str
    before: tuple[str, ...] | None
    after: tuple[str, ...] | None
    drifted: bool
    files: tuple[str, ...]
    warnings: tuple[str, ...]


def read_engine(address: str) -> Engine:
    """Ask the engine; one that does not run yet has no containers to protect."""
    where = parse_address(address)
    if not may_connect(where):
        return Engine()
    try:
        networks, info = get(where, "/networks"), get(where, "/info")
    except EngineError:
        return Engine()
    bridges = {
        one["Name"]: (one.get("Options") or {}).get("com.docker.network.bridge.name") or f"br-{one['Id'][:12]}"
        for one in networks
        if one.get("Driver") == "bridge"
    }
    return Engine(True, bridges, ((info.get("FirewallBackend") or {}).get("Driver") or "").partition("+")[0])


def assumed(engine: Engine, declared: t.Mapping[str, t.Any]) -> Engine:
    """An engine with all networks that rules name: in check mode a task before may have been about to make them.

    Which bridge one gets is not known, so its rules are shown with a name that says so.
    """
    named = {rule.get("network") for rule in declared.get("rules") or () if rule.get("network")}
    bridges = engine.bridges or {}
    coming = tuple(sorted(named.difference(bridges)))
    return replace(engine, bridges={**bridges, **dict.fromkeys(coming, UNKNOWN)}, coming=coming)


def _containers(address: str) -> t.Any:
    try:
        return get(parse_address(address), "/containers/json")
    except EngineError:
        return []


def run(host: Host, declared: t.Mapping[str, t.Any], *, check_mode: bool, patience: float = 300.0) -> Result:
    """Bring a declaration about.

    :raises HostError: with nothing changed, or everything put back
    """
    engine = read_engine(declared["docker_host"])
    present = declared.get("state") != "absent"
    if present and check_mode:
        engine = assumed(engine, declared)
    elif present and not engine.answers and any(rule.get("network") for rule in declared.get("rules") or ()):
        raise InvalidInput(
            [f"rules name networks, and no engine answers on {declared['docker_host']} to say which bridge they have"]
        )
    others_by = outside.read_outside(host) if present else {}
    policy = outside.without_outside(_policy(host, declared, engine), others_by) if present else None
    if policy and not declared.get("allow_lockout"):
        would_cut = objection(host, policy, os.environ, os.getpid(), lambda: _containers(declared["docker_host"]))
        if would_cut:
            raise InvalidInput([would_cut])
    with contextlib.nullcontext() if check_mode else locked(host, LOCK, patience):
        if policy is None:
            return _Run(host, None, "no rules of ours are wanted", None).run(check_mode)
        backend, reason = choose(host, declared["backend"], engine.firewall, engine_runs=engine.answers)
        done = _Run(host, backend, reason, policy).run(check_mode)
        coming = ", ".join(engine.coming)
        warning = f"rules name networks that are not there yet, and are shown with bridge {UNKNOWN}: {coming}"
        more = [*outside.warnings(policy, others_by), *([warning] if engine.coming else [])]
        return replace(done, warnings=(*done.warnings, *more))


def _policy(host: Host, declared: t.Mapping[str, t.Any], engine: Engine) -> Policy:
    """What is declared, for the engine's bridges; where none answers, for those that an earlier run has seen."""
    return read_policy(declared, engine.bridges or {}, () if engine.answers else persist.remembered(host))


class _Run:
    """One try, with what it takes to put everything back.

    :param backend: what is used, None where nothing of ours shall be left
    """

    def __init__(self, host: Host, backend: Backend | None, reason: str, policy: Policy | None) -> None:
        self.host, self.backend, self.reason, self.policy = host, backend, reason, policy
        self.held = backend.held() if backend else None
        self.wanted = backend.wanted(policy) if backend else None
        self.left = [(one, held) for one in others(host, backend) for held in [one.held()] if held.lines is not None]
        self.files = persist.plan(
            host, backend.at_boot(policy) if backend and policy else None, policy.added if policy else ()
        )
        self.known = persist.knows(host)

    @property
    def _differs(self) -> bool:
        return self.held is not None and self.held.lines != self.wanted

    @property
    def _before(self) -> tuple[str, ...] | None:
        """All that the kernel holds of ours."""
        found = [held.lines for held in (self.held, *(held for _one, held in self.left)) if held and held.lines]
        return tuple(line for lines in found for line in lines) if found else None

    def run(self, check_mode: bool) -> Result:
        there = self.held is not None and self.held.lines is not None
        result = Result(
            changed=self._differs or bool(self.left or self.files) or self.known is not bool(self.policy),
            backend=self.backend.name if self.backend else "none",
            variant=self.backend.variant if isinstance(self.backend, Iptables) else "",
            reason=self.reason,
            before=self._before,
            after=self.wanted,
            drifted=self._differs and there and not self.files,
            files=tuple(change.path for change in self.files),
            warnings=tuple(proxies.warnings(self.host, self.policy) if self.policy else ()),
        )
        if not check_mode and result.changed:
            self._apply()
        return result

    def _apply(self) -> None:
        written: list[FileChange] = []
        try:
            if self.backend and self._differs:
                self.backend.apply(self.backend.texts(self.policy))
                if self.backend.held().lines != self.wanted:
                    raise HostError("the kernel holds other rules than were given to it")
            for one, _held in self.left:  # after the new ones are there: never a moment without
                one.apply(one.texts(None))
            if self.known and not self.policy:
                persist.forget(self.host)
            for change in self.files:
                written.append(change)
                write_change(self.host, change)
            if self.policy and (not self.known or any(change.path == persist.UNIT for change in self.files)):
                persist.learn(self.host)
            elif self.files:
                persist.reread(self.host)
        except Exception as error:  # a fault of ours must not leave rules live that nobody keeps
            problems = self._put_back(written)
            failed = f"putting the old ones back failed as well: {'; '.join(problems)}"
            raise HostError(f"{_said(error)}; {failed if problems else 'the old ones are back'}") from error

    def _put_back(self, written: list[FileChange]) -> list[str]:
        """Rules, files and what the init system starts, as they were; what fails is told and keeps nothing back."""
        problems: list[str] = []

        def attempt(step: t.Callable[..., None], *arguments: t.Any) -> None:
            try:
                step(*arguments)
            except Exception as error:
                problems.append(_said(error))

        for one, held in [(self.backend, self.held), *self.left]:
            if one and held:
                attempt(_hold, one, held)
        if not self.known and persist.knows(self.host):
            attempt(persist.forget, self.host)  # while its file is there
        for change in written:
            attempt(restore, self.host, change.before)
        if self.known and not persist.knows(self.host):
            attempt(persist.learn, self.host)
        elif written:
            attempt(persist.reread, self.host)
        return problems


def _said(error: Exception) -> str:
    return str(error) if isinstance(error, (HostError, OSError)) else f"{type(error).__name__}: {error}"


def _hold(backend: Backend, held: Held) -> None:
    """Make the kernel hold again what it held."""
    if backend.held().lines != held.lines:
        backend.apply(backend.texts_of(held))
