# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""An inspected host's networks: drivers, bridges, the engine's networks, pools, and who may reach containers."""

from __future__ import annotations

import ipaddress
import typing as t

from ..firewall.backends import FOLDER, Backend, Iptables, Nftables, rules_in
from ..host.errors import HostError
from ..host.network import IPNetwork, read_bridges
from . import default_bridge, network_drivers
from .checks.cidr import interface, overlaps
from .checks.shapes import member
from .default_bridge import DEFAULT_POOLS, POOLS
from .inspection import Inspection
from .network_drivers import Firewall

Section = dict[str, t.Any]


def network(inspection: Inspection) -> Section:
    """All of it."""
    return {
        "firewall": _firewall(inspection),
        "firewall_backend": _reported(inspection),
        "iptables": network_drivers.iptables_backend(inspection.host),
        "drivers": drivers(inspection),
        "bridges": [
            {"name": one.name, "addresses": list(one.addresses), "ports": list(one.ports)}
            for one in read_bridges(inspection.host)
        ],
        "networks": networks(inspection),
        "pools": pools(inspection),
        "rules": rules(inspection),
    }


def drivers(inspection: Inspection) -> dict[str, Section]:
    """The network drivers, each with the reason why it cannot be used."""
    found = network_drivers.usable(inspection.host, inspection.kernel, _firewall(inspection))
    return {name: {"usable": not reason, "reason": reason} for name, reason in found.items()}


def networks(inspection: Inspection) -> list[Section]:
    """The engine's networks, in the order of their names."""
    return [
        {
            "name": one["Name"],
            "driver": one.get("Driver", ""),
            "scope": one.get("Scope", ""),
            "interface": _interface(one),
            "subnets": [str(entry.get("Subnet")) for entry in _ipam(one) if entry.get("Subnet")],
            "ipv6": bool(one.get("EnableIPv6")),
            "internal": bool(one.get("Internal")),
            "containers": one["Attached"],
        }
        for one in sorted(inspection.networks, key=lambda each: str(each["Name"]))
    ]


def pools(inspection: Inspection) -> list[Section]:
    """The pools that subnets come from, with what of each is taken by networks of the engine."""
    setting = inspection.settings.get(POOLS)
    declared = setting.value if setting and isinstance(setting.value, list) and setting.value else DEFAULT_POOLS
    taken = [
        found.network
        for one in inspection.networks
        for entry in _ipam(one)
        for found in [interface(str(entry.get("Subnet", "")))]
        if found
    ]
    shown = []
    for entry in declared:
        base, size = (member(entry, "base"), member(entry, "size")) if isinstance(entry, dict) else (None, None)
        found = interface(str(base))
        if found is None or not isinstance(size, int) or size < found.network.prefixlen:
            continue  # told as a problem of the configuration
        used = [subnet for subnet in taken if overlaps(subnet, found.network)]
        count = 1 << (size - found.network.prefixlen)
        shown.append(
            {
                "base": str(base),
                "size": size,
                "default": declared is DEFAULT_POOLS,
                "subnets": count,
                "used": sorted(map(str, used)),
                "free": max(0, count - _spoilt(used, found.network, size)),
            }
        )
    return shown


def _spoilt(used: t.Iterable[IPNetwork], base: IPNetwork, size: int) -> int:
    """How many subnets of a pool are not free: several share one, or one lies over several."""
    large = [one for one in used if one.prefixlen < size]
    small = {ipaddress.ip_network((one.network_address, size), strict=False) for one in used if one not in large}
    return len(small) + sum(1 << (size - max(one.prefixlen, base.prefixlen)) for one in large)


def rules(inspection: Inspection) -> Section:
    """What the kernel holds of the rules of module firewall, and whether they come back at boot."""
    at_boot = inspection.host.exists(f"{FOLDER}/docker-firewall.sh")
    for backend in (Nftables(inspection.host), Iptables(inspection.host)) if inspection.host.booted else ():
        lines = _held(backend)
        if lines is not None:
            return {"backend": backend.name, "rules": lines, "at_boot": at_boot}
    return {"backend": "", "rules": 0, "at_boot": at_boot}


def of_docker0(inspection: Inspection) -> list[str]:
    """Concerns about docker0's address, which does not always follow the configuration."""
    if not inspection.answers.address:
        return []
    now, recorded = default_bridge.address_of(inspection.host), inspection.state.record.bridge
    wanted = {key: setting.value for key, setting in inspection.settings.items()}
    found = default_bridge.contradiction(default_bridge.change(wanted, wanted, now, recorded), now)
    return [found] if found else []


def _held(backend: Backend) -> int | None:
    """Number of rules that the kernel holds; None where there are none of ours, or nobody says."""
    if backend.works or backend.is_idle:
        return None
    try:
        lines = backend.held().lines
    except HostError:
        return None
    return None if lines is None else rules_in(lines)


def _ipam(one: t.Mapping[str, t.Any]) -> list[t.Mapping[str, t.Any]]:
    return (one.get("IPAM") or {}).get("Config") or []


def _interface(one: t.Mapping[str, t.Any]) -> str:
    """The bridge of a network, or the parent of one on a LAN."""
    options = one.get("Options") or {}
    if one.get("Driver") == "bridge":
        return str(options.get("com.docker.network.bridge.name") or f"br-{one['Id'][:12]}")
    return str(options.get("parent", ""))


def _reported(inspection: Inspection) -> str:
    """The engine's own word (29.0 and newer)."""
    said = (inspection.answers.info.get("FirewallBackend") or {}).get("Driver") or ""
    return str(said).partition("+")[0]


def _firewall(inspection: Inspection) -> Firewall:
    settings = inspection.settings
    backend, managed = settings.get("firewall-backend"), settings.get("iptables")
    if backend and backend.value == "nftables":
        return "nftables"
    return "none" if managed and managed.value is False else "iptables"
