#!/usr/bin/python
# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: environment_file
short_description: Set variables in the file that dockerd's service reads
version_added: 0.1.0
author:
  - slipway.docker contributors (@slipway)
description:
  - Sets and removes variables in C(/etc/default/docker), C(/etc/sysconfig/docker) or C(/etc/conf.d/docker), whichever
    launches dockerd on this host. Comments, order and all other lines stay byte for byte.
  - The change is made in one transaction with everything else that launches dockerd, see M(slipway.docker.daemon). A
    flag that clashes with a key of C(daemon.json) is refused, dockerd is asked for its opinion, the daemon is
    restarted where the change needs it, and all is put back when it does not come up or lacks a variable.
  - A value is written so that a shell, which sources the file on hosts with init scripts, and systemd, which reads it
    as C(EnvironmentFile=), come to the very same text. Where no way of writing it can do that, it is refused.
options:
  variables:
    description:
      - Variables and their values.
      - Those that become part of dockerd's command line, such as C(DOCKER_OPTS), are split on blanks and may hold no
        quotes, backslashes, dollar signs or wildcards, which each reader takes its own way. Others may hold anything
        that can be printed. With init scripts those are exported as well, so that the daemon gets them.
      - A variable whose value is V(null) counts as not asked for.
    type: dict
    default: {}
  absent:
    description:
      - Variables that shall not be set. Every assignment of them goes. One that is part of a condition or a loop is an
        error that names its line.
    type: list
    elements: str
    default: []
  path:
    description:
      - The file. By default the one that this host's service reads; where it reads none, C(/etc/default/docker) in
        Debian's family, C(/etc/sysconfig/docker) elsewhere, C(/etc/conf.d/docker) with OpenRC.
      - A file that the service does not read is an error, unless O(add_to_unit) is set. Before there is an engine,
        nobody can know, and it is written.
    type: path
  add_to_unit:
    description:
      - Where the unit does not read the file, as that of Docker's own packages does not, have a drop-in make it do so.
        Options that it does not put into the command line are added there as well.
      - V(false) takes the drop-in away. Where this is not set, it is left as it is.
    type: bool
  disruption:
    description:
      - The most that may be done to a running daemon, see O(slipway.docker.daemon#module:disruption). A variable takes
        effect with a restart only.
    type: str
    choices: [restart, reload, none]
    default: restart
  defer:
    description:
      - Where O(disruption) does not allow what is needed, write the file all the same, and report in RV(pending) what
        is left. A later run that allows it finishes that.
    type: bool
    default: false
  timeout:
    description:
      - Seconds that the daemon may take until it answers on every socket.
    type: int
    default: 60
  settle:
    description:
      - Seconds for which a daemon that was started is watched.
    type: int
    default: 3
extends_documentation_fragment:
  - slipway.docker.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Passwords in URLs are hidden.
  idempotent:
    support: full
  platform:
    platforms: linux
notes:
  - Variables that are set here stay until they are named in O(absent). The role P(slipway.docker.engine#role) and
    O(slipway.docker.daemon#module:environment) own what they set instead, and take it back when it is not named any
    more.
  - Engines from 23.0 on have proxies in C(daemon.json), in the key C(proxies), which count more than variables.
seealso:
  - module: slipway.docker.daemon
"""

EXAMPLES = r"""
- name: The daemon pulls images through a proxy
  slipway.docker.environment_file:
    variables:
      http_proxy: http://proxy.example.com:3128
      https_proxy: http://proxy.example.com:3128
      no_proxy: localhost,127.0.0.1,.example.com

- name: A label by a flag, as the service's own file has it
  slipway.docker.environment_file:
    variables:
      DOCKER_OPTS: --label=rack=12 --max-concurrent-downloads=6

- name: No proxy any more
  slipway.docker.environment_file:
    absent: [http_proxy, https_proxy, no_proxy]

- name: Docker's own packages read no such file; here they shall
  slipway.docker.environment_file:
    variables:
      DOCKER_TMPDIR: /srv/tmp
    add_to_unit: true
"""

RETURN = r"""
activation:
  description:
    - What made, or in check mode would make, the change effective.
  returned: success
  type: str
  sample: restart
  choices: [none, reload, restart, start]
activation_reasons:
  description:
    - Why RV(activation) is needed.
  returned: success
  type: list
  elements: str
  sample: ["variables of its environment change"]
changed_variables:
  description:
    - Names of the variables that differ from before.
  returned: success
  type: list
  elements: str
  sample: ["http_proxy"]
containers_restarted:
  description:
    - Names of the containers that stopped with the daemon and were brought back.
  returned: success
  type: list
  elements: str
  sample: ["web"]
containers_stopped:
  description:
    - Names of the running containers that stop, or in check mode would, while the daemon restarts.
  returned: success
  type: list
  elements: str
  sample: ["web"]
downtime:
  description:
    - Seconds from stopping the running daemon until it answered on every socket; 0 without a restart.
  returned: success
  type: float
  sample: 1.27
environment_path:
  description:
    - The file.
  returned: success
  type: str
  sample: /etc/default/docker
files:
  description:
    - Files that were, or in check mode would be, written or removed.
  returned: success
  type: list
  elements: str
  sample: ["/etc/default/docker"]
journal:
  description:
    - What dockerd wrote while it was started, the newest last.
  returned: on failure after the daemon was touched
  type: list
  elements: str
pending:
  description:
    - Why something that was written is not effective yet; empty when everything is.
  returned: success
  type: list
  elements: str
  sample: ["the engine is not installed: its first start will read the configuration"]
rolled_back:
  description:
    - Whether the host was put back as it was before.
  returned: always
  type: bool
  sample: false
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.docker.plugins.module_utils.daemon.main import conclude
from ansible_collections.slipway.docker.plugins.module_utils.daemon.plan import Request
from ansible_collections.slipway.docker.plugins.module_utils.daemon.variables import Wishes, wish_values

ARGUMENTS: dict[str, t.Any] = {
    "variables": {"type": "dict", "default": {}},
    "absent": {"type": "list", "elements": "str", "default": []},
    "path": {"type": "path"},
    "add_to_unit": {"type": "bool"},
    "disruption": {"type": "str", "choices": ["restart", "reload", "none"], "default": "restart"},
    "defer": {"type": "bool", "default": False},
    "timeout": {"type": "int", "default": 60},
    "settle": {"type": "int", "default": 3},
}
_RESULTS = (
    "activation activation_reasons changed changed_variables containers_restarted containers_stopped downtime files"
    " environment_path pending rolled_back"
).split()


def _request(parameters: dict[str, t.Any]) -> Request:
    wishes = Wishes(
        values=wish_values(parameters["variables"] or {}),
        absent=tuple(parameters["absent"] or ()),
        path=parameters["path"] or "",
        owned=False,
        add_to_unit=parameters["add_to_unit"],
    )
    limits = {name: parameters[name] for name in ("disruption", "defer", "timeout", "settle")}
    return Request(None, variables=wishes, enabled=False, **limits)


def main() -> None:
    conclude(AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True), _request, _RESULTS)


if __name__ == "__main__":
    main()
