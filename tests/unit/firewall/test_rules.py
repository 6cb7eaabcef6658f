# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A policy as rules of nftables and of iptables, and what their programs print of them read back."""

from __future__ import annotations

import ipaddress
import itertools
import json
import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.firewall import iptables, nftables
from ansible_collections.slipway.docker.plugins.module_utils.firewall.policy import Policy, read_policy

DECLARED: dict[str, t.Any] = {
    "default": "deny",
    "container_interfaces": ["docker0", "br-*"],
    "log_rate": "10/minute",
    "log_prefix": "denied: ",
}
WEB = {"ports": ["8080", "8000-8010"], "sources": ["10.0.0.0/8", "192.0.2.5", "2001:db8::/32"], "comment": "a web"}


def policy(*rules: dict[str, t.Any], **others: t.Any) -> Policy:
    return read_policy({**DECLARED, "rules": list(rules), **others}, {"front": "br-front"})


def words(*rules: dict[str, t.Any], **others: t.Any) -> list[str]:
    return [nftables.in_words(one) for one in nftables.ruleset(policy(*rules, **others))]


HEAD = [
    "table inet slipway_docker",
    "chain forward: filter forward -5, accept",
    "connection state {established, related} accept  # known connections",
    "iifname docker0 accept  # from containers",
    "iifname br-* accept  # from containers",
]


PUBLISHED = "l4proto tcp connection status dnat published port {8000-8010, 8080}"


def test_nftables_denies_by_default() -> None:
    assert words(WEB) == [
        *HEAD,
        f"{PUBLISHED} ip saddr {{10.0.0.0/8, 192.0.2.5}} accept  # a web",
        f"{PUBLISHED} ip6 saddr 2001:db8::/32 accept  # a web",
        "oifname docker0 drop  # default",
        "oifname br-* drop  # default",
    ]


def test_nftables_allows_by_default() -> None:
    rule = {"ports": ["53"], "protocols": ["udp", "tcp"], "action": "deny", "log": True}
    dns = "l4proto {tcp, udp} connection status dnat published port 53"
    assert words(rule, default="allow") == [
        *HEAD,
        f"{dns} oifname docker0 limit 10/minute log 'denied: '",
        f"{dns} oifname docker0 drop",
        f"{dns} oifname br-* limit 10/minute log 'denied: '",
        f"{dns} oifname br-* drop",
    ]


def test_nftables_and_a_network() -> None:
    assert words({"network": "front", "interface": "eth0"}, log=True)[5:] == [
        "iifname eth0 oifname br-front accept",
        "oifname docker0 limit 10/minute log 'denied: '  # default",
        "oifname docker0 drop  # default",
        "oifname br-* limit 10/minute log 'denied: '  # default",
        "oifname br-* drop  # default",
    ]


def test_a_rule_without_ports_holds_for_containers_only() -> None:
    assert words({"sources": ["10.0.0.0/8"]})[5:7] == [
        "ip saddr 10.0.0.0/8 oifname docker0 accept",
        "ip saddr 10.0.0.0/8 oifname br-* accept",
    ]


def saddr(*sources: str) -> t.Any:
    """What a rule with these sources compares the source with."""
    (rule,) = [one["rule"] for one in nftables.ruleset(policy({"sources": sources, "network": "front"}))[5:-2]]
    return next(one["match"]["right"] for one in rule["expr"] if "payload" in one.get("match", {}).get("left", {}))


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        (["10.0.9.1", "10.0.9.2", "10.0.9.3"], {"range": ["10.0.9.1", "10.0.9.3"]}),
        (["10.0.1.0/24", "10.0.2.0/24"], {"range": ["10.0.1.0", "10.0.2.255"]}),
        (["10.0.2.0/24", "10.0.3.0/24"], {"prefix": {"addr": "10.0.2.0", "len": 23}}),
        (["10.0.9.3", "10.0.9.1"], {"set": ["10.0.9.1", "10.0.9.3"]}),
        (["0.0.0.0/0"], {"prefix": {"addr": "0.0.0.0", "len": 0}}),
        (["255.255.255.255"], "255.255.255.255"),
        (["2001:db8::1", "2001:db8::2"], {"range": ["2001:db8::1", "2001:db8::2"]}),
        (["2001:db8::/32"], {"prefix": {"addr": "2001:db8::", "len": 32}}),
        (
            ["10.0.0.3", "10.0.0.4", "10.0.0.9", "10.0.1.0/24"],
            {"set": [{"range": ["10.0.0.3", "10.0.0.4"]}, "10.0.0.9", {"prefix": {"addr": "10.0.1.0", "len": 24}}]},
        ),
    ],
)
def test_sources_are_given_as_nft_prints_them(sources: list[str], expected: t.Any) -> None:
    assert saddr(*sources) == expected


