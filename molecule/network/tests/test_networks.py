# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers reach each other over every kind of network, on one host and across two."""

from __future__ import annotations

import typing as t

import pytest
from testinfra.host import Host


def test_who_reaches_whom(holds: t.Callable[[], None]) -> None:
    holds()


def test_a_container_of_the_host_network_has_the_hosts_interfaces(host: Host) -> None:
    assert host.check_output("docker exec on-host ip -brief address") == host.check_output("ip -brief address")


def test_a_container_of_no_network_has_loopback_alone(host: Host) -> None:
    assert host.check_output("docker exec on-none ls /sys/class/net") == "lo"


def test_settings_of_the_kernel_are_there_and_stay(host: Host) -> None:
    kept = host.file("/etc/sysctl.d/90-slipway-network.conf").content_string
    for setting in ("net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding", "net.bridge.bridge-nf-call-iptables"):
        assert f"{setting}=1" in kept.replace(" ", "")
        assert host.check_output("cat /proc/sys/%s", setting.replace(".", "/")) == "1"


def test_networks_are_told(host: Host) -> None:
    number = host.backend.host[-1]
    said = host.ansible("slipway.docker.daemon_info", '{"gather_subset": ["network"]}', check=False)["network"]
    found = {one["name"]: one for one in said["networks"]}
    assert found["front"]["subnets"] == [f"172.30.{number}.0/24"]
    assert found["front"]["containers"] == ["front-1", "front-2"]
    assert (found["lan"]["interface"], found["lan"]["driver"]) == ("eth0", "macvlan")
    (pool,) = said["pools"]
    assert (pool["base"], pool["subnets"]) == ("10.40.0.0/16", 256)
    assert "10.40.0.0/24" in pool["used"]
    assert (said["rules"]["backend"], said["rules"]["at_boot"]) == ("iptables", True)
    docker0 = next(one for one in said["bridges"] if one["name"] == "docker0")
    assert docker0["addresses"][0] == "10.40.0.1/24"
    assert len(docker0["ports"]) == 1


@pytest.mark.usefixtures("restarted")
def test_all_of_it_outlives_a_restart_of_the_daemon(holds: t.Callable[[], None]) -> None:
    holds()
