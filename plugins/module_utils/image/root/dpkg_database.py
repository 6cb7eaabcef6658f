# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""dpkg's database of a root filesystem, written as dpkg itself would have it after unpacking."""

from __future__ import annotations

import os
import typing as t

from ..apt.packages import field, stanzas
from .deb_file import Control
from .tree_writer import Tree, Unpacked

ADMIN = "/var/lib/dpkg"
INSTALLING = f"{ADMIN}/tmp.ci"


class Package(t.NamedTuple):
    """An unpacked package: its control files, and what came out of it."""

    control: dict[str, Control]
    unpacked: Unpacked

    @property
    def stanza(self) -> str:
        return os.fsdecode(self.control["control"].content).strip("\n")

    @property
    def name(self) -> str:
        return field(self.stanza, "Package")

    @property
    def unique_name(self) -> str:
        """The name by which dpkg keeps it: with the architecture where another one could be installed beside it."""
        same = field(self.stanza, "Multi-Arch") == "same"
        return f"{self.name}:{field(self.stanza, 'Architecture')}" if same else self.name

    @property
    def conffiles(self) -> list[list[str]]:
        """Lines of the list, in words: an optional flag and a path."""
        listed = self.control.get("conffiles")
        return [line.split() for line in os.fsdecode(listed.content).splitlines() if line.strip()] if listed else []

    def triggers(self) -> list[tuple[str, str]]:
        """Directives and names."""
        listed = self.control.get("triggers")
        lines = os.fsdecode(listed.content).splitlines() if listed else []
        words = [line.partition("#")[0].split() for line in lines]
        return [(pair[0], pair[1]) for pair in words if len(pair) == 2]


class Database:
    """The files below /var/lib/dpkg."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    def prepare(self, architecture: str, dummy: str = "") -> None:
        """An empty one.

        :param dummy: a package that counts as installed without being there
        """
        for name in ("alternatives", "info", "triggers", "updates"):
            os.makedirs(self._path(name), exist_ok=True)
        self.write("status", dummy)
        self.write("arch", f"{architecture}\n")
        self.write("info/format", "1\n")

    def _path(self, name: str) -> str:
        return f"{self._tree.directory(ADMIN)}/{name}"

    def write(self, name: str, text: str, mode: int = 0o644, mtime: int | None = None) -> None:
        """One file, which is new each time: no link is followed."""
        path = self._path(name)
        part = f"{path}.part"
        with open(part, "wb") as file:
            file.write(os.fsencode(text))
        os.chmod(part, mode)
        if mtime is not None:
            os.utime(part, (mtime, mtime))
        os.replace(part, path)

    def read(self, name: str) -> list[str]:
        """Lines of a file, none where it is not there."""
        try:
            with open(self._path(name), "rb") as file:
                return os.fsdecode(file.read()).splitlines()
        except FileNotFoundError:
            return []

    def diversions(self, package: str) -> dict[str, str]:
        """Where other packages have put paths of this one."""
        lines = self.read("diversions")
        triples = [lines[start : start + 3] for start in range(0, len(lines) - 2, 3)]
        return {source: target for source, target, owner in triples if owner != package}

    def overrides(self, users: t.Mapping[str, int], groups: t.Mapping[str, int]) -> dict[str, tuple[int, int, int]]:
        """Owners and modes that were set instead of those packages have."""
        found = {}
        for line in self.read("statoverride"):
            user, group, mode, path = line.split(" ", 3)
            found[path] = (_number(user, users), _number(group, groups), int(mode, 8))
        return found

    def add(self, packages: t.Sequence[Package], replaced: str = "") -> None:
        """Register packages as unpacked.

        :param replaced: the version of a package by this name that stood for it until now
        """
        for package in packages:
            self._add_info(package)
        names = {package.name for package in packages}
        kept = [one for one in stanzas("\n".join(self.read("status"))) if field(one, "Package") not in names]
        self.write("status", "".join(f"{one}\n\n" for one in (*kept, *(_status(each, replaced) for each in packages))))
        self._add_triggers(packages)

    def _add_info(self, package: Package) -> None:
        for name, control in package.control.items():
            if name != "control":
                text = os.fsdecode(control.content)
                self.write(f"info/{package.unique_name}.{name}", text, control.mode, control.mtime)
        self.write(f"info/{package.unique_name}.list", "".join(f"{path}\n" for path in package.unpacked.paths))
        if "md5sums" not in package.control:  # dpkg makes those itself then, without configuration files
            configuration = {words[-1] for words in package.conffiles}
            sums = {path: one for path, one in package.unpacked.sums.items() if path not in configuration}
            lines = [f"{one}  {path[1:]}\n" for path, one in sums.items()]
            self.write(f"info/{package.unique_name}.md5sums", "".join(lines))

    def _add_triggers(self, packages: t.Sequence[Package]) -> None:
        """Note who wants to know of what, and what has happened; dpkg does the rest when it runs next."""
        files = self.read("triggers/File")
        happened: dict[str, dict[str, None]] = {}
        for line in self.read("triggers/Unincorp"):
            name, *awaiting = line.split()
            happened.setdefault(name, {}).update(dict.fromkeys(awaiting))
        for package in packages:
            for directive, name in package.triggers():
                noawait = directive.endswith("-noawait")
                if directive.startswith("interest"):
                    who = package.unique_name + ("/noawait" if noawait else "")
                    if name.startswith("/"):
                        files.append(f"{name} {who}")
                    else:
                        self.write(
                            f"triggers/{name}", "".join(f"{line}\n" for line in (*self.read(f"triggers/{name}"), who))
                        )
                elif directive.startswith("activate"):
                    happened.setdefault(name, {})["-" if noawait else package.unique_name] = None
        self.write("triggers/File", "".join(f"{line}\n" for line in files))
        wanted = [line.split(" ", 1) for line in files]
        for package in packages:
            for path, who in wanted:
                if any(one == path or one.startswith(f"{path}/") for one in package.unpacked.paths):
                    happened.setdefault(path, {})["-" if who.endswith("/noawait") else package.unique_name] = None
        self.write("triggers/Unincorp", "".join(f"{name} {' '.join(who)}\n" for name, who in happened.items()))


def _status(package: Package, replaced: str) -> str:
    lines = [package.stanza, "Status: install ok unpacked"]
    lines += [f"Config-Version: {replaced}"] if replaced else []
    conffiles = []
    for words in package.conffiles:
        flag = " remove-on-upgrade" if len(words) > 1 else ""
        conffiles.append(f" {words[-1]} {package.unpacked.sums.get(words[-1], 'newconffile')}{flag}")
    return "\n".join([*lines, *(["Conffiles:", *conffiles] if conffiles else [])])


def _number(name: str, known: t.Mapping[str, int]) -> int:
    return int(name[1:]) if name.startswith("#") else known[name]