def spans(right: t.Any) -> list[tuple[int, int]]:
    """The first and the last address of each part."""
    found = []
    for one in right["set"] if isinstance(right, dict) and "set" in right else [right]:
        if isinstance(one, str):
            first = last = ipaddress.ip_address(one)
        elif "range" in one:
            first, last = (ipaddress.ip_address(end) for end in one["range"])
        else:
            network = ipaddress.ip_network(f"{one['prefix']['addr']}/{one['prefix']['len']}")
            first, last = network.network_address, network.broadcast_address
        found.append((int(first), int(last)))
    return found


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(22, 32)), min_size=1, max_size=12), st.sampled_from([4, 6]))
def test_parts_of_a_set_never_touch_and_are_the_sources(picked: list[tuple[int, int]], version: int) -> None:
    base, longer = ("10.0.0.0", 0) if version == 4 else ("2001:db8::", 96)
    sources = [f"{ipaddress.ip_address(base) + number}/{length + longer}" for number, length in picked]
    found = spans(saddr(*sources))
    assert all(last + 1 < first for (_first, last), (first, _last) in itertools.pairwise(found))
    wanted = {int(address) for one in sources for address in ipaddress.ip_network(one, strict=False)}
    assert {number for first, last in found for number in range(first, last + 1)} == wanted


def test_the_old_table_goes_as_the_new_one_comes() -> None:
    objects = nftables.ruleset(policy(WEB))
    steps = json.loads(nftables.script(objects))["nftables"]
    table = {"table": {"family": "inet", "name": "slipway_docker"}}
    assert steps[:2] == [{"add": table}, {"delete": table}]
    assert [step["add"] for step in steps[2:]] == objects


def test_what_nft_prints_is_read_back() -> None:
    """nft adds handles, and does not know what to call ports in a set (1.0.6)."""
    objects = nftables.ruleset(policy(WEB))
    listing: list[t.Any] = [{"metainfo": {"version": "1.0.6"}}]
    for number, one in enumerate(objects):
        kind, body = next(iter(one.items()))
        listing.append({kind: {**body, "handle": number}})
    printed = json.dumps({"nftables": listing}).replace('"right": {"set": [{"range": [8000, 8010]}, 8080]}', UNNAMED)
    assert UNNAMED in printed
    assert nftables.held(printed) == objects


UNNAMED = '"right": {"set": [{"range": ["0x1f40 [invalid type]", "0x1f4a [invalid type]"]}, "0x1f90 [invalid type]"]}'


def test_iptables_by_family() -> None:
    head = ["-m conntrack --ctstate RELATED,ESTABLISHED -j RETURN", "-i docker0 -j RETURN", "-i br-+ -j RETURN"]
    tail = ["-o docker0 -j DROP", "-o br-+ -j DROP"]

    def web(source: str, ports: str) -> str:
        match = f"-p tcp -m conntrack --ctstate DNAT --ctorigdstport {ports} --ctdir ORIGINAL"
        return f'-s {source} {match} -m comment --comment "a web" -j RETURN'

    assert iptables.chain(policy(WEB), "ip") == [
        *head,
        web("10.0.0.0/8", "8000:8010"),
        web("10.0.0.0/8", "8080"),
        web("192.0.2.5/32", "8000:8010"),
        web("192.0.2.5/32", "8080"),
        *tail,
    ]
    assert iptables.chain(policy(WEB), "ip6") == [
        *head,
        web("2001:db8::/32", "8000:8010"),
        web("2001:db8::/32", "8080"),
        *tail,
    ]


def test_iptables_denies_a_port_of_containers_only() -> None:
    match = "-p tcp -m conntrack --ctstate DNAT --ctorigdstport 53 --ctdir ORIGINAL"
    rule = {"ports": ["53"], "action": "deny"}
    assert iptables.chain(policy(rule, {**rule, "network": "front"}, default="allow"), "ip")[3:] == [
        f"-o docker0 {match} -j DROP",
        f"-o br-+ {match} -j DROP",
        f"-o br-front {match} -j DROP",
    ]


def test_iptables_logs_what_it_denies() -> None:
    assert iptables.chain(policy(log=True), "ip")[-2:] == [
        '-o br-+ -m limit --limit 10/min -j LOG --log-prefix "denied: "',
        "-o br-+ -j DROP",
    ]


@pytest.mark.parametrize(
    ("rate", "printed"),
    [
        ("10/minute", "10/min"),
        ("60/minute", "1/sec"),
        ("24/day", "1/hour"),
        ("25/day", "25/day"),
        ("120/hour", "2/min"),
        ("5000/hour", "5000/hour"),
        ("999999/day", "694/min"),
        ("10000/second", "10000/sec"),
        ("600000/minute", "10000/sec"),
    ],
)
def test_a_rate_as_iptables_prints_it(rate: str, printed: str) -> None:
    line = iptables.chain(policy(log=True, log_rate=rate), "ip")[-2]
    assert line == f'-o br-+ -m limit --limit {printed} -j LOG --log-prefix "denied: "'


