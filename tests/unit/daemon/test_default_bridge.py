# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The default bridge follows its keys: what a change takes, by which steps, and what is held back or put right."""

from __future__ import annotations

import typing as t
from dataclasses import replace

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon import default_bridge
from ansible_collections.slipway.docker.plugins.module_utils.daemon.arguments import parse_flags
from ansible_collections.slipway.docker.plugins.module_utils.daemon.default_bridge import DEFAULT_POOLS, BridgeChange
from ansible_collections.slipway.docker.plugins.module_utils.daemon.hold_back import hold_back
from ansible_collections.slipway.docker.plugins.module_utils.daemon.plan import Plan, Request, TooDisruptive
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import InvalidInput
from ansible_collections.slipway.docker.plugins.module_utils.host.network import read_address_of
from unit.states import Doc, decide, installed, running, stopped
from unit.trees import UPSTREAM_UNIT, Tree

BIP = {"bip": "10.9.0.1/24"}
ON = {"live-restore": True}
OWN = [{"base": "10.10.0.0/16", "size": 24}]
POOLS = {"default-address-pools": OWN}
USUAL = {"default-address-pools": DEFAULT_POOLS}

ROUTES = (
    "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
    "eth0\t00000000\t0103D50A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
    "eth0\t0003D50A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
    "docker0\t0000090A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
)
TRIE = (
    "Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 10.9.0.0\n        /24 link UNICAST\n"
    "     |-- 10.9.0.1\n        /32 host LOCAL\n"
    "     |-- 10.9.0.255\n        /32 link BROADCAST\n     |-- 10.213.3.2\n        /32 host LOCAL\n"
)


def test_an_address_as_the_kernel_shows_it(tree: Tree) -> None:
    tree.write("/proc/net/route", ROUTES)
    tree.write("/proc/net/fib_trie", TRIE)
    assert str(read_address_of(tree.host, "docker0")) == "10.9.0.1/24"
    assert str(read_address_of(tree.host, "eth0")) == "10.213.3.2/24"
    assert read_address_of(tree.host, "br0") is None
    assert default_bridge.address_of(tree.host) == "10.9.0.1/24"


def test_nobody_tells_an_address(tree: Tree) -> None:
    assert default_bridge.address_of(tree.host) == ""


NINE, EIGHT, FIRST = "10.9.0.1/24", "10.8.0.1/24", "172.17.0.1/16"


@pytest.mark.parametrize(
    ("before", "after", "now", "keys", "left", "moves"),
    [
        pytest.param({}, {}, FIRST, (), "", False, id="nothing"),
        pytest.param({}, {"debug": True}, FIRST, (), "", False, id="nothing-of-the-bridge"),
        pytest.param({}, BIP, FIRST, ("bip",), "", True, id="comes"),
        pytest.param(BIP, {"bip": EIGHT}, NINE, ("bip",), "", True, id="changes-and-is-followed"),
        pytest.param({}, {"bip": FIRST}, FIRST, (), "", False, id="says-what-it-has"),
        pytest.param(BIP, BIP, FIRST, ("bip",), "", True, id="was-never-brought-about"),
        pytest.param(None, BIP, FIRST, ("bip",), "", True, id="nobody-knows-what-was-loaded"),
        pytest.param(None, BIP, NINE, (), "", False, id="and-it-has-it"),
        pytest.param(BIP, {}, NINE, ("bip",), NINE, True, id="goes"),
        pytest.param(BIP, {}, "", ("bip",), NINE, True, id="goes-and-nobody-says-what-it-has"),
        pytest.param(BIP, {}, EIGHT, (), "", False, id="goes-and-somebody-has-given-it-another"),
        pytest.param({"bip": FIRST}, {}, FIRST, (), "", False, id="goes-and-dockerd-would-choose-the-same"),
        pytest.param(BIP, POOLS, NINE, ("bip",), NINE, True, id="gives-way-to-pools"),
        pytest.param(POOLS, {}, "10.10.0.1/24", (), "10.10.0.1/24", True, id="pools-go"),
        pytest.param(POOLS, {}, "10.20.0.1/24", (), "", True, id="pools-go-that-it-has-nothing-of"),
        pytest.param({}, POOLS, FIRST, (), "", True, id="pools-come-and-dockerd-does-it-by-itself"),
        pytest.param({"mtu": 1400}, {"mtu": 1500}, FIRST, ("mtu",), "", False, id="mtu"),
        pytest.param(BIP, {"bridge": "br0"}, NINE, ("bip", "bridge"), "", True, id="a-bridge-of-ones-own"),
        pytest.param({"bridge": "br0"}, {}, "10.66.0.1/16", ("bridge",), "", False, id="and-back"),
        pytest.param({}, {}, "10.66.0.1/24", (), "", False, id="made-by-hand"),
    ],
)
def test_what_becomes_of_it(
    before: Doc | None, after: Doc, now: str, keys: tuple[str, ...], left: str, moves: bool
) -> None:
    found = default_bridge.change(before, after, now)
    assert (found.keys, found.left, found.moves) == (keys, left, moves)


