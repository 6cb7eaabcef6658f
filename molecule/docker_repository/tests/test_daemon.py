# SPDX-License-Identifier: GPL-3.0-or-later
"""The daemon of Docker's packages started once, with its configuration, by a unit that is as it was delivered."""

from __future__ import annotations

import json

import pytest
from testinfra.host import Host

testinfra_hosts = ["docker_hosts"]

HOSTS = ["unix:///var/run/docker.sock", "tcp://127.0.0.1:2375"]


def journal(host: Host, unit: str) -> list[tuple[float, str]]:
    """What a service has written since the machine booted, each with its time in seconds of the epoch."""
    lines = host.check_output("journalctl --boot --unit %s --output json", unit).splitlines()
    entries = [json.loads(line) for line in lines]
    return [(int(entry["__REALTIME_TIMESTAMP"]) / 1e6, str(entry["MESSAGE"])) for entry in entries]


def test_packages_wanted_to_start_it_and_were_not_let(host: Host) -> None:
    said = host.file("/var/log/apt/term.log").content_string
    assert "policy-rc.d returned 101, not running 'start docker.service docker.socket'" in said
    assert "policy-rc.d returned 101, not running 'start containerd.service'" in said
    assert not host.file("/usr/sbin/policy-rc.d").exists


def test_first_start_found_the_configuration(host: Host) -> None:
    starts = [time for time, message in journal(host, "docker.service") if 'msg="Starting up"' in message]
    assert len(starts) == 1
    for path in ("/etc/docker/daemon.json", "/etc/systemd/system/docker.service.d/zz-slipway.conf"):
        assert float(host.check_output("stat --format %%.6Y %s", path)) < starts[0]
    assert not [entry for entry in journal(host, "docker.service") if "Failed" in entry[1]]


@pytest.mark.parametrize("address", HOSTS)
def test_socket_answers(host: Host, address: str) -> None:
    assert host.check_output("docker --host %s version --format '{{.Server.Os}}'", address) == "linux"


def test_drop_in_is_computed_from_the_packages_unit(host: Host) -> None:
    assert host.check_output("tr '\\0' ' ' < /proc/$(pidof dockerd)/cmdline").split() == [
        "/usr/bin/dockerd",
        "--containerd=/run/containerd/containerd.sock",
    ]
    unit = host.file("/lib/systemd/system/docker.service").content_string
    assert "ExecStart=/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock\n" in unit
    drop_in = host.file("/etc/systemd/system/docker.service.d/zz-slipway.conf").content_string
    assert "\nExecStart=\nExecStart=/usr/bin/dockerd --containerd=/run/containerd/containerd.sock\n" in drop_in


def test_services_start_with_the_machine(host: Host) -> None:
    for name in ("docker", "containerd"):
        assert host.service(name).is_enabled
        assert host.service(name).is_running
    assert host.check_output("systemctl is-system-running") == "running"
