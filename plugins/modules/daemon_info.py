#!/usr/bin/python
# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: daemon_info
short_description: Everything that launches, configures and carries a Docker engine
version_added: 0.1.0
author:
  - slipway.docker contributors (@slipway)
description:
  - Looks at an engine's versions, its command line and where each flag of it comes from, its configuration and whether
    the running engine does as the files say, at the kernel, and at the storage and network drivers that can be used.
  - Works with the engine stopped, broken or not installed, and does not start it. Reading everything takes root; what
    another user may not read is named in RV(unreadable).
  - Passwords in URLs and tokens of log drivers are hidden.
options:
  path:
    description:
      - The configuration file that the service reads.
    type: path
    default: /etc/docker/daemon.json
  gather_subset:
    description:
      - The parts that are wanted. Others are neither looked at nor returned.
      - V(kernel) alone starts no process.
    type: list
    elements: str
    choices: [all, engine, launch, configuration, kernel, storage, network]
    default: [all]
extends_documentation_fragment:
  - slipway.docker.attributes.info
notes:
  - Flags are traced to the files of the init system that launches the daemon, scripts included, which are read and not
    run. Of a daemon that none has started they are those that it runs with, and where they come from is not known.
seealso:
  - module: slipway.docker.daemon
  - name: Inspecting hosts
    description: What to ask, and how to read the answers.
    link: https://github.com/slipway/slipway.docker/blob/main/docs/inspecting_hosts.md
"""

EXAMPLES = r"""
- name: Look at everything
  slipway.docker.daemon_info:
  register: docker

- name: See what the daemon is going to do with its files
  ansible.builtin.debug:
    msg: "{{ docker.configuration.activation }}: {{ docker.configuration.activation_reasons }}"

- name: Look at what the host can carry, before anything is installed
  slipway.docker.daemon_info:
    gather_subset: [kernel, storage, network]
  register: ground

- name: Refuse a host that cannot carry what is planned for it
  ansible.builtin.assert:
    that:
      - ground.storage.drivers.overlay2.usable
      - ground.network.drivers.overlay.usable
      - ground.kernel.features.swarm_services.missing == []
    fail_msg: "{{ ground.storage.drivers.overlay2.reason }} {{ ground.kernel.features.swarm_services.missing }}"
"""

RETURN = r"""
concerns:
  description:
    - What ought to be looked at in the parts that were asked for. The engine's own warnings, and ours.
  returned: success
  type: list
  elements: str
  sample: ["/etc/docker/daemon.json: hots is no option of dockerd; did you mean hosts?"]
unreadable:
  description:
    - What is there and could not be read or understood. What depends on it is left empty.
  returned: success
  type: list
  elements: dict
  contains:
    what:
      description:
        - The part. V(file) and V(document) are C(daemon.json), V(record) is what M(slipway.docker.daemon) remembers.
      type: str
    reason:
      description: Why it could not be read.
      type: str
  sample:
    - what: record
      reason: "cannot read /var/lib/slipway/daemon.json: Permission denied"
engine:
  description:
    - The engine, and what it says of itself. What only a running engine knows is empty where none answers.
  returned: when O(gather_subset) has it
  type: dict
  contains:
    installed:
      description: Whether there is a C(dockerd).
      type: bool
    program:
      description: Its path.
      type: str
    running:
      description: Whether it runs.
      type: bool
    answers_on:
      description: The address on which it was asked.
      type: str
    version:
      description: Of the engine.
      type: str
    api_version:
      description: Of its API.
      type: str
    containerd:
      description: Version of containerd.
      type: str
    runc:
      description: Version of runc.
      type: str
    versions_from:
      description: Who told the versions. V(programs) are those on the disk, which may be newer than those that run.
      type: str
      choices: [engine, programs, none]
    storage_driver:
      description: The storage driver in use.
      type: str
    cgroup_driver:
      description: Who makes control groups for containers.
      type: str
    data_root:
      description: Where the engine keeps its data.
      type: str
    containers_running:
      description: Number of containers that run.
      type: int
    live_restore:
      description: Whether containers run on while the daemon is restarted.
      type: bool
    swarm:
      description: State of swarm mode.
      type: str
    security_options:
      description: What confines containers.
      type: list
      elements: str
