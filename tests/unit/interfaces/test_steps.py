# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between interfaces as they are and as they shall be."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.interfaces.declare import Interface
from ansible_collections.slipway.docker.plugins.module_utils.interfaces.kernel import Held
from ansible_collections.slipway.docker.plugins.module_utils.interfaces.steps import (
    Before,
    as_it_was,
    script,
    steps,
    wants,
)
from unit.interfaces.things import NOTHING, address, after, declare, held, interfaces, link, one, route

MAC = "02:00:00:00:00:01"


def bring(now: Held, *wanted: Interface, before: Before = NOTHING, gone: tuple[str, ...] = ()) -> list[str]:
    found = [want for each in wanted for want in wants(each, now, before)]
    return script(steps(now, found, gone)).splitlines()


def test_a_new_bridge() -> None:
    assert bring(held(), one(addresses=["10.77.0.1/24", "fd00::1/64"], stp=True, mtu=1400)) == [
        "link add name br0 type bridge",
        "link set dev br0 type bridge stp_state 1",
        "link set dev br0 mtu 1400",
        "link set dev br0 up",
        "address replace 10.77.0.1/24 broadcast + dev br0",
        "address replace fd00::1/64 dev br0",
    ]


def test_addresses_move_in_one_batch() -> None:
    wanted = one(ports=["eth1"], take_over=True, addresses=["10.9.0.5/24"], gateways=["10.9.0.1"])
    now = held(link("eth1", "10.9.0.5/24", mac=MAC), eth1=["0.0.0.0/0 via 10.9.0.1"])
    assert bring(now, dataclasses.replace(wanted, mac=MAC)) == [
        f"link add name br0 address {MAC} type bridge",
        "address delete 10.9.0.5/24 dev eth1",
        "link set dev eth1 master br0",
        "link set dev br0 up",
        "address replace 10.9.0.5/24 broadcast + dev br0",
        "route replace 0.0.0.0/0 via 10.9.0.1 proto static dev br0",
    ]


def test_what_is_on_another_comes_after_it() -> None:
    vlan = {"name": "a20", "kind": "vlan", "parent": "br0", "vlan": 20}
    macvlan = {"name": "a", "kind": "macvlan", "parent": "a20"}
    assert bring(held(), *declare(macvlan, vlan, {"name": "br0"}))[:3] == [
        "link add name br0 type bridge",
        "link add link br0 name a20 type vlan id 20",
        "link add link a20 name a type macvlan mode bridge",
    ]


def test_another_number_makes_a_vlan_anew_with_what_is_on_it() -> None:
    vlan, macvlan = declare(
        {"name": "v", "kind": "vlan", "parent": "eth1", "vlan": 21},
        {"name": "m", "kind": "macvlan", "parent": "v", "addresses": ["10.0.0.1/32"]},
    )
    now = held(
        link("eth1"),
        link("v", kind="vlan", parent="eth1", vlan=20),
        link("m", "10.0.0.1/32", kind="macvlan", parent="v", mode="bridge"),
    )
    assert bring(now, vlan, macvlan) == [
        "link delete dev v",
        "link add link eth1 name v type vlan id 21",
        "link add link v name m type macvlan mode bridge",
        "link set dev v up",
        "link set dev m up",
        "address replace 10.0.0.1/32 dev m",
    ]


def test_what_others_have_added_stays() -> None:
    now = held(
        link("br0", "10.77.0.1/24", "10.88.0.1/24", kind="bridge"), link("veth1", master="br0"), br0=["192.0.2.0/24"]
    )
    assert bring(now, one(addresses=["10.77.0.1/24"])) == []


def test_what_an_earlier_run_gave_is_taken_back() -> None:
    before = Before(("eth1",), (address("10.88.0.1/24"),), (route("192.0.2.0/24"),))
    now = held(
        link("br0", "10.77.0.1/24", "10.88.0.1/24", kind="bridge"), link("eth1", master="br0"), br0=["192.0.2.0/24"]
    )
    assert bring(now, one(addresses=["10.77.0.1/24"]), before=before) == [
        "route delete 192.0.2.0/24 dev br0",
        "address delete 10.88.0.1/24 dev br0",
        "link set dev eth1 nomaster",
    ]


def test_a_router_that_changes() -> None:
    now = held(link("br0", "10.77.0.1/24", kind="bridge"), br0=["10.9.0.0/16 via 10.77.0.8"])
    assert bring(now, one(addresses=["10.77.0.1/24"], routes=["10.9.0.0/16 via 10.77.0.9"])) == [
        "route delete 10.9.0.0/16 via 10.77.0.8 dev br0",
        "route replace 10.9.0.0/16 via 10.77.0.9 proto static dev br0",
    ]


def test_what_shall_be_absent() -> None:
    assert bring(held(link("br0", kind="bridge")), gone=("br0", "br1")) == ["link delete dev br0"]


def test_drift_is_told_in_words() -> None:
    wanted = one(addresses=["10.77.0.1/24"], ports=["eth1"], mtu=1400)
    now = held(link("br0", kind="bridge", up=False), link("eth1"))
    assert [step.why for step in steps(now, wants(wanted, now, NOTHING))] == [
        "eth1 is in no bridge",
        "br0 has mtu 1500",
        "br0 is down",
        "br0 lacks 10.77.0.1/24",
    ]


def _machine(wanted: Interface, *, addresses: list[str]) -> Held:
    return held(*(link(name, *(addresses if number == 0 else [])) for number, name in enumerate(wanted.lowers)))


@given(interfaces())
def test_one_batch_is_enough(wanted: Interface) -> None:
    now = _machine(wanted, addresses=["203.0.113.5/24"] if wanted.kind == "bridge" else [])
    commands = script(steps(now, wants(wanted, now, NOTHING)))
    done = after(now, commands)
    assert steps(done, wants(wanted, done, NOTHING)) == []


@given(interfaces(), interfaces(), st.booleans())
def test_everything_is_put_back(earlier: Interface, wanted: Interface, was_there: bool) -> None:
    wanted = dataclasses.replace(wanted, name=earlier.name, owner=earlier.name)
    machine = held(*{name: link(name) for name in (*earlier.lowers, *wanted.lowers)}.values())
    if earlier.name in machine.links:
        return
    before = after(machine, script(steps(machine, wants(earlier, machine, NOTHING)))) if was_there else machine
    given = Before(earlier.ports, earlier.addresses, earlier.routes) if was_there else NOTHING
    done = after(before, script(steps(before, wants(wanted, before, given))))
    concerned = sorted({earlier.name, *earlier.lowers, *wanted.lowers})
    new = [name for name in done.links if name not in before.links]
    back = after(done, script(steps(done, as_it_was(before, done, concerned, {earlier.name}), new)))
    assert steps(back, as_it_was(before, back, concerned, {earlier.name}), new) == []
    assert set(back.links) == set(before.links)
