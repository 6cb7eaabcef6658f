# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Declared interfaces brought about: files and kernel together, proved, or put back as they were."""

from __future__ import annotations

import contextlib
import os
import time
import typing as t
from dataclasses import dataclass, replace

from ..host.errors import HostError, InvalidInput
from ..host.files import FileChange, as_bytes, as_text, read_file, restore, write_change
from ..host.kernel import read_kernel
from ..host.lock import locked
from ..host.machine import Host
from .checks import Scene, problems
from .declare import Interface, read_declaration, vlan_port
from .kernel import Held, read
from .managers import Manager, choose, kept_elsewhere
from .owned import owner_of
from .steps import Step, Want, as_it_was, script, steps, wants
from .way_in import objections, read_way

LOCK = "/run/slipway.lock"
_OPTIONS = {"bridge": "BRIDGE", "vlan": "VLAN_8021Q", "macvlan": "MACVLAN"}
_IPV6 = "/proc/sys/net/ipv6/conf"


@dataclass(frozen=True)
class Result:
    """What came of it, or in check mode would.

    :param held: what the kernel holds at the end, in check mode still before
    :param drifted: what somebody had changed since an earlier run, in words
    """

    interfaces: tuple[Interface, ...]
    manager: str
    reason: str
    files: tuple[FileChange, ...]
    steps: tuple[Step, ...]
    drifted: tuple[str, ...]
    held: Held

    @property
    def changed(self) -> bool:
        return bool(self.files or self.steps)


def run(host: Host, declared: t.Mapping[str, t.Any], *, check_mode: bool, patience: float = 300.0) -> Result:
    """Bring a declaration about.

    :raises HostError: with nothing changed, or everything put back
    """
    interfaces = read_declaration(declared.get("interfaces") or ())
    with contextlib.nullcontext() if check_mode else locked(host, LOCK, patience):
        manager = choose(host, str(declared.get("manager") or "auto"))
        one = _Run(host, manager, interfaces, float(declared.get("timeout") or 15))
        one.check(allow_lockout=bool(declared.get("allow_lockout")))
        return one.run(check_mode)


def complete(declared: t.Sequence[Interface], held: Held, made: t.Mapping[str, str]) -> tuple[Interface, ...]:
    """A declaration with the VLANs that are ports and are not there, and with hardware addresses from ports."""
    names = {one.name for one in declared if one.present}
    found: dict[str, Interface] = {}
    for one in declared:
        for port in one.ports:
            vlan = vlan_port(port)
            is_ours = made.get(port) == one.name or (port not in made and port not in held.links)
            if vlan and is_ours and port not in names:
                found[port] = Interface(port, "vlan", parent=vlan[0], vlan=vlan[1], owner=one.name)
        # Some networks let only one hardware address in by each plug, the one that they know.
        first = held.links.get(one.ports[0]) if one.take_over and one.ports else None
        found[one.name] = replace(one, mac=first.mac) if first else one
    return tuple(found.values())


