# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network of a host, read from captures of /proc and /sys."""

from __future__ import annotations

import ipaddress
import os
import socket

from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Host
from ansible_collections.slipway.docker.plugins.module_utils.host.network import (
    Listener,
    Route,
    owner_of,
    parse_fib_trie,
    parse_listeners,
    parse_routes,
    parse_routes6,
    read_addresses,
    read_interfaces,
    read_listeners,
    read_routes,
    sockets_of,
)
from unit.trees import Tree, no_command

TCP = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0947 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 512767 1 0000000000000000
   1: 0B00007F:A121 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 484074 1 0000000000000000
   2: 1001D50A:0016 0101D50A:B1F2 01 00000000:00000000 02:000A1B2C 00000000     0        0 484100 2 0000000000000000
"""
TCP6 = """\
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when
   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 0:0 0 0 0 71
   1: 00000000000000000000000001000000:0277 00000000000000000000000000000000:0000 0A 00000000:00000000 0:0 0 0 0 72
"""
TRIE = """\
Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 10.213.1.0/24 2 0 2
        |-- 10.213.1.0
           /24 link UNICAST
        |-- 10.213.1.16
           /32 host LOCAL
        |-- 10.213.1.255
           /32 link BROADCAST
Local:
     +-- 127.0.0.0/8 2 0 2
        |-- 127.0.0.0
           /8 host LOCAL
        |-- 127.0.0.1
           /32 host LOCAL
"""
INET6 = """\
00000000000000000000000000000001 01 80 10 80       lo
fe800000000000000042acfffe110002 02 40 20 80     eth0
"""
ROUTE = """\
Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t0101D50A\t0003\t0\t0\t0\t00000000\t0\t0\t0
docker0\t00005B0A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
eth0\t0001D50A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
"""
ROUTE6 = """\
fd000001000000000000000000000000 40 00000000000000000000000000000000 00 0000 00000100 00000001 00000000 00000001 docker0
fe800000000000000000000000000000 40 00000000000000000000000000000000 00 0000 00000100 00000001 00000000 00000001 eth0
00000000000000000000000000000001 80 00000000000000000000000000000000 00 0000 00000000 00000002 00000000 80200001 lo
00000000000000000000000000000000 00 00000000000000000000000000000000 00 0000 ffffffff 00000001 00000000 00200200 lo
ff000000000000000000000000000000 08 00000000000000000000000000000000 00 0000 00000100 00000004 00000000 00000001 eth0
"""


def ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    return ipaddress.ip_address(text)


def test_listeners() -> None:
    assert parse_listeners(TCP) == [
        Listener(ip("127.0.0.1"), 2375, "512767"),
        Listener(ip("127.0.0.11"), 41249, "484074"),
    ]
    assert parse_listeners(TCP6) == [Listener(ip("::"), 80, "71"), Listener(ip("::1"), 631, "72")]
    assert parse_listeners("") == []


def test_addresses() -> None:
    assert parse_fib_trie(TRIE) == [ip("10.213.1.16"), ip("127.0.0.1")]


def test_routes() -> None:
    assert parse_routes(ROUTE) == [
        Route(ipaddress.ip_network("10.91.0.0/24"), "docker0"),
        Route(ipaddress.ip_network("10.213.1.0/24"), "eth0"),
    ]
    assert parse_routes6(ROUTE6) == [Route(ipaddress.ip_network("fd00:1::/64"), "docker0")]


def test_a_host_that_says_all(tree: Tree) -> None:
    tree.write("/proc/net/tcp", TCP)
    tree.write("/proc/net/tcp6", TCP6)
    tree.write("/proc/net/fib_trie", TRIE)
    tree.write("/proc/net/if_inet6", INET6)
    tree.write("/proc/net/route", ROUTE)
    tree.write("/proc/net/ipv6_route", ROUTE6)
    tree.write("/sys/class/net/docker0/bridge/stp_state", "0")
    tree.write("/sys/class/net/eth0/mtu", "1500")
    assert [one.port for one in read_listeners(tree.host) or ()] == [2375, 41249, 80, 631]
    assert read_addresses(tree.host) == frozenset(
        {ip("10.213.1.16"), ip("127.0.0.1"), ip("::1"), ip("fe80::42:acff:fe11:2")}
    )
    assert len(read_routes(tree.host) or ()) == 3
    assert read_interfaces(tree.host) == {"docker0": True, "eth0": False}


def test_a_host_without_ipv6(tree: Tree) -> None:
    tree.write("/proc/net/tcp", TCP)
    tree.write("/proc/net/fib_trie", TRIE)
    tree.write("/proc/net/route", ROUTE)
    assert len(read_listeners(tree.host) or ()) == 2
    assert len(read_addresses(tree.host) or ()) == 2
    assert len(read_routes(tree.host) or ()) == 2


def test_a_root_that_is_not_booted_says_nothing(tree: Tree) -> None:
    assert read_listeners(tree.host) is None
    assert read_addresses(tree.host) is None
    assert read_routes(tree.host) is None
    assert read_interfaces(tree.host) is None
    assert sockets_of(tree.host, 1) == frozenset()
    assert owner_of(tree.host, "1") is None


def test_this_machine() -> None:
    """The kernel's own word for a socket of this very process."""
    host = Host(no_command)
    with socket.socket() as ours:
        ours.bind(("127.0.0.1", 0))
        ours.listen()
        port = ours.getsockname()[1]
        (found,) = [one for one in read_listeners(host) or () if one.port == port]
        assert found.address == ip("127.0.0.1")
        assert found.inode in sockets_of(host, os.getpid())
        owner = owner_of(host, found.inode)
    assert owner is not None
    assert owner[0] == os.getpid()
    assert ip("127.0.0.1") in (read_addresses(host) or ())
