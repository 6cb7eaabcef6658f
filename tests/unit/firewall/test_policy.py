# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A declaration of who may reach containers: understood, or refused with all that is wrong."""

from __future__ import annotations

import ipaddress
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.firewall.policy import Policy, covers, read_policy
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import InvalidInput

BRIDGES = {"bridge": "docker0", "front": "br-0123456789ab", "named": "apps0"}
DECLARED: dict[str, t.Any] = {
    "default": "deny",
    "container_interfaces": ["docker0", "br-*"],
    "log_rate": "10/minute",
    "log_prefix": "denied: ",
}


def policy(*rules: dict[str, t.Any], **others: t.Any) -> Policy:
    return read_policy({**DECLARED, "rules": list(rules), **others}, BRIDGES)


def problems(*rules: dict[str, t.Any], **others: t.Any) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        policy(*rules, **others)
    return caught.value.problems


def test_a_whole_rule() -> None:
    (rule,) = policy(
        {
            "ports": ["8080", 443, "8000-8010"],
            "protocols": ["udp", "tcp", "udp"],
            "sources": ["10.1.2.3/8", "2001:db8::1"],
            "interface": "eth*",
            "network": "front",
            "action": "deny",
            "log": True,
            "comment": "why",
        }
    ).rules
    assert rule.ports == ((443, 443), (8000, 8010), (8080, 8080))
    assert rule.protocols == ("tcp", "udp")
    assert [str(source) for source in rule.sources] == ["10.0.0.0/8", "2001:db8::1/128"]
    assert (rule.interface, rule.bridge, rule.allow, rule.log, rule.comment) == (
        "eth*",
        "br-0123456789ab",
        False,
        True,
        "why",
    )


def test_ports_that_touch_are_one_range() -> None:
    (rule,) = policy({"ports": ["82-90", "80", "81", "85-95"]}).rules
    assert rule.ports == ((80, 95),)


def test_sources_inside_of_others_are_left_out() -> None:
    (rule,) = policy({"sources": ["10.1.0.0/16", "10.0.0.0/8", "10.2.3.4", "192.0.2.0/25", "192.0.2.128/25"]}).rules
    assert [str(source) for source in rule.sources] == ["10.0.0.0/8", "192.0.2.0/24"]


def test_bridges_with_names_of_their_own_are_container_networks() -> None:
    assert policy().containers == ("docker0", "br-*", "apps0")


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [("br-*", "br-1", True), ("br-*", "bridge", False), ("docker0", "docker0", True), ("docker0", "docker01", False)],
)
def test_patterns(pattern: str, name: str, expected: bool) -> None:
    assert covers(pattern, name) is expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"ports": ["x"]}, "rules[0].ports[0] must be a port or a range like 8000-8010; got: 'x'"),
        ({"ports": ["0"]}, "rules[0].ports[0] must be a port or a range like 8000-8010; got: '0'"),
        ({"ports": ["90-80"]}, "rules[0].ports[0] must be a port or a range like 8000-8010; got: '90-80'"),
        ({"ports": ["65536"]}, "rules[0].ports[0] must be a port or a range like 8000-8010; got: '65536'"),
        ({"sources": ["web"]}, "rules[0].sources[0] must be an address or a network such as 10.0.0.0/8; got: 'web'"),
        ({"sources": []}, "rules[0].sources is empty: leave it out for everybody, or the rule for nobody"),
        ({"network": "x"}, "rules[0].network has no bridge on this host; got: 'x'; there are: bridge, front, named"),
        (
            {"comment": 'a "b"'},
            'rules[0].comment must be at most 200 plain characters without " and \\',
        ),
    ],
)
def test_what_is_wrong_with_a_rule(rule: dict[str, t.Any], expected: str) -> None:
    assert problems(rule) == [expected]


@pytest.mark.parametrize(
    "name",
    [
        "a b",
        "x" * 16,
        "a'b",
        '"',
        "@set",
        "a@b",
        "-x",
        "a:b",
        "a/b",
        "a+",
        "*",
        "a*b",
        "a**",
        ".",
        "..",
        "\u00e4",
        "a\n",
    ],
)
def test_names_that_no_rule_can_have(name: str) -> None:
    found = problems({"interface": name}, container_interfaces=[name])
    assert [sentence.split(" must be a name of at most 15 letters", 1)[0] for sentence in found] == [
        "rules[0].interface",
        "container_interfaces[0]",
    ]
    assert all(sentence.endswith(f"; got: {name!r}") for sentence in found)


@pytest.mark.parametrize("name", ["eth0", "eth0.5", "br-*", "x" * 15, "x" * 14 + "*", "_a", "0", "a_b-c.d"])
def test_names_that_a_rule_can_have(name: str) -> None:
    assert policy({"interface": name}, container_interfaces=[name]).rules[0].interface == name


def test_an_engines_bridge_that_no_rule_can_have_is_no_bridge_to_skip() -> None:
    with pytest.raises(InvalidInput) as caught:
        read_policy(DECLARED, {"one": "a'b", "two": "@x", "three": "web*", "four": "web0"})
    remedy = "make it again with another com.docker.network.bridge.name"
    assert caught.value.problems == [
        f'network one has a bridge that cannot be put in a rule: "a\'b"; {remedy}',
        f"network three has a bridge that cannot be put in a rule: 'web*'; {remedy}",
        f"network two has a bridge that cannot be put in a rule: '@x'; {remedy}",
    ]


def test_all_that_is_wrong_is_told_at_once() -> None:
    found = problems(
        {"ports": ["x"]}, {"sources": []}, log_rate="often", log_prefix="x" * 29, container_interfaces=["*"]
    )
    assert [sentence.split(" ")[0] for sentence in found] == [
        "rules[0].ports[0]",
        "rules[1].sources",
        "container_interfaces[0]",
        "log_rate",
        "log_prefix",
    ]


@pytest.mark.parametrize("rate", ["10001/second", "600060/minute"])
def test_a_rate_that_iptables_cannot_express(rate: str) -> None:
    assert problems(log_rate=rate) == [f"log_rate must be at most 10000/second; got: {rate!r}"]


@given(st.lists(st.ip_addresses(v=4).map(str), min_size=1, max_size=20), st.ip_addresses(v=4))
def test_the_same_addresses_match(sources: list[str], address: ipaddress.IPv4Address) -> None:
    (rule,) = policy({"sources": sources}).rules
    wanted = {ipaddress.ip_address(source) for source in sources}
    for one in (*wanted, address):
        assert any(one in network for network in rule.sources) is (one in wanted)
