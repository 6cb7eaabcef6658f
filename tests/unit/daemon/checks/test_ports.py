# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses and ports on a host: what each check accepts and what it says, and the engines it holds for."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks import ports
from unit.verdicts import Row, ips, listening, row, table

ROWS = [
    row(
        ports.metrics_address,
        {"metrics-addr": "9323"},
        'config.metrics-addr must be an address and a port such as 127.0.0.1:9323; got: "9323"',
    ),
    row(
        ports.metrics_address,
        {"metrics-addr": ":9323"},
        'config.metrics-addr must be an address and a port such as 127.0.0.1:9323; got: ":9323"',
    ),
    row(
        ports.metrics_address,
        {"metrics-addr": "127.0.0.1:99999"},
        ('config.metrics-addr must be an address and a port such as 127.0.0.1:9323; got: "127.0.0.1:99999"'),
    ),
    row(ports.metrics_address, {"metrics-addr": "127.0.0.1:9323"}),
    row(ports.metrics_address, {"metrics-addr": ""}),
    row(
        ports.addresses_of_this_host,
        {"hosts": ["tcp://10.9.9.9:2375", "tcp://[::1]:2375"]},
        ("config.hosts[0]: tcp://10.9.9.9:2375 is no address of this host; choose one that ip addr shows"),
        ("config.hosts[1]: tcp://[::1]:2375 is no address of this host; choose one that ip addr shows"),
        addresses=ips("10.0.0.5", "127.0.0.1"),
    ),
    row(
        ports.addresses_of_this_host,
        {"metrics-addr": "10.9.9.9:9323"},
        ("config.metrics-addr: 10.9.9.9:9323 is no address of this host; choose one that ip addr shows"),
        addresses=ips("10.0.0.5"),
    ),
    row(
        ports.addresses_of_this_host,
        {
            "hosts": [
                "tcp://10.0.0.5:1",
                "tcp://0.0.0.0:2",
                "tcp://127.0.0.9:3",
                "tcp://localhost:4",
                "tcp://name.example:5",
            ]
        },
        addresses=ips("10.0.0.5"),
    ),
    row(ports.addresses_of_this_host, {"hosts": ["tcp://10.9.9.9:2375"]}),
    row(
        ports.ports_asked_for_twice,
        {"hosts": ["tcp://127.0.0.1:2375", "tcp://localhost:2375"]},
        (
            "config.hosts[1]: tcp://localhost:2375 is the port of hosts[0] already, "
            "tcp://127.0.0.1:2375; take one of the two out"
        ),
    ),
    row(
        ports.ports_asked_for_twice,
        {"hosts": ["tcp://0.0.0.0:2375", "tcp://127.0.0.1"]},
        (
            "config.hosts[1]: tcp://127.0.0.1 is the port of hosts[0] already, tcp://0.0.0.0:2375; "
            "take one of the two out"
        ),
    ),
    row(
        ports.ports_asked_for_twice,
        {"hosts": ["tcp://127.0.0.1:2375"], "metrics-addr": "127.0.0.1:2375"},
        (
            "config.metrics-addr: 127.0.0.1:2375 is the port of hosts[0] already, "
            "tcp://127.0.0.1:2375; take one of the two out"
        ),
    ),
    row(
        ports.ports_asked_for_twice,
        {
            "hosts": ["tcp://127.0.0.1:2375", "tcp://127.0.0.1", "tcp://127.0.0.2:2375", "tcp://127.0.0.1:2376"],
            "metrics-addr": "127.0.0.1:9323",
        },
    ),
    row(
        ports.ports_of_others,
        {"hosts": ["tcp://127.0.0.1:2999"]},
        (
            "config.hosts[0]: tcp://127.0.0.1:2999 is taken by python3 (pid 12), which listens on "
            "127.0.0.1:2999; end that process, or choose another port"
        ),
        listeners=listening("127.0.0.1", 2999),
        owners={"7": "python3 (pid 12)"},
    ),
    row(
        ports.ports_of_others,
        {"hosts": ["tcp://127.0.0.1:2999"]},
        (
            "config.hosts[0]: tcp://127.0.0.1:2999 is taken by another process, which listens on "
            "0.0.0.0:2999; end that process, or choose another port"
        ),
        listeners=listening("0.0.0.0", 2999),
    ),
    row(
        ports.ports_of_others,
        {"hosts": ["tcp://0.0.0.0:2999"]},
        (
            "config.hosts[0]: tcp://0.0.0.0:2999 is taken by another process, which listens on "
            "[::1]:2999; end that process, or choose another port"
        ),
        listeners=listening("::1", 2999),
    ),
    row(
        ports.ports_of_others,
        {"metrics-addr": "127.0.0.1:9323"},
        (
            "config.metrics-addr: 127.0.0.1:9323 is taken by another process, which listens on "
            "127.0.0.1:9323; end that process, or choose another port"
        ),
        listeners=listening("127.0.0.1", 9323),
    ),
    row(ports.ports_of_others, {"hosts": ["tcp://127.0.0.1:2999"]}, listeners=listening("127.0.0.2", 2999)),
    row(ports.ports_of_others, {"hosts": ["tcp://127.0.0.1:2999"]}, listeners=listening("::", 2999)),
    row(
        ports.ports_of_others,
        {"hosts": ["tcp://127.0.0.1:2999"]},
        listeners=listening("127.0.0.1", 2999),
        owners={"7": "docker-proxy (pid 12)"},
    ),
    row(ports.ports_of_others, {"hosts": ["tcp://127.0.0.1:2999"]}),
    row(
        ports.ports_that_may_be_taken,
        {"hosts": ["tcp://127.0.0.1:2999"]},
        ("config.hosts[0]: tcp://127.0.0.1:2999 may be taken by nginx (pid 12), which listens on [::]:2999"),
        listeners=listening("::", 2999),
        owners={"7": "nginx (pid 12)"},
    ),
    row(
        ports.ports_that_may_be_taken,
        {"hosts": ["tcp://127.0.0.1:2999"]},
        (
            "config.hosts[0]: tcp://127.0.0.1:2999 is a port that a container publishes on "
            "0.0.0.0:2999; choose another port, or that container will not start again"
        ),
        listeners=listening("0.0.0.0", 2999),
        owners={"7": "docker-proxy (pid 12)"},
    ),
    row(ports.ports_that_may_be_taken, {"hosts": ["tcp://127.0.0.1:2999"]}, listeners=listening("127.0.0.1", 2999)),
]


@pytest.mark.parametrize("case", table(ROWS))
def test_a_check(case: Row) -> None:
    assert case.sentences() == list(case.said)
