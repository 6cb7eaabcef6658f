# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The default bridge: its addresses, its size, and what goes with what (verifyDaemonSettings, libnetwork)."""

from __future__ import annotations

import typing as t

from .base import Context, Problem, refuses, warns
from .cidr import address, interface, within

# Below this the kernel gives a network device no IPv4, above that it gives it nothing.
_SMALLEST_MTU, _LARGEST_MTU = 68, 65535
_SMALLEST_MTU_V6 = 1280


@refuses("bip", "bip6")
def bridge_of_two_kinds(context: Context) -> t.Iterator[Problem]:
    """dockerd gives addresses to its own bridge only; it does not start with both (all versions)."""
    bridge = context.text("bridge")
    for key in ("bip", "bip6"):
        if bridge and context.text(key):
            reason = f"cannot be set together with bridge, which is {bridge}"
            yield Problem(key, reason, context.text(key), "give the bridge its address yourself", also=("bridge",))


@refuses("bip")
def bip_is_a_host_address(context: Context) -> t.Iterator[Problem]:
    """It is the address of the bridge itself, with the length of its network (all versions; a length of 31 later)."""
    text = context.text("bip")
    if not text:
        return
    found = interface(text)
    if found is None or found.version != 4:
        yield Problem("bip", "must be an IPv4 address with the length of its network, such as 172.20.0.1/16", text)
    elif found.ip.is_loopback or found.ip.is_multicast:
        yield Problem("bip", "must be an address that containers can route to", text)
    elif found.network.prefixlen == 32 or (found.network.prefixlen == 31 and context.before("23.0")):
        yield Problem("bip", "leaves no address for containers", text, "choose a larger network")
    elif found.network.prefixlen < 31 and found.ip == found.network.network_address:
        first = f"{found.network.network_address + 1}/{found.network.prefixlen}"
        yield Problem("bip", "is the address of a network, not one in it", text, f"write {first}")
    elif found.network.prefixlen < 31 and found.ip == found.network.broadcast_address:
        yield Problem("bip", "is the address of all in its network, not of one", text, "choose another address")


@refuses("bip6", since="28.0")
def bip6_is_an_address(context: Context) -> t.Iterator[Problem]:
    """The same for IPv6, which came with 28.0; not looked at while ipv6 is off."""
    text = context.text("bip6")
    found = interface(text)
    if text and context.is_on("ipv6") and (found is None or found.version != 6):
        yield Problem("bip6", "must be an IPv6 address with the length of its network, such as fd00::1/64", text)


@refuses("fixed-cidr")
def fixed_cidr_is_a_network(context: Context) -> t.Iterator[Problem]:
    """dockerd does not start otherwise (all versions)."""
    text = context.text("fixed-cidr")
    found = interface(text)
    if text and (found is None or found.version != 4):
        yield Problem("fixed-cidr", "must be an IPv4 network such as 172.20.1.0/24", text)


@refuses("fixed-cidr", since="28.0")
def fixed_cidr_lies_in_the_bridge(context: Context) -> t.Iterator[Problem]:
    """With engine 28 no container gets an address otherwise; older ones hand out addresses that lead nowhere."""
    yield from _outside(context)


@warns("fixed-cidr")
def fixed_cidr_outside_of_the_bridge(context: Context) -> t.Iterator[Problem]:
    """The same where the engine is older or not known."""
    if not context.since("28.0"):
        yield from _outside(context)


def _outside(context: Context) -> t.Iterator[Problem]:
    fixed, bip = interface(context.text("fixed-cidr")), interface(context.text("bip"))
    if fixed and bip and not within(fixed.network, bip.network) and not within(bip.network, fixed.network):
        reason = f"must lie in the network of bip, {bip.network}"
        yield Problem("fixed-cidr", reason, context.text("fixed-cidr"), also=("bip",))


@warns("fixed-cidr")
def fixed_cidr_larger_than_the_bridge(context: Context) -> t.Iterator[Problem]:
    """The part of it that lies outside is not used."""
    fixed, bip = interface(context.text("fixed-cidr")), interface(context.text("bip"))
    if fixed and bip and fixed.network != bip.network and within(bip.network, fixed.network):
        reason = f"is larger than the network of bip, {bip.network}"
        yield Problem("fixed-cidr", reason, context.text("fixed-cidr"), also=("bip",))


@refuses("fixed-cidr-v6")
def fixed_cidr_v6_is_a_network(context: Context) -> t.Iterator[Problem]:
    """20.10 starts with an IPv4 network there and crashes with the first container; 25.0 and newer refuse it."""
    text = context.text("fixed-cidr-v6")
    found = interface(text)
    if text and (found is None or found.version != 6):
        yield Problem("fixed-cidr-v6", "must be an IPv6 network such as fd00:1::/64", text)


