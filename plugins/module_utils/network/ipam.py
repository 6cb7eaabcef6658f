# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The subnets of one network: gateway, range and set-aside addresses in their place."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ..daemon.checks.cidr import within
from ..host.network import IPAddress, IPNetwork
from .blocks import ILLEGAL, UNREADABLE, Interface, Problem, address, interface, wrong

_Entry = t.Mapping[str, t.Any]


@dataclass(frozen=True)
class Subnet:
    """One subnet.

    :param handed_out: the part of it that containers get addresses from
    :param where: its entry of ``ipam_config``
    """

    network: IPNetwork
    handed_out: IPNetwork
    where: str
    gateway: IPAddress | None = None
    aside: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        aside = ", ".join(f"{name} {value}" for name, value in self.aside)
        return " ".join(filter(None, [str(self.network), str(self.handed_out), str(self.gateway or ""), aside]))


def read_subnets(host: str, where: str, declared: t.Any) -> tuple[list[Subnet], list[Problem]]:
    """Read ``ipam_config``; what cannot be read is a problem, and left out."""
    if declared is None:
        return [], []
    if not isinstance(declared, (list, tuple)):
        return [], [wrong(host, UNREADABLE, where, "must be a list of maps", got=declared)]
    found: list[Subnet] = []
    problems: list[Problem] = []
    for index, entry in enumerate(declared):
        place = f"{where}[{index}]"
        if not isinstance(entry, t.Mapping):
            problems.append(wrong(host, UNREADABLE, place, "must be a map with a subnet", got=entry))
            continue
        network = _subnet(problems, host, place, entry)
        if network is not None:
            handed_out = _range(problems, host, place, entry, network)
            gateway = _gateway(problems, host, place, entry, network)
            aside = _aside(problems, host, place, entry, network, gateway)
            found.append(Subnet(network, handed_out, place, gateway, aside))
    return found, problems


def _subnet(problems: list[Problem], host: str, where: str, entry: _Entry) -> IPNetwork | None:
    value = entry.get("subnet")
    if value is None or value == "":
        given = [name for name in ("gateway", "iprange", "ip_range", "aux_addresses") if entry.get(name)]
        if given:
            remedy = "add the subnet that it lies in"
            problems.append(wrong(host, ILLEGAL, f"{where}.{given[0]}", "needs a subnet", remedy, got=entry[given[0]]))
        return None
    found = read_network(problems, host, f"{where}.subnet", value)
    if found is not None and found.prefixlen == found.max_prefixlen:
        problems.append(wrong(host, ILLEGAL, f"{where}.subnet", "leaves no address for containers", got=value))
    return found


def read_network(problems: list[Problem], host: str, where: str, value: t.Any) -> IPNetwork | None:
    """A network that is written as one, without bits of an address in it."""
    found: Interface | None = interface(value) if isinstance(value, str) else None
    if found is None:
        problems.append(wrong(host, UNREADABLE, where, "must be a network such as 172.20.0.0/16", got=value))
        return None
    if found.ip != found.network.network_address:
        reason, remedy = f"is an address in {found.network}, not a network", f"write {found.network}"
        problems.append(wrong(host, ILLEGAL, where, reason, remedy, got=value))
    return found.network


def _range(problems: list[Problem], host: str, where: str, entry: _Entry, subnet: IPNetwork) -> IPNetwork:
    key = "ip_range" if entry.get("ip_range") else "iprange"
    value = entry.get(key)
    if value is None or value == "":
        return subnet
    found = read_network(problems, host, f"{where}.{key}", value)
    if found is None:
        return subnet
    if not within(found, subnet):
        problems.append(wrong(host, ILLEGAL, f"{where}.{key}", f"must lie in the subnet, {subnet}", got=value))
        return subnet
    return found


def _gateway(problems: list[Problem], host: str, where: str, entry: _Entry, subnet: IPNetwork) -> IPAddress | None:
    value = entry.get("gateway")
    return None if value is None or value == "" else _one(problems, host, f"{where}.gateway", value, subnet)


def _one(problems: list[Problem], host: str, where: str, value: t.Any, subnet: IPNetwork) -> IPAddress | None:
    """An address that a member of the subnet can have."""
    found: IPAddress | None = address(value) if isinstance(value, str) else None
    if found is None:
        problems.append(wrong(host, UNREADABLE, where, "must be an IP address", got=value))
    elif found.version != subnet.version:
        reason = f"must be an IPv{subnet.version} address, as the subnet is {subnet}"
        problems.append(wrong(host, ILLEGAL, where, reason, got=value))
    elif found not in subnet:
        problems.append(wrong(host, ILLEGAL, where, f"must lie in the subnet, {subnet}", got=value))
    elif found.version == 4 and subnet.prefixlen < 31 and found == subnet.network_address:
        problems.append(wrong(host, ILLEGAL, where, "is the address of the subnet itself", got=value))
    elif found.version == 4 and subnet.prefixlen < 31 and found == subnet.broadcast_address:
        problems.append(wrong(host, ILLEGAL, where, "is the address of all in the subnet", got=value))
    return found


def _aside(
    problems: list[Problem], host: str, where: str, entry: _Entry, subnet: IPNetwork, gateway: IPAddress | None
) -> tuple[tuple[str, str], ...]:
    """Addresses that no container gets, each once."""
    value = entry.get("aux_addresses") or {}
    if not isinstance(value, t.Mapping):
        problems.append(wrong(host, UNREADABLE, f"{where}.aux_addresses", "must be a map of addresses", got=value))
        return ()
    taken = {gateway: "the gateway"} if gateway else {}
    for name, text in value.items():
        place = f"{where}.aux_addresses.{name}"
        found = _one(problems, host, place, text, subnet)
        if found is not None and found in taken:
            problems.append(wrong(host, ILLEGAL, place, f"is the same address as {taken[found]}", got=text))
        elif found is not None:
            taken[found] = str(name)
    return tuple(sorted((str(name), str(text)) for name, text in value.items()))
