#!/usr/bin/python
# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: host_interfaces
short_description: Bridges and other network interfaces that Docker needs on a host
version_added: 0.1.0
author:
  - slipway.docker contributors (@slipway)
description:
  - Makes bridges, VLANs and macvlan interfaces, and has the host's own network configuration keep them, that of
    systemd-networkd or of ifupdown, so that they are there at boot before Docker starts.
  - Everything that is wrong with a declaration is told at once, before anything is touched. Files and kernel change
    together, the kernel is read back, and all is put back as it was where it does not hold what was declared.
  - Files and what the kernel holds are compared both, so an interface that somebody has deleted or an address that
    somebody has taken away is put right.
  - Files and interfaces of others are left alone. A host is not cut off by it, see O(interfaces[].take_over) and
    O(allow_lockout).
options:
  interfaces:
    description:
      - The interfaces. Those that an earlier run has made and that are not named here stay.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Its name, of at most 15 letters, digits, dots, dashes and underscores.
        type: str
        required: true
      kind:
        description:
          - V(bridge) is one for Docker's own use, as C(bridge) in C(daemon.json) or as a network's
            C(com.docker.network.bridge.name).
          - V(vlan) is one VLAN of O(interfaces[].parent).
          - V(macvlan) is the host's own interface beside containers of a macvlan network with the same parent, which
            cannot talk to each other otherwise.
        type: str
        choices: [bridge, vlan, macvlan]
        default: bridge
      state:
        description:
          - V(absent) removes it with its files. What was a port of it is free then, and gets no address.
          - An interface that this module has not made is not removed, and neither is one that others have interfaces
            in or on, such as containers, or that carries the default route.
        type: str
        choices: [present, absent]
        default: present
      ports:
        description:
          - Interfaces that are part of a bridge; none makes one that only containers are on. Ports that others have
            put there, such as those of containers, stay.
          - One such as V(eth1.20) that is not there is made as a VLAN of what is before the dot.
        type: list
        elements: str
        default: []
      stp:
        description: Whether a bridge takes part in the spanning tree protocol. A port then forwards after 30 seconds.
        type: bool
        default: false
      parent:
        description: The interface that a VLAN or macvlan is on.
        type: str
      vlan:
        description: The number of a VLAN, from 1 to 4094.
        type: int
      mode:
        description: The mode of a macvlan.
        type: str
        choices: [bridge]
        default: bridge
      addresses:
        description:
          - Addresses with their prefixes, IPv4 and IPv6, without zones. Those that others add, such as Docker, stay.
        type: list
        elements: str
        default: []
      gateways:
        description: Routers to everywhere, one for IPv4 and one for IPv6, in networks of O(interfaces[].addresses).
        type: list
        elements: str
        default: []
      routes:
        description: Networks that are reached by it directly, or as V(10.9.0.0/16 via 10.77.0.9) by a router.
        type: list
        elements: str
        default: []
      mtu:
        description: The size of its packets. Where it is not set, the kernel chooses.
        type: int
      take_over:
        description:
          - Whether addresses and routes of a port may move to this bridge. They have to be declared in
            O(interfaces[].addresses), O(interfaces[].gateways) and O(interfaces[].routes); what is missing is told.
          - A port that has any is an error without it, as it would lose them, and the host its connections.
          - The bridge also gets the hardware address of its first port.
        type: bool
        default: false
  manager:
    description:
      - What keeps the interfaces.
      - V(auto) takes systemd-networkd where it runs or is enabled, otherwise ifupdown where it is there. Where netplan
        has systemd-networkd do the work, files of ours beside those of netplan are fine.
      - A host that only NetworkManager manages is an error.
    type: str
    choices: [auto, networkd, ifupdown]
    default: auto
  allow_lockout:
    description:
      - What would take away the address to which Ansible is connected by SSH, the interface by which that comes in, a
        port of it, or every route back, is refused unless this is set.
      - An address may move to another interface of the same run, see O(interfaces[].take_over).
    type: bool
    default: false
  timeout:
    description:
      - Seconds that systemd-networkd may take until all is as declared.
    type: int
    default: 15
extends_documentation_fragment:
  - slipway.docker.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Shows the files before and after, and what the kernel lacks and is told.
  idempotent:
    support: full
  platform:
    platforms: linux
