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
from functools import cached_property

from ..host import peek
from ..host.errors import HostError
from ..host.machine import Host
from . import iptables, nftables
from .policy import FAMILIES, Family, Policy

Name = t.Literal["nftables", "iptables"]
Variant = t.Literal["nf_tables", "legacy"]
_PROGRAMS: dict[Family, str] = {"ip": "iptables", "ip6": "ip6tables"}
FOLDER = "/etc/slipway"
_SUFFIXES: dict[Variant, str] = {"nf_tables": "-nft", "legacy": "-legacy"}
_WAIT = "10"  # seconds for whoever holds the lock of iptables


@dataclass(frozen=True)
class Held:
    """What the kernel holds of ours.

    :param lines: for people and for comparing; None where nothing of ours is there
    :param rules: as the program has them, by its family
    """

    lines: tuple[str, ...] | None
    rules: t.Mapping[str, t.Any]


def rules_in(lines: t.Iterable[str]) -> int:
    """How many of the lines that are held are rules: nftables has tables and chains among them."""
    return sum(line.startswith('{"rule"') or not line.startswith("{") for line in lines)


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
    def works(self) -> str:
        """Empty where its program can read and change the kernel's rules, otherwise why not."""

    @property
    def is_idle(self) -> bool:
        """Whether the kernel has nothing at all of this kind, so that looking for ours would only make it so."""
        return False

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

    @cached_property
    def works(self) -> str:
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
    """The kernel has two sets of such tables, and a program for each; ``iptables`` is a link to one of them.

    :param variant: the set; None is the one that ``iptables``, and with it the engine, works on
    """

    name = "iptables"

    def __init__(self, host: Host, variant: Variant | None = None) -> None:
        super().__init__(host)
        self._asked = variant

    def _program(self, family: Family, verb: str = "") -> str:
        return f"{_PROGRAMS[family]}{_SUFFIXES[self._asked] if self._asked else ''}{verb}"

    @cached_property
    def variant(self) -> Variant:
        """The set of tables (before 1.8 there was only the older one, and no word of it)."""
        if self._asked or self.host.find_program("iptables") is None:
            return self._asked or "nf_tables"
        return "nf_tables" if "nf_tables" in self.host.run(["iptables", "--version"]).out else "legacy"

    @property
    def twin(self) -> Iptables:
        """The other set, where rules of ours or of the engine may be left since the link was changed."""
        return Iptables(self.host, "legacy" if self.variant == "nf_tables" else "nf_tables")

    @cached_property
    def families(self) -> tuple[Family, ...]:
        return tuple(
            family
            for family in FAMILIES
            if self.host.find_program(self._program(family, "-save")) and self.saved(family) is not None
        )

    def saved(self, family: Family) -> str | None:
        """The table as it is; None where the program does not work."""
        done = self.host.run([self._program(family, "-save"), "-t", "filter"])
        return done.out if done.rc == 0 else None

    @cached_property
    def works(self) -> str:
        if self.host.find_program(self._program("ip", "-restore")) is None:
            return f"program {self._program('ip')} is not installed"
        return "" if "ip" in self.families else f"{self._program('ip')} does not work here"

    @property
    def is_idle(self) -> bool:
        return self._lacks("filter")

    def _lacks(self, table: str) -> bool:
        """Reading a table of the older set makes one, after which the newer programs warn of it for ever."""
        names = ("/proc/net/ip_tables_names", "/proc/net/ip6_tables_names")
        return self.variant == "legacy" and not any(table in peek.text(self.host, one).split() for one in names)

    def translations(self, family: Family) -> str:
        """The table of translated addresses; empty where there is none."""
        program = self._program(family, "-save")
        if self._lacks("nat") or self.host.find_program(program) is None:
            return ""
        done = self.host.run([program, "-t", "nat"])
        return done.out if done.rc == 0 else ""

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
        return iptables.held(self.host.check([self._program(family, "-save"), "-t", "filter"]).out)

    def _command(self, family: Family) -> str:
        return f"{self._program(family, '-restore')} --noflush --wait {_WAIT}"

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
