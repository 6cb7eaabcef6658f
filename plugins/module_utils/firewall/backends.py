# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What the kernel holds of our rules, and how new ones take their place in one step, with either program."""

from __future__ import annotations

import abc
import json
import typing as t
from dataclasses import dataclass

from ..host.errors import HostError, InvalidInput
from ..host.machine import Host
from . import iptables, nftables
from .policy import FAMILIES, Family, Policy

Name = t.Literal["nftables", "iptables"]
_PROGRAMS: dict[Family, str] = {"ip": "iptables", "ip6": "ip6tables"}
FOLDER = "/etc/slipway"
_WAIT = "10"  # seconds for whoever holds the lock of iptables


@dataclass(frozen=True)
class Held:
    """What the kernel holds of ours.

    :param lines: for people and for comparing; None where nothing of ours is there
    :param rules: as the program has them, by its family
    """

    lines: tuple[str, ...] | None
    rules: t.Mapping[str, t.Any]


@dataclass(frozen=True)
class Loading:
    """What loads rules.

    :param files: by path
    :param commands: lines for a shell
    """

    files: dict[str, str]
    commands: tuple[str, ...]


class Backend(abc.ABC):
    """One way to the kernel's rules."""

    name: t.ClassVar[Name]

    def __init__(self, host: Host) -> None:
        self.host = host

    @property
    @abc.abstractmethod
    def usable(self) -> str:
        """Empty where it can be used, otherwise why not."""

    @abc.abstractmethod
    def held(self) -> Held:
        """:raises HostError: where the kernel does not say"""

    @abc.abstractmethod
    def wanted(self, policy: Policy | None) -> tuple[str, ...] | None:
        """The lines that a policy comes to; None takes everything of ours away."""

    @abc.abstractmethod
    def texts(self, policy: Policy | None) -> dict[str, str]:
        """What the program is fed with, by the command, so that the kernel's rules become a policy's."""

    @abc.abstractmethod
    def at_boot(self, policy: Policy) -> Loading:
        """What brings a policy about when the machine starts, and harms nothing later."""

    @abc.abstractmethod
    def texts_of(self, held: Held) -> dict[str, str]:
        """What the program is fed with, so that the kernel's rules become what was held before."""

    def apply(self, texts: t.Mapping[str, str]) -> None:
        """:raises HostError: where the program refuses"""
        for command, text in texts.items():
            done = self.host.run(command.split(" "), data=text)
            if done.rc != 0:
                raise HostError(f"{command} refuses the rules: {done.last_words}")


class Nftables(Backend):
    name = "nftables"
    _APPLY = "nft -j -f -"

    @property
    def usable(self) -> str:
        if self.host.find_program("nft") is None:
            return "program nft is not installed"
        done = self.host.run(["nft", "-j", "list", "tables"])
        return "" if done.rc == 0 else f"nft does not work here: {done.last_words}"

    def held(self) -> Held:
        done = self.host.run(["nft", "-j", "list", "table", "inet", nftables.TABLE])
        if done.rc != 0:
            if "No such file or directory" in done.err:
                return Held(None, {})
            raise HostError(f"nft does not list our table: {done.last_words}")
        objects = nftables.held(done.out)
        return Held(_lines(objects), {"inet": objects})

    def texts_of(self, held: Held) -> dict[str, str]:
        objects = held.rules.get("inet")
        return {self._APPLY: nftables.script(objects) if objects else nftables.removal()}

    def wanted(self, policy: Policy | None) -> tuple[str, ...] | None:
        return _lines(nftables.ruleset(policy)) if policy else None

    def texts(self, policy: Policy | None) -> dict[str, str]:
        return {self._APPLY: nftables.script(nftables.ruleset(policy)) if policy else nftables.removal()}

    def at_boot(self, policy: Policy) -> Loading:
        path = f"{FOLDER}/docker-firewall.nft.json"
        return Loading({path: nftables.script(nftables.ruleset(policy))}, (f"nft -j -f {path}",))


def _lines(objects: t.Sequence[t.Any]) -> tuple[str, ...]:
    """Objects as lines that differ where the objects do."""
    return tuple(json.dumps(one, sort_keys=True) for one in objects)


