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
from ..host.peek import entries
from .arguments import Flag
from .checks.cidr import interface, within
from .document import Document
from .effective import flag_values
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
    :param left: the address that docker0 must not have any longer, and that the daemon would go on with
    :param address: that docker0 must have afterwards, empty where dockerd chooses
    :param pools: what dockerd chooses from then
    :param kept: whether live-restore is in force, so that containers run on
    :param moves: whether docker0's address changes, or may
    """

    keys: tuple[str, ...] = ()
    left: str = ""
    address: str = ""
    pools: t.Sequence[t.Any] = ()
    kept: bool = False
    moves: bool = False

    @property
    def rebuilds(self) -> bool:
        """Whether docker0 has to be made anew."""
        return bool(self.left)


def settings(document: Document, flags: t.Iterable[Flag]) -> Document:
    """The keys of the bridge as file and command line together set them."""
    names = {*KEYS, POOLS, RESTORE}
    said = flag_values(flag for flag in flags if flag.key in names)
    return {**said, **{key: document[key] for key in names if key in document}}


def change(before: Document | None, after: Document, now: str, recorded: str = "", kept: bool = False) -> BridgeChange:
    """What becomes of the bridge.

    :param before: settings that the running daemon has loaded; None where that is not known, or none runs
    :param after: settings as they shall be
    :param now: docker0's address, empty where nobody says
    :param recorded: the address that a bip of ours gave it
    :param kept: whether live-restore is in force in the running daemon
    """
    had = before or {}
    bip = str(after.get("bip") or "") if not after.get("bridge") else ""
    keys = [key for key in KEYS if before is not None and not same(key, had.get(key), after.get(key))]
    if bip and now and ("bip" in keys) != (interface(bip) != interface(now)):
        keys = [key for key in keys if key != "bip"] if "bip" in keys else ["bip", *keys]
    pools = after.get(POOLS) or DEFAULT_POOLS
    chooses = not bip and not after.get("bridge")
    left = _left(had, after, now, recorded) if chooses else ""
    if chooses and now and not left:
        keys = [key for key in keys if key != "bip"]  # it keeps what it has
    return BridgeChange(
        tuple(keys),
        left=left,
        address=bip,
        pools=pools,
        kept=kept,
        moves="bip" in keys or (before is not None and not same(POOLS, had.get(POOLS) or [], after.get(POOLS) or [])),
    )


def _left(had: Document, after: Document, now: str, recorded: str) -> str:
    """The address that docker0 has from a bip, or from pools, that are no longer; empty where it may keep it."""
    given = str(had.get("bip") or "") if not had.get("bridge") else ""
    if not now:
        return given  # nobody says what it has: as if it had what it was given
    if chosen(now, after.get(POOLS) or DEFAULT_POOLS):
        return ""
    from_pools = bool(had.get(POOLS)) and chosen(now, had.get(POOLS) or ())
    return now if from_pools or now == recorded or (given and interface(given) == interface(now)) else ""


def chosen(address: str, pools: t.Sequence[t.Any]) -> bool:
    """Whether dockerd may have chosen an address from pools: the first of one of their subnets."""
    found = interface(address)
    if found is None or found.ip != next(found.network.hosts(), None):
        return False
    for pool in pools:
        said = {str(key).lower(): value for key, value in pool.items()} if isinstance(pool, dict) else {}
        base = interface(str(said.get("base")))
        if base and found.network.prefixlen == said.get("size") and within(found.network, base.network):
            return True
    return False


def address_of(host: Host) -> str:
    """docker0's IPv4 address with the length of its network; empty where it has none, or nobody says."""
    found = read_address_of(host, DOCKER0)
    return str(found) if found else ""


def ports_of(host: Host) -> tuple[str, ...]:
    """What hangs on docker0."""
    return tuple(sorted(entries(host, f"/sys/class/net/{DOCKER0}/brif")))


def has(now: str, address: str) -> bool:
    """Whether two texts are the same address."""
    return interface(now) == interface(address)


def contradiction(bridge: BridgeChange, now: str) -> str:
    """Why docker0 is not as it should be after a start; empty where it is, or is not there to be looked at."""
    if now and bridge.address and not has(now, bridge.address):
        return f"{DOCKER0} has {now}, and bip says {bridge.address}"
    if now and now == bridge.left and not chosen(now, bridge.pools):
        return f"{DOCKER0} still has {now}, which nothing asks for any longer"
    return ""
