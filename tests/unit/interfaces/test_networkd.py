# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Interfaces as files of systemd-networkd, and which file applies to one."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given

from ansible_collections.slipway.docker.plugins.module_utils.interfaces import networkd
from ansible_collections.slipway.docker.plugins.module_utils.interfaces.declare import Interface
from ansible_collections.slipway.docker.plugins.module_utils.interfaces.owned import header, owner_of
from unit.interfaces.things import declare, interfaces, link, one

FOLDER = "/etc/systemd/network"
HEADER = "# Written by slipway.docker.host_interfaces for br0\n"


def test_a_bridge() -> None:
    found = networkd.texts(
        one(
            ports=["eth1"],
            addresses=["10.77.0.1/24"],
            gateways=["10.77.0.254"],
            routes=["10.8.0.0/16"],
            mtu=1400,
            stp=True,
        ),
        {},
    )
    assert found == {
        f"{FOLDER}/30-slipway-br0.netdev": f"{HEADER}[NetDev]\nName=br0\nKind=bridge\n\n[Bridge]\nSTP=yes\n",
        f"{FOLDER}/30-slipway-br0.network": (
            f"{HEADER}[Match]\nName=br0\n\n[Link]\nRequiredForOnline=yes\nMTUBytes=1400\n\n[Network]\n"
            "ConfigureWithoutCarrier=yes\nIgnoreCarrierLoss=yes\nKeepConfiguration=static\nIPv6AcceptRA=no\n"
            "Address=10.77.0.1/24\n\n[Route]\nDestination=0.0.0.0/0\nGateway=10.77.0.254\n\n"
            "[Route]\nDestination=10.8.0.0/16\nScope=link\n"
        ),
        f"{FOLDER}/30-slipway-eth1.network.d/30-slipway-br0.conf": (
            f"{HEADER}[Link]\nRequiredForOnline=no\n\n[Network]\nBridge=br0\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n"
        ),
    }


def test_one_that_only_containers_are_on_delays_no_boot() -> None:
    found = networkd.texts(one(addresses=["10.77.0.1/24"]), {})
    assert "\nRequiredForOnline=no-carrier\n" in found[f"{FOLDER}/30-slipway-br0.network"]


def test_the_hardware_address_of_a_port() -> None:
    found = networkd.texts(dataclasses.replace(one(), mac="02:00:00:00:00:01"), {})
    assert "\nMACAddress=02:00:00:00:00:01\n" in found[f"{FOLDER}/30-slipway-br0.netdev"]


def test_vlan_and_macvlan_are_named_where_their_parent_is_set_up() -> None:
    vlan, macvlan = declare(
        {"name": "v", "kind": "vlan", "parent": "eth1", "vlan": 20}, {"name": "m", "kind": "macvlan", "parent": "eth1"}
    )
    first = networkd.texts(vlan, {"eth1": "10-netplan-eth1.network"})
    assert first[f"{FOLDER}/30-slipway-v.netdev"].endswith("Kind=vlan\n\n[VLAN]\nId=20\n")
    assert first[f"{FOLDER}/10-netplan-eth1.network.d/30-slipway-v.conf"].endswith("[Network]\nVLAN=v\n")
    second = networkd.texts(macvlan, {})
    assert second[f"{FOLDER}/30-slipway-m.netdev"].endswith("Kind=macvlan\n\n[MACVLAN]\nMode=bridge\n")
    assert second[f"{FOLDER}/30-slipway-eth1.network.d/30-slipway-m.conf"].endswith("[Network]\nMACVLAN=m\n")
    assert networkd.stacked({**first, **second, **networkd.texts(one(), {})}) == {"v", "m"}


def test_an_interface_below_has_one_file_as_long_as_something_is_on_it() -> None:
    bridge, vlan = declare(
        {"name": "br0", "ports": ["eth1"]}, {"name": "v", "kind": "vlan", "parent": "eth1", "vlan": 20}
    )
    both = networkd.with_lowers({**networkd.texts(bridge, {}), **networkd.texts(vlan, {})})
    lower = both[f"{FOLDER}/30-slipway-eth1.network"]
    assert "[Match]\nName=eth1\n\n[Link]\nRequiredForOnline=no\n\n[Network]\nConfigureWithoutCarrier=yes\n" in lower
    assert networkd.is_for_lowers(lower)
    alone = networkd.with_lowers(networkd.texts(vlan, {}))
    assert alone[f"{FOLDER}/30-slipway-eth1.network"] == lower
    assert networkd.with_lowers(networkd.texts(one(), {})) == networkd.texts(one(), {})


def test_one_of_ours_below_has_a_file_already() -> None:
    vlan, bridge = declare({"name": "v", "kind": "vlan", "parent": "eth1", "vlan": 20}, {"name": "br0", "ports": ["v"]})
    files = networkd.with_lowers({**networkd.texts(bridge, {}), **networkd.texts(vlan, {})})
    assert not networkd.is_for_lowers(files[f"{FOLDER}/30-slipway-v.network"])


@given(interfaces())
def test_files_are_read_back(wanted: Interface) -> None:
    files = networkd.with_lowers(networkd.texts(wanted, {}))
    found = networkd.before(wanted.name, files)
    assert (set(found.ports), found.addresses, found.routes) == (set(wanted.ports), wanted.addresses, wanted.routes)
    assert networkd.made(files) == {wanted.name: wanted.name}
    assert all(owner_of(text) for text in files.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (header("br0"), ("br0", ())),
        (header("br0", ["eth1.20", "eth2.20"]), ("br0", ("eth1.20", "eth2.20"))),
        ("# Written by somebody for br0\n", None),
        ("", None),
    ],
)
def test_whose_a_file_is(text: str, expected: tuple[str, tuple[str, ...]] | None) -> None:
    assert owner_of(text) == expected


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        ("Name=eth1", True),
        ("Name=en* eth*", True),
        ("Name=!eth*", False),
        ("Name=!br* veth*", True),
        ("Name=eth2", False),
        ("Name=eth1\nName=", False),
        ("Name=eth1\nType=ether", True),
        ("Type=bridge", False),
        ("MACAddress=02:00:00:00:00:0A", True),
        ("Kind=!*", True),
        ("Kind=bridge", False),
        ("Name=eth1\nDriver=e1000", False),
        ("#Name=eth1", False),
        ("", False),
    ],
)
def test_what_a_file_is_about(match: str, expected: bool) -> None:
    files = {"20-x.network": f"[Match]\n{match}\n[Network]\nName=eth1\n"}
    assert (networkd.applies(files, link("eth1", mac="02:00:00:00:00:0a")) is not None) is expected


def test_the_first_file_that_fits_counts() -> None:
    files = {"90-b.network": "[Match]\nName=*\n", "10-a.network": "[Match]\nName=eth*\n"}
    assert networkd.applies(files, link("eth1")) == "10-a.network"
    assert networkd.applies(files, link("br0", kind="bridge")) == "90-b.network"


def test_networkd_knows_better_what_a_file_is_about() -> None:
    files = {"10-a.network": "[Match]\nDriver=e1000\n", "20-b.network": "[Match]\nName=eth1\n"}
    assert networkd.applies(files, link("eth1"), "10-a.network") == "10-a.network"
    assert networkd.applies(files, link("eth1"), "gone.network") == "20-b.network"
