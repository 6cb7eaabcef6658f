# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t
from dataclasses import asdict

from ansible.errors import AnsibleFilterError

from ..module_utils.network.problems import address_problems

DOCUMENTATION = r"""
name: address_problems
short_description: What is wrong with the addresses of Docker hosts
version_added: 0.1.0
author:
  - slipway.docker contributors (@slipway)
description:
  - Finds, over a whole inventory and without reaching a host, networks that overlap, pools that are exhausted, and keys
    that go ill together.
  - It knows what is declared, not what is there. What dockerd would refuse on a host is told by
    M(slipway.docker.daemon).
  - Values that cannot be read are problems like others, never an error of the filter.
options:
  _input:
    description:
      - Hosts, each with its variables. Others than those named here are not looked at, so a host's C(hostvars) will do.
    type: dict
    required: true
    suboptions:
      engine_config:
        description: Keys of C(daemon.json), of which those about addresses are looked at.
        type: dict
      engine_version:
        description: The engine's version. What holds for some versions only is told where this is known.
        type: str
      network_networks:
        description:
          - Networks, with the options of M(community.docker.docker_network). A network in state V(absent) is not looked
            at.
        type: list
        elements: dict
      network_routed:
        description:
          - Networks that the host reaches by a route, such as its LAN and a VPN. Each is a network like V(10.8.0.0/16),
            or a map with C(network) and C(name).
        type: list
        elements: raw
      network_domain:
        description:
          - A name, or a list of names. Hosts with a name in common route to each other or share an overlay network, so
            their networks must not overlap.
          - docker0 is left out where it has what dockerd gives it by default.
        type: raw
      network_domain_routes:
        description:
          - With V(true) the hosts of a domain reach each other's docker0 as well, so that its default must not be the
            same on two of them.
          - With V(false) they have only overlay networks in common. Other networks may be the same on all of them.
        type: bool
      network_swarm:
        description: Whether the host is a member of a swarm. One that declares an overlay network always is.
        type: bool
seealso:
  - module: slipway.docker.daemon
  - module: community.docker.docker_network
"""

EXAMPLES = r"""
- name: No addresses that clash on any Docker host
  vars:
    hosts: "{{ groups['docker_hosts'] }}"
    problems: "{{ dict(hosts | zip(hosts | map('extract', hostvars))) | slipway.docker.address_problems }}"
  ansible.builtin.assert:
    that: problems | length == 0
    fail_msg: "{{ problems | map(attribute='message') | join('; ') }}"
  run_once: true
  delegate_to: localhost

- name: One host, written out
  vars:
    declared:
      web1:
        engine_config:
          bip: 10.8.0.1/24
        network_routed:
          - network: 10.8.0.0/16
            name: VPN
  ansible.builtin.debug:
    msg: "{{ declared | slipway.docker.address_problems }}"
  # => [{"hosts": ["web1"], "what": "overlap", "where": "engine_config.bip, network_routed[0].network",
  #      "message": "bip 10.8.0.0/24 overlaps VPN 10.8.0.0/16", "remedy": "choose another network"}]
"""

RETURN = r"""
_value:
  description:
    - The problems, in order. Hosts that have the same one are told together.
  type: list
  elements: dict
  contains:
    hosts:
      description: The hosts on which, or between which, it is a problem.
      type: list
      elements: str
    what:
      description:
        - V(overlap) for networks that cannot both be used, V(exhausted) for pools without a subnet for each network,
          V(illegal) for values that go ill together, V(differs) for an overlay network that is declared in several
          ways, V(unreadable) for the rest.
      type: str
    where:
      description: The variables in which it stands.
      type: str
    message:
      description: The whole of it in a sentence.
      type: str
    remedy:
      description: What to do about it; empty where the message says it.
      type: str
"""


def to_dicts(inventory: t.Any) -> list[dict[str, t.Any]]:
    """The problems of hosts, as Ansible's types.

    :raises AnsibleFilterError: when the input is no map of hosts
    """
    if not isinstance(inventory, t.Mapping):
        raise AnsibleFilterError(f"address_problems needs a map of hosts and their variables, got {type(inventory)}")
    return [{**asdict(problem), "hosts": list(problem.hosts)} for problem in address_problems(inventory)]


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"address_problems": to_dicts}
