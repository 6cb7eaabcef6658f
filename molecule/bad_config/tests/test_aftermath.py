# SPDX-License-Identifier: GPL-3.0-or-later
"""After all that was refused the host is as it was declared."""

from __future__ import annotations

import json

from testinfra.host import Host


def test_configuration_is_the_declared_one(host: Host) -> None:
    assert json.loads(host.file("/etc/docker/daemon.json").content_string) == {
        "hosts": ["unix:///var/run/docker.sock", "tcp://127.0.0.1:2375"]
    }


def test_daemon_and_container_run(host: Host) -> None:
    assert host.service("docker").is_running
    assert host.check_output("docker inspect --format '{{.State.Running}}' web") == "true"
    assert host.check_output("docker --host tcp://127.0.0.1:2375 version --format '{{.Server.Os}}'") == "linux"


def test_nothing_is_left_over(host: Host) -> None:
    assert host.run(
        "find /etc/docker /etc/systemd/system /run -name '*slipway-*' -o -name '.daemon.json.*'"
    ).stdout == ("/run/slipway-docker.socket\n")
    assert host.check_output("systemctl is-system-running") == "running"
