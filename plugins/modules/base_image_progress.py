#!/usr/bin/python
# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: base_image_progress
short_description: Tell how far the build of a base image is
version_added: 0.1.0
author:
  - slipway.docker contributors (@slipway)
description:
  - Waits until a build that M(slipway.docker.base_image) does as an asynchronous job enters its next phase or is over,
    and says which phase that is and how long it has been going on.
  - It fails when the build has ended without a result, as when it was killed.
  - The role P(slipway.docker.base_image#role) shows with it how far a build is.
options:
  name:
    description:
      - The image's name, as the build was given it.
    type: str
    required: true
  results_file:
    description:
      - The job's file on the host, which the task that started it returns under the same name.
    type: path
    required: true
  phase:
    description:
      - The phase that is known already. By default none is.
    type: str
    default: ""
  timeout:
    description:
      - Seconds after which the same phase is told once more.
    type: int
    default: 15
extends_documentation_fragment:
  - slipway.docker.attributes.info
attributes:
  platform:
    platforms: linux
seealso:
  - module: slipway.docker.base_image
  - module: ansible.builtin.async_status
"""

EXAMPLES = r"""
- name: Start a build
  slipway.docker.base_image:
    name: local/debian:trixie
    suite: trixie
  async: 3600
  poll: 0
  register: build

- name: Wait for its first phase
  slipway.docker.base_image_progress:
    name: local/debian:trixie
    results_file: "{{ build.results_file }}"
  register: progress

- name: Wait for the next one
  slipway.docker.base_image_progress:
    name: local/debian:trixie
    results_file: "{{ build.results_file }}"
    phase: "{{ progress.phase }}"
  when: not progress.finished
"""

RETURN = r"""
finished:
  description:
    - Whether the build has ended, well or not. M(ansible.builtin.async_status) says what came of it.
  returned: success
  type: bool
  sample: false
message:
  description:
    - All this as a line for a person.
  returned: success
  type: str
  sample: "local/debian:trixie: unpack, 4 s"
name:
  description:
    - The image's name as Docker shows it.
  returned: success
  type: str
  sample: local/debian:trixie
phase:
  description:
    - The phase that the build is in; empty before the first one and when it is over. Which of them there are is up to
      the way of building.
  returned: success
  type: str
  choices: ["", look, resolve, download, bootstrap, unpack, configure, finish, pack, load]
  sample: unpack
phase_seconds:
  description:
    - Seconds since the phase began.
  returned: success
  type: int
  sample: 0
seconds:
  description:
    - Seconds since the build began; 0 when it was over before anything could be seen of it.
  returned: success
  type: int
  sample: 4
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Host, module_runner
from ansible_collections.slipway.docker.plugins.module_utils.image.watching import familiar_name, watch

ARGUMENTS: dict[str, t.Any] = {
    "name": {"type": "str", "required": True},
    "results_file": {"type": "path", "required": True},
    "phase": {"type": "str", "default": ""},
    "timeout": {"type": "int", "default": 15},
}


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    given = module.params
    seen = watch(
        Host(module_runner(module.run_command)),
        familiar_name(given["name"]),
        given["results_file"],
        given["phase"],
        given["timeout"],
    )
    result: dict[str, t.Any] = {
        "changed": False,
        "name": seen.name,
        "phase": seen.phase,
        "phase_seconds": seen.phase_seconds,
        "seconds": seen.seconds,
        "finished": seen.finished,
        "message": seen.message,
    }
    if seen.lost:
        module.fail_json(msg=seen.message, **result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
