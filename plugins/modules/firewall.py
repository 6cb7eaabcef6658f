#!/usr/bin/python
# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: firewall
short_description: Who may reach published ports and container networks
version_added: 0.1.0
author:
  - slipway.docker contributors (@slipway)
description:
  - Declares as a whole who outside may reach containers of this host. Rules name published ports as a user sees them,
    so that C(-p 8080:80) is 8080.
  - The rules are put in place in one step, never with half of them or none, and read back. What the kernel holds is
    compared with what is wanted, so a rule that somebody has changed by hand is put right.
  - Only traffic that is forwarded to containers is looked at. What comes to the host itself, such as SSH, is not, and
    neither is what containers send, nor connections that are established.
  - The same rules hold for IPv4 and IPv6.
  - They are in place at boot before Docker starts.
options:
  state:
    description:
      - V(absent) takes everything away that this module has made, with whichever O(backend).
    type: str
    choices: [present, absent]
    default: present
  default:
    description:
      - What becomes of traffic to containers that no rule matches.
    type: str
    choices: [deny, allow]
    default: deny
  rules:
    description:
      - Rules in order. The first that matches counts.
      - A rule without O(rules[].ports) holds for all traffic to containers, also for addresses of containers that
        others have a route to. One with ports holds for published ones only.
    type: list
    elements: dict
    default: []
    suboptions:
      action:
        description: What becomes of traffic that matches. What is allowed goes on to Docker's own rules.
        type: str
        choices: [allow, deny]
        default: allow
      ports:
        description: Published ports, and ranges like V(8000-8010).
        type: list
        elements: str
      protocols:
        description: Their protocols.
        type: list
        elements: str
        choices: [tcp, udp, sctp]
        default: [tcp]
      sources:
        description:
          - Addresses and networks, IPv4 and IPv6, from which it may come. Where it is not set, from everywhere.
          - An empty list is an error, as it could mean everybody or nobody.
        type: list
        elements: str
      interface:
        description:
          - The interface by which it comes in, in letters, digits, V(_), V(.) and V(-). A star at the end stands for
            any rest.
        type: str
      network:
        description:
          - The container network that it goes to, by Docker's name for it. The rule is for the bridge that it has now.
            One that is made again gets another, unless C(com.docker.network.bridge.name) is set.
        type: str
      log:
        description: Whether it is logged.
        type: bool
        default: false
      comment:
        description: What it is for. It stands beside the rule in the kernel.
        type: str
  log:
    description:
      - Whether what O(default=deny) drops is logged by the kernel.
    type: bool
    default: false
  log_rate:
    description:
      - How often at most, by V(second), V(minute), V(hour) or V(day), and not above V(10000/second).
    type: str
    default: 10/minute
  log_prefix:
    description:
      - What lines in the log begin with, at most 28 plain characters. May be empty.
    type: str
    default: "docker denied: "
  container_interfaces:
    description:
      - Interfaces of container networks. A star at the end stands for any rest. Bridges that Docker has under other
        names are added by each run.
      - An interface by which others come in as well, as a default route goes by it or it is a bridge with a port that
        is not Docker's, is not trusted, and the rules hold for what comes by it. Where a pattern covers one, that is an
        error.
    type: list
    elements: str
    default: [docker0, docker_gwbridge, "br-*"]
  backend:
    description:
      - V(nftables) makes a table of its own that comes before Docker's chains and those of other tools. It outlives
        restarts of Docker and reloads of firewalld and ufw, and is the only one for engines that use nftables
        themselves.
      - V(iptables) makes a chain of its own, to which C(DOCKER-USER) jumps first. Rules of others in C(DOCKER-USER)
        stay. It is refused where it could not keep what it promises. That is beside firewalld, whose reloads take it
        away, with engines that use nftables, with engine 20.10 where that fills C(ip6tables), and where no packet
        comes by C(DOCKER-USER).
      - V(auto) takes nftables where program C(nft) is there and works.
      - What another backend has left of an earlier run goes as the new rules are in place.
    type: str
    choices: [auto, nftables, iptables]
    default: auto
  allow_lockout:
    description:
      - Rules that would cut the way by which Ansible came in are refused, unless this is set. Such a way leads through
        a published port, to a container that passes Ansible on to this host, or to one that acts on it.
      - A connection that ends on the host itself is never cut.
    type: bool
    default: false
  docker_host:
    description:
      - Where the engine is asked for its networks. One that does not run is no error, unless a rule names a network.
    type: str
    default: unix:///var/run/docker.sock
