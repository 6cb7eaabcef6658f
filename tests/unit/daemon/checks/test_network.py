# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The default bridge: what each check accepts and what it says, and the engines it holds for."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks import network
from unit.verdicts import Row, row, table

ROWS = [
    row(
        network.bridge_of_two_kinds,
        {"bridge": "br0", "bip": "10.0.0.1/24"},
        (
            'config.bip cannot be set together with bridge, which is br0; got: "10.0.0.1/24"; give '
            "the bridge its address yourself"
        ),
    ),
    row(
        network.bridge_of_two_kinds,
        {"bridge": "none", "bip6": "fd00::1/64"},
        (
            'config.bip6 cannot be set together with bridge, which is none; got: "fd00::1/64"; give '
            "the bridge its address yourself"
        ),
    ),
    row(
        network.bridge_of_two_kinds,
        {"bip": "10.0.0.1/24"},
        (
            'config.bip cannot be set together with bridge, which is br0; got: "10.0.0.1/24"; give '
            "the bridge its address yourself"
        ),
        flags={"bridge": "br0"},
    ),
    row(network.bridge_of_two_kinds, {"bridge": "", "bip": "10.0.0.1/24"}),
    row(
        network.bip_is_a_host_address,
        {"bip": "172.20.0.1"},
        ('config.bip must be an IPv4 address with the length of its network, such as 172.20.0.1/16; got: "172.20.0.1"'),
    ),
    row(
        network.bip_is_a_host_address,
        {"bip": "172.20.300.1/16"},
        (
            "config.bip must be an IPv4 address with the length of its network, such as "
            '172.20.0.1/16; got: "172.20.300.1/16"'
        ),
    ),
    row(
        network.bip_is_a_host_address,
        {"bip": "fd00::1/64"},
        ('config.bip must be an IPv4 address with the length of its network, such as 172.20.0.1/16; got: "fd00::1/64"'),
    ),
    row(
        network.bip_is_a_host_address,
        {"bip": "172.20.0.0/16"},
        ('config.bip is the address of a network, not one in it; got: "172.20.0.0/16"; write 172.20.0.1/16'),
    ),
    row(
        network.bip_is_a_host_address,
        {"bip": "172.20.255.255/16"},
        (
            'config.bip is the address of all in its network, not of one; got: "172.20.255.255/16"; '
            "choose another address"
        ),
    ),
    row(
        network.bip_is_a_host_address,
        {"bip": "127.0.5.1/24"},
        'config.bip must be an address that containers can route to; got: "127.0.5.1/24"',
    ),
    row(
        network.bip_is_a_host_address,
        {"bip": "172.20.0.1/32"},
        ('config.bip leaves no address for containers; got: "172.20.0.1/32"; choose a larger network'),
    ),
    row(
        network.bip_is_a_host_address,
        {"bip": "172.20.0.1/31"},
        ('config.bip leaves no address for containers; got: "172.20.0.1/31"; choose a larger network'),
        version="20.10.24",
    ),
    row(network.bip_is_a_host_address, {"bip": "172.20.0.1/31"}, version="26.1.5"),
    row(network.bip_is_a_host_address, {"bip": "172.20.0.1/31"}),
    row(network.bip_is_a_host_address, {"bip": "172.20.0.1/30"}, version="20.10.24"),
    row(network.bip_is_a_host_address, {"bip": "172.20.3.255/16"}),
    row(network.bip_is_a_host_address, {"bip": ""}),
    row(
        network.bip6_is_an_address,
        {"bip6": "10.0.0.1/24", "ipv6": True},
        ('config.bip6 must be an IPv6 address with the length of its network, such as fd00::1/64; got: "10.0.0.1/24"'),
        version="28.0.0",
    ),
    row(network.bip6_is_an_address, {"bip6": "fd00::1/64", "ipv6": True}, version="28.0.0"),
    row(network.bip6_is_an_address, {"bip6": "x"}, version="28.0.0"),
    row(network.bip6_is_an_address, {"bip6": "x", "ipv6": True}, version="27.5.1"),
    row(
        network.fixed_cidr_is_a_network,
        {"fixed-cidr": "172.20.0.0"},
        'config.fixed-cidr must be an IPv4 network such as 172.20.1.0/24; got: "172.20.0.0"',
    ),
    row(
        network.fixed_cidr_is_a_network,
        {"fixed-cidr": "fd00::/64"},
        'config.fixed-cidr must be an IPv4 network such as 172.20.1.0/24; got: "fd00::/64"',
    ),
    row(network.fixed_cidr_is_a_network, {"fixed-cidr": "172.20.1.5/24"}),
    row(
        network.fixed_cidr_lies_in_the_bridge,
        {"bip": "10.77.0.1/24", "fixed-cidr": "10.78.0.0/25"},
        'config.fixed-cidr must lie in the network of bip, 10.77.0.0/24; got: "10.78.0.0/25"',
        version="28.0.0",
    ),
    row(
        network.fixed_cidr_lies_in_the_bridge, {"bip": "10.77.0.1/24", "fixed-cidr": "10.77.0.128/25"}, version="28.0.0"
    ),
    row(network.fixed_cidr_lies_in_the_bridge, {"bip": "10.77.0.1/24", "fixed-cidr": "10.77.0.0/16"}, version="28.0.0"),
    row(network.fixed_cidr_lies_in_the_bridge, {"bip": "10.77.0.1/24", "fixed-cidr": "10.78.0.0/25"}, version="27.5.1"),
    row(
        network.fixed_cidr_outside_of_the_bridge,
        {"bip": "10.77.0.1/24", "fixed-cidr": "10.78.0.0/25"},
        'config.fixed-cidr must lie in the network of bip, 10.77.0.0/24; got: "10.78.0.0/25"',
        version="27.5.1",
    ),
    row(
        network.fixed_cidr_outside_of_the_bridge,
        {"bip": "10.77.0.1/24", "fixed-cidr": "10.78.0.0/25"},
        'config.fixed-cidr must lie in the network of bip, 10.77.0.0/24; got: "10.78.0.0/25"',
    ),
    row(
        network.fixed_cidr_outside_of_the_bridge,
        {"bip": "10.77.0.1/24", "fixed-cidr": "10.78.0.0/25"},
        version="28.0.0",
    ),
    row(
        network.fixed_cidr_larger_than_the_bridge,
        {"bip": "10.77.0.1/24", "fixed-cidr": "10.77.0.0/16"},
        'config.fixed-cidr is larger than the network of bip, 10.77.0.0/24; got: "10.77.0.0/16"',
    ),
    row(network.fixed_cidr_larger_than_the_bridge, {"bip": "10.77.0.1/24", "fixed-cidr": "10.77.0.0/24"}),
    row(
        network.fixed_cidr_v6_is_a_network,
        {"fixed-cidr-v6": "10.0.0.0/24"},
        'config.fixed-cidr-v6 must be an IPv6 network such as fd00:1::/64; got: "10.0.0.0/24"',
    ),
    row(
        network.fixed_cidr_v6_is_a_network,
        {"fixed-cidr-v6": "fd00::"},
        'config.fixed-cidr-v6 must be an IPv6 network such as fd00:1::/64; got: "fd00::"',
    ),
    row(network.fixed_cidr_v6_is_a_network, {"fixed-cidr-v6": "fd00:1::/64"}),
    row(
        network.ipv6_needs_a_network,
        {"ipv6": True},
        ("config.ipv6 needs fixed-cidr-v6 with engine 26.1.5; set fixed-cidr-v6, such as fd00:1::/64"),
        version="26.1.5",
    ),
    row(network.ipv6_needs_a_network, {"ipv6": True}, version="27.0.0"),
    row(network.ipv6_needs_a_network, {"ipv6": True, "fixed-cidr-v6": "fd00:1::/64"}, version="26.1.5"),
    row(network.ipv6_needs_a_network, {"ipv6": True, "bridge": "none"}, version="26.1.5"),
    row(network.ipv6_needs_a_network, {"ipv6": True}),
    row(
        network.network_without_ipv6,
        {"fixed-cidr-v6": "fd00:1::/64"},
        "config.fixed-cidr-v6 does nothing while ipv6 is off; set ipv6 to true",
    ),
    row(network.network_without_ipv6, {"fixed-cidr-v6": "fd00:1::/64", "ipv6": True}),
    row(
        network.single_addresses,
        {"ip": "nope", "default-gateway": "10.0.0.1/24", "default-gateway-v6": "x", "host-gateway-ip": "y"},
        'config.default-gateway must be an IP address; got: "10.0.0.1/24"',
        'config.default-gateway-v6 must be an IP address; got: "x"',
        'config.ip must be an IP address; got: "nope"',
        'config.host-gateway-ip must be an IP address; got: "y"',
    ),
    row(network.single_addresses, {"ip": "0.0.0.0", "default-gateway": "", "default-gateway-v6": "fd00::1"}),
    row(
        network.gateway_on_the_bridge,
        {"bip": "10.77.0.1/24", "default-gateway": "10.88.0.1"},
        'config.default-gateway must lie in the network of bip, 10.77.0.0/24; got: "10.88.0.1"',
    ),
    row(
        network.gateway_on_the_bridge,
        {"bip": "10.77.0.1/24", "default-gateway": "10.77.0.1"},
        (
            "config.default-gateway is the bridge's own address, which is the gateway anyway; got: "
            '"10.77.0.1"; take it out'
        ),
    ),
    row(network.gateway_on_the_bridge, {"bip": "10.77.0.1/24", "default-gateway": "10.77.0.254"}),
    row(network.gateway_on_the_bridge, {"default-gateway": "10.77.0.254"}),
    row(
        network.gateway_on_the_bridge_v6,
        {"ipv6": True, "fixed-cidr-v6": "fd00:1::/64", "default-gateway-v6": "fd00:2::1"},
        ('config.default-gateway-v6 must lie in the network of fixed-cidr-v6, fd00:1::/64; got: "fd00:2::1"'),
    ),
    row(
        network.gateway_on_the_bridge_v6,
        {"ipv6": True, "fixed-cidr-v6": "fd00:1::/64", "default-gateway-v6": "fd00:1::9"},
    ),
    row(network.gateway_on_the_bridge_v6, {"fixed-cidr-v6": "fd00:1::/64", "default-gateway-v6": "fd00:2::1"}),
    row(
        network.icc_needs_the_firewall,
        {"icc": False, "iptables": False},
        ("config.icc keeps containers apart by iptables, which is off; got: false; set iptables or icc to true"),
    ),
    row(
        network.icc_needs_the_firewall,
        {"icc": False},
        ("config.icc keeps containers apart by iptables, which is off; got: false; set iptables or icc to true"),
        flags={"iptables": False},
    ),
    row(
        network.icc_needs_the_firewall,
        {"icc": False, "ip6tables": False, "ipv6": True},
        (
            "config.icc keeps containers apart by ip6tables, which is off while ipv6 is on; got: "
            "false; set ip6tables or icc to true"
        ),
        version="27.0.0",
    ),
    row(network.icc_needs_the_firewall, {"icc": False, "ip6tables": False, "ipv6": True}, version="26.1.5"),
    row(network.icc_needs_the_firewall, {"icc": True, "iptables": False}),
    row(network.icc_needs_the_firewall, {"icc": False}),
    row(
        network.ip6tables_is_experimental,
        {"ip6tables": True},
        ("config.ip6tables is experimental with engine 26.1.5; got: true; set experimental to true as well"),
        version="26.1.5",
    ),
    row(network.ip6tables_is_experimental, {"ip6tables": True}, version="27.0.0"),
    row(network.ip6tables_is_experimental, {"ip6tables": True, "experimental": True}, version="20.10.24"),
    row(network.ip6tables_is_experimental, {"ip6tables": False}, version="20.10.24"),
    row(network.mtu_fits_a_device, {"mtu": -1}, "config.mtu must be from 68 to 65535; got: -1"),
    row(network.mtu_fits_a_device, {"mtu": 67}, "config.mtu must be from 68 to 65535; got: 67"),
    row(network.mtu_fits_a_device, {"mtu": 65536}, "config.mtu must be from 68 to 65535; got: 65536"),
    row(network.mtu_fits_a_device, {"mtu": 68}),
    row(network.mtu_fits_a_device, {"mtu": 65535}),
    row(network.mtu_fits_a_device, {"mtu": 0}),
    row(
        network.mtu_too_small_for_ipv6,
        {"mtu": 1279, "ipv6": True},
        "config.mtu must be at least 1280 for IPv6; got: 1279",
    ),
    row(network.mtu_too_small_for_ipv6, {"mtu": 1280, "ipv6": True}),
    row(network.mtu_too_small_for_ipv6, {"mtu": 1279}),
    row(
        network.masquerading_without_iptables,
        {"ip-masq": True, "iptables": False},
        "config.ip-masq does nothing while iptables is off",
    ),
    row(network.masquerading_without_iptables, {"ip-masq": True}),
]


@pytest.mark.parametrize("case", table(ROWS))
def test_a_check(case: Row) -> None:
    assert case.sentences() == list(case.said)
