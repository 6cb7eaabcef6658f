# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts without systemd boot their own init, have no Docker, install packages, and come back after a reboot."""

from __future__ import annotations

import typing as t

from testinfra.host import Host


def is_openrc(host: Host) -> bool:
    return bool(host.backend.host.endswith("openrc"))


def test_its_own_init_has_booted(host: Host) -> None:
    assert host.file("/proc/1/comm").content_string == "init\n"
    assert not host.file("/run/systemd/system").exists
    assert host.file("/run/openrc/softlevel").exists is is_openrc(host)
    if not is_openrc(host):
        assert host.check_output("runlevel") == "N 2"


def test_no_docker_at_first(host: Host) -> None:
    assert not host.exists("dockerd")
    assert not host.file("/var/run/docker.sock").exists


def test_packages_install_and_their_services_start(host: Host) -> None:
    host.check_output("apt-get update --quiet && apt-get install --quiet --yes --no-install-recommends cron")
    assert host.check_output("pidof cron")


def test_a_reboot_comes_back(host: Host, reboot: t.Callable[[], None]) -> None:
    started = host.check_output("stat --format=%Y /proc/1")
    reboot()
    assert host.check_output("stat --format=%Y /proc/1") > started
    assert host.check_output("pidof cron")