extends_documentation_fragment:
  - slipway.docker.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Shows the kernel's rules before and after.
  idempotent:
    support: full
  platform:
    platforms: linux
notes:
  - Ports that C(docker-proxy) serves are no forwarded traffic, and not seen by any rule. It serves those of a family
    for which Docker translates no addresses, which is IPv6 where the container's network has none or Docker does not
    manage C(ip6tables), and IPv4 with C(iptables=false). There is a warning that names them.
  - A bridge with a name that no pattern of O(container_interfaces) covers, and that is made after the run, is not
    covered until the next run. A rule with O(rules[].network) holds for the bridge that the network has at the time of
    the run.
  - Containers on macvlan and ipvlan networks do not go through the host's rules.
seealso:
  - module: slipway.docker.daemon
  - plugin: slipway.docker.host_addresses
    plugin_type: filter
"""

EXAMPLES = r"""
- name: The office and the web servers may reach the application, everybody the front door
  slipway.docker.firewall:
    rules:
      - ports: [443, 80]
        comment: front door
      - ports: [8080]
        sources: "{{ groups['web'] | slipway.docker.host_addresses(hostvars) + ['192.0.2.0/24'] }}"
        comment: application
    log: true

# Who has a route to the container's own address still reaches it, with engines before 28: deny by default against that.
- name: Everything is open, but for the port that the database is published on
  slipway.docker.firewall:
    default: allow
    rules:
      - action: deny
        ports: [5432]

- name: A network of containers that has its own addresses, routed by the LAN
  slipway.docker.firewall:
    rules:
      - network: services
        sources: [10.20.0.0/16]

- name: No rules of ours any more
  slipway.docker.firewall:
    state: absent
"""

RETURN = r"""
backend:
  description:
    - What is used, V(none) with O(state=absent).
  returned: success
  type: str
  sample: nftables
backend_reason:
  description:
    - Why.
  returned: success
  type: str
  sample: a table of our own outlives restarts of Docker and reloads of firewalld and ufw
iptables_variant:
  description:
    - The set of tables that C(iptables) works on, V(nf_tables) or V(legacy). Docker's own rules are in the same one.
  returned: when RV(backend) is V(iptables)
  type: str
  sample: nf_tables
drifted:
  description:
    - Whether the kernel held other rules than an earlier run had put there.
  returned: success
  type: bool
  sample: false
files:
  description:
    - Files that were, or in check mode would be, written or removed.
  returned: success
  type: list
  elements: str
  sample: ["/etc/slipway/docker-firewall.sh"]
rules:
  description:
    - Number of the kernel's rules for it.
  returned: success
  type: int
  sample: 12
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.docker.plugins.module_utils.firewall.report import report, shown
from ansible_collections.slipway.docker.plugins.module_utils.firewall.run import run
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Host, module_runner

RULE: dict[str, t.Any] = {
    "action": {"type": "str", "choices": ["allow", "deny"], "default": "allow"},
    "ports": {"type": "list", "elements": "str"},
    "protocols": {"type": "list", "elements": "str", "choices": ["tcp", "udp", "sctp"], "default": ["tcp"]},
    "sources": {"type": "list", "elements": "str"},
    "interface": {"type": "str"},
    "network": {"type": "str"},
    "log": {"type": "bool", "default": False},
    "comment": {"type": "str"},
}
ARGUMENTS: dict[str, t.Any] = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "default": {"type": "str", "choices": ["deny", "allow"], "default": "deny"},
    "rules": {"type": "list", "elements": "dict", "options": RULE, "default": []},
    "log": {"type": "bool", "default": False},
    "log_rate": {"type": "str", "default": "10/minute"},
    "log_prefix": {"type": "str", "default": "docker denied: "},
    "container_interfaces": {
        "type": "list",
        "elements": "str",
        "default": ["docker0", "docker_gwbridge", "br-*"],
    },
    "backend": {"type": "str", "choices": ["auto", "nftables", "iptables"], "default": "auto"},
    "allow_lockout": {"type": "bool", "default": False},
    "docker_host": {"type": "str", "default": "unix:///var/run/docker.sock"},
}


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    try:
        done = run(Host(module_runner(module.run_command)), module.params, check_mode=module.check_mode)
    except (HostError, OSError, ValueError) as error:
        module.fail_json(msg=str(error))
    for warning in done.warnings:
        module.warn(warning)
    result = report(done)
    if module._diff:
        result["diff"] = [
            {
                "before_header": done.backend,
                "after_header": done.backend,
                "before": shown(done.before),
                "after": shown(done.after),
            }
        ]
    module.exit_json(**result)


if __name__ == "__main__":
    main()