@refuses("ipv6", before="27.0")
def ipv6_needs_a_network(context: Context) -> t.Iterator[Problem]:
    """From 27.0 on dockerd has a network of its own for it."""
    if context.is_on("ipv6") and not context.text("fixed-cidr-v6") and context.text("bridge") != "none":
        remedy = "set fixed-cidr-v6, such as fd00:1::/64"
        yield Problem(
            "ipv6", f"needs fixed-cidr-v6 with engine {context.engine}", remedy=remedy, also=("fixed-cidr-v6",)
        )


@warns("fixed-cidr-v6")
def network_without_ipv6(context: Context) -> t.Iterator[Problem]:
    """The network is not used then (all versions)."""
    if context.text("fixed-cidr-v6") and not context.is_on("ipv6"):
        yield Problem("fixed-cidr-v6", "does nothing while ipv6 is off", remedy="set ipv6 to true", also=("ipv6",))


@refuses("default-gateway", "default-gateway-v6", "ip", "host-gateway-ip")
def single_addresses(context: Context) -> t.Iterator[Problem]:
    """They are read as addresses with the file, so that dockerd refuses it as a whole."""
    for key in ("default-gateway", "default-gateway-v6", "ip", "host-gateway-ip"):
        text = context.text(key)
        if text and context.sets(key) and address(text) is None:
            yield Problem(key, "must be an IP address", text)


@refuses("default-gateway")
def gateway_on_the_bridge(context: Context) -> t.Iterator[Problem]:
    """It is set aside in the bridge's own network, and must be another address than the bridge's (all versions)."""
    gateway, bip = address(context.text("default-gateway")), interface(context.text("bip"))
    if gateway is None or bip is None:
        return
    if gateway not in bip.network:
        reason = f"must lie in the network of bip, {bip.network}"
        yield Problem("default-gateway", reason, str(gateway), also=("bip",))
    elif gateway == bip.ip:
        reason = "is the bridge's own address, which is the gateway anyway"
        yield Problem("default-gateway", reason, str(gateway), "take it out", also=("bip",))


@refuses("default-gateway-v6")
def gateway_on_the_bridge_v6(context: Context) -> t.Iterator[Problem]:
    """The same for IPv6; not looked at while ipv6 is off."""
    gateway, fixed = address(context.text("default-gateway-v6")), interface(context.text("fixed-cidr-v6"))
    if gateway and fixed and context.is_on("ipv6") and gateway not in fixed.network:
        reason = f"must lie in the network of fixed-cidr-v6, {fixed.network}"
        yield Problem("default-gateway-v6", reason, str(gateway), also=("fixed-cidr-v6", "ipv6"))


@refuses("icc", "iptables", "ip6tables")
def icc_needs_the_firewall(context: Context) -> t.Iterator[Problem]:
    """Containers are kept apart by iptables; for IPv6 too from 27.0 on."""
    if context.is_on("icc", True):
        return
    if not context.is_on("iptables", True):
        reason = "keeps containers apart by iptables, which is off"
        yield Problem("icc", reason, False, "set iptables or icc to true", also=("iptables",))
    elif context.since("27.0") and context.is_on("ipv6") and not context.is_on("ip6tables", True):
        reason = "keeps containers apart by ip6tables, which is off while ipv6 is on"
        yield Problem("icc", reason, False, "set ip6tables or icc to true", also=("ip6tables", "ipv6"))


@refuses("ip6tables", before="27.0")
def ip6tables_is_experimental(context: Context) -> t.Iterator[Problem]:
    """Until 26 dockerd does not start with it otherwise."""
    if context.is_on("ip6tables") and not context.is_on("experimental"):
        reason = f"is experimental with engine {context.engine}"
        yield Problem("ip6tables", reason, True, "set experimental to true as well", also=("experimental",))


@refuses("mtu")
def mtu_fits_a_device(context: Context) -> t.Iterator[Problem]:
    """20.10 starts with others and no container does; later engines do not start."""
    mtu = context.number("mtu")
    if mtu and not _SMALLEST_MTU <= mtu <= _LARGEST_MTU:
        yield Problem("mtu", f"must be from {_SMALLEST_MTU} to {_LARGEST_MTU}", mtu)


@warns("mtu")
def mtu_too_small_for_ipv6(context: Context) -> t.Iterator[Problem]:
    """The kernel takes IPv6 away from a device with such an MTU."""
    mtu = context.number("mtu")
    if mtu and _SMALLEST_MTU <= mtu < _SMALLEST_MTU_V6 and context.is_on("ipv6"):
        yield Problem("mtu", f"must be at least {_SMALLEST_MTU_V6} for IPv6", mtu, also=("ipv6",))


@warns("ip-masq")
def masquerading_without_iptables(context: Context) -> t.Iterator[Problem]:
    """dockerd switches it off then (all versions)."""
    if context.document.get("ip-masq") is True and not context.is_on("iptables", True):
        yield Problem("ip-masq", "does nothing while iptables is off", also=("iptables",))