@given(st.integers(1, 10000), st.sampled_from(["second", "minute", "hour", "day"]))
def test_a_rate_that_is_printed_stays(number: int, unit: str) -> None:
    units = {"sec": "second", "min": "minute", "hour": "hour", "day": "day"}
    first = iptables.chain(policy(log=True, log_rate=f"{number}/{unit}"), "ip")[-2]
    printed, _slash, short = first.split()[5].partition("/")
    assert iptables.chain(policy(log=True, log_rate=f"{printed}/{units[short]}"), "ip")[-2] == first


def test_a_log_without_a_prefix() -> None:
    assert words(log=True, log_prefix="")[5] == "oifname docker0 limit 10/minute log ''  # default"
    assert {"log": None} in nftables.ruleset(policy(log=True, log_prefix=""))[5]["rule"]["expr"]
    assert iptables.chain(policy(log=True, log_prefix=""), "ip")[-2] == "-o br-+ -m limit --limit 10/min -j LOG"


@pytest.mark.parametrize(
    ("comment", "printed"),
    [("it's", '"it\\\'s"'), ("it's", '"it\'s"'), ("web", "web"), ("-t", "-t"), ("a b", '"a b"'), ("a&b", '"a&b"')],
)
def test_a_comment_however_iptables_prints_it(comment: str, printed: str) -> None:
    (wanted,) = iptables.chain(policy({"comment": comment, "network": "front"}), "ip")[3:4]
    saved = (
        f"*filter\n:SLIPWAY-DOCKER - [0:0]\n-A SLIPWAY-DOCKER -o br-front -m comment --comment {printed} -j RETURN\n"
    )
    assert iptables.held(saved)[0] == [wanted]


SAVED = """\
*filter
:INPUT ACCEPT [10:20]
:DOCKER-USER - [0:0]
:SLIPWAY-DOCKER - [0:0]
-A FORWARD -j DOCKER-USER
-A DOCKER-USER -s 198.51.100.9/32 -j DROP
-A DOCKER-USER -j SLIPWAY-DOCKER
-A DOCKER-USER -j RETURN
-A SLIPWAY-DOCKER -i docker0 -j RETURN
-A SLIPWAY-DOCKER -m comment --comment "a b" -j DROP
COMMIT
"""


def test_what_iptables_save_prints_is_read_back() -> None:
    assert iptables.held(SAVED) == (["-i docker0 -j RETURN", '-m comment --comment "a b" -j DROP'], [2], True)
    assert iptables.held("*filter\n:FORWARD ACCEPT [0:0]\nCOMMIT\n") == (None, [], False)


@given(st.text())
def test_whatever_stands_in_our_chain_can_be_read(rule: str) -> None:
    iptables.held(f"*filter\n:SLIPWAY-DOCKER - [0:0]\n-A SLIPWAY-DOCKER {rule}\nCOMMIT\n")


def test_a_chain_with_a_name_like_a_quote_can_be_read() -> None:
    saved = "*filter\n:SLIPWAY-DOCKER - [0:0]\n-A SLIPWAY-DOCKER -i a'b -j DROP\n-A SLIPWAY-DOCKER -i a\"b -j DROP\n"
    assert iptables.held(saved)[0] == ["-i a'b -j DROP", '-i a"b -j DROP']


@pytest.mark.parametrize(
    ("rules", "user", "jumps", "expected"),
    [
        pytest.param(
            ["-j RETURN"], True, [1], [":SLIPWAY-DOCKER - [0:0]", "-A SLIPWAY-DOCKER -j RETURN"], id="rewrite"
        ),
        pytest.param(
            ["-j RETURN"],
            True,
            [3, 5],
            [
                ":SLIPWAY-DOCKER - [0:0]",
                "-D DOCKER-USER -j SLIPWAY-DOCKER",
                "-D DOCKER-USER -j SLIPWAY-DOCKER",
                "-I DOCKER-USER 1 -j SLIPWAY-DOCKER",
                "-A SLIPWAY-DOCKER -j RETURN",
            ],
            id="to-the-head",
        ),
        pytest.param(
            ["-j RETURN"],
            False,
            [],
            [
                ":SLIPWAY-DOCKER - [0:0]",
                ":DOCKER-USER - [0:0]",
                "-I DOCKER-USER 1 -j SLIPWAY-DOCKER",
                "-A SLIPWAY-DOCKER -j RETURN",
            ],
            id="before-docker",
        ),
        pytest.param(
            None,
            True,
            [1],
            ["-D DOCKER-USER -j SLIPWAY-DOCKER", "-F SLIPWAY-DOCKER", "-X SLIPWAY-DOCKER"],
            id="away",
        ),
    ],
)
def test_what_iptables_restore_is_fed(
    rules: list[str] | None, user: bool, jumps: list[int], expected: list[str]
) -> None:
    assert iptables.restore(rules, user, jumps).splitlines() == ["*filter", *expected, "COMMIT"]


def test_nothing_of_others_is_flushed() -> None:
    text = iptables.restore(["-j RETURN"], True, [2])
    assert ":DOCKER-USER" not in text
    assert "DOCKER-USER" not in iptables.at_boot(["-j RETURN"])
