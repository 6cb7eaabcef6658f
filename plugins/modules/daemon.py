#!/usr/bin/python
# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: daemon
short_description: Configure dockerd in one safe transaction
version_added: 0.1.0
author:
  - slipway.docker contributors (@slipway)
description:
  - Merges keys into C(daemon.json), takes flags that clash with them off the service's command line, makes the result
    effective, and proves by asking the daemon that it took effect. When anything fails, every file is put back, the
    daemon is brought back, and the error carries dockerd's own reason.
  - Nothing is touched before the whole plan has been checked. All problems of the wanted configuration are reported
    at once, and dockerd itself is asked for its opinion with the command line that the service would use.
  - Whether the daemon has to be restarted is derived from the host, not from a notification. A run that was
    interrupted is finished by the next one.
  - Keys that this module set and that are no longer in O(config) are removed from the file. Keys that somebody else
    wrote stay. The entries of C(runtimes), C(log-opts), C(features) and C(default-ulimits) are owned one by one.
  - What was set is remembered in C(/var/lib/slipway/daemon.json), readable by root alone.
options:
  config:
    description:
      - Keys of C(daemon.json), as Docker documents them.
      - A key whose value is V(null) counts as not asked for.
      - A C(tcp://) address in C(hosts) beyond loopback is refused unless clients have to show a certificate, since
        whoever reaches it is root on the host. For that, set C(tlsverify) to V(true), with C(tlscacert), C(tlscert) and
        C(tlskey).
    type: dict
    default: {}
  environment:
    description:
      - Variables of the file that dockerd's service reads, such as C(http_proxy) and C(DOCKER_OPTS). They take effect,
        and are put back, together with O(config).
      - Variables that this module set and that are no longer here give their places back to what had stood there. What
        others wrote stays byte for byte.
      - A value that a shell and systemd would read differently is refused, as some hosts read the file with the one and
        some with the other.
      - M(slipway.docker.environment_file) sets variables without owning them.
    type: dict
    default: {}
  environment_path:
    description:
      - That file. By default the one that this host's service reads; where it reads none, C(/etc/default/docker) in
        Debian's family, C(/etc/sysconfig/docker) elsewhere, C(/etc/conf.d/docker) with OpenRC.
    type: path
  environment_add_to_unit:
    description:
      - Where the unit does not read the file, as that of Docker's own packages does not, have a drop-in make it do so;
        without this it is an error. C(DOCKER_OPTS) is added to the command line as well.
      - V(false) takes the drop-in away. Where this is not set, it is left as it is.
    type: bool
  path:
    description:
      - The configuration file that the service reads. A symbolic link is followed.
    type: path
    default: /etc/docker/daemon.json
  follow:
    description:
      - Whether O(path) may be a symbolic link. The file it leads to is written then, and the link stays.
    type: bool
    default: true
  replace_unreadable:
    description:
      - Start anew where the file cannot be understood. It is kept beside the new one, with C(.unreadable-) and eight
        digits of its checksum behind its name.
      - Without this, a file that cannot be understood is an error and is never overwritten.
    type: bool
    default: false
  merge:
    description:
      - V(owned) sets the keys of O(config), removes those that this module had set and that are gone from there, and
        leaves all others. What a key had been before this module set it comes back when it is removed.
      - V(replace) leaves nothing in the file but O(config).
    type: str
    choices: [owned, replace]
    default: owned
  conflicts:
    description:
      - What to do about a flag on dockerd's command line whose key stands in the file. dockerd does not start with
        both, whatever their values.
      - V(resolve) takes the flag out where it stands. A unit is not edited; a drop-in computed from the live
        C(ExecStart) replaces the line. Out of a file of variables, an init script or a job goes the flag with its
        value and nothing else; the original is kept below C(/var/lib/slipway/originals), and comes back when the key
        goes. What is put together at run time is an error that names the place. When C(-H fd://) goes,
        C(docker.socket) is kept off the paths that dockerd opens itself.
      - V(fail) fails and names flag, file and line.
      - V(keep) leaves the flag, and does not write the key.
    type: str
    choices: [resolve, fail, keep]
    default: resolve
  disruption:
    description:
      - The most that may be done to a running daemon to make the configuration effective.
      - Where more is needed, nothing is touched and the error says what is needed and why, unless O(defer=true).
    type: str
    choices: [restart, reload, none]
    default: restart
  defer:
    description:
      - Where O(disruption) does not allow what is needed, write the files all the same, checked as ever, and report in
        RV(pending) what is left. A later run that allows it finishes that, although no file changes then.
    type: bool
    default: false
  allow_unknown:
    description:
      - Accept keys that the collection's catalogue of options lacks, for an engine that is newer than it.
    type: bool
    default: false
  allow_insecure_tcp:
    description:
      - Accept C(tcp://) addresses beyond loopback without client certificates.
    type: bool
    default: false
  enabled:
    description:
      - Whether a disabled service is enabled, so that the daemon starts with the machine. V(false) leaves that as it
        is.
    type: bool
    default: true
  timeout:
    description:
      - Seconds that the daemon may take until it answers on every socket. The 15 seconds that dockerd sleeps for each
        insecure C(tcp://) socket are allowed on top.
    type: int
    default: 60
  settle:
    description:
      - Seconds for which a daemon that was started is watched. One that ends within them has failed, and everything is
        put back.
    type: int
    default: 3
extends_documentation_fragment:
  - slipway.docker.attributes
attributes:
  check_mode:
    support: full
    details:
      - dockerd is asked for its opinion in check mode too. On a host without Docker this is left out and said so.
  diff_mode:
    support: full
    details:
      - Passwords in URLs are hidden.
  idempotent:
    support: full
  platform:
    platforms: linux
notes:
  - Results, diffs and errors have no passwords in them. What Ansible itself tells of a task's arguments, with C(-vvv)
    and in the host's system log, has; set C(no_log) on a task whose O(config) or O(environment) hold passwords.
  - dockerd may be launched by systemd, by an init script of sysvinit or OpenRC, by upstart or by runit. Where none of
    them runs, as in a container or in a root filesystem that is not booted, files are written and the activation is
    reported in RV(pending).
  - While the daemon restarts, containers stop unless C(live-restore) is on. Those that ran before are started again.
    Switching C(live-restore) on or off together with a key that needs a restart is done in the order that keeps
    containers running.
  - A reload counts as done only when the daemon itself has reported it.
seealso:
  - name: dockerd reference
    description: The keys of daemon.json.
    link: https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file
"""

EXAMPLES = r"""
- name: The daemon listens on its usual socket and on loopback
  slipway.docker.daemon:
    config:
      storage-driver: overlay2
      hosts:
        - unix:///var/run/docker.sock
        - tcp://127.0.0.1:2375

- name: Containers keep running while the daemon restarts, and logs are rotated
  slipway.docker.daemon:
    config:
      live-restore: true
      log-driver: json-file
      log-opts:
        max-size: 10m
        max-file: "3"

- name: What would a key do to this host
  slipway.docker.daemon:
    config:
      data-root: /srv/docker
  check_mode: true
  diff: true
  register: preview

- name: Never disturb containers in office hours; the rest is done by a run at night
  slipway.docker.daemon:
    config:
      registry-mirrors: ["https://mirror.example.com"]
      log-driver: local
    disruption: reload
    defer: true

- name: The daemon pulls images through a proxy, on engines that have no option for it
  slipway.docker.daemon:
    environment:
      http_proxy: http://proxy.example.com:3128
      no_proxy: localhost,127.0.0.1,.example.com

- name: Whatever this module had set is removed again
  slipway.docker.daemon:
    config: {}
"""

RETURN = r"""
activation:
  description:
    - What made, or in check mode would make, the configuration effective.
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
  sample: ["daemon.json changes"]
changed_keys:
  description:
    - Top-level keys of the file that differ from before.
  returned: success
  type: list
  elements: str
  sample: ["hosts", "storage-driver"]
changed_variables:
  description:
    - Variables of O(environment) that differ from before.
  returned: success
  type: list
  elements: str
  sample: ["http_proxy"]
conflicts:
  description:
    - Directives that stand both on the command line and in the file.
  returned: success
  type: list
  elements: dict
  contains:
    option:
      description: The key in C(daemon.json).
      type: str
      returned: success
    flag:
      description: The flag and its value as they were found.
      type: str
      returned: success
    file:
      description: The file in which the flag stands.
      type: str
      returned: success
    line:
      description: The line there.
      type: int
      returned: success
    variable:
      description: The variable through which the flag reaches the command line; empty where the unit has it.
      type: str
      returned: success
    resolution:
      description: What is done about it.
      type: str
      returned: success
  sample:
    - option: hosts
      flag: -H fd://
      file: /lib/systemd/system/docker.service
      line: 13
      variable: ""
      resolution: taken out by a drop-in
containers_stopped:
  description:
    - Names of the running containers that stop, or in check mode would, while the daemon restarts. With
      C(live-restore) there are none.
  returned: success
  type: list
  elements: str
  sample: ["web"]
containers_restarted:
  description:
    - Names of those that were brought back afterwards.
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
drifted_keys:
  description:
    - Keys that this module had set and somebody else has changed since. They are corrected.
  returned: success
  type: list
  elements: str
  sample: ["log-opts.max-size"]
environment_path:
  description:
    - The file that O(environment) is for on this host.
  returned: success
  type: str
  sample: /etc/default/docker
files:
  description:
    - Files that were, or in check mode would be, written or removed.
  returned: success
  type: list
  elements: str
  sample: ["/etc/docker/daemon.json"]
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
    - Whether the host was put back as it was before. V(false) on failure means that nothing had been touched, or that
      the message says what could not be put back.
  returned: always
  type: bool
  sample: false
sockets:
  description:
    - Addresses on which the daemon answers, or in check mode would have to.
  returned: success
  type: list
  elements: str
  sample: ["unix:///var/run/docker.sock", "tcp://127.0.0.1:2375"]
"""

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.slipway.docker.plugins.module_utils.daemon.main import conclude
from ansible_collections.slipway.docker.plugins.module_utils.daemon.plan import Request
from ansible_collections.slipway.docker.plugins.module_utils.daemon.variables import Wishes, wish_values

ARGUMENTS: dict[str, t.Any] = {
    "config": {"type": "dict", "default": {}},
    "environment": {"type": "dict", "default": {}},
    "environment_path": {"type": "path"},
    "environment_add_to_unit": {"type": "bool"},
    "path": {"type": "path", "default": "/etc/docker/daemon.json"},
    "follow": {"type": "bool", "default": True},
    "replace_unreadable": {"type": "bool", "default": False},
    "merge": {"type": "str", "choices": ["owned", "replace"], "default": "owned"},
    "conflicts": {"type": "str", "choices": ["resolve", "fail", "keep"], "default": "resolve"},
    "disruption": {"type": "str", "choices": ["restart", "reload", "none"], "default": "restart"},
    "defer": {"type": "bool", "default": False},
    "allow_unknown": {"type": "bool", "default": False},
    "allow_insecure_tcp": {"type": "bool", "default": False},
    "enabled": {"type": "bool", "default": True},
    "timeout": {"type": "int", "default": 60},
    "settle": {"type": "int", "default": 3},
}


def _request(parameters: dict[str, t.Any]) -> Request:
    own = {name: value for name, value in parameters.items() if not name.startswith("environment")}
    wishes = Wishes(
        values=wish_values(parameters["environment"] or {}),
        path=parameters["environment_path"] or "",
        add_to_unit=parameters["environment_add_to_unit"],
    )
    return Request(**{**own, "config": parameters["config"] or {}, "variables": wishes})


def main() -> None:
    conclude(AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True), _request)


if __name__ == "__main__":
    main()
