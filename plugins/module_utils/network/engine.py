# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What the configuration of one engine says of addresses: the default bridge, the pools, and mistakes in them."""

from __future__ import annotations

import ipaddress
import re
import typing as t
from dataclasses import dataclass, replace

# Importing them makes their checks known.
from ..daemon.checks import network as bridge_checks
from ..daemon.checks import pools as pool_checks
from ..daemon.checks import shapes
from ..daemon.checks.base import REGISTRY, Check, Context
from ..daemon.checks.cidr import overlaps
from ..daemon.checks.pools import Pool
from ..daemon.default_bridge import DEFAULT_POOLS as DOCKERDS_POOLS
from ..daemon.version import Version, parse_version
from ..host.network import IPNetwork
from .blocks import DEFAULT, DOCKER0, ILLEGAL, POOL, UNREADABLE, Block, Interface, Problem, interface, wrong

VARIABLE = "engine_config"
POOLS = "default-address-pools"

# The keys that those checks look at.
_KEYS = frozenset(
    "bip bip6 bridge default-address-pools default-gateway default-gateway-v6 experimental fixed-cidr fixed-cidr-v6"
    " icc ip ip-masq ip6tables iptables ipv6 mtu".split()
)
DEFAULT_POOLS = tuple(Pool("", ipaddress.ip_network(one["base"]), one["size"], one["base"]) for one in DOCKERDS_POOLS)
_EPOCH = re.compile(r"\A\d+:")


@dataclass(frozen=True)
class Engine:
    """One engine.

    :param pools: that are declared and can be read
    :param knows_pools: whether they are all that it has; otherwise nothing can be said of what is left in them
    :param bridge_takes: versions of IP for which the default bridge takes a subnet from the pools
    """

    blocks: tuple[Block, ...]
    pools: tuple[Pool, ...]
    knows_pools: bool
    bridge_takes: frozenset[int]
    problems: tuple[Problem, ...]

    def pools_for(self, version: int) -> tuple[Pool, ...]:
        """Where subnets come from; dockerd's own pools where none is declared."""
        declared = tuple(pool for pool in self.pools if pool.network.version == version)
        return declared if declared or self.pools or version != 4 else DEFAULT_POOLS


def read_engine(host: str, config: t.Any, version: t.Any, routed: t.Sequence[IPNetwork]) -> Engine:
    """Read the variables of one host; what cannot be read is a problem, and left out."""
    problems: list[Problem] = []
    if config is not None and not isinstance(config, t.Mapping):
        problems.append(wrong(host, UNREADABLE, VARIABLE, "must be a map of keys of daemon.json", got=config))
    found = config if isinstance(config, t.Mapping) else {}
    document = {key: found[key] for key in found if key in _KEYS}
    context = Context(document, document, _version(version))
    problems += _mistakes(host, context)
    entries = document.get(POOLS) if isinstance(document.get(POOLS), list) else []
    pools = tuple(pool for index, entry in enumerate(entries or []) for pool in _pool(index, entry))
    blocks = [*_bridge(host, context), *_pool_blocks(host, pools)]
    takes = _bridge_takes(context)
    if 4 in takes and not entries:
        blocks += _default(host, routed)
    knows = len(pools) == len(entries or []) and isinstance(document.get(POOLS, []), list)
    return Engine(tuple(blocks), pools, knows, takes, tuple(problems))


def _version(text: t.Any) -> Version | None:
    """The version of a package, as it is asked for: ``5:28.5.*`` is 28.5."""
    return parse_version(_EPOCH.sub("", text)) if isinstance(text, str) else None


def _mistakes(host: str, context: Context) -> t.Iterator[Problem]:
    """What the checks of the daemon module say, as far as they need no host."""
    told = []
    for check in _checks():
        for found in check.look(context) if check.applies(context) else ():
            if found not in told:
                told.append(found)
                what = UNREADABLE if check.look is shapes.wrong_types else ILLEGAL
                message = replace(found, remedy="").sentence(f"{VARIABLE}.")
                yield Problem((host,), what, f"{VARIABLE}.{found.key}", message, found.remedy)


def _checks() -> list[Check]:
    """Those that say how much is left in the pools are left out, as the networks are known here."""
    modules = (bridge_checks.__name__, pool_checks.__name__)
    without = (pool_checks.pools_with_few_networks,)
    listed = [check for check in REGISTRY if check.look.__module__ in modules and check.look not in without]
    return [check for check in REGISTRY if check.look is shapes.wrong_types] + listed


def _pool(index: int, entry: t.Any) -> t.Iterator[Pool]:
    """One pool, where it can be read."""
    if not isinstance(entry, dict):
        return
    base, size = str(shapes.member(entry, "base")), shapes.member(entry, "size")
    found: Interface | None = interface(base)
    if found is not None and isinstance(size, int) and found.network.prefixlen <= size <= found.network.max_prefixlen:
        yield Pool(f"{POOLS}[{index}]", found.network, size, base)


def _pool_blocks(host: str, pools: t.Sequence[Pool]) -> list[Block]:
    return [Block(host, POOL, pool.network, "pool", f"{VARIABLE}.{pool.path}.base") for pool in pools]


def _bridge(host: str, context: Context) -> t.Iterator[Block]:
    """The networks of the default bridge; for each version of IP the larger of those that are declared."""
    for keys, version in ((("bip", "fixed-cidr"), 4), (("bip6", "fixed-cidr-v6"), 6)):
        if version == 6 and not context.is_on("ipv6"):
            continue
        for key in keys:
            found: Interface | None = interface(context.text(key))
            if found is not None and found.version == version and not (key == keys[0] and context.text("bridge")):
                yield Block(host, DOCKER0, found.network, key, f"{VARIABLE}.{key}")
                break


def _bridge_takes(context: Context) -> frozenset[int]:
    """A bridge with another name has addresses already."""
    if context.text("bridge"):
        return frozenset()
    four = [] if context.text("bip") or context.text("fixed-cidr") else [4]
    six = context.is_on("ipv6") and not context.text("bip6") and not context.text("fixed-cidr-v6")
    return frozenset([*four, *([6] if six else [])])


def _default(host: str, routed: t.Sequence[IPNetwork]) -> t.Iterator[Block]:
    """What docker0 gets by default: the first of dockerd's own that the host does not reach already."""
    for pool in DEFAULT_POOLS:
        for network in pool.network.subnets(new_prefix=pool.size):
            if not any(overlaps(network, other) for other in routed):
                yield Block(host, DEFAULT, network, "docker0, by default", f"{VARIABLE}.bip")
                return
