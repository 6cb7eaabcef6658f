# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What keeps interfaces on this host, and what both of them have in common."""

from __future__ import annotations

import typing as t

from ..host import systemd
from ..host.errors import InvalidInput
from ..host.files import FileChange
from ..host.machine import Host
from .declare import Interface
from .ifupdown import MAIN
from .kernel import Held
from .on_ifupdown import Ifupdown
from .on_networkd import UNIT, Networkd
from .owned import Texts
from .steps import Before

_NETWORK_MANAGER = "NetworkManager.service"
_NETWORKING = "networking.service"


class Manager(t.Protocol):
    """Keeps interfaces over a reboot."""

    name: str
    reason: str
    ours: Texts

    def made(self) -> dict[str, str]:
        """The interfaces that our files make, with the declared one that each stands there for."""

    def before(self, name: str) -> Before:
        """What our files give to an interface."""

    def files(self, interfaces: t.Sequence[Interface], held: Held) -> dict[str, str]:
        """All of our files as they shall be."""

    def problems(self, interfaces: t.Sequence[Interface], held: Held, wanted: Texts) -> list[str]:
        """What its own configuration has against a declaration."""

    def makes(self, changes: t.Sequence[FileChange]) -> frozenset[str]:
        """Interfaces that it has to make itself when these files change."""

    def leave(self, names: t.Iterable[str]) -> None:
        """Give interfaces up whose files are about to go."""

    def take(self, names: t.Iterable[str], changes: t.Sequence[FileChange]) -> None:
        """Make it go by files that have changed."""

    def is_settled(self, names: t.Sequence[str]) -> bool:
        """Whether it has done with interfaces what it was going to do."""


def choose(host: Host, wanted: str) -> Manager:
    """What the host's network is kept by, and why.

    :raises InvalidInput: where it is kept by something else
    """
    units = systemd.status(host, UNIT, _NETWORKING, _NETWORK_MANAGER) if systemd.is_running(host) else {}

    def used(unit: str) -> str:
        status = units.get(unit)
        running = "runs" if status and status.is_running else ""
        return running or ("is enabled" if status and status.enabled.startswith("enabled") else "")

    ifup = host.find_program("ifup") and host.exists(MAIN)
    if wanted == "networkd" or (wanted == "auto" and used(UNIT)):
        if not used(UNIT):
            raise InvalidInput([f"{UNIT} neither runs nor is enabled; enable and start it, or choose another manager"])
        beside = (
            ", and netplan's files lie beside ours"
            if host.exists("/run/systemd/network") and host.find_program("netplan")
            else ""
        )
        return Networkd(host, f"{UNIT} {used(UNIT)}{beside}", units[UNIT].is_running)
    if wanted == "ifupdown" or (wanted == "auto" and ifup):
        if not ifup:
            raise InvalidInput(
                [f"program ifup or {MAIN} is not there; install package ifupdown, or choose another manager"]
            )
        more = f", and {_NETWORKING} {used(_NETWORKING)}" if used(_NETWORKING) else ""
        return Ifupdown(host, f"program ifup and {MAIN} are there{more}")
    raise InvalidInput([_kept_by(["NetworkManager"] if used(_NETWORK_MANAGER) else [], host)])


def kept_elsewhere(host: Host, manager: Manager) -> dict[str, str]:
    """Interfaces that files of ours make for the manager that was not chosen, with that one's name."""
    others: tuple[Manager, ...] = (Networkd(host, "", False), Ifupdown(host, ""))
    return {name: other.name for other in others if other.name != manager.name for name in other.made()}


def _kept_by(by: list[str], host: Host) -> str:
    by += ["netplan"] if host.find_program("netplan") else []
    return (
        f"this host's network is kept by {' and '.join(by) or 'nothing that is known'}, and this module writes files "
        "of systemd-networkd and ifupdown only; make the interface with that, or enable systemd-networkd beside it, "
        "which leaves alone what has no .network file"
    )
