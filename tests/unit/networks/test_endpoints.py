# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers of real engines, and what is asked for when they are connected again."""

from __future__ import annotations

import ipaddress
import typing as t

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.version import parse_version
from ansible_collections.slipway.docker.plugins.module_utils.networks.endpoints import (
    Attachment,
    attachment,
    endpoint_config,
    fits,
    mac_of,
    order,
    read_attachment,
)
from unit.networks.world import captured, each_version, network


def found(version: str, name: str, on: str = "front") -> Attachment:
    container = next(one for one in captured(version)["inspected"] if one["Name"] == f"/{name}")
    seen = attachment(container, network(version, on), parse_version(version))
    assert seen is not None
    return seen


@each_version
def test_what_real_containers_have(version: str) -> None:
    fixed = found(version, "fixed")
    assert (fixed.asked, fixed.given, fixed.aliases, fixed.mac) == (("172.20.0.10",),) * 2 + (("database",), "")
    assert (fixed.running, fixed.only, fixed.chosen) == (True, True, ())
    chosen = found(version, "chosen")
    assert (chosen.asked, chosen.given, chosen.aliases, chosen.only) == ((), ("172.20.0.2",), (), False)
    assert found(version, "chosen", "pooled").aliases == ("second",)
    assert str(chosen) == "chosen (172.20.0.2, running)"


@each_version
def test_what_stopped_containers_have(version: str) -> None:
    stopped = found(version, "stopped")
    assert (stopped.asked, stopped.given, stopped.aliases) == (("172.20.0.20",), (), ("later",))
    assert str(stopped) == "stopped (172.20.0.20 asked for, MAC 02:42:ac:14:00:99, stopped)"


@each_version
def test_a_mac_address_that_was_asked_for(version: str) -> None:
    assert found(version, "mac").mac == "02:42:ac:14:00:77"


def test_a_mac_address_on_a_second_network_is_told_by_its_look() -> None:
    """From 28.0 on any may have been chosen by the engine."""
    container = next(one for one in captured("26.1")["inspected"] if one["Name"] == "/mac")
    container["Config"] = {}
    front = network("26.1", "front")
    for version, mac in (("26.1", "02:42:ac:14:00:77"), ("28.0", ""), ("", "")):
        seen = attachment(container, front, parse_version(version))
        assert seen is not None
        assert seen.mac == mac
    assert mac_of("172.20.0.10") == "02:42:ac:14:00:0a"


@each_version
def test_a_container_elsewhere_is_not_on_it(version: str) -> None:
    container = captured(version)["inspected"][0]
    assert attachment(container, network(version, "lan"), None) is None


@each_version
def test_a_note_gives_back_what_was_written(version: str) -> None:
    for container in captured(version)["inspected"]:
        seen = attachment(container, network(version, "front"), None)
        assert seen is not None
        assert read_attachment(seen.as_dict()) == seen


def test_what_is_asked_for() -> None:
    one = Attachment(
        "a" * 64,
        "web",
        True,
        asked=("10.0.0.5", "fd00::5"),
        link_local=("169.254.1.1",),
        aliases=("www",),
        links=("db:database",),
        mac="02:00:00:00:00:01",
        driver_options=(("a", "b"),),
        gateway_priority=7,
    )
    assert endpoint_config(one, one.asked) == {
        "Aliases": ["www"],
        "Links": ["db:database"],
        "IPAMConfig": {"IPv4Address": "10.0.0.5", "IPv6Address": "fd00::5", "LinkLocalIPs": ["169.254.1.1"]},
        "MacAddress": "02:00:00:00:00:01",
        "DriverOpts": {"a": "b"},
        "GwPriority": 7,
    }
    assert endpoint_config(Attachment("b" * 64, "db", True), ()) == {"Aliases": [], "Links": []}


@pytest.mark.parametrize(
    ("address", "inside"),
    [("10.0.0.5", True), ("10.0.1.5", False), ("fd00::5", True), ("fe80::5", False), ("x", False)],
)
def test_what_fits(address: str, inside: bool) -> None:
    assert fits(address, [ipaddress.ip_network("10.0.0.0/24"), ipaddress.ip_network("fd00::/64")]) is inside


def test_the_order() -> None:
    def one(name: str, **has: t.Any) -> Attachment:
        return Attachment(name * 64, name, bool(has.get("given")), **has)

    some = [
        one("g", asked=("10.9.0.1",), given=("10.9.0.1",)),
        one("f"),
        one("e", given=("10.0.0.10",)),
        one("d", given=("10.0.0.2",)),
        one("b", asked=("10.0.0.30",), given=("10.0.0.30",)),
        one("a", asked=("10.0.0.3",)),
    ]
    subnets = [ipaddress.ip_network("10.0.0.0/24")]
    assert [each.name for each in sorted(some, key=lambda each: order(each, subnets))] == list("abdefg")