launch:
  description:
    - How the service launches the engine.
  returned: when O(gather_subset) has it
  type: dict
  contains:
    init:
      description:
        - The init system that launches the engine here or, where none runs, would in this root filesystem.
      type: str
      choices: [systemd, sysvinit, openrc, upstart, runit]
    init_runs:
      description: Whether it runs here.
      type: bool
    systemd:
      description: Whether that is systemd, and runs.
      type: bool
    service:
      description:
        - State of C(docker.service) as systemd names it, in C(load), C(active), C(sub), C(result) and C(enabled).
          C(needs_daemon_reload) tells whether its files have changed since systemd read them. Of a service of another
          init system it tells whether its process runs, and whether it is started with the machine.
      type: dict
    socket:
      description: The same of C(docker.socket).
      type: dict
    files:
      description:
        - The unit and its drop-ins in the order in which they count, or the script and what it reads. C(ours) marks
          what this collection wrote.
      type: list
      elements: dict
    argv:
      description: The command line that the files build.
      type: list
      elements: str
    flags:
      description: Its flags, each with its origin.
      type: list
      elements: dict
      contains:
        flag:
          description: As it is written.
          type: str
        value:
          description: Its value, V(true) for a switch without one.
          type: str
        key:
          description: The key of C(daemon.json) that says the same, empty where there is none.
          type: str
        file:
          description: The file in which it stands.
          type: str
        line:
          description: The line there.
          type: int
        variable:
          description: The variable through which it reaches the command line; empty where the unit has it.
          type: str
        ours:
          description: Whether it stands in a drop-in of this collection.
          type: bool
    environment:
      description: Variables that change what dockerd does, with C(name), C(value), C(file) and C(line).
      type: list
      elements: dict
    problem:
      description: Why the command line cannot be known from the files; empty when it is.
      type: str
    pid:
      description: The running daemon, V(null) where there is none.
      type: int
    running_argv:
      description: The command line it was started with.
      type: list
      elements: str
    upgraded_since:
      description: Whether its program has been replaced on the disk since.
      type: bool
configuration:
  description:
    - What the files come to, and whether the running engine does as they say.
  returned: when O(gather_subset) has it
  type: dict
  contains:
    path:
      description: The file.
      type: str
    exists:
      description: Whether it is there and can be read.
      type: bool
    document:
      description: What it says, empty where it cannot be understood.
      type: dict
    problems:
      description: What is wrong with it.
      type: list
      elements: str
    effective:
      description:
        - Options that are set, by their key. Each has its C(value), its C(origin) (V(flag), V(file) or V(both)) and its
          C(places). Options that are not here have dockerd's own default.
      type: dict
    conflicts:
      description:
        - Directives that stand in the file and on the command line, so that dockerd does not start, with C(option),
          C(flag), C(file), C(line) and C(variable).
      type: list
      elements: dict
    owned_keys:
      description: Keys that M(slipway.docker.daemon) has set; of maps whose entries it owns one by one, the entries.
      type: list
      elements: str
    drifted_keys:
      description: Those of them that somebody else has changed since.
      type: list
      elements: str
    disagreements:
      description: Keys for which the running engine reports something else than the file says.
      type: list
      elements: str
    interrupted:
      description: Whether a run of M(slipway.docker.daemon) was interrupted halfway. The next run settles that.
      type: bool
    activation:
      description:
        - What makes the files as they are effective. V(unknown) where that cannot be told.
      type: str
      choices: [none, reload, restart, start, unknown]
    activation_reasons:
      description: Why that is needed, or why it is not known.
      type: list
      elements: str
    pending:
      description: Why nothing can be made effective here now.
      type: list
      elements: str
kernel:
  description:
    - What the running kernel can do for an engine.
  returned: when O(gather_subset) has it
  type: dict
  contains:
    release:
      description: The kernel.
      type: str
    config_source:
      description: The file that tells how it was configured. Empty where none does; options are what can be seen then.
      type: str
    options:
      description:
        - Options of its configuration that an engine may ask for, without C(CONFIG_). Each is V(built-in), V(module),
          V(uninstalled), V(missing) or V(unknown); V(uninstalled) is a module that the kernel was built with and whose
          file the host lacks.
      type: dict
    features:
      description:
        - What an engine can do with it. Each has C(missing), the options that it lacks, C(unknown), and C(necessary),
          whether nothing runs without it.
      type: dict
    namespaces:
      description: Kinds of namespaces, and whether the kernel has them.
      type: dict
    cgroup:
      description:
        - How control groups are mounted. C(layout) is V(v1), V(hybrid), V(v2) or V(none), C(controllers) are those that
          can be used, C(missing) those that an engine would use besides.
      type: dict
    filesystems:
      description: Filesystems in the kernel now.
      type: list
      elements: str
    security:
      description: Whether there is C(apparmor), C(seccomp), and in which mode C(selinux) is.
      type: dict
    sysctls:
      description: Settings that matter to containers; empty those that the kernel does not have now.
      type: dict
