# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Published ports that docker-proxy serves past all rules."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.firewall.policy import Policy, Rule
from ansible_collections.slipway.docker.plugins.module_utils.firewall.proxies import (
    Proxy,
    parse_proxy,
    read_translated,
    warnings,
)
from unit.firewall.kernel import EMPTY, Kernel, has, host, iptables
from unit.trees import Tree

DENY = Policy(allow=False)
NAT = [
    *EMPTY,
    ":DOCKER -",
    "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
    "-A DOCKER -i docker0 -j RETURN",
    "-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:80",
    "-A DOCKER -d 192.0.2.1/32 ! -i docker0 -p udp -m udp --dport 53 -j DNAT --to-destination 172.17.0.2:53",
    "-A OTHERS -p tcp -m tcp --dport 9999 -j DNAT --to-destination 192.0.2.7:80",
]
FOUR, SIX = "172.17.0.2", "fd00:17::2"


def words(address: str, port: int, container: str = FOUR, protocol: str = "tcp") -> list[str]:
    options = f"-proto {protocol} -host-ip {address} -host-port {port} -container-ip {container} -container-port 80"
    return ["/usr/sbin/docker-proxy", *options.split(), "-use-listen-fd"]


def serve(tree: Tree, *proxies: list[str]) -> None:
    iptables(tree)
    tree.write("/proc/net/if_inet6", "")
    for number, proxy in enumerate(proxies):
        tree.write(f"/proc/{number + 100}/cmdline", "\0".join([*proxy, ""]))


def kernel(*, four: bool = True, six: bool = False) -> Kernel:
    return Kernel(tables={"iptables-nft": NAT if four else EMPTY, "ip6tables-nft": NAT if six else EMPTY})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (words("0.0.0.0", 8080), Proxy(("ip", "tcp", 8080), False)),
        (words("::", 8080), Proxy(("ip6", "tcp", 8080), True)),
        (words("::", 53, SIX, "udp"), Proxy(("ip6", "udp", 53), False)),
        (words("127.0.0.1", 8080), None),
        (words("::1", 8080, SIX), None),
        (["prog", "-host-ip", "0.0.0.0"], None),
        (words("somewhere", 8080), None),
    ],
)
def test_the_command_line(given: list[str], expected: Proxy | None) -> None:
    assert parse_proxy(given) == expected


def test_a_container_without_ipv6_is_reached_past_all_rules(tree: Tree) -> None:
    serve(tree, words("0.0.0.0", 8080), words("::", 8080), words("::", 53, protocol="udp"), words("127.0.0.1", 80))
    for six in (False, True):  # whatever ip6tables says
        (warning,) = warnings(host(tree, kernel(six=six)), DENY)
        assert warning == (
            "published ports 53/udp, 8080/tcp are open to all on IPv6 through docker-proxy, where connections end on "
            "the host, so that no rule sees them: publish them on 0.0.0.0, give the containers' network IPv6 with "
            "ip6tables on, or set userland-proxy to false"
        )


def test_a_container_with_ipv6_is_where_its_address_is_not_translated(tree: Tree) -> None:
    serve(tree, words("::", 8080, SIX))
    assert warnings(host(tree, kernel(six=True)), DENY) == []
    assert "8080/tcp are open to all on IPv6" in warnings(host(tree, kernel()), DENY)[0]


def test_ipv4_without_iptables(tree: Tree) -> None:
    serve(tree, words("0.0.0.0", 8080), words("0.0.0.0", 9999))
    (warning,) = warnings(host(tree, kernel(four=False)), DENY)
    assert "8080/tcp, 9999/tcp are open to all on IPv4" in warning
    assert "Docker translates no addresses for them; set iptables and restart Docker, or set userland-proxy" in warning
    (warning,) = warnings(host(tree, kernel()), DENY)
    assert "published ports 9999/tcp" in warning


def test_a_host_without_ipv6(tree: Tree) -> None:
    serve(tree, words("::", 8080))
    tree.at("/proc/net/if_inet6").unlink()
    assert warnings(host(tree, kernel()), DENY) == []


@pytest.mark.parametrize(
    ("rule", "warned"),
    [
        (Rule(allow=False), True),
        (Rule(allow=False, ports=((8000, 9000),)), True),
        (Rule(allow=False, ports=((80, 80),)), False),
        (Rule(allow=False, ports=((8000, 9000),), protocols=("udp",)), False),
        (Rule(allow=True, ports=((8000, 9000),)), False),
    ],
)
def test_a_policy_that_allows_by_default(tree: Tree, rule: Rule, warned: bool) -> None:
    serve(tree, words("::", 8080))
    assert bool(warnings(host(tree, kernel()), Policy(allow=True, rules=(rule,)))) is warned


def test_an_engine_that_uses_nftables(tree: Tree) -> None:
    has(tree, "nft")
    told = 'iifname != "docker0" tcp dport 8080 counter packets 0 bytes 0 dnat to 172.17.0.2:80 comment "DNAT"'

    class Engine(Kernel):
        def _answer(self, argv: list[str], data: str) -> tuple[int, str, str]:
            return (0, told, "") if argv[:4] == ["nft", "list", "table", "ip"] else (1, "", "No such file or directory")

    assert read_translated(host(tree, Engine())) == {("ip", "tcp", 8080)}


def test_tables_of_the_older_set_are_not_made_by_looking(tree: Tree) -> None:
    serve(tree, words("0.0.0.0", 8080))
    iptables(tree, suffix="-legacy")
    asked = kernel()
    assert warnings(host(tree, asked), DENY) == []
    assert not [one for one in asked.asked if "legacy" in one]
    tree.write("/proc/net/ip_tables_names", "nat\n")
    assert warnings(host(tree, asked), DENY) == []
    assert "iptables-legacy-save -t nat" in asked.asked


def test_a_program_that_fails(tree: Tree) -> None:
    serve(tree, words("0.0.0.0", 8080))
    broken = Kernel(broken={"iptables-save"})
    assert "8080/tcp are open to all on IPv4" in warnings(host(tree, broken), DENY)[0]
