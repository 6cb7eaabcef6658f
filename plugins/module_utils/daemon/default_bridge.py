# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The default bridge, docker0: what a change of its keys takes, and whether the bridge has followed.

A daemon that finds docker0, or remembers it, goes on with its address where no bip says otherwise; to delete the link
while the daemon is stopped changes nothing, as it is made again from the daemon's own store (seen on 20.10.24 and
26.1.5). Only with ``default-address-pools``, and without live-restore, dockerd deletes docker0 itself and chooses anew.
So a daemon is started once with the pools that it has by default anyway; they leave the file when it runs.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ..host.machine import Host
from ..host.network import read_address_of
from .arguments import Flag
from .checks.cidr import interface
from .document import Document
from .effective import flag_value
from .semantics import same

DOCKER0 = "docker0"
POOLS = "default-address-pools"
RESTORE = "live-restore"

# A daemon that finds running containers when it starts leaves the default bridge as it is (initNetworkController).
KEYS = tuple(
    "bip bip6 bridge default-gateway default-gateway-v6 fixed-cidr fixed-cidr-v6 icc ip ip-masq ipv6 mtu".split()
)
# What dockerd chooses from where nobody says anything (libnetwork/ipamutils, 20.10 to 29).
DEFAULT_POOLS: list[Document] = [
    *({"base": f"172.{number}.0.0/16", "size": 16} for number in range(17, 32)),
    {"base": "192.168.0.0/16", "size": 20},
]


@dataclass(frozen=True)
class BridgeChange:
    """What a plan does to the default bridge.

    :param keys: those that change and that a daemon heeds only when it starts without running containers
    :param rebuilds: whether docker0 has to be made anew, as the daemon would go on with the address that it has
    :param kept: whether live-restore is in force, so that containers run on
    :param address: that docker0 must have afterwards, empty where dockerd chooses
    :param left: that it must not have any longer, empty where any will do
    """

    keys: tuple[str, ...] = ()
    rebuilds: bool = False
    kept: bool = False
    address: str = ""
    left: str = ""

    @property
    def moves(self) -> bool:
        """Whether the bridge's address changes, or may."""
        return self.rebuilds or "bip" in self.keys


def settings(document: Document, flags: t.Iterable[Flag]) -> Document:
    """The keys of the bridge as file and command line together set them."""
    names = {*KEYS, POOLS, RESTORE}
    by_key: dict[str, list[Flag]] = {}
    for flag in flags:
        if flag.key in names:
            by_key.setdefault(flag.key, []).append(flag)
    said = {key: flag_value(found) for key, found in by_key.items()}
    return {**said, **{key: document[key] for key in names if key in document}}


def left_over(recorded: str, now: str, wanted: Document) -> bool:
    """Whether docker0 still has what a bip of ours had given it, though nothing says so any more.

    :param recorded: the address that our bip gave it
    :param now: the address that it has
    :param wanted: the settings as they shall be
    """
    return bool(recorded) and recorded == now and not wanted.get("bip") and not wanted.get("bridge")


def change(before: Document | None, after: Document, left: str = "") -> BridgeChange:
    """What becomes of the bridge.

    :param before: settings that the running daemon has loaded; None where that is not known, or none runs
    :param after: settings as they shall be
    :param left: the address that docker0 still has from an earlier bip
    """
    had = before or {}
    keys = tuple(key for key in KEYS if before is not None and not same(key, had.get(key), after.get(key)))
    bip = after.get("bip") if isinstance(after.get("bip"), str) and not after.get("bridge") else ""
    dockerd_chooses = not bip and not after.get("bridge")
    pools_change = before is not None and not same(POOLS, had.get(POOLS) or [], after.get(POOLS) or [])
    leaves = left or (str(had.get("bip") or "") if not had.get("bridge") else "")
    return BridgeChange(
        keys,
        rebuilds=dockerd_chooses and bool(leaves or pools_change),
        kept=bool(had.get(RESTORE)),
        address=str(bip),
        left=leaves if dockerd_chooses else "",
    )


def address_of(host: Host) -> str:
    """docker0's IPv4 address with the length of its network; empty where it has none, or nobody says."""
    found = read_address_of(host, DOCKER0)
    return str(found) if found else ""


def contradiction(bridge: BridgeChange, now: str) -> str:
    """Why docker0 is not as it should be after a start; empty where it is, or is not there to be looked at."""
    wanted = interface(bridge.address) if bridge.address and bridge.moves else None
    if now and wanted is not None and interface(now) != wanted:
        return f"{DOCKER0} has {now}, and bip says {bridge.address}"
    if now and bridge.rebuilds and now == bridge.left:
        return f"{DOCKER0} still has {now}, which bip said before"
    return ""
