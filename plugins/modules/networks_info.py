#!/usr/bin/python
# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: networks_info
short_description: What is to be done to have declared networks, and what that would break
version_added: 0.1.0
author:
  - slipway.docker contributors (@slipway)
description:
  - Compares a list of networks with those of the engine, all in one go, by the rules of
    M(community.docker.docker_network). What an entry does not mention may be anything.
  - Tells which networks have to be made, made again or removed, which containers are on those, and all that stands in
    the way, before anything is touched. Nothing is changed.
options:
  networks:
    description:
      - The networks. An entry has the options of M(community.docker.docker_network), and O(networks) may be empty.
    type: list
    elements: raw
    required: true
  recreate:
    description:
      - Whether a network may be made again or removed although containers are on it. Without, that is a problem which
        names them.
    type: bool
    default: false
  docker_host:
    description:
      - The engine's socket. Where no engine answers, that is an error, but in check mode all networks count as not
        there yet.
    type: str
    default: unix:///var/run/docker.sock
extends_documentation_fragment:
  - slipway.docker.attributes
  - slipway.docker.attributes.info
notes:
  - In check mode, what an earlier task of the same run may be about to bring is no problem but a warning. That is a
    parent interface, and membership in a swarm.
seealso:
  - module: slipway.docker.network_containers
  - module: community.docker.docker_network
"""

EXAMPLES = r"""
- name: See what is to be done
  slipway.docker.networks_info:
    networks:
      - name: front
        ipam_config: [{subnet: 172.20.0.0/24}]
      - name: lan
        driver: macvlan
        driver_options: {parent: eth0}
        ipam_config: [{subnet: 192.0.2.0/24, gateway: 192.0.2.1}]
  become: true
  register: seen

- name: Stop when something stands in the way
  ansible.builtin.assert:
    that: seen.problems | length == 0
    fail_msg: "{{ seen.problems | join('\n') }}"
"""

RETURN = r"""
create:
  description:
    - Entries of networks that are not there, or lack containers that they name in C(connected). Those with
      C(config_only) come first.
  returned: success
  type: list
  elements: dict
  sample: [{"name": "lan", "driver": "macvlan"}]
networks:
  description:
    - What was found, in the order of the entries, then networks that an interrupted run has left.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Its name.
      type: str
      sample: front
    state:
      description:
        - V(same), V(missing) and V(differs) speak for themselves. V(connect) lacks containers. V(present) is to be
          removed, and V(absent) is. V(resume) has containers that an interrupted run has taken off.
      type: str
      sample: differs
    differences:
      description:
        - How it differs from what is declared. Containers that C(connected) does not name are told here, also where the
          network has to be made again for other reasons.
      type: list
      elements: str
      sample: ["subnet is 172.20.0.0/24, declared 172.21.0.0/24"]
    note:
      description: The note that an interrupted run left; empty where there is none.
      type: str
      sample: ""
    containers:
      description: Containers on it, where it is to be made again or removed.
      type: list
      elements: dict
      sample:
        - id: 0a1b2c3d4e5f
          name: web
          running: true
          asked: ["172.20.0.10"]
          given: ["172.20.0.10"]
          aliases: ["www"]
          mac: ""
          links: []
          link_local: []
          driver_options: {}
          gateway_priority: 0
          only: true
problems:
  description:
    - All that stands in the way, a sentence each. Where there is one, nothing should be done.
  returned: success
  type: list
  elements: str
  sample: ["network_networks[1].driver_options.parent cannot be the loopback interface; got: \"lo\"; name another"]
recreate:
  description:
    - Entries of networks that differ and have to be made again, and of those that an interrupted run has removed. Those
      with C(config_only) come first.
    - Labels that a network has and its entry does not mention, such as those of Docker Compose, are added.
  returned: success
  type: list
  elements: dict
  sample: [{"name": "front", "ipam_config": [{"subnet": "172.21.0.0/24"}]}]
remove:
  description:
    - Entries of networks that are there and shall not be. Those with C(config_only) come last, as Docker removes none
      that is used.
  returned: success
  type: list
  elements: dict
  sample: []
resume:
  description:
    - Networks that only lack containers which an interrupted run has taken off, see
      M(slipway.docker.network_containers).
  returned: success
  type: list
  elements: dict
  sample: []
same:
  description:
    - Names of networks that are as declared.
  returned: success
  type: list
  elements: str
  sample: ["back"]
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Host, module_runner
from ansible_collections.slipway.docker.plugins.module_utils.networks.survey import Finding, survey

ARGUMENTS: dict[str, t.Any] = {
    "networks": {"type": "list", "elements": "raw", "required": True},
    "recreate": {"type": "bool", "default": False},
    "docker_host": {"type": "str", "default": "unix:///var/run/docker.sock"},
}


def _told(one: Finding) -> dict[str, t.Any]:
    return {
        "name": one.entry.name,
        "state": one.state,
        "differences": list(one.differences),
        "note": one.note.path if one.note else "",
        "containers": [container.as_dict() for container in one.containers],
    }


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    given = module.params
    host = Host(module_runner(module.run_command))
    try:
        found = survey(
            host, given["docker_host"], given["networks"], recreate=given["recreate"], check_mode=module.check_mode
        )
    except (HostError, OSError) as error:
        module.fail_json(msg=str(error))
    for warning in found.warnings:
        module.warn(warning)
    module.exit_json(
        changed=False,
        create=found.entries(
            config_only="first",
            wanted=lambda one: (one.state == "missing" and not one.again) or one.state == "connect",
        ),
        recreate=found.entries(config_only="first", wanted=lambda one: one.again),
        remove=found.entries(config_only="last", wanted=lambda one: one.state == "present"),
        resume=found.entries(config_only="first", wanted=lambda one: one.state == "resume"),
        same=[one.entry.name for one in found.findings if one.state in ("same", "absent")],
        networks=[_told(one) for one in found.findings],
        problems=list(found.problems),
    )


if __name__ == "__main__":
    main()
