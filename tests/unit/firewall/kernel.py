# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host whose programs act on rules in memory: as much of nft, iptables and init systems as the module uses."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Completed, Host
from unit.trees import Tree

NAME = "slipway-docker-firewall"
EMPTY = [":INPUT ACCEPT", ":FORWARD ACCEPT", ":OUTPUT ACCEPT"]
DOCKER = [*EMPTY, ":DOCKER -", ":DOCKER-USER -", "-A FORWARD -j DOCKER-USER", "-A DOCKER-USER -j RETURN"]


@dataclass
class Kernel:
    """The runner of such a host.

    :ivar nft: objects of our table
    :ivar tables: table ``filter`` by program
    :ivar link: what ``iptables`` and ``ip6tables`` are
    :ivar broken: programs that fail
    :ivar root: where links of init systems lie
    :ivar asked: all commands
    """

    nft: list[t.Any] = field(default_factory=list)
    tables: dict[str, list[str]] = field(default_factory=dict)
    link: str = "nft"
    broken: set[str] = field(default_factory=set)
    root: Path = Path("/nowhere")
    asked: list[str] = field(default_factory=list)

    def __call__(
        self, argv: Sequence[str], *, data: str | None = None, env: Mapping[str, str] | None = None
    ) -> Completed:
        self.asked.append(" ".join(argv))
        if argv[0] in self.broken:
            return Completed(tuple(argv), 1, "", f"{argv[0]} is broken")
        rc, out, err = self._answer(list(argv), data or "")
        return Completed(tuple(argv), rc, out, err)

    def _answer(self, argv: list[str], data: str) -> tuple[int, str, str]:
        if argv[0] == "nft":
            return self._nft(argv[2:], data)
        if argv == ["iptables", "--version"]:
            return 0, f"iptables v1.8.9 ({'nf_tables' if self.link == 'nft' else 'legacy'})\n", ""
        if argv[0].endswith(("-save", "-restore")):
            return self._iptables(argv[0], data)
        if argv[0] == "update-rc.d":
            return self._link(f"etc/rc2.d/S01{NAME}", argv[-1] == "defaults")
        if argv[0] == "rc-update":
            return self._link(f"etc/runlevels/default/{NAME}", argv[1] == "add")
        return 0, "", ""

    def _link(self, path: str, comes: bool) -> tuple[int, str, str]:
        link = self.root / path
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        if comes:
            link.symlink_to(f"/etc/init.d/{NAME}")
        return 0, "", ""

    @property
    def starts(self) -> list[str]:
        """What the init system starts."""
        return sorted(path.name for path in self.root.glob(f"etc/*/**/*{NAME}") if path.is_symlink())

    def _nft(self, words: list[str], data: str) -> tuple[int, str, str]:
        if words == ["-f", "-"]:
            steps = json.loads(data)["nftables"]
            self.nft = [step["add"] for step in steps[2:]]
        elif words[:2] == ["list", "table"] and not self.nft:
            return 1, "", "Error: No such file or directory"
        return 0, json.dumps({"nftables": self.nft}), ""

    def _iptables(self, program: str, data: str) -> tuple[int, str, str]:
        name, _dash, verb = program.rpartition("-")
        table = self.tables.setdefault(name if "-" in name else f"{name}-{self.link}", list(EMPTY))
        if verb == "restore":
            for line in data.splitlines()[1:-1]:
                _apply(table, line)
        return 0, "\n".join(["*filter", *(f"{one} [0:0]" if one[0] == ":" else one for one in table), "COMMIT"]), ""


def _apply(table: list[str], line: str) -> None:
    option, _blank, rest = line.partition(" ")
    chain = rest.partition(" ")[0]
    mine = [one for one in table if one.startswith(f"-A {chain} ")]
    if option.startswith(":"):
        _apply(table, f"-F {option[1:]}")
        table[:] = [*[one for one in table if not one.startswith(f"{option} ")], f"{option} -"]
    elif option == "-A":
        table.append(line)
    elif option == "-I":
        at = table.index(mine[0]) if mine else len(table)
        table.insert(at, f"-A {chain} {rest.split(' ', 2)[2]}")
    elif option == "-D":
        table.remove(f"-A {rest}")
    elif option == "-F":
        table[:] = [one for one in table if one not in mine]
    elif option == "-X":
        table[:] = [one for one in table if not one.startswith(f":{chain} ")]


def has(tree: Tree, *programs: str) -> None:
    """Put programs on a host."""
    for name in programs:
        tree.write(f"/usr/sbin/{name}", "")
        tree.at(f"/usr/sbin/{name}").chmod(0o755)


def iptables(tree: Tree, *, suffix: str = "") -> None:
    has(tree, *(f"{name}{suffix}{verb}" for name in ("iptables", "ip6tables") for verb in ("", "-save", "-restore")))


def host(tree: Tree, kernel: Kernel) -> Host:
    kernel.root = tree.root
    return Host(kernel, str(tree.root))
