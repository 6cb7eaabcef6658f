# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""systemd-networkd on this host: its files, what it says of interfaces, and telling it of new ones."""

from __future__ import annotations

import json
import os
import time
import typing as t

from ..host import systemd
from ..host.errors import HostError
from ..host.files import FileChange, as_text, read_file
from ..host.machine import Host
from . import networkd
from .declare import Interface
from .kernel import Held, Link
from .on_ifupdown import read_stanzas
from .owned import Texts, owner_of
from .steps import Before

UNIT = "systemd-networkd.service"


class Networkd:
    """Interfaces kept by systemd-networkd."""

    name = "networkd"

    def __init__(self, host: Host, reason: str, running: bool) -> None:
        self.host, self.reason, self.running = host, reason, running
        self.paths = _network_files(host)
        found = {path: as_text(read_file(host, path).content) for path in _candidates(host)}
        self.ours: Texts = {path: content for path, content in found.items() if owner_of(content)}
        self.strangers = frozenset(found) - frozenset(self.ours)
        self.since = time.time()
        self._said: dict[str, dict[str, t.Any]] | None = None

    def made(self) -> dict[str, str]:
        return networkd.made(self.ours)

    def before(self, name: str) -> Before:
        return networkd.before(name, self.ours)

    def files(self, interfaces: t.Sequence[Interface], held: Held) -> dict[str, str]:
        touched = {one.owner for one in interfaces}
        wanted = {
            path: content
            for path, content in self.ours.items()
            if (owner_of(content) or ("",))[0] not in touched and not networkd.is_for_lowers(content)
        }
        present = [one for one in interfaces if one.present]
        ours = {os.path.basename(path): content for path, content in wanted.items()}
        ours.update({networkd.network_file(one.name): _match(one.name) for one in present})
        ours.update({networkd.network_file(port): _match(port) for one in present for port in one.ports})
        for one in present:
            lowers = {lower: self._file_of(held.links.get(lower, Link(lower)), ours) or "" for lower in one.lowers}
            wanted.update(networkd.texts(one, lowers))
        return networkd.with_lowers(wanted)

    def problems(self, interfaces: t.Sequence[Interface], held: Held, wanted: Texts) -> list[str]:
        found = [f"{path} is not of this module; move it away" for path in sorted(self.strangers & set(wanted))]
        stanzas = read_stanzas(self.host)
        for one in (each for each in interfaces if each.present):
            ours = {networkd.network_file(name): _match(name) for name in (one.name, *one.ports)}
            for name in (one.name, *one.ports):
                file = self._file_of(held.links.get(name, Link(name, one.kind if name == one.name else "")), ours)
                if file is not None and file not in ours:
                    found.append(f"{one.name}: {self._other(name, self.paths[file])}")
            found += [
                f"{one.name}: {stanzas[name]} sets {name} up; take it out there, as both would"
                for name in (one.name, *one.ports)
                if name in stanzas
            ]
            parent = held.links.get(one.parent)
            if parent and parent.own and self._file_of(parent, {}) is None and one.parent not in self.made():
                found.append(
                    f"{one.name}: its parent {one.parent} has addresses, and no .network file applies to it; write one "
                    f"with them, such as {networkd.FOLDER}/20-{one.parent}.network, as {one.name} needs a line there"
                )
        return found

    def _other(self, name: str, path: str) -> str:
        if "-netplan-" in path:
            return f"{path}, which netplan wrote, applies to {name} before ours can; take {name} out of netplan's files"
        return f"{path} applies to {name}, and no second file can; take {name} out of its [Match], or remove it"

    def _file_of(self, link: Link, ours: Texts) -> str | None:
        files = {
            name: as_text(read_file(self.host, path).content)
            for name, path in self.paths.items()
            if path not in self.ours
        }
        in_force = os.path.basename(str(self._links().get(link.name, {}).get("NetworkFile") or ""))
        return networkd.applies({**files, **ours}, link, in_force if in_force in files else "")

    def _links(self, fresh: bool = False) -> dict[str, dict[str, t.Any]]:
        """What networkd says of each interface; nothing where it does not run, or is older than 250."""
        if self._said is None or fresh:
            done = self.host.run(["networkctl", "--json=short", "list"]) if self.running else None
            try:
                found = json.loads(done.out)["Interfaces"] if done and done.rc == 0 else []
                self._said = {str(one["Name"]): one for one in found}
            except (ValueError, KeyError, TypeError):
                self._said = {}
        return self._said

    def makes(self, changes: t.Sequence[FileChange]) -> frozenset[str]:
        """VLANs and the like that it does not know yet.

        One that is there already when it reads its file makes it give up on the interface below ("Failed to create
        netdev: File exists", systemd 257). A bridge does not, and neither does what it has made once itself. What it
        knows it does not make anew when the file changes (systemd 252).
        """
        come_or_go = [change for change in changes if not change.before.exists or change.after is None]
        texts = {change.path: as_text(change.after or change.before.content) for change in come_or_go}
        return networkd.stacked(texts) if self.running else frozenset()

    def leave(self, names: t.Iterable[str]) -> None:
        """It gives up by itself what has no file any more."""

    def take(self, names: t.Iterable[str], changes: t.Sequence[FileChange]) -> None:
        if self.running and changes:
            self.host.check(["networkctl", "reload"])

    def is_settled(self, names: t.Sequence[str]) -> bool:
        """Whether nothing is under way. What it could not set up is an error of its own.

        :raises HostError: where it has given up
        """
        links = self._links(fresh=True)
        states = {name: str(links[name].get("AdministrativeState") or "") for name in names if name in links}
        failed = [name for name, state in states.items() if state == "failed"]
        if failed:
            said = systemd.journal(self.host, UNIT, self.since)
            about = [line for line in said if any(line.startswith(f"{name}:") for name in names)]
            last = "; ".join(list(dict.fromkeys(about))[-3:])
            raise HostError(f"{UNIT} could not set up {', '.join(failed)}: {last}")
        return not any(state in ("pending", "configuring") for state in states.values())


def _match(name: str) -> str:
    return f"[Match]\nName={name}\n"


def _network_files(host: Host) -> dict[str, str]:
    """Every .network file by its name; the first folder that has one counts."""
    found: dict[str, str] = {}
    for folder in networkd.FOLDERS:
        for name in _names(host, folder):
            if name.endswith(".network"):
                found.setdefault(name, f"{folder}/{name}")
    # A link to /dev/null hides a file and says nothing.
    return {name: path for name, path in found.items() if os.path.isfile(host.path(path))}


def _candidates(host: Host) -> list[str]:
    """Where our files lie, if they do."""
    prefix = networkd.network_file("")[: -len(".network")]
    folders = [
        networkd.FOLDER,
        *(f"{networkd.FOLDER}/{one}" for one in _names(host, networkd.FOLDER) if one.endswith(".network.d")),
    ]
    return [
        f"{folder}/{name}"
        for folder in folders
        for name in _names(host, folder)
        if name.startswith(prefix) and os.path.isfile(host.path(f"{folder}/{name}"))
    ]


def _names(host: Host, folder: str) -> list[str]:
    try:
        return sorted(os.listdir(host.path(folder)))
    except OSError:
        return []
