# SPDX-License-Identifier: GPL-3.0-or-later
"""Beside firewalld: our table outlives all that it does, and a chain of iptables, which would not, is refused."""

from __future__ import annotations

import typing as t

import pytest
from testinfra.host import Host

testinfra_hosts = ["ansible://with_firewalld"]


def test_docker_has_its_zone(host: Host) -> None:
    """Otherwise firewalld and Docker would not know of each other, and the tests would say less."""
    assert "docker0" in host.check_output("firewall-cmd --zone=docker --list-interfaces")


@pytest.mark.parametrize(
    "happens",
    [
        "firewall-cmd --reload",
        "firewall-cmd --complete-reload",
        "systemctl restart firewalld",
        "systemctl restart docker",
    ],
)
def test_it_outlives(host: Host, declare: t.Any, holds: t.Callable[[], None], happens: str) -> None:
    assert declare()["backend"] == "nftables"
    host.check_output(happens)
    holds()
    assert declare()["changed"] is False


def test_it_outlives_a_reboot(declare: t.Any, holds: t.Callable[[], None], reboot: t.Callable[[], None]) -> None:
    reboot()
    holds()
    assert declare()["changed"] is False


def test_a_chain_of_iptables_is_refused(host: Host, declare: t.Any) -> None:
    refused = "firewalld takes chains of iptables away with each reload; take the other backend"
    assert refused in declare(backend="iptables")["msg"]
    host.check_output("systemctl stop firewalld")
    assert refused in declare(backend="iptables")["msg"]  # it is back after the next boot
    host.check_output("systemctl start firewalld")


def test_away_with_it(away: t.Callable[[], None]) -> None:
    away()