class Iptables(Backend):
    name = "iptables"

    @property
    def families(self) -> tuple[Family, ...]:
        return tuple(f for f in FAMILIES if self.host.find_program(f"{_PROGRAMS[f]}-save") and self._works(f))

    def _works(self, family: Family) -> bool:
        return self.host.run([f"{_PROGRAMS[family]}-save", "-t", "filter"]).rc == 0

    @property
    def usable(self) -> str:
        if self.host.find_program("iptables-restore") is None:
            return "program iptables is not installed"
        if "ip" not in self.families:
            return "iptables does not work here"
        return self._unheard() if "ip6" in self.families else ""

    def _unheard(self) -> str:
        """20.10 fills ip6tables without a DOCKER-USER, and puts its own rules above whatever else stands in FORWARD."""
        saved = self.host.check([f"{_PROGRAMS['ip6']}-save", "-t", "filter"]).out.splitlines()
        fills = any(line.startswith(":DOCKER ") for line in saved)
        asks = f"-A FORWARD -j {iptables.USER_CHAIN}" in saved
        return f"this engine fills ip6tables and has no {iptables.USER_CHAIN} there" if fills and not asks else ""

    def held(self) -> Held:
        lines: list[str] = []
        found: dict[str, t.Any] = {}
        there = False
        for family in self.families:
            rules, jumps, _user = self._held(family)
            found[family] = rules
            if rules is not None or jumps:
                there = True
                lines += self._shown(family, rules or [], jumps)
        return Held(tuple(lines) if there else None, found)

    def _held(self, family: Family) -> tuple[list[str] | None, list[int], bool]:
        return iptables.held(self.host.check([f"{_PROGRAMS[family]}-save", "-t", "filter"]).out)

    def _command(self, family: Family) -> str:
        return f"{_PROGRAMS[family]}-restore --noflush --wait {_WAIT}"

    def _shown(self, family: Family, rules: t.Sequence[str], jumps: t.Sequence[int]) -> list[str]:
        head = [f"{_PROGRAMS[family]} {iptables.USER_CHAIN} {at}: -j {iptables.CHAIN}" for at in jumps]
        return head + [f"{_PROGRAMS[family]} {rule}" for rule in rules]

    def wanted(self, policy: Policy | None) -> tuple[str, ...] | None:
        if policy is None:
            return None
        return tuple(
            line for family in self.families for line in self._shown(family, iptables.chain(policy, family), [1])
        )

    def at_boot(self, policy: Policy) -> Loading:
        files, commands = {}, []
        for family in self.families:
            path, program = f"{FOLDER}/docker-firewall.{_PROGRAMS[family]}", f"{_PROGRAMS[family]} --wait {_WAIT}"
            files[path] = iptables.at_boot(iptables.chain(policy, family))
            jump = f"{iptables.USER_CHAIN} -j {iptables.CHAIN}"
            commands += [
                f"{self._command(family)} < {path}",
                f"{program} -n -L {iptables.USER_CHAIN} > /dev/null 2>&1 || {program} -N {iptables.USER_CHAIN}",
                f"{program} -C {jump} 2> /dev/null || {program} -I {jump}",
            ]
        return Loading(files, tuple(commands))

    def texts(self, policy: Policy | None) -> dict[str, str]:
        return self._texts({family: iptables.chain(policy, family) if policy else None for family in self.families})

    def texts_of(self, held: Held) -> dict[str, str]:
        return self._texts(held.rules)

    def _texts(self, wanted: t.Mapping[str, list[str] | None]) -> dict[str, str]:
        found = {}
        for family in self.families:
            rules, jumps, user = self._held(family)
            if wanted.get(family) is not None or rules is not None:
                found[self._command(family)] = iptables.restore(wanted.get(family), user, jumps)
        return found


def choose(host: Host, asked: str, engines: str) -> tuple[Backend, str]:
    """The backend, and why it is this one.

    :param asked: by the user: ``auto`` or a name
    :param engines: firewall backend of the engine, empty where it is not known
    :raises InvalidInput: where none can be used
    """
    nft, ipt = Nftables(host), Iptables(host)
    if asked == "nftables":
        return _usable(nft, "it was asked for")
    if asked == "iptables":
        if engines == "nftables":
            raise InvalidInput(
                [f"backend iptables has no effect here: the engine uses nftables and has no {iptables.USER_CHAIN}"]
            )
        return _usable(ipt, "it was asked for")
    why_not = nft.usable
    if not why_not:
        return nft, "a table of our own outlives restarts of Docker and reloads of firewalld and ufw"
    if engines == "nftables":
        raise InvalidInput([f"the engine uses nftables, and {why_not}; install the package nftables"])
    return _usable(ipt, why_not)


def _usable(backend: Backend, why: str) -> tuple[Backend, str]:
    why_not = backend.usable
    if why_not:
        remedy = "install its package" if "not installed" in why_not else "take the other backend"
        raise InvalidInput([f"backend {backend.name} cannot be used: {why_not}; {remedy}"])
    return backend, why


def other(host: Host, backend: Backend) -> Backend:
    """The one that is not used, of which nothing may be left."""
    return Iptables(host) if backend.name == "nftables" else Nftables(host)
