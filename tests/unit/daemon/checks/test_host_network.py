# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The default bridge on a host: what each check accepts and what it says, and the engines it holds for."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks import host_network
from unit.verdicts import Row, ips, routes, row, table

ROWS = [
    row(
        host_network.bridge_is_there,
        {"bridge": "br0"},
        (
            'config.bridge is no network interface of this host; got: "br0"; make the bridge first, '
            "or take bridge out so that dockerd makes docker0"
        ),
        interfaces={"eth0": False},
    ),
    row(
        host_network.bridge_is_there,
        {"bridge": "eth0"},
        'config.bridge is a network interface, but not a bridge; got: "eth0"; name a bridge',
        interfaces={"eth0": False},
    ),
    row(host_network.bridge_is_there, {"bridge": "br0"}, interfaces={"br0": True}),
    row(host_network.bridge_is_there, {"bridge": "none"}, interfaces={"eth0": False}),
    row(host_network.bridge_is_there, {"bridge": "docker0"}, interfaces={"eth0": False}),
    row(host_network.bridge_is_there, {"bridge": "br0"}),
    row(
        host_network.bridge_over_a_network,
        {"bip": "10.60.0.1/16"},
        (
            "config.bip overlaps 10.60.0.0/24, a network of this engine on br-8ba0094dd620; got: "
            '"10.60.0.1/16"; choose another network, or remove that one'
        ),
        routes=routes({"10.60.0.0/24": "br-8ba0094dd620"}),
    ),
    row(
        host_network.bridge_over_a_network,
        {"bip": "172.18.0.1/16"},
        (
            "config.bip overlaps 172.18.0.0/16, a network of this engine on docker_gwbridge; got: "
            '"172.18.0.1/16"; choose another network, or remove that one'
        ),
        routes=routes({"172.18.0.0/16": "docker_gwbridge"}),
    ),
    row(
        host_network.bridge_over_a_network,
        {"bip": "10.60.0.1/16", "data-root": "/srv"},
        before={},
        routes=routes({"10.60.0.0/24": "br-8ba0094dd620"}),
    ),
    row(
        host_network.bridge_over_a_network, {"bip": "10.61.0.1/16"}, routes=routes({"10.60.0.0/24": "br-8ba0094dd620"})
    ),
    row(host_network.bridge_over_a_network, {"bip": "10.60.0.1/16"}, routes=routes({"10.60.0.0/24": "br-lan"})),
    row(
        host_network.bridge_over_a_route,
        {"bip": "10.60.0.1/16"},
        (
            "config.bip overlaps 10.60.5.0/24, which this host reaches through eth0; got: "
            '"10.60.0.1/16"; choose another network'
        ),
        routes=routes({"10.60.5.0/24": "eth0"}),
    ),
    row(host_network.bridge_over_a_route, {"bip": "10.60.0.1/16"}, routes=routes({"10.60.0.0/16": "docker0"})),
    row(host_network.bridge_over_a_route, {"bip": "10.60.0.1/16"}),
    row(
        host_network.ip_of_this_host,
        {"ip": "10.9.9.9"},
        'config.ip is no address of this host, so no port can be published there; got: "10.9.9.9"',
        addresses=ips("10.0.0.5"),
    ),
    row(host_network.ip_of_this_host, {"ip": "10.0.0.5"}, addresses=ips("10.0.0.5")),
    row(host_network.ip_of_this_host, {"ip": "0.0.0.0"}, addresses=ips("10.0.0.5")),
    row(
        host_network.iptables_is_installed,
        {"iptables": True},
        ("config.iptables needs the program iptables, which is not installed; got: true; install it"),
        programs={"iptables": False},
    ),
    row(host_network.iptables_is_installed, {"iptables": True}, programs={"iptables": True}),
    row(host_network.iptables_is_installed, {"iptables": True}),
    row(
        host_network.firewall_is_there,
        {"debug": True},
        "dockerd needs the program iptables, which is not installed; install it",
        programs={"iptables": False},
    ),
    row(host_network.firewall_is_there, {"debug": True}, programs={"iptables": True}),
    row(host_network.firewall_is_there, {"iptables": False}, programs={"iptables": False}),
    row(host_network.firewall_is_there, {"firewall-backend": "nftables"}, programs={"iptables": False}),
    row(
        host_network.nftables_needs_forwarding,
        {"firewall-backend": "nftables"},
        (
            'config.firewall-backend needs forwarding, which is off on this host; got: "nftables"; '
            "set sysctl net.ipv4.ip_forward to 1, or ip-forward to false"
        ),
        version="29.0.0",
        forwards=False,
    ),
    row(host_network.nftables_needs_forwarding, {"firewall-backend": "nftables"}, version="29.0.0", forwards=True),
    row(
        host_network.nftables_needs_forwarding,
        {"firewall-backend": "nftables", "ip-forward": False},
        version="29.0.0",
        forwards=False,
    ),
    row(host_network.nftables_needs_forwarding, {"firewall-backend": "nftables"}, version="28.5.2", forwards=False),
    row(
        host_network.nftables_in_a_swarm,
        {"firewall-backend": "nftables"},
        (
            "config.firewall-backend cannot be nftables on a member of a swarm; leave the swarm, or "
            "set features.swarm-nftables (29.6 and newer)"
        ),
        version="29.0.0",
        swarm=True,
    ),
    row(host_network.nftables_in_a_swarm, {"firewall-backend": "nftables"}, version="29.0.0", swarm=False),
    row(
        host_network.nftables_in_a_swarm,
        {"firewall-backend": "nftables", "features": {"swarm-nftables": True}},
        version="29.6.0",
        swarm=True,
    ),
    row(host_network.nftables_in_a_swarm, {"firewall-backend": "nftables"}, version="28.5.2", swarm=True),
]


@pytest.mark.parametrize("case", table(ROWS))
def test_a_check(case: Row) -> None:
    assert case.sentences() == list(case.said)