storage:
  description:
    - The storage drivers that can be used.
  returned: when O(gather_subset) has it
  type: dict
  contains:
    data_root:
      description: Where the engine keeps its data, or is going to.
      type: str
    filesystem:
      description: The type of filesystem that it lies on.
      type: str
    mount_point:
      description: Where that is mounted.
      type: str
    in_use:
      description: The driver of the running engine.
      type: str
    configured:
      description: The driver that flag or file names.
      type: str
    drivers:
      description: Every driver, with C(usable) and C(reason).
      type: dict
    needs_containerd_store:
      description: Those that are drivers of the containerd image store.
      type: list
      elements: str
  sample:
    data_root: /var/lib/docker
    filesystem: ext4
    mount_point: /var/lib/docker
    in_use: overlay2
    configured: ""
    drivers:
      btrfs: {usable: false, reason: "/var/lib/docker lies on ext4, not on btrfs"}
      overlay2: {usable: true, reason: ""}
    needs_containerd_store: [native, overlayfs]
network:
  description:
    - The network drivers that can be used, the networks that there are, and who may reach them.
  returned: when O(gather_subset) has it
  type: dict
  contains:
    firewall:
      description: How the engine publishes ports, by its configuration.
      type: str
      choices: [iptables, nftables, none]
    iptables:
      description: How the host's iptables reaches the kernel, V(nft) or V(legacy); empty where it is not installed.
      type: str
    drivers:
      description: Every driver, with C(usable) and C(reason). Overlay networks need swarm mode besides.
      type: dict
    firewall_backend:
      description: How the running engine says that it publishes ports; empty before 29.0.
      type: str
    bridges:
      description: The host's bridges, whoever made them, with C(name), C(addresses) and C(ports), what hangs on them.
      type: list
      elements: dict
    networks:
      description:
        - The engine's networks, with C(name), C(driver), C(scope), C(subnets), whether they have C(ipv6) and are
          C(internal), and C(containers), those that stand still included. C(interface) is the bridge, or the parent
          on a LAN.
        - Empty where no engine answers.
      type: list
      elements: dict
    pools:
      description:
        - Where subnets come from for networks that declare none, with C(base), C(size), the number of C(subnets), those
          in use (C(used)) and how many are C(free). C(default) are dockerd's own.
      type: list
      elements: dict
    rules:
      description:
        - What M(slipway.docker.firewall) has put in place. C(backend) is empty where the kernel holds nothing of it, or
          this user may not look; C(rules) is their number, C(at_boot) whether they come back when the machine starts.
      type: dict
  sample:
    firewall: iptables
    firewall_backend: ""
    iptables: nft
    drivers:
      bridge: {usable: true, reason: ""}
      ipvlan: {usable: false, reason: "the kernel lacks IPVLAN"}
    bridges:
      - {name: docker0, addresses: [172.17.0.1/16], ports: [vethf3a1c2e]}
    networks:
      - name: bridge
        driver: bridge
        scope: local
        interface: docker0
        subnets: [172.17.0.0/16]
        ipv6: false
        internal: false
        containers: [web]
    pools:
      - {base: 172.17.0.0/16, size: 16, default: true, subnets: 1, used: [172.17.0.0/16], free: 0}
    rules: {backend: nftables, rules: 12, at_boot: true}
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.docker.plugins.module_utils.daemon.info import gather
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Host, module_runner

SUBSETS = ["all", "engine", "launch", "configuration", "kernel", "storage", "network"]
ARGUMENTS: dict[str, t.Any] = {
    "path": {"type": "path", "default": "/etc/docker/daemon.json"},
    "gather_subset": {"type": "list", "elements": "str", "choices": SUBSETS, "default": ["all"]},
}


def main() -> None:
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    host = Host(module_runner(module.run_command))
    module.exit_json(changed=False, **gather(host, module.params["path"], module.params["gather_subset"]))


if __name__ == "__main__":
    main()
