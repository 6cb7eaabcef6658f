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
  repository:
    description:
      - Address of the repository that is to be added, or its beginning. Where it is given, apt's sources are searched
        for other entries that name it.
    type: str
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
other_entries:
  description:
    - Entries of apt's sources, each as file and line, that name O(repository) already, do not belong to the role, and
      trust another key. apt refuses to work with such a pair.
  returned: success
  type: list
  elements: str
  sample: ["/etc/apt/sources.list.d/docker.list:1"]
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
from ansible_collections.slipway.docker.plugins.module_utils.image.apt.sources import read_sources

# Where the role engine keeps its own entry and the key that it trusts.
OWN_FILE = "/etc/apt/sources.list.d/docker.sources"
OWN_KEY = "/etc/apt/keyrings/docker.asc"

ARGUMENTS: dict[str, t.Any] = {
    "source": {"type": "str", "choices": ["distribution", "docker"], "default": "distribution"},
    "version": {"type": "str", "default": "*"},
    "hold": {"type": "bool"},
    "repository": {"type": "str"},
}


def other_entries(host: Host, repository: str) -> list[str]:
    """Places of entries that apt refuses to have beside the role's own.

    :raises HostError: for a source that apt would refuse as it is
    """
    beginning = repository.rstrip("/")
    return [
        entry.place
        for entry in read_sources(host)
        if entry.enabled and entry.file != OWN_FILE and entry.option("signed-by") != OWN_KEY
        if any(uri.startswith(beginning) for uri in entry.uris)
    ]


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    version, repository = module.params["version"], module.params["repository"]
    host = Host(module_runner(module.run_command))
    try:
        findings = look(host, module.params["source"])
        others = other_entries(host, repository) if repository else []
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
        other_entries=others,
        satisfied=not missing,
        shortcomings=missing,
    )


if __name__ == "__main__":
    main()
