# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A declared policy brought about: chosen, compared with what the kernel holds, applied in one step, proved, kept."""

from __future__ import annotations

import contextlib
import os
import typing as t
from dataclasses import dataclass

from ..daemon.engine_api import EngineError, get, may_connect
from ..daemon.sockets import parse_address
from ..host.errors import HostError, InvalidInput
from ..host.files import FileChange, restore, write_change
from ..host.lock import locked
from ..host.machine import Host
from ..host.network import owner_of, read_listeners
from . import persist
from .backends import Backend, Held, choose, other
from .policy import Policy, read_policy

LOCK = "/run/slipway.lock"


@dataclass(frozen=True)
class Engine:
    """What the engine says of its networks; nothing where none answers.

    :param bridges: interface by network
    :param firewall: its firewall backend (29.0 and newer)
    """

    answers: bool = False
    bridges: t.Mapping[str, str] | None = None
    firewall: str = ""


@dataclass(frozen=True)
class Result:
    """What came of it, or in check mode would.

    :param lines: the kernel's rules before and after, None where there are none of ours
    """

    changed: bool
    backend: str
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


def run(host: Host, declared: t.Mapping[str, t.Any], *, check_mode: bool, patience: float = 300.0) -> Result:
    """Bring a declaration about.

    :raises HostError: with nothing changed, or everything put back
    """
    engine = read_engine(declared["docker_host"])
    present = declared.get("state") != "absent"
    if present and not engine.answers and any(rule.get("network") for rule in declared.get("rules") or ()):
        raise InvalidInput(
            [f"rules name networks, and no engine answers on {declared['docker_host']} to say which bridge they have"]
        )
    policy = read_policy(declared, engine.bridges or {}) if present else None
    backend, reason = choose(host, declared["backend"], engine.firewall)
    with contextlib.nullcontext() if check_mode else locked(host, LOCK, patience):
        return _Run(host, backend, reason, policy).run(check_mode)


class _Run:
    """One try, with what it takes to put everything back."""

    def __init__(self, host: Host, backend: Backend, reason: str, policy: Policy | None) -> None:
        self.host, self.backend, self.reason, self.policy = host, backend, reason, policy
        self.held = backend.held()
        self.wanted = backend.wanted(policy)
        loading = backend.at_boot(policy) if policy else None
        self.files = persist.plan(host, loading)
        self.unused = other(host, backend)
        self.left: Held | None = self.unused.held() if not self.unused.usable else None

    def run(self, check_mode: bool) -> Result:
        leftover = self.left is not None and self.left.lines is not None
        differs = self.held.lines != self.wanted
        drifted = differs and self.held.lines is not None and not self.files
        result = Result(
            changed=differs or leftover or bool(self.files),
            backend=self.backend.name,
            reason=self.reason,
            before=self.held.lines,
            after=self.wanted,
            drifted=drifted,
            files=tuple(change.path for change in self.files),
            warnings=tuple(_unseen(self.host) if self.policy and not self.policy.allow else ()),
        )
        if not check_mode and result.changed:
            self._apply(differs, leftover)
        return result

    def _apply(self, differs: bool, leftover: bool) -> None:
        written: list[FileChange] = []
        try:
            if differs:
                self.backend.apply(self.backend.texts(self.policy))
                found = self.backend.held().lines
                if found != self.wanted:
                    raise HostError("the kernel holds other rules than were given to it")
            if leftover:  # after the new ones are there: never a moment without
                self.unused.apply(self.unused.texts(None))
            persist.before(self.host, self.files)
            for change in self.files:
                write_change(self.host, change)
                written.append(change)
            persist.after(self.host, self.files)
        except (HostError, OSError) as error:
            problems = self._put_back(written)
            failed = f"putting the old ones back failed as well: {'; '.join(problems)}"
            raise HostError(f"{error}; {failed if problems else 'the old ones are back'}") from error

    def _put_back(self, written: list[FileChange]) -> list[str]:
        problems = []
        for backend, held in ((self.backend, self.held), (self.unused, self.left)):
            try:
                if held is not None and backend.held().lines != held.lines:
                    backend.apply(backend.texts_of(held))
            except HostError as error:
                problems.append(str(error))
        for change in written:
            try:
                restore(self.host, change.before)
            except HostError as error:
                problems.append(str(error))
        return problems


def _unseen(host: Host) -> list[str]:
    """Published ports that docker-proxy opens on IPv6 by itself: that traffic is not forwarded, so no rule sees it."""
    ports = sorted(
        {
            one.port
            for one in read_listeners(host) or ()
            if one.address.version == 6 and one.address.is_unspecified and _is_proxy(host, one.inode)
        }
    )
    if not ports or not os.path.exists("/proc/net/if_inet6"):
        return []
    said = (
        f"published ports {', '.join(map(str, ports))} are open on IPv6 through docker-proxy, which connects by itself"
    )
    return [f"{said}: no rule sees that where Docker does not manage ip6tables; set ip6tables, or publish on 0.0.0.0"]


def _is_proxy(host: Host, inode: str) -> bool:
    owner = owner_of(host, inode)
    return owner is not None and owner[1] == "docker-proxy"
