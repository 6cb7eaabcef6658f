#!/usr/bin/python
# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: engine_packages_info
short_description: Which packages make a Docker engine here, and whether the host has them
version_added: 0.1.0
author:
  - slipway.docker contributors (@slipway)
description:
  - Names the packages of a Docker engine for the host's distribution and says whether they are installed as wanted.
  - Reads dpkg's record and starts no process, so that a run that has nothing to install costs next to nothing.
options:
  source:
    description:
      - Whose packages are meant. V(distribution) are the distribution's own, V(docker) those of Docker's repository.
    type: str
    choices: [distribution, docker]
    default: distribution
  version:
    description:
      - The wanted version of the engine's packages, with shell wildcards.
    type: str
    default: "*"
  hold:
    description:
      - Whether the packages shall be held. Where it is not given, both will do.
    type: bool
extends_documentation_fragment:
  - slipway.docker.attributes.info
attributes:
  platform:
    platforms: debian
seealso:
  - module: ansible.builtin.apt
  - module: ansible.builtin.dpkg_selections
"""

EXAMPLES = r"""
- name: See which engine the host has
  slipway.docker.engine_packages_info:
  register: engine

- name: Install what is missing
  ansible.builtin.apt:
    name: "{{ engine.packages }}"
  when: not engine.satisfied
"""

RETURN = r"""
check_mode:
  description:
    - Whether this is check mode. C(ansible_check_mode) does not say so when a task or role asks for it by a keyword.
  returned: success
  type: bool
  sample: false
distribution:
  description:
    - The host's distribution, in lower case.
  returned: success
  type: str
  sample: debian
release:
  description:
    - Name of its release.
  returned: success
  type: str
  sample: bookworm
packages:
  description:
    - What to install, the wanted version included where one is.
  returned: success
  type: list
  elements: str
  sample: ["docker.io=*", "iptables"]
held_packages:
  description:
    - The packages that a hold is about.
  returned: success
  type: list
  elements: str
  sample: ["docker.io"]
installed:
  description:
    - Versions of those that are installed.
  returned: success
  type: dict
  sample: {"docker.io": "20.10.24+dfsg1-1+deb12u1+b6", "iptables": "1.8.9-2"}
in_the_way:
  description:
    - Installed packages that cannot stay when the engine's are installed, as those of the other source.
  returned: success
  type: list
  elements: str
  sample: ["docker-ce", "docker-ce-cli", "containerd.io"]
satisfied:
  description:
    - Whether all packages are installed, in the wanted version, and held as wanted.
  returned: success
  type: bool
  sample: false
shortcomings:
  description:
    - Why RV(satisfied) is V(false).
  returned: success
  type: list
  elements: str
  sample: ["docker.io is not installed"]
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.docker.plugins.module_utils.daemon.packages import look, shortcomings
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Host, module_runner

ARGUMENTS: dict[str, t.Any] = {
    "source": {"type": "str", "choices": ["distribution", "docker"], "default": "distribution"},
    "version": {"type": "str", "default": "*"},
    "hold": {"type": "bool"},
}


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    version = module.params["version"]
    try:
        findings = look(Host(module_runner(module.run_command)), module.params["source"])
    except HostError as error:
        module.fail_json(msg=str(error))
    missing = shortcomings(findings, version, module.params["hold"])
    packages = findings.packages
    module.exit_json(
        changed=False,
        check_mode=module.check_mode,
        distribution=findings.release.id,
        release=findings.release.codename,
        packages=[*(f"{name}={version}" for name in packages.versioned), *packages.companions],
        held_packages=list(packages.held),
        installed={name: package.version for name, package in findings.present.items()},
        in_the_way=list(findings.in_the_way),
        satisfied=not missing,
        shortcomings=missing,
    )


if __name__ == "__main__":
    main()
