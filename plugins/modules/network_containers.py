#!/usr/bin/python
# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: network_containers
short_description: Take containers off a network, and put them back with their addresses and aliases
version_added: 0.1.0
author:
  - slipway.docker contributors (@slipway)
description:
  - Docker cannot change a network, so it has to be removed and made again, without containers on it. This module takes
    them off before and puts them back afterwards, running ones and stopped ones.
  - What each container had is written into a note in C(/var/lib/slipway/networks) before anything is touched, with the
    network itself. The note is removed when all are back, so that a run that was interrupted is finished by the next.
  - A note belongs to the engine whose network it is. Another engine of the same host refuses it.
options:
  network:
    description:
      - The network's name.
    type: str
    required: true
  state:
    description:
      - V(detached) writes the note and disconnects all containers. Where there are none, nothing is done. What a note
        says that is there already counts, and containers that have come since are added to it.
      - V(attached) connects the containers in the note to the network that has that name now. Where there is none, it
        is first made again as it was. Without a note, nothing is done.
    type: str
    choices: [detached, attached]
    required: true
  docker_host:
    description:
      - The engine's socket.
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
      - Shows the containers on the network before and after.
  idempotent:
    support: full
  platform:
    platforms: linux
notes:
  - A container gets back its aliases, links, MAC address, driver options, gateway priority, and the addresses that it
    had asked for, as far as they lie in the network's subnets. An address that does not is given up with a warning.
  - An address that the engine had chosen is not asked for, since that would fix it for good, and the container could
    not start when another one has it. Containers are connected in the order of their addresses instead, so that mostly
    each gets the same. Only where one would get what a stopped container asks for, it asks for what it had.
  - Engines from 25.0 to the first of the 29 series pass over the MAC address when a container is connected. Where that
    happens there is a warning.
  - A container that is on no other network has none until it is put back.
seealso:
  - module: slipway.docker.networks_info
  - module: community.docker.docker_network
"""

EXAMPLES = r"""
- name: Make a network again without losing what is on it
  become: true
  block:
    - name: Take all containers off
      slipway.docker.network_containers:
        network: front
        state: detached

    - name: Make it again
      community.docker.docker_network:
        name: front
        ipam_config: [{subnet: 172.21.0.0/24}]
        force: true
  always:
    - name: Put them back
      slipway.docker.network_containers:
        network: front
        state: attached
"""

RETURN = r"""
containers:
  description:
    - Containers on the network, before and after.
  returned: success
  type: dict
  sample:
    before: ["web (172.20.0.10 asked for, running)"]
    after: []
gone:
  description:
    - Names of containers in the note that there are no more. There is a warning that names them.
  returned: success
  type: list
  elements: str
  sample: []
made_again:
  description:
    - Whether the network was, or in check mode would be, made again as it had been.
  returned: success
  type: bool
  sample: false
note:
  description:
    - The note that was written or read; empty where there is none.
  returned: success
  type: str
  sample: /var/lib/slipway/networks/front.json
without_network:
  description:
    - Names of containers that were taken off and are on no other network.
  returned: success
  type: list
  elements: str
  sample: ["web"]
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Host, module_runner
from ansible_collections.slipway.docker.plugins.module_utils.networks.endpoints import Attachment
from ansible_collections.slipway.docker.plugins.module_utils.networks.engine import Engine
from ansible_collections.slipway.docker.plugins.module_utils.networks.moves import move

ARGUMENTS: dict[str, t.Any] = {
    "network": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["detached", "attached"], "required": True},
    "docker_host": {"type": "str", "default": "unix:///var/run/docker.sock"},
}


def _lines(containers: t.Iterable[Attachment]) -> list[str]:
    return sorted(map(str, containers))


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    name, state = module.params["network"], module.params["state"]
    host = Host(module_runner(module.run_command))
    try:
        done = move(host, Engine(module.params["docker_host"]), name, state, check_mode=module.check_mode)
    except (HostError, OSError) as error:
        module.fail_json(msg=str(error))
    for warning in done.warnings:
        module.warn(warning)
    before, after = _lines(done.before), _lines(done.after)
    result: dict[str, t.Any] = {
        "changed": done.changed,
        "containers": {"before": before, "after": after},
        "gone": sorted(done.gone),
        "made_again": done.made_again,
        "note": done.note,
        "without_network": sorted(done.only),
    }
    if module._diff:
        shown = {"before": before, "after": after}
        texts = {key: "".join(f"{line}\n" for line in lines) for key, lines in shown.items()}
        result["diff"] = {"before_header": f"network {name}", "after_header": f"network {name}", **texts}
    module.exit_json(**result)


if __name__ == "__main__":
    main()
