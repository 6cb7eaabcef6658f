# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules that would cut the way by which Ansible came in, and what it comes by."""

from __future__ import annotations

import ipaddress
import typing as t

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.firewall.lockout import (
    Published,
    complaint,
    cut,
)
from ansible_collections.slipway.docker.plugins.module_utils.firewall.policy import Policy, read_policy
from ansible_collections.slipway.docker.plugins.module_utils.firewall.way_in import (
    objection,
    parse_conntrack,
    parse_containers,
)
from ansible_collections.slipway.docker.plugins.module_utils.host.connection import Connection, parse_connection
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Completed, Host
from unit.trees import Tree

CONTROLLER, STRANGER, BASTION, HOST = "198.51.100.7", "203.0.113.9", "172.17.0.2", "192.0.2.1"
OPEN = {"ports": ["2222"], "sources": [CONTROLLER]}
CLOSED = {"ports": ["2222"], "action": "deny"}


def policy(*rules: dict[str, t.Any], default: str = "deny") -> Policy:
    patterns = ["docker0", "br-*"]
    return read_policy(
        {"default": default, "rules": list(rules), "container_interfaces": patterns}, {"apps": "br-apps"}
    )


def way(source: str | None = CONTROLLER, port: int = 2222, **others: t.Any) -> Published:
    address = ipaddress.ip_address(source) if source else None
    given = {
        "bridge": "docker0",
        "source_port": 50000 if source else 0,
        "interface": "eth0" if source else "",
        **others,
    }
    return Published("tcp", port, ipaddress.ip_address(BASTION), 22, source=address, **given)


def connection(client: str = BASTION, server: str = HOST, via: str | None = BASTION) -> Connection:
    addresses = [ipaddress.ip_address(one) for one in (client, server)]
    return Connection(addresses[0], 50000, addresses[1], 22, ipaddress.ip_address(via) if via else None)


INTO_CONTAINER = connection(CONTROLLER, BASTION, None)


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        pytest.param(policy(), None, id="default"),
        pytest.param(policy(OPEN), False, id="allowed"),
        pytest.param(policy(default="allow"), False, id="default-allow"),
        pytest.param(policy(CLOSED, OPEN, default="allow"), 0, id="denied-first"),
        pytest.param(policy({"ports": ["443"]}, CLOSED, default="allow"), 1, id="denied"),
        pytest.param(policy({**OPEN, "sources": ["203.0.113.0/24"]}), None, id="others-allowed"),
        pytest.param(policy({**OPEN, "protocols": ["udp"]}), None, id="another-protocol"),
        pytest.param(policy({"ports": ["2000-3000"], "interface": "eth*"}), False, id="by-interface"),
        pytest.param(policy({"ports": ["2222"], "interface": "wg0"}), None, id="by-another-interface"),
        pytest.param(policy({"sources": ["198.51.100.0/24"]}), False, id="without-ports"),
        pytest.param(policy({"network": "apps"}), None, id="another-network"),
    ],
)
@pytest.mark.parametrize("came", [connection(), INTO_CONTAINER])
def test_what_a_new_connection_meets(given: Policy, rule: int | bool | None, came: Connection) -> None:
    found = cut(given, came, [way()])
    assert (found is None) if rule is False else (found is not None and found.rule == rule)


def test_what_cannot_be_cut() -> None:
    assert cut(policy(), connection(), []) is None  # the container makes connections, and nobody is connected to it
    assert cut(policy(), connection("172.17.0.9", via="172.17.0.9"), [way()]) is None  # another container
    assert cut(policy(), connection(), [way(interface="br-apps")]) is None  # from container to container
    assert cut(policy(), connection(), [way(bridge="virbr0")]) is None  # to a virtual machine


def test_a_way_that_is_left_is_enough() -> None:
    assert cut(policy(OPEN), connection(), [way(STRANGER), way()]) is None
    assert cut(policy(OPEN), connection(), [way(STRANGER)]) is not None


def test_its_own_connection_counts_before_others() -> None:
    others = [way(STRANGER, port=80, source_port=4)]
    assert cut(policy({"ports": ["80"]}), INTO_CONTAINER, [*others, way()]) is not None


def test_who_comes_is_not_known() -> None:
    """Without the kernel's table, only what shuts everybody out is certain."""
    assert cut(policy(OPEN), connection(), [way(None)]) is None
    assert cut(policy({**CLOSED, "sources": [STRANGER]}, default="allow"), connection(), [way(None)]) is None
    assert cut(policy({"ports": ["80"]}), connection(), [way(None)]) is not None


def test_the_complaint() -> None:
    found = cut(policy(CLOSED), connection(), [way()])
    assert found
    assert complaint(found) == (
        "rules[0] would cut the way by which Ansible comes in: 198.51.100.7 to published port 2222/tcp "
        "(container 172.17.0.2); add the rule {'action': 'allow', 'ports': ['2222'], 'protocols': ['tcp'], "
        "'sources': ['198.51.100.7']} before rules[0], or set allow_lockout where there is another way in"
    )


@pytest.mark.parametrize("value", ["", "x", "198.51.100.7 5 192.0.2.1", "a 1 b 2", "198.51.100.7 x 192.0.2.1 22"])
def test_no_connection(value: str) -> None:
    assert parse_connection(value) is None