@pytest.mark.parametrize(
    ("address", "pools", "expected"),
    [
        (FIRST, DEFAULT_POOLS, True),
        ("192.168.16.1/20", DEFAULT_POOLS, True),
        ("192.168.16.2/20", DEFAULT_POOLS, False),
        ("172.17.0.1/24", DEFAULT_POOLS, False),
        ("172.17.0.1/24", [{"Base": "172.17.0.0/16", "Size": 24}], True),
        (NINE, DEFAULT_POOLS, False),
        ("", DEFAULT_POOLS, False),
        (FIRST, ["nonsense", {}, {"base": 5, "size": 16}], False),
    ],
)
def test_what_dockerd_may_have_chosen(address: str, pools: list[t.Any], expected: bool) -> None:
    assert default_bridge.chosen(address, pools) is expected


def test_flags_count_where_the_file_says_nothing() -> None:
    flags = parse_flags(["--bip=10.7.0.1/24", "--debug", "--default-address-pool=base=10.0.0.0/8,size=24"])
    assert default_bridge.settings({"mtu": 1400}, flags)["bip"] == "10.7.0.1/24"
    assert default_bridge.settings(BIP, flags)["bip"] == "10.9.0.1/24"
    assert "debug" not in default_bridge.settings({"debug": True}, flags)


def steps(tree: Tree, there: Doc, wanted: Doc, unit: str = UPSTREAM_UNIT) -> list[tuple[Doc, str]]:
    plan = decide(running(installed(tree, there, unit)), wanted, merge="replace")
    return [(step.document, step.how) for step in plan.steps]


@pytest.mark.parametrize(
    ("there", "wanted", "expected"),
    [
        pytest.param({}, BIP, [(BIP, "restart")], id="comes"),
        pytest.param(BIP, {"bip": "10.8.0.1/24"}, [({"bip": "10.8.0.1/24"}, "restart")], id="changes"),
        pytest.param(BIP, {}, [(USUAL, "restart"), ({}, "none")], id="goes"),
        pytest.param(BIP, POOLS, [(POOLS, "restart")], id="pools-choose-by-themselves"),
        pytest.param(
            {**BIP, **ON},
            ON,
            [({"live-restore": False, **USUAL}, "restart"), (ON, "reload")],
            id="goes-while-live-restore-stays",
        ),
        pytest.param(ON, {**POOLS, **ON}, [({**POOLS, **ON}, "restart")], id="pools-come-with-live-restore"),
        pytest.param({}, {**BIP, **ON}, [({**BIP, **ON}, "restart")], id="no-live-restore-before-the-restart"),
        pytest.param(
            {**BIP, **ON},
            {"bip": "10.8.0.1/24"},
            [
                ({"bip": "10.8.0.1/24", **ON}, "restart"),
                ({"bip": "10.8.0.1/24", "live-restore": False}, "reload"),
                ({"bip": "10.8.0.1/24"}, "none"),
            ],
            id="live-restore-goes-after-it",
        ),
    ],
)
def test_steps(tree: Tree, there: Doc, wanted: Doc, expected: list[tuple[Doc, str]]) -> None:
    assert steps(tree, there, wanted) == expected


def test_pools_go(tree: Tree) -> None:
    plan = decide(replace(running(installed(tree, POOLS)), docker0="10.10.0.1/24"), {}, merge="replace")
    assert [(step.document, step.how) for step in plan.steps] == [(USUAL, "restart"), ({}, "none")]


def test_pools_of_the_command_line_are_not_said_twice(tree: Tree) -> None:
    unit = UPSTREAM_UNIT.replace("-H fd://", "-H fd:// --default-address-pool=base=10.0.0.0/8,size=24")
    assert steps(tree, BIP, {}, unit) == [({}, "restart")]


def test_live_restore_as_a_flag_would_keep_the_address(tree: Tree) -> None:
    unit = UPSTREAM_UNIT.replace("-H fd://", "-H fd:// --live-restore")
    with pytest.raises(InvalidInput, match=r"docker0 would go on with 10\.9\.0\.1/24, as live-restore stands on"):
        steps(tree, BIP, {}, unit)


def test_a_reload_that_would_do_harm_is_a_second_restart(tree: Tree) -> None:
    unit = UPSTREAM_UNIT.replace("-H fd://", "-H fd:// --authorization-plugin=guard")
    assert [how for _document, how in steps(tree, {**BIP, **ON}, ON, unit)] == ["restart", "restart"]


# --- An address that nobody asks for any longer, or that nobody has brought about.


def found(tree: Tree, document: Doc, now: str, recorded: str = "", **changes: t.Any) -> Plan:
    state = running(installed(tree, document))
    state = replace(state, record=replace(state.record, bridge=recorded), docker0=now, **changes)
    return decide(state, document, merge="replace")