class _Run:
    """One try, with what it takes to put everything back."""

    def __init__(self, host: Host, manager: Manager, declared: t.Sequence[Interface], timeout: float) -> None:
        self.host, self.manager, self.timeout = host, manager, timeout
        self.held = read(host)
        made = manager.made()
        self.interfaces = complete(declared, self.held, made)
        self.before = {name: manager.before(name) for name in {*made, *(one.name for one in self.interfaces)}}
        owners = {one.name for one in declared}
        self.present = [one for one in self.interfaces if one.present]
        wanted = {one.name for one in self.present}
        self.gone = tuple(sorted(name for name, owner in made.items() if owner in owners and name not in wanted))
        self.ours = {*made, *wanted}
        self.scene = Scene(self.interfaces, self.held, made, self.before, self.gone, self._lacks())
        self.texts = manager.files(self.interfaces, self.held)
        self.files = _changes(host, manager.ours, self.texts)
        self.left_to_it = manager.makes(self.files)
        self.steps = self._steps(self.held)

    def check(self, *, allow_lockout: bool) -> None:
        """Look for all that stands in the way.

        :raises InvalidInput: where anything does
        """
        elsewhere = kept_elsewhere(self.host, self.manager)
        found = [
            f"{one.name}: is kept by {elsewhere[one.name]}, by a file of this module; have it absent there first, with "
            f"manager: {elsewhere[one.name]}"
            for one in self.interfaces
            if one.name in elsewhere
        ]
        found += [*problems(self.scene), *self.manager.problems(self.interfaces, self.held, self.texts)]
        way = read_way(self.host, os.environ, os.getpid()) if self.steps and not allow_lockout else None
        found += objections(way, self.held, self._wants(self.held), self.steps) if way else []
        if found:
            raise InvalidInput(found)

    def run(self, check_mode: bool) -> Result:
        held = self.held
        if not check_mode and (self.files or self.steps):
            held = self._apply()
        return Result(
            self.interfaces,
            self.manager.name,
            self.manager.reason,
            self.files,
            tuple(self.steps),
            self._drifted(),
            held,
        )

    def _drifted(self) -> tuple[str, ...]:
        """What differs of interfaces whose files are as an earlier run has left them."""
        made = self.manager.made()
        texts = [as_text(content) for change in self.files for content in (change.before.content, change.after)]
        changing = {owner[0] for owner in map(owner_of, texts) if owner}
        same = [one for one in self.present if made.get(one.name) == one.owner and one.owner not in changing]
        found = [want for one in same for want in wants(one, self.held, self.before[one.name])]
        return tuple(dict.fromkeys(step.why for step in steps(self.held, found)))

    def _lacks(self) -> dict[str, str]:
        """What the kernel cannot do of what is wanted; it is looked at only where something is to be made."""
        found = {} if self.host.exists("/proc/sys/net/ipv6") else {"IPv6": "the kernel has no IPv6"}
        if any(one.name not in self.held.links for one in self.present):
            kernel = read_kernel(self.host)
            found.update({kind: kernel.lacks(option) for kind, option in _OPTIONS.items()})
        return found

    def _steps(self, held: Held) -> list[Step]:
        return steps(held, self._wants(held), self.gone)

    def _wants(self, held: Held) -> list[Want]:
        return [want for one in self.present for want in wants(one, held, self.before[one.name])]

    def _apply(self) -> Held:
        written: list[FileChange] = []
        names = [one.name for one in self.interfaces if one.present]
        owners = [one.name for one in self.interfaces if one.owner == one.name]
        try:
            self.manager.leave(name for name in owners if name in self.gone)
            for change in self.files:
                write_change(self.host, change)
                written.append(change)
                _tidy(self.host, change)
            self._bring_about(self._steps)
            self.manager.take((name for name in owners if name in names), self.files)
            return self._prove(self._steps, names)
        except (HostError, OSError) as error:
            left = self._put_back(written, owners)
            failed = f"putting everything back failed as well: {'; '.join(left)}"
            raise HostError(f"{error}; {failed if left else 'everything is as it was'}") from error

    def _bring_about(self, difference: t.Callable[[Held], list[Step]]) -> None:
        """Give the kernel what it lacks, again as long as one change takes another one with it."""
        for _turn in range(3):
            held = read(self.host)
            found = self._for_us(difference(held))
            if not found:
                return
            first = [step for step in found if step.phase in ("remove", "add")]
            self._batch(first)
            self._sysctls(held)
            self._batch(self._for_us(difference(read(self.host))) if first else found)

    def _for_us(self, found: t.Iterable[Step]) -> list[Step]:
        """Differences without those of interfaces that the manager has to make itself, until it has."""
        found = list(found)
        missing = {step.name for step in found if step.phase == "add"} & self.left_to_it
        return [step for step in found if step.name not in missing or step.phase == "remove"]

    def _batch(self, found: t.Sequence[Step]) -> None:
        done = self.host.run(["ip", "-batch", "-"], data=script(found)) if found else None
        if done is not None and done.rc != 0:
            commands = script(found).splitlines()
            number = done.last_words.rpartition(":")[2].strip()
            at = commands[int(number) - 1] if number.isdigit() and 0 < int(number) <= len(commands) else "-batch"
            said = done.last_words.splitlines()[0] if done.last_words else f"exit {done.rc}"
            raise HostError(f"ip {at} failed: {said}")

    def _sysctls(self, held: Held) -> None:
        """A new interface is not set up by routers, and has IPv6 where it has such an address, whatever others have."""
        for one in self.present:
            if one.name not in held.links:
                _write_sysctl(self.host, one.name, "accept_ra")
            if one.needs_ipv6:
                _write_sysctl(self.host, one.name, "disable_ipv6")

    def _prove(
        self, difference: t.Callable[[Held], list[Step]], names: t.Sequence[str], *, repair: bool = False
    ) -> Held:
        """Wait until the manager has done with them, and see twice that they are as they shall be.

        :param repair: whether what the manager takes away is brought back
        """
        deadline, seen = time.monotonic() + self.timeout, 0
        while True:
            held = read(self.host)
            found = difference(held)
            settled = self.manager.is_settled(names)
            seen = seen + 1 if settled and not found else 0
            if seen > 1:
                return held
            if time.monotonic() > deadline:
                what = "; ".join(step.why for step in found) or f"{self.manager.name} has not come to an end with it"
                raise HostError(f"after {self.timeout:g} s the kernel holds something else: {what}")
            if repair:
                self._bring_about(difference)
            elif self.left_to_it:
                # networkd 252 waits with ports until it has seen a change of a bridge that was there before it.
                self._bring_about(lambda now: [step for step in difference(now) if step.name in self.left_to_it])
            time.sleep(0.3)

    def _put_back(self, written: t.Sequence[FileChange], owners: t.Sequence[str]) -> list[str]:
        left = []
        self.manager.leave(name for name in owners if name not in self.manager.made())
        for change in reversed(written):
            try:
                restore(self.host, change.before)
                _tidy(self.host, replace(change, after=change.before.content))
            except HostError as error:
                left.append(str(error))
        concerned = {name for one in self.interfaces for name in (one.name, *one.lowers)}
        concerned |= {*self.gone, *(port for name in owners for port in self.before[name].ports)}

        def difference(now: Held) -> list[Step]:
            new = sorted(name for name in self.ours if name in now.links and name not in self.held.links)
            return steps(now, as_it_was(self.held, now, sorted(concerned), self.ours), new)

        try:
            self._bring_about(difference)
            self.manager.take((name for name in owners if name in self.manager.made()), written)
            self._prove(difference, [name for name in concerned if name in self.held.links], repair=True)
        except (HostError, OSError) as error:
            left.append(str(error))
        return left


def _changes(host: Host, ours: t.Mapping[str, str], wanted: t.Mapping[str, str]) -> tuple[FileChange, ...]:
    found = []
    for path in sorted({*ours, *wanted}):
        state = replace(read_file(host, path), mode=0o644, uid=0, gid=0)
        found.append(FileChange(state, as_bytes(wanted[path]) if path in wanted else None))
    return tuple(change for change in found if change.changes)


def _tidy(host: Host, change: FileChange) -> None:
    """A folder of drop-ins that nothing is left in goes with its last file."""
    folder = os.path.dirname(change.path)
    if change.after is None and folder.endswith(".network.d"):
        with contextlib.suppress(OSError):
            os.rmdir(host.path(folder))


def _write_sysctl(host: Host, name: str, key: str) -> None:
    path = f"{_IPV6}/{name}/{key}"
    with contextlib.suppress(FileNotFoundError), open(host.path(path), "w", encoding="ascii") as file:
        file.write("0")
