# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Containers on a network: what they asked for, what the engine gave them, and asking for it again."""

from __future__ import annotations

import ipaddress
import typing as t
from dataclasses import asdict, dataclass

from ..daemon.version import Version, before
from ..host.network import IPNetwork

Json = t.Mapping[str, t.Any]

# Drivers that make a MAC address out of the IPv4 address (netutils.GenerateMACFromIP), before 28.0.
_MAC_BY_ADDRESS = frozenset({"bridge", "macvlan", "overlay"})


@dataclass(frozen=True)
class Attachment:
    """A container on a network.

    :param asked: addresses that it was started or connected with
    :param given: addresses that it has; a container that does not run has none
    :param aliases: without those that the engine adds by itself
    :param mac: the one that was asked for
    :param only: whether it is on no other network
    """

    id: str
    name: str
    running: bool
    asked: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    link_local: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    mac: str = ""
    driver_options: tuple[tuple[str, str], ...] = ()
    gateway_priority: int = 0
    only: bool = False

    @property
    def chosen(self) -> tuple[str, ...]:
        """Addresses that the engine chose."""
        return tuple(address for address in self.given if address not in self.asked)

    def __str__(self) -> str:
        addresses = [*(f"{address} asked for" for address in self.asked), *self.chosen]
        mac = [f"MAC {self.mac}"] if self.mac else []
        return f"{self.name} ({', '.join([*addresses, *mac, 'running' if self.running else 'stopped'])})"

    def as_dict(self) -> dict[str, t.Any]:
        found = asdict(self)
        return {**found, "driver_options": dict(self.driver_options)}


def read_attachment(told: Json) -> Attachment:
    """An attachment from :meth:`Attachment.as_dict`."""
    lists = {name: tuple(told.get(name) or ()) for name in ("asked", "given", "link_local", "aliases", "links")}
    return Attachment(
        id=str(told["id"]),
        name=str(told["name"]),
        running=bool(told.get("running")),
        mac=str(told.get("mac") or ""),
        driver_options=tuple(sorted((told.get("driver_options") or {}).items())),
        gateway_priority=int(told.get("gateway_priority") or 0),
        only=bool(told.get("only")),
        **lists,
    )


def endpoint_of(container: Json, network: Json) -> tuple[str, Json] | None:
    """The key under which a container has a network, and what it has there; a stopped one as well."""
    networks = (container.get("NetworkSettings") or {}).get("Networks") or {}
    for key, endpoint in networks.items():
        if key == network["Name"] or (endpoint or {}).get("NetworkID") == network["Id"]:
            return key, endpoint or {}
    return None


def attachment(container: Json, network: Json, version: Version | None) -> Attachment | None:
    """What an inspected container has on a network; None where it is not on it."""
    found = endpoint_of(container, network)
    if found is None:
        return None
    endpoint, asked = found[1], found[1].get("IPAMConfig") or {}
    return Attachment(
        id=container["Id"],
        name=container["Name"].lstrip("/"),
        running=bool((container.get("State") or {}).get("Running")),
        asked=_some(asked.get("IPv4Address"), asked.get("IPv6Address")),
        given=_some(endpoint.get("IPAddress"), endpoint.get("GlobalIPv6Address")),
        link_local=_some(*(asked.get("LinkLocalIPs") or ())),
        aliases=tuple(alias for alias in endpoint.get("Aliases") or () if alias != container["Id"][:12]),
        links=tuple(endpoint.get("Links") or ()),
        mac=_asked_mac(container, endpoint, network, version),
        driver_options=tuple(sorted((endpoint.get("DriverOpts") or {}).items())),
        gateway_priority=int(endpoint.get("GwPriority") or 0),
        only=len(container["NetworkSettings"]["Networks"]) == 1,
    )


def _some(*texts: str | None) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _asked_mac(container: Json, endpoint: Json, network: Json, version: Version | None) -> str:
    """The engine says what was asked for on the first network of a container only; elsewhere it is told by its look."""
    mode = (container.get("HostConfig") or {}).get("NetworkMode")
    wide = (container.get("Config") or {}).get("MacAddress") or ""
    if wide and mode in (network["Name"], network["Id"]):
        return str(wide)
    has, address = str(endpoint.get("MacAddress") or ""), endpoint.get("IPAddress")
    by_address = network.get("Driver") in _MAC_BY_ADDRESS and version is not None and before(version, "28.0")
    return has if has and address and by_address and has != mac_of(address) else ""


def mac_of(address: str) -> str:
    """The MAC address that engines before 28.0 make for an IPv4 address."""
    return ":".join(["02", "42", *(f"{part:02x}" for part in ipaddress.ip_address(address).packed)])


def subnets(network: Json) -> list[IPNetwork]:
    """The subnets of an engine's network."""
    configs = (network.get("IPAM") or {}).get("Config") or ()
    return [ipaddress.ip_network(config["Subnet"], strict=False) for config in configs if config.get("Subnet")]


def fits(address: str, networks: t.Iterable[IPNetwork]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in networks)


def order(one: Attachment, networks: t.Collection[IPNetwork]) -> tuple[int, tuple[int, ...]]:
    """Who gets an address that it asks for comes first, so that the engine gives it to nobody else.

    Then come those whose addresses the engine had chosen, as these were, and last those that need new ones.
    """
    chosen = bool(one.given) and not one.asked and all(fits(address, networks) for address in one.given)
    rank = 0 if any(fits(address, networks) for address in one.asked) else 1 if chosen else 2
    return rank, tuple(int(ipaddress.ip_address(address)) for address in one.given)


def endpoint_config(one: Attachment, addresses: t.Iterable[str]) -> dict[str, t.Any]:
    """What the engine is asked for when a container is connected."""
    ipam: dict[str, t.Any] = {"IPv6Address" if ":" in address else "IPv4Address": address for address in addresses}
    if one.link_local:
        ipam["LinkLocalIPs"] = list(one.link_local)
    config: dict[str, t.Any] = {"Aliases": list(one.aliases), "Links": list(one.links)}
    optional = {
        "IPAMConfig": ipam,
        "MacAddress": one.mac,
        "DriverOpts": dict(one.driver_options),
        "GwPriority": one.gateway_priority,
    }
    return {**config, **{name: value for name, value in optional.items() if value}}
