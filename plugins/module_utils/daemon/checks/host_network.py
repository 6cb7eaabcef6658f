# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The default bridge on this host: interfaces, addresses and routes that are there, and the firewall's programs."""

from __future__ import annotations

import re
import typing as t

from .base import Context, Problem, refuses, warns
from .cidr import address, interface, overlaps

DEFAULT_BRIDGE = "docker0"
# What dockerd calls the bridges of networks that have no other name, and the one that swarm's networks leave through.
_OWN_NETWORK = re.compile(r"br-[0-9a-f]{12}|docker_gwbridge")


@refuses("bridge")
def bridge_is_there(context: Context) -> t.Iterator[Problem]:
    """dockerd makes docker0 itself and no other (all versions)."""
    name, interfaces = context.text("bridge"), context.facts.interfaces
    if not name or name in ("none", DEFAULT_BRIDGE) or interfaces is None:
        return
    if name not in interfaces:
        remedy = "make the bridge first, or take bridge out so that dockerd makes docker0"
        yield Problem("bridge", "is no network interface of this host", name, remedy)
    elif not interfaces[name]:
        yield Problem("bridge", "is a network interface, but not a bridge", name, "name a bridge")


@refuses("bip")
def bridge_over_a_network(context: Context) -> t.Iterator[Problem]:
    """Networks that were made with docker network create are there first, and dockerd does not start (all versions)."""
    found, before = interface(context.text("bip")), context.facts.before or {}
    if before.get("data-root") != context.document.get("data-root"):
        return  # another data root has other networks
    for route in context.facts.routes or ():
        if found and _OWN_NETWORK.fullmatch(route.interface) and overlaps(found.network, route.network):
            reason = f"overlaps {route.network}, a network of this engine on {route.interface}"
            yield Problem("bip", reason, context.text("bip"), "choose another network, or remove that one")


@warns("bip", "fixed-cidr")
def bridge_over_a_route(context: Context) -> t.Iterator[Problem]:
    """dockerd takes it as it is, and what was reached through the route no longer is."""
    for key in ("bip", "fixed-cidr"):
        found = interface(context.text(key))
        for route in context.facts.routes or ():
            own = route.interface == DEFAULT_BRIDGE or _OWN_NETWORK.fullmatch(route.interface)
            if found and not own and overlaps(found.network, route.network):
                reason = f"overlaps {route.network}, which this host reaches through {route.interface}"
                yield Problem(key, reason, context.text(key), "choose another network")


@warns("ip")
def ip_of_this_host(context: Context) -> t.Iterator[Problem]:
    """Containers that publish ports do not start otherwise."""
    found, addresses = address(context.text("ip")), context.facts.addresses
    if (
        found
        and addresses is not None
        and not found.is_unspecified
        and not found.is_loopback
        and found not in addresses
    ):
        yield Problem("ip", "is no address of this host, so no port can be published there", str(found))


@refuses("iptables")
def iptables_is_installed(context: Context) -> t.Iterator[Problem]:
    """dockerd does not start without it (all versions with the firewall backend iptables)."""
    if context.sets("iptables") and context.is_on("iptables") and _lacks_iptables(context):
        yield Problem("iptables", "needs the program iptables, which is not installed", True, "install it")


@warns()
def firewall_is_there(context: Context) -> t.Iterator[Problem]:
    """The same where iptables is left to its default."""
    if not context.sets("iptables") and context.is_on("iptables", True) and _lacks_iptables(context):
        yield Problem("", "dockerd needs the program iptables, which is not installed", remedy="install it")


def _lacks_iptables(context: Context) -> bool:
    nftables = context.text("firewall-backend") == "nftables"
    return not nftables and context.facts.programs.get("iptables") is False


@refuses("firewall-backend", since="29.0")
def nftables_needs_forwarding(context: Context) -> t.Iterator[Problem]:
    """With nftables dockerd only checks what it sets with iptables, and does not start."""
    nftables = context.text("firewall-backend") == "nftables"
    if nftables and context.facts.forwards is False and context.is_on("ip-forward", True):
        remedy = "set sysctl net.ipv4.ip_forward to 1, or ip-forward to false"
        yield Problem("firewall-backend", "needs forwarding, which is off on this host", "nftables", remedy)


@refuses("firewall-backend", since="29.0")
def nftables_in_a_swarm(context: Context) -> t.Iterator[Problem]:
    """Swarm's networks know iptables only, until 29.6 brought a feature for it."""
    nftables = context.text("firewall-backend") == "nftables"
    if nftables and context.facts.swarm and not context.has("swarm-nftables"):
        remedy = "leave the swarm, or set features.swarm-nftables (29.6 and newer)"
        yield Problem("firewall-backend", "cannot be nftables on a member of a swarm", remedy=remedy)
