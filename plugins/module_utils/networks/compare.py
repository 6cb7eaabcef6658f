# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What an engine's network has otherwise than it is declared, by the rules of docker_network."""

from __future__ import annotations

import ipaddress
import typing as t

from ..network.networks import is_true
from .entries import Entry, as_strings

Inspected = t.Mapping[str, t.Any]

_FLAGS = {
    "config_only": "ConfigOnly",
    "enable_ipv4": "EnableIPv4",
    "enable_ipv6": "EnableIPv6",
    "internal": "Internal",
    "attachable": "Attachable",
    "ingress": "Ingress",
}
_SUBNET = {"subnet": "Subnet", "iprange": "IPRange", "gateway": "Gateway", "aux_addresses": "AuxiliaryAddresses"}


def differences(entry: Entry, network: Inspected) -> list[str]:
    """Sentences; empty where docker_network would find nothing to do. What the entry leaves open may be anything."""
    return [
        *_one("driver", entry.driver, network.get("Driver")),
        *_one("config_from", entry.options.get("config_from"), (network.get("ConfigFrom") or {}).get("Network") or ""),
        *_one("scope", entry.options.get("scope"), network.get("Scope")),
        *(
            sentence
            for option, key in _FLAGS.items()
            for sentence in _one(option, entry.flag(option), bool(network.get(key)))
        ),
        *_map("driver_options", entry.driver_options, network.get("Options")),
        *_ipam(entry, network.get("IPAM") or {}),
        *_map("labels", as_strings(entry.options.get("labels")), network.get("Labels")),
    ]


def _one(name: str, declared: t.Any, found: t.Any) -> t.Iterator[str]:
    if declared is not None and declared != found:
        yield f"{name} is {_shown(found)}, declared {_shown(declared)}"


def _map(name: str, declared: t.Mapping[str, str], found: t.Any) -> t.Iterator[str]:
    for key, value in declared.items():
        yield from _one(f"{name}.{key}", value, (found or {}).get(key))


def _shown(value: t.Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, t.Mapping) and value:
        return ", ".join(f"{key} {text}" for key, text in sorted(value.items()))
    return str(value) if value else "not set"


def _ipam(entry: Entry, found: Inspected) -> t.Iterator[str]:
    yield from _one("ipam_driver", entry.options.get("ipam_driver") or None, found.get("Driver"))
    if entry.options.get("ipam_driver_options") is not None:
        declared = as_strings(entry.options["ipam_driver_options"])
        yield from _one("ipam_driver_options", declared, dict(found.get("Options") or {}))
    has = [_normal({name: config.get(key) for name, key in _SUBNET.items()}) for config in found.get("Config") or ()]
    wanted = entry.options.get("ipam_config") or ()
    declared_subnets = [_normal(subnet) for subnet in wanted if isinstance(subnet, t.Mapping)]
    for subnet in declared_subnets:
        if not any(_part_of(subnet, config) for config in has):
            yield from _subnet(subnet, has, declared_subnets)


def _part_of(declared: t.Mapping[str, t.Any], found: t.Mapping[str, t.Any]) -> bool:
    return all(found.get(name) == value for name, value in declared.items())


def _subnet(
    declared: t.Mapping[str, t.Any], has: t.Sequence[t.Mapping[str, t.Any]], others: t.Sequence[t.Mapping[str, t.Any]]
) -> t.Iterator[str]:
    """Compared with the subnet that it is, or else with the one of its version that nobody else declares."""
    wanted = {other.get("subnet") for other in others}
    version = ":" in str(declared.get("subnet"))
    left = [one for one in has if one.get("subnet") not in wanted and (":" in str(one.get("subnet"))) == version]
    same = [one for one in has if one.get("subnet") == declared.get("subnet")]
    found = next(iter([*same, *left]), {})
    if not same:
        yield from _one("subnet", declared.get("subnet"), found.get("subnet"))
        return
    for name, value in declared.items():
        yield from _one(f"{name} of {declared.get('subnet')}", value, found.get(name))


def _normal(subnet: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Addresses as one writes them, however they were written; what is not mentioned is left out."""
    found: dict[str, t.Any] = {}
    for name, value in subnet.items():
        if isinstance(value, t.Mapping):
            found[name] = {str(key): _address(str(text)) for key, text in value.items()}
        elif value is not None:
            found[name] = _address(str(value)) if name == "gateway" else _network(str(value))
    return {name: value for name, value in found.items() if value != "" or name == "subnet"}


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text))
    except ValueError:
        return text


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return text


def connections(entry: Entry, attached: t.Collection[str], there: t.Collection[str]) -> tuple[list[str], list[str]]:
    """The containers that ``connected`` names and that hang elsewhere, and those that it does not name.

    :param attached: names of containers on the network
    :param there: names of all containers; docker_network passes over those that are not there
    """
    named = [str(name) for name in entry.options.get("connected") or ()]
    if not named:
        return [], []
    missing = [name for name in named if name in there and name not in attached]
    others = [] if is_true(entry.options.get("appends")) else sorted(name for name in attached if name not in named)
    return missing, others
