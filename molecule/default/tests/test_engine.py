# SPDX-License-Identifier: GPL-3.0-or-later
"""The provisioned host: what was configured is what runs, and packages are as they were delivered."""

from __future__ import annotations

import json

from testinfra.host import Host

HOSTS = ["unix:///var/run/docker.sock", "tcp://127.0.0.1:2375"]


def test_engine_is_the_distributions(host: Host) -> None:
    versions = {"bookworm": "20.10", "trixie": "26.1"}
    assert host.check_output("docker version --format '{{.Server.Version}}'").startswith(
        versions[host.system_info.codename]
    )


def test_both_sockets_answer(host: Host) -> None:
    for address in HOSTS:
        assert host.check_output("docker --host %s version --format '{{.Server.Os}}'", address) == "linux"


def test_nobody_else_reaches_the_engine(host: Host) -> None:
    listeners = host.check_output("ss --listening --tcp --numeric --no-header --processes").splitlines()
    assert [line.split()[3] for line in listeners if "dockerd" in line] == ["127.0.0.1:2375"]
    socket = host.file("/run/docker.sock")
    assert (socket.user, socket.group, socket.mode) == ("root", "docker", 0o660)


def test_storage_driver_is_the_declared_one(host: Host) -> None:
    assert host.check_output("docker info --format '{{.Driver}}'") == "overlay2"


def test_unit_passes_no_host_flag(host: Host) -> None:
    argv = host.check_output("tr '\\0' ' ' < /proc/$(pidof dockerd)/cmdline").split()
    assert "--containerd=/run/containerd/containerd.sock" in argv
    assert not [word for word in argv if word.startswith(("-H", "--host", "fd://"))]


def test_packaged_files_are_untouched(host: Host) -> None:
    verified = host.run("dpkg --verify docker.io")
    assert (verified.rc, verified.stdout) == (0, "")


def test_socket_unit_keeps_off_the_daemons_path(host: Host) -> None:
    assert host.check_output("systemctl show docker.socket --property=Listen --value").strip() == (
        "/run/slipway-docker.socket (Stream)"
    )
    parked = host.file("/run/slipway-docker.socket")
    assert (parked.user, parked.group, parked.mode) == ("root", "root", 0o600)


def test_clients_do_not_hang_when_the_daemon_is_stopped(host: Host) -> None:
    host.check_output("systemctl stop docker.service")
    try:
        stopped = host.run("timeout 5 docker version")
        assert stopped.rc == 1
        assert "Cannot connect to the Docker daemon" in stopped.stderr
    finally:
        host.check_output("systemctl start docker.service")
    assert host.run("docker version").rc == 0


def test_service_starts_with_the_machine(host: Host) -> None:
    assert host.service("docker").is_enabled
    assert host.service("docker").is_running
    assert host.check_output("systemctl is-system-running") == "running"


def test_operator_reaches_the_engine(host: Host) -> None:
    assert "docker" in host.user("operator").groups


def test_check_mode_had_predicted_the_file(host: Host) -> None:
    predicted = json.loads(host.file("/var/lib/predicted.json").content_string)
    assert predicted["changed"] is True
    assert predicted["files"] == ["/etc/docker/daemon.json"]
    assert predicted["diff"][0]["after"] == host.file("/etc/docker/daemon.json").content_string
    assert predicted["sockets"] == HOSTS


def test_record_is_private(host: Host) -> None:
    record = host.file("/var/lib/slipway/daemon.json")
    assert (record.user, record.mode) == ("root", 0o600)
