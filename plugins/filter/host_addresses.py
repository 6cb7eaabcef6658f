# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import ipaddress
import typing as t

from ansible.errors import AnsibleFilterError

DOCUMENTATION = r"""
name: host_addresses
short_description: The addresses of hosts of the inventory, as sources of a rule
version_added: 0.1.0
author:
  - slipway.docker contributors (@slipway)
description:
  - Turns names of the inventory, such as those of a group, into the addresses from which these hosts come.
  - Of each host it takes the first of these that is there. C(network_addresses), C(ansible_host) where that is an
    address, the addresses of the default routes where facts have been gathered, and the host's own name where that is
    an address.
  - A name that would have to be looked up is not, since what a name means to the controller is not what the kernel of
    a host sees. Neither is an address of the loopback interface taken from elsewhere than C(network_addresses).
positional: hostvars
options:
  _input:
    description: Names of hosts.
    type: list
    elements: str
    required: true
  hostvars:
    description: Variables of all hosts, which Ansible has under this very name.
    type: dict
    required: true
    suboptions:
      network_addresses:
        description:
          - Addresses and networks, IPv4 and IPv6, from which the host comes. Needed where that is not what Ansible
            connects to, as behind NAT, with several interfaces, or for IPv6 beside IPv4.
        type: list
        elements: str
seealso:
  - module: slipway.docker.firewall
"""

EXAMPLES = r"""
- name: The web servers may reach the application
  slipway.docker.firewall:
    rules:
      - ports: [8080]
        sources: "{{ groups['web'] | slipway.docker.host_addresses(hostvars) }}"

- name: The web servers, the monitoring and the office
  vars:
    hosts: "{{ groups['web'] + groups['monitoring'] }}"
  slipway.docker.firewall:
    rules:
      - ports: [9100]
        sources: "{{ hosts | slipway.docker.host_addresses(hostvars) + ['192.0.2.0/24'] }}"
"""

RETURN = r"""
_value:
  description:
    - Addresses and networks, each once, IPv4 before IPv6, in order. A single address has no length.
  type: list
  elements: str
  sample: ["192.0.2.10", "192.0.2.11", "2001:db8::10"]
"""

Source = t.Union[ipaddress.IPv4Network, ipaddress.IPv6Network]


def host_addresses(names: t.Any, hostvars: t.Any) -> list[str]:
    """The addresses of hosts, for the ``sources`` of a rule.

    :raises AnsibleFilterError: with all that is wrong
    """
    if isinstance(names, str) or not isinstance(names, t.Sequence):
        raise AnsibleFilterError(f"host_addresses needs a list of names of hosts, got {type(names).__name__}")
    if not isinstance(hostvars, t.Mapping):
        raise AnsibleFilterError(f"host_addresses needs hostvars as its argument, got {type(hostvars).__name__}")
    found: set[Source] = set()
    absent, without, problems = [], [], []
    for name in dict.fromkeys(str(name) for name in names):
        if name not in hostvars:
            absent.append(name)
            continue
        addresses, wrong = _of_host(name, hostvars[name])
        problems += wrong
        if not addresses and not wrong:
            without.append(name)
        found.update(addresses)
    if absent:
        problems.append(f"hosts that are not in the inventory: {', '.join(absent)}")
    if without:
        problems.append(
            f"hosts without an address: {', '.join(without)}; set network_addresses for them, or gather their facts"
        )
    if problems:
        raise AnsibleFilterError(f"host_addresses: {'; '.join(problems)}")
    return [_short(one) for one in sorted(found, key=lambda one: (one.version, one))]


def _of_host(name: str, variables: t.Mapping[str, t.Any]) -> tuple[list[Source], list[str]]:
    """The addresses of a host, from the first place that has any, and what is wrong with those it declares."""
    declared = variables.get("network_addresses")
    if declared is not None:
        return _declared(name, declared)
    for candidates in ([variables.get("ansible_host")], _gathered(variables.get("ansible_facts")), [name]):
        found = [one for one in map(_source, candidates) if one is not None and _is_host(one)]
        if found:
            return found, []
    return [], []


def _declared(name: str, declared: t.Any) -> tuple[list[Source], list[str]]:
    if isinstance(declared, str) or not isinstance(declared, t.Sequence) or not declared:
        return [], [f"network_addresses of {name} must be a list of addresses; got: {declared!r}"]
    read = [(one, _source(one)) for one in declared]
    wrong = [f"network_addresses of {name} has what is no address or network: {one!r}" for one, is_ in read if not is_]
    return [is_ for _one, is_ in read if is_], wrong


def _gathered(facts: t.Any) -> list[t.Any]:
    known = facts if isinstance(facts, t.Mapping) else {}
    return [(known.get(family) or {}).get("address") for family in ("default_ipv4", "default_ipv6")]


def _source(value: t.Any) -> Source | None:
    try:
        return ipaddress.ip_network(str(value).strip(), strict=False) if value else None
    except ValueError:
        return None


def _is_host(network: Source) -> bool:
    """Whether it is an address that another host can see."""
    address = network.network_address
    return network.prefixlen == network.max_prefixlen and not (address.is_loopback or address.is_unspecified)


def _short(network: Source) -> str:
    return str(network.network_address if network.prefixlen == network.max_prefixlen else network)


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"host_addresses": host_addresses}