def test_a_connection_by_a_link() -> None:
    found = parse_connection("fe80::7%eth0 50000 fe80::1%eth0 22")
    assert found
    assert (str(found.client), str(found.server), found.server_port) == ("fe80::7", "fe80::1", 22)


TABLE = f"""\
ipv4     2 tcp      6 431999 ESTABLISHED src={CONTROLLER} dst={HOST} sport=50000 dport=2222 src={BASTION} \
dst={CONTROLLER} sport=22 dport=50000 [ASSURED] mark=0 zone=0 use=2
ipv4     2 tcp      6 431999 ESTABLISHED src={STRANGER} dst={HOST} sport=50001 dport=22 src={HOST} dst={STRANGER} \
sport=22 dport=50001 [ASSURED] mark=0 zone=0 use=2
ipv4     2 tcp      6 110 TIME_WAIT src={STRANGER} dst={HOST} sport=50002 dport=2222 src={BASTION} dst={STRANGER} \
sport=22 dport=50002 [ASSURED] mark=0 zone=0 use=2
ipv4     2 udp      17 29 src={STRANGER} dst={HOST} sport=50003 dport=51820 [UNREPLIED] src={BASTION} dst={STRANGER} \
sport=51820 dport=50003 mark=0 zone=0 use=2
ipv6     10 udp      17 29 src=2001:db8::9 dst=2001:db8::1 sport=50003 dport=51821 src=fd00::2 dst=2001:db8::9 \
sport=51820 dport=50003 [ASSURED] mark=0 zone=0 use=2
ipv4     2 icmp     1 29 src={STRANGER} dst={HOST} type=8 code=0 id=3 src={HOST} dst={STRANGER} type=0 code=0 id=3
"""


def test_the_kernels_table() -> None:
    assert [one.in_words for one in parse_conntrack(TABLE)] == [
        "198.51.100.7 to published port 2222/tcp (container 172.17.0.2)",
        "2001:db8::9 to published port 51821/udp (container fd00::2)",
    ]


LISTED: list[dict[str, t.Any]] = [
    {
        "Ports": [
            {"IP": "0.0.0.0", "PrivatePort": 22, "PublicPort": 2222, "Type": "tcp"},
            {"IP": "::", "PrivatePort": 22, "PublicPort": 2222, "Type": "tcp"},
            {"PrivatePort": 80, "Type": "tcp"},
        ],
        "NetworkSettings": {"Networks": {"bridge": {"IPAddress": BASTION, "GlobalIPv6Address": ""}}},
    },
    {"Ports": None, "NetworkSettings": None},
]


def test_what_the_engine_lists() -> None:
    assert [one.in_words for one in parse_containers(LISTED)] == [
        "everybody to published port 2222/tcp (container 172.17.0.2)"
    ]


ROUTES = {
    BASTION: f"{BASTION} dev docker0 src 172.17.0.1 uid 0 \\    cache",
    "10.8.0.6": f"10.8.0.6 via {BASTION} dev docker0 src 172.17.0.1 uid 0 \\    cache",
    HOST: f"local {HOST} dev lo src {HOST} uid 0 \\    cache <local>",
    CONTROLLER: f"{CONTROLLER} via 192.0.2.254 dev eth0 src {HOST} uid 0 \\    cache",
}


def routed(tree: Tree) -> Host:
    tree.write("/usr/sbin/ip", "")
    tree.at("/usr/sbin/ip").chmod(0o755)

    def run(argv: t.Sequence[str], *, data: str | None = None, env: t.Mapping[str, str] | None = None) -> Completed:
        assert list(argv[:4]) == ["ip", "-o", "route", "get"], data or env
        return Completed(tuple(argv), 0, ROUTES[argv[4]], "")

    return Host(run, str(tree.root))


def says(tree: Tree, came: str, *, table: str = TABLE) -> str:
    """The objection to a policy that lets nobody in."""
    if table:
        tree.write("/proc/net/nf_conntrack", table)
    return objection(routed(tree), policy(), {"SSH_CONNECTION": came} if came else {}, 40, lambda: LISTED)


@pytest.mark.parametrize("client", [BASTION, "10.8.0.6"])
def test_through_a_container(tree: Tree, client: str) -> None:
    assert "198.51.100.7 to published port 2222/tcp" in says(tree, f"{client} 40000 {HOST} 22")


def test_into_a_container(tree: Tree) -> None:
    assert "198.51.100.7 to published port 2222/tcp" in says(tree, f"{CONTROLLER} 50000 {BASTION} 22")


@pytest.mark.parametrize("came", [f"{BASTION} 40000 {HOST} 22", f"{CONTROLLER} 50000 {BASTION} 22"])
def test_without_the_kernels_table(tree: Tree, came: str) -> None:
    assert "everybody to published port 2222/tcp" in says(tree, came, table="")


def test_to_the_host_itself(tree: Tree) -> None:
    assert says(tree, f"{CONTROLLER} 50000 {HOST} 22") == ""
    assert says(tree, "") == ""


def test_sudo_takes_the_variable_away(tree: Tree) -> None:
    for pid, parent in ((40, 30), (30, 20), (20, 1)):
        tree.write(f"/proc/{pid}/stat", f"{pid} (a ) b) S {parent} 0 0")
    tree.write("/proc/30/environ", "HOME=/root\0SUDO_USER=me\0")
    tree.write("/proc/20/environ", f"SSH_CONNECTION={BASTION} 40000 {HOST} 22\0HOME=/home/me\0")
    assert "2222/tcp" in says(tree, "")
