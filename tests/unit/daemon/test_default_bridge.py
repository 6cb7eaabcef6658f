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
from ansible_collections.slipway.docker.plugins.module_utils.daemon.plan import (
    Plan,
    Request,
    TooDisruptive,
    hold_back,
)
from ansible_collections.slipway.docker.plugins.module_utils.host.network import read_address_of
from unit.states import Doc, decide, installed, running
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


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param({}, {}, BridgeChange(), id="nothing"),
        pytest.param({}, {"debug": True}, BridgeChange(), id="nothing-of-the-bridge"),
        pytest.param({}, BIP, BridgeChange(("bip",), address="10.9.0.1/24"), id="comes"),
        pytest.param(
            BIP, {"bip": "10.8.0.1/24"}, BridgeChange(("bip",), address="10.8.0.1/24"), id="changes-and-is-followed"
        ),
        pytest.param(BIP, {}, BridgeChange(("bip",), rebuilds=True, left="10.9.0.1/24"), id="goes"),
        pytest.param(BIP, POOLS, BridgeChange(("bip",), rebuilds=True, left="10.9.0.1/24"), id="gives-way-to-pools"),
        pytest.param(POOLS, {}, BridgeChange(rebuilds=True), id="pools-go"),
        pytest.param({}, POOLS, BridgeChange(rebuilds=True), id="pools-come"),
        pytest.param(POOLS, {**POOLS, **BIP}, BridgeChange(("bip",), address="10.9.0.1/24"), id="bip-beside-pools"),
        pytest.param({"mtu": 1400, **ON}, {"mtu": 1500, **ON}, BridgeChange(("mtu",), kept=True), id="mtu"),
        pytest.param(BIP, {"bridge": "br0"}, BridgeChange(("bip", "bridge")), id="a-bridge-of-ones-own"),
        pytest.param({"bridge": "br0"}, {}, BridgeChange(("bridge",)), id="and-back"),
        pytest.param(None, BIP, BridgeChange(address="10.9.0.1/24"), id="nobody-knows-what-was"),
    ],
)
def test_what_becomes_of_it(before: Doc | None, after: Doc, expected: BridgeChange) -> None:
    assert default_bridge.change(before, after) == expected


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
        pytest.param(POOLS, {}, [(USUAL, "restart"), ({}, "none")], id="pools-go"),
        pytest.param(
            {**BIP, **ON},
            ON,
            [({"live-restore": False, **USUAL}, "restart"), (ON, "reload")],
            id="goes-while-live-restore-stays",
        ),
        pytest.param(
            {},
            {**POOLS, **ON},
            [({**POOLS, "live-restore": False}, "restart"), ({**POOLS, **ON}, "reload")],
            id="pools-come-with-live-restore",
        ),
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


def test_pools_of_the_command_line_are_not_said_twice(tree: Tree) -> None:
    unit = UPSTREAM_UNIT.replace("-H fd://", "-H fd:// --default-address-pool=base=10.0.0.0/8,size=24")
    assert steps(tree, BIP, {}, unit) == [({}, "restart")]


def test_a_reload_that_would_do_harm_is_a_second_restart(tree: Tree) -> None:
    unit = UPSTREAM_UNIT.replace("-H fd://", "-H fd:// --authorization-plugin=guard")
    assert [how for _document, how in steps(tree, {**BIP, **ON}, ON, unit)] == ["restart", "restart"]


# --- An address that nobody asks for any longer.


def stale(tree: Tree, now: str = "10.9.0.1/24", **changes: t.Any) -> Plan:
    state = running(installed(tree, {}))
    state = replace(state, record=replace(state.record, bridge="10.9.0.1/24"), docker0=now)
    return decide(replace(state, **changes), {}, merge="replace")


def test_an_address_of_an_earlier_bip_is_found(tree: Tree) -> None:
    """Somebody has restarted the daemon after bip had left the file: docker0 has kept its address."""
    plan = stale(tree)
    assert plan.reasons == ("docker0 still has 10.9.0.1/24, which bip said before",)
    assert [(step.document, step.how) for step in plan.steps] == [(USUAL, "restart"), ({}, "none")]
    assert plan.bridge.left == "10.9.0.1/24"


def test_another_address_is_nobodys_business(tree: Tree) -> None:
    assert stale(tree, "172.17.0.1/16").activation == "none"


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
        (BridgeChange(("bip",), address="10.9.0.1/24"), "10.9.0.1/24", ""),
        (BridgeChange(("bip",), address="10.9.0.1/24"), "172.17.0.1/16", "docker0 has 172.17.0.1/16, and bip says "),
        (BridgeChange(("bip",), address="10.9.0.1/24"), "", ""),
        (BridgeChange(("bip",), True, left="10.9.0.1/24"), "172.17.0.1/16", ""),
        (BridgeChange(("bip",), True, left="10.9.0.1/24"), "10.9.0.1/24", "docker0 still has 10.9.0.1/24, which bip"),
        (BridgeChange(("mtu",), address="10.9.0.1/24"), "172.17.0.1/16", ""),
    ],
)
def test_the_proof(bridge: BridgeChange, now: str, expected: str) -> None:
    found = default_bridge.contradiction(bridge, now)
    assert found.startswith(expected) if expected else found == ""
