# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The networks of one host, declared as docker_network of community.docker takes them."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ..host.network import IPNetwork
from .blocks import ILLEGAL, UNREADABLE, Problem, wrong
from .ipam import Subnet, read_subnets

VARIABLE = "network_networks"

_ON_A_LAN = frozenset({"macvlan", "ipvlan"})
# They have no addresses of their own.
_WITHOUT = frozenset({"host", "null", "none"})
_TRUE, _FALSE = frozenset({"yes", "true", "on", "1", "y"}), frozenset({"no", "false", "off", "0", "n"})


@dataclass(frozen=True)
class Network:
    """One network.

    :param subnets: those that can be read
    :param versions: of IP that it has addresses of
    :param own_addresses: whether addresses come from somewhere else than dockerd's pools
    :param definition: what has to be the same wherever a network of many hosts is declared
    """

    name: str
    driver: str
    where: str
    subnets: tuple[Subnet, ...] = ()
    versions: frozenset[int] = frozenset({4})
    own_addresses: bool = False
    definition: tuple[t.Any, ...] = ()

    @property
    def on_a_lan(self) -> bool:
        return self.driver in _ON_A_LAN

    @property
    def is_shared(self) -> bool:
        return self.driver == "overlay"

    def takes_from_pools(self, version: int) -> bool:
        """Whether dockerd has to find a subnet of that version for it."""
        if self.own_addresses or self.is_shared or version not in self.versions:
            return False
        return all(subnet.network.version != version for subnet in self.subnets)


@dataclass
class Networks:
    """The networks of one host, and what is wrong with them."""

    found: list[Network] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_networks(host: str, declared: t.Any) -> Networks:
    """Read the variable; what cannot be read is a problem, and left out."""
    read = Networks()
    if declared is None:
        return read
    if not isinstance(declared, (list, tuple)):
        read.problems.append(wrong(host, UNREADABLE, VARIABLE, "must be a list of networks", got=declared))
        return read
    templates = {
        entry["name"]: entry
        for entry in declared
        if isinstance(entry, t.Mapping) and isinstance(entry.get("name"), str) and is_true(entry.get("config_only"))
    }
    for index, entry in enumerate(declared):
        where = f"{VARIABLE}[{index}]"
        if not isinstance(entry, t.Mapping) or not isinstance(entry.get("name"), str) or not entry["name"]:
            read.problems.append(wrong(host, UNREADABLE, where, "must be a map with a name", got=entry))
        elif entry.get("state") != "absent":
            _read_network(read, host, where, entry, templates)
    return read


def _read_network(
    read: Networks, host: str, where: str, entry: t.Mapping[str, t.Any], templates: t.Mapping[str, t.Any]
) -> None:
    driver = entry.get("driver") or "bridge"
    if not isinstance(driver, str):
        read.problems.append(wrong(host, UNREADABLE, f"{where}.driver", "must be a string", got=driver))
        return
    subnets, problems = read_subnets(host, f"{where}.ipam_config", entry.get("ipam_config"))
    versions = _versions(entry)
    read.problems += [*problems, *_mistakes(host, where, driver, subnets, versions)]
    if is_true(entry.get("config_only")) or driver in _WITHOUT:
        return
    source = entry.get("config_from")
    own = bool(source) or entry.get("ipam_driver") not in (None, "", "default")
    if isinstance(source, str) and source in templates:
        subnets, _told = read_subnets(host, f"{where}.config_from", templates[source].get("ipam_config"))
    used = tuple(subnet for subnet in subnets if subnet.network.version in versions)
    read.found.append(Network(entry["name"], driver, where, used, versions, own, _definition(entry, used)))


def _versions(entry: t.Mapping[str, t.Any]) -> frozenset[int]:
    four = [] if is_false(entry.get("enable_ipv4")) else [4]
    return frozenset([*four, *([6] if is_true(entry.get("enable_ipv6")) else [])])


def _mistakes(
    host: str, where: str, driver: str, subnets: t.Sequence[Subnet], versions: frozenset[int]
) -> t.Iterator[Problem]:
    """Subnets that go ill with the network that has them."""
    if not versions:
        yield wrong(host, ILLEGAL, where, "has neither IPv4 nor IPv6", "set enable_ipv6 to true")
    for subnet in subnets:
        version = subnet.network.version
        if version not in versions:
            does = f"does nothing while enable_ipv{version} is off"
            remedy = f"set {where}.enable_ipv{version} to true"
            yield wrong(host, ILLEGAL, f"{subnet.where}.subnet", does, remedy, got=str(subnet.network))
    for family in sorted(versions):
        several = [str(subnet.network) for subnet in subnets if subnet.network.version == family]
        if driver == "bridge" and len(several) > 1:
            reason = f"has {len(several)} IPv{family} subnets, and a bridge takes one ({', '.join(several)})"
            yield wrong(host, ILLEGAL, f"{where}.ipam_config", reason, "make a network for each")


def _definition(entry: t.Mapping[str, t.Any], subnets: t.Sequence[Subnet]) -> tuple[t.Any, ...]:
    options = entry.get("driver_options")
    told = sorted((str(key), str(value)) for key, value in options.items()) if isinstance(options, t.Mapping) else []
    flags = tuple(is_true(entry.get(flag)) for flag in ("enable_ipv6", "internal", "attachable"))
    return (tuple(sorted(str(subnet) for subnet in subnets)), tuple(told), flags)


def is_true(value: t.Any) -> bool:
    """What Ansible takes for true; an inventory in INI form has strings."""
    return value is True or str(value).lower() in _TRUE


def is_false(value: t.Any) -> bool:
    return value is False or str(value).lower() in _FALSE


def subnets_of(network: Network) -> tuple[IPNetwork, ...]:
    return tuple(subnet.network for subnet in network.subnets)