notes:
  - Needs program C(ip) of iproute2 on the host.
  - C(networkctl reload) makes systemd-networkd read all of its files, so edits of others take effect with it.
seealso:
  - module: slipway.docker.daemon
  - module: slipway.docker.firewall
"""

EXAMPLES = r"""
- name: A bridge for Docker's default network
  slipway.docker.host_interfaces:
    interfaces:
      - name: br0
        addresses: [10.77.0.1/24]

- name: Docker uses it
  slipway.docker.daemon:
    config:
      bridge: br0

- name: Containers are on a VLAN of the LAN
  slipway.docker.host_interfaces:
    interfaces:
      - name: br20
        ports: [eth1.20]
        addresses: [192.0.2.5/24]

- name: The host's own interface becomes a port, its address moves
  slipway.docker.host_interfaces:
    interfaces:
      - name: br0
        ports: [eth0]
        take_over: true
        addresses: [192.0.2.5/24, "2001:db8::5/64"]
        gateways: [192.0.2.1, "2001:db8::1"]

- name: The host reaches containers of a macvlan network on eth1, which have 192.0.2.192/27
  slipway.docker.host_interfaces:
    interfaces:
      - name: mac0
        kind: macvlan
        parent: eth1
        addresses: [192.0.2.6/32]
        routes: [192.0.2.192/27]

- name: No bridge any more
  slipway.docker.host_interfaces:
    interfaces:
      - name: br0
        state: absent
"""

RETURN = r"""
manager:
  description:
    - What keeps the interfaces.
  returned: success
  type: str
  sample: networkd
manager_reason:
  description:
    - Why.
  returned: success
  type: str
  sample: systemd-networkd.service runs
interfaces:
  description:
    - The declared interfaces that are there, and VLANs made as ports, as the kernel holds them. In check mode as they
      are now.
  returned: success
  type: list
  elements: dict
  sample:
    - name: br0
      kind: bridge
      up: true
      mtu: 1500
      mac: "52:54:00:12:34:56"
      ports: []
      stp: false
      parent: ""
      vlan: null
      mode: null
      addresses: ["10.77.0.1/24"]
      routes: []
files:
  description:
    - Files that were, or in check mode would be, written or removed.
  returned: success
  type: list
  elements: str
  sample: ["/etc/systemd/network/30-slipway-br0.netdev", "/etc/systemd/network/30-slipway-br0.network"]
drifted:
  description:
    - What somebody had changed of interfaces since an earlier run had made them.
  returned: success
  type: list
  elements: str
  sample: ["br0 lacks 10.77.0.1/24"]
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Host, module_runner
from ansible_collections.slipway.docker.plugins.module_utils.interfaces.report import diff, report
from ansible_collections.slipway.docker.plugins.module_utils.interfaces.run import run

INTERFACE: dict[str, t.Any] = {
    "name": {"type": "str", "required": True},
    "kind": {"type": "str", "choices": ["bridge", "vlan", "macvlan"], "default": "bridge"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "ports": {"type": "list", "elements": "str", "default": []},
    "stp": {"type": "bool", "default": False},
    "parent": {"type": "str"},
    "vlan": {"type": "int"},
    "mode": {"type": "str", "choices": ["bridge"], "default": "bridge"},
    "addresses": {"type": "list", "elements": "str", "default": []},
    "gateways": {"type": "list", "elements": "str", "default": []},
    "routes": {"type": "list", "elements": "str", "default": []},
    "mtu": {"type": "int"},
    "take_over": {"type": "bool", "default": False},
}
ARGUMENTS: dict[str, t.Any] = {
    "interfaces": {"type": "list", "elements": "dict", "options": INTERFACE, "required": True},
    "manager": {"type": "str", "choices": ["auto", "networkd", "ifupdown"], "default": "auto"},
    "allow_lockout": {"type": "bool", "default": False},
    "timeout": {"type": "int", "default": 15},
}


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    try:
        done = run(Host(module_runner(module.run_command)), module.params, check_mode=module.check_mode)
    except (HostError, OSError, ValueError) as error:
        module.fail_json(msg=str(error))
    result = report(done)
    if module._diff:
        result["diff"] = diff(done)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
