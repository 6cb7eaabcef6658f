#!/usr/bin/python
# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: base_image_info
short_description: Tell which base images a host has, and whether they are another host's
version_added: 0.1.0
author:
  - slipway.docker contributors (@slipway)
description:
  - Says for each name which image has it, what that was made from, and which packages are in it.
  - Given what the module found on another host, it says which images differ, and in what.
  - Needs nothing on the host but the engine's own client, and works without it too. Absence of an image, or of the
    engine, is a finding.
options:
  names:
    description:
      - Names of images, C([registry/]repository[:tag]).
    type: list
    elements: str
    default: []
  expected:
    description:
      - RV(images) of another host, with which this one's are compared. An image that is not among them counts as
        different.
    type: list
    elements: dict
  expected_on:
    description:
      - What that host is called in messages.
    type: str
    default: the other host
  registry:
    description:
      - Address of a registry, C(host[:port]). Where it is given, RV(images) say under which name they belong there.
    type: str
extends_documentation_fragment:
  - slipway.docker.attributes.info
attributes:
  platform:
    platforms: linux
seealso:
  - module: slipway.docker.base_image
  - module: community.docker.docker_image_info
"""

EXAMPLES = r"""
- name: See which images the hosts have
  slipway.docker.base_image_info:
    names: [local/debian:trixie]
  register: found

- name: Compare them with those of the first host
  slipway.docker.base_image_info:
    names: [local/debian:trixie]
    expected: "{{ hostvars[ansible_play_hosts[0]].found.images }}"
    expected_on: "{{ ansible_play_hosts[0] }}"
  register: compared
  failed_when: compared.differing | length > 0
"""

RETURN = r"""
check_mode:
  description:
    - Whether this is check mode. C(ansible_check_mode) does not say so when a task or role asks for it by a keyword.
  returned: success
  type: bool
  sample: false
differences:
  description:
    - In what each of RV(differing) differs, as lines for a person.
  returned: when O(expected) is given
  type: list
  elements: str
  sample: ["local/debian:trixie: packages: tzdata 2026a-0+deb13u1 (h1: 2026b-0+deb13u1)"]
differing:
  description:
    - Names of the images that are not the other host's.
  returned: when O(expected) is given
  type: list
  elements: str
  sample: ["local/debian:trixie"]
images:
  description:
    - The images in the order of O(names). Where there is none of a name, all but the names is empty.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The name as Docker shows it, with its tag.
      type: str
    image_id:
      description: ID of the image.
      type: str
    diff_id:
      description: ID of its layer.
      type: str
    tags:
      description: All names that it has.
      type: list
      elements: str
    remote:
      description: Its name in O(registry); empty without one.
      type: str
    digest:
      description: What to pull to get this very image, the name with the digest that the name's registry knows it by;
        empty where it was neither pushed there nor pulled from there.
      type: str
    recipe_digest:
      description: Digest of what it was made from; empty when it is not of M(slipway.docker.base_image)'s making.
      type: str
    fields:
      description: What it was made from.
      type: dict
    packages:
      description: Versions of the packages in it, as far as its labels tell.
      type: dict
  sample: []
pending:
  description:
    - Why the engine could not be asked.
  returned: success
  type: list
  elements: str
  sample: ["the docker command is not installed: package docker.io, or Docker's docker-ce-cli"]
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Host, module_runner
from ansible_collections.slipway.docker.plugins.module_utils.image.comparing import differences, see

ARGUMENTS: dict[str, t.Any] = {
    "names": {"type": "list", "elements": "str", "default": []},
    "expected": {"type": "list", "elements": "dict"},
    "expected_on": {"type": "str", "default": "the other host"},
    "registry": {"type": "str"},
}


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    given = module.params
    try:
        engine, images = see(Host(module_runner(module.run_command)), given["names"], given["registry"] or "")
    except ValueError as error:
        module.fail_json(msg=str(error), exception=error)
    result: dict[str, t.Any] = {
        "check_mode": module.check_mode,
        "images": images,
        "pending": [engine.trouble] if engine and engine.trouble else [],
    }
    if given["expected"] is not None:
        found = differences(images, given["expected"], given["expected_on"])
        result["differing"] = list(found)
        result["differences"] = [f"{name}: {difference}" for name, difference in found.items()]
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
