# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Which network drivers can be used on a host, and why the others cannot."""

from __future__ import annotations

import os
import typing as t

from ..host.kernel import Kernel
from ..host.machine import Host
from .kernel_needs import applies, feature_options

# What publishes ports and separates networks: by which program, or nobody (``iptables`` is false).
Firewall = t.Literal["iptables", "nftables", "none"]

# Both of iptables' ways into the kernel need these.
_MATCHES = ("NF_NAT", "NETFILTER_XT_MATCH_ADDRTYPE", "NETFILTER_XT_MATCH_CONNTRACK")


def usable(host: Host, kernel: Kernel, firewall: Firewall = "iptables") -> dict[str, str]:
    """Every network driver of the engine, with the reason why it cannot be used; empty for those that can.

    Overlay networks need swarm mode besides. ``overlay-encrypted`` is one that was made with ``--opt encrypted``.
    """
    overlay = _first(kernel, "VXLAN", "BRIDGE", "VETH")
    return {
        "bridge": _first(kernel, "BRIDGE", "VETH") or _firewall(host, kernel, firewall),
        "host": "",
        "ipvlan": _since(kernel, (4, 2)) or _first(kernel, "IPVLAN"),
        "macvlan": _since(kernel, (3, 9)) or _first(kernel, "MACVLAN"),
        "none": "",
        "overlay": overlay,
        "overlay-encrypted": overlay or _first(kernel, *feature_options("network_overlay_encrypted")),
    }


def iptables_backend(host: Host) -> str:
    """How the host's iptables reaches the kernel: ``nft``, ``legacy``, or empty where it is not installed."""
    program = host.find_program("iptables")
    if program is None:
        return ""
    return "nft" if "nft" in os.path.basename(os.path.realpath(host.path(program))) else "legacy"


def _firewall(host: Host, kernel: Kernel, firewall: Firewall) -> str:
    if firewall == "none":
        return ""
    if firewall == "nftables":
        return _first(kernel, *feature_options("nftables"))
    backend = iptables_backend(host)
    if not backend:
        return "program iptables is not installed, and dockerd does not start without it unless iptables is false"
    if backend == "nft":
        return _first(kernel, "NF_TABLES", "NFT_COMPAT", *_MATCHES)
    return _first(kernel, "IP_NF_FILTER", "IP_NF_NAT", *_MATCHES)


def _first(kernel: Kernel, *options: str) -> str:
    """The first reason that there is."""
    reasons = (kernel.lacks(option) for option in options if applies(option, kernel.version))
    return next((reason for reason in reasons if reason), "")


def _since(kernel: Kernel, version: tuple[int, int]) -> str:
    if kernel.version >= version:
        return ""
    return f"it needs kernel {version[0]}.{version[1]} or newer; this is {kernel.release}"