def test_an_address_of_an_earlier_bip(tree: Tree) -> None:
    """Somebody has restarted the daemon after bip had left the file: docker0 has kept its address."""
    plan = found(tree, {}, NINE, recorded=NINE)
    assert plan.reasons == ("docker0 still has 10.9.0.1/24, which nothing asks for any longer",)
    assert [(step.document, step.how) for step in plan.steps] == [(USUAL, "restart"), ({}, "none")]
    assert plan.bridge.left == NINE


def test_a_bip_that_is_not_in_force(tree: Tree) -> None:
    """A daemon that kept containers has ignored it."""
    plan = found(tree, BIP, FIRST)
    assert plan.reasons == ("docker0 has 172.17.0.1/16, and bip says 10.9.0.1/24",)
    assert plan.bridge.keys == ("bip",)


@pytest.mark.parametrize(("now", "recorded"), [(FIRST, NINE), (FIRST, FIRST), ("10.66.0.1/24", ""), ("", NINE)])
def test_another_address_is_nobodys_business(tree: Tree, now: str, recorded: str) -> None:
    assert found(tree, {}, now, recorded).activation == "none"


def test_a_daemon_that_takes_containers_over_leaves_docker0_alone(tree: Tree) -> None:
    state = stopped(installed(tree, {**BIP, **ON}))
    state = replace(state, record=replace(state.record, bridge=NINE), docker0=NINE, on_docker0=("veth1",))
    plan = decide(state, ON, merge="replace")
    assert [(step.document, step.how) for step in plan.steps] == [(ON, "start")]
    (pending,) = plan.pending
    assert pending.startswith("docker0 keeps 10.9.0.1/24, as containers that live-restore has kept hang on it (veth1)")
    assert decide(replace(state, on_docker0=()), ON, merge="replace").bridge.left == NINE


# --- Containers that live-restore keeps running, and with them the bridge as it is.


def test_containers_that_have_to_stop_are_named(tree: Tree) -> None:
    plan = decide(running(installed(tree, ON)), {**ON, **BIP, "mtu": 1400})
    with pytest.raises(TooDisruptive) as caught:
        hold_back(plan, Request({}), ["web", "db"])
    assert str(caught.value) == (
        "the daemon takes bip, mtu over only where it starts without running containers, and live-restore keeps these: "
        "web db; nothing was touched: stop them (docker stop web db) and run again, or write the files now and leave "
        "that for later with defer=true"
    )


def test_what_is_not_known_to_be_loaded_is_held_back_as_well(tree: Tree) -> None:
    state = replace(running(installed(tree, {**ON, **BIP}, age=-5)), docker0=FIRST)
    with pytest.raises(TooDisruptive, match="the daemon takes bip over only where it starts without"):
        hold_back(decide(state, {**ON, **BIP}), Request({}), ["web"])


def test_or_it_is_put_off(tree: Tree) -> None:
    plan = decide(running(installed(tree, {**ON, **BIP})), ON, merge="replace")
    put_off = hold_back(plan, Request({}, defer=True), ["web"])
    assert [(step.document, step.how) for step in put_off.steps] == [(ON, "none")]
    assert put_off.keeps_containers
    (pending,) = put_off.pending
    assert pending == (
        "the daemon takes bip over only where it starts without running containers, and live-restore keeps these: web; "
        "stop them (docker stop web) and run again"
    )


@pytest.mark.parametrize(
    ("there", "wanted", "names"),
    [
        pytest.param(ON, {**ON, **BIP}, [], id="none-runs"),
        pytest.param({}, BIP, ["web"], id="they-stop-anyway"),
        pytest.param(ON, {**ON, "userland-proxy": False}, ["web"], id="nothing-of-the-bridge"),
        pytest.param(ON, {**ON, "debug": True}, ["web"], id="a-reload"),
    ],
)
def test_nothing_is_held_back_without_need(tree: Tree, there: Doc, wanted: Doc, names: list[str]) -> None:
    plan = decide(running(installed(tree, there)), wanted)
    assert hold_back(plan, Request({}), names) is plan


# --- The proof.


@pytest.mark.parametrize(
    ("bridge", "now", "expected"),
    [
        (BridgeChange(address=NINE), NINE, ""),
        (BridgeChange(address=NINE), FIRST, "docker0 has 172.17.0.1/16, and bip says 10.9.0.1/24"),
        (BridgeChange(address=NINE), "", ""),
        (BridgeChange(left=NINE, pools=DEFAULT_POOLS), FIRST, ""),
        (BridgeChange(left=NINE, pools=DEFAULT_POOLS), NINE, "docker0 still has 10.9.0.1/24, which nothing asks for "),
        (BridgeChange(left=NINE, pools=[{"base": "10.9.0.0/16", "size": 24}]), NINE, ""),
    ],
)
def test_the_proof(bridge: BridgeChange, now: str, expected: str) -> None:
    said = default_bridge.contradiction(bridge, now)
    assert said.startswith(expected) if expected else said == ""
