# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps interfaces on a host, by its files."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import InvalidInput
from ansible_collections.slipway.docker.plugins.module_utils.interfaces.managers import choose, kept_elsewhere
from ansible_collections.slipway.docker.plugins.module_utils.interfaces.on_ifupdown import Ifupdown, read_stanzas
from ansible_collections.slipway.docker.plugins.module_utils.interfaces.on_networkd import Networkd
from unit.interfaces.things import declare, held, link, one
from unit.trees import Tree

MAIN = "/etc/network/interfaces"
FOLDER = "/etc/systemd/network"


def ifupdown(tree: Tree, main: str = "source /etc/network/interfaces.d/*\n") -> Ifupdown:
    tree.write(MAIN, main)
    return Ifupdown(tree.host, "")


def networkd(tree: Tree) -> Networkd:
    return Networkd(tree.host, "", running=False)


def put(tree: Tree, files: dict[str, str]) -> None:
    for path, text in files.items():
        tree.write(path, text)


def test_ifupdown_is_there(tree: Tree) -> None:
    tree.write("/usr/sbin/ifup", "")
    tree.at("/usr/sbin/ifup").chmod(0o755)
    tree.write(MAIN, "")
    assert choose(tree.host, "auto").name == "ifupdown"


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (
            "auto",
            "this host's network is kept by netplan, and this module writes files of systemd-networkd and ifupdown",
        ),
        ("networkd", "systemd-networkd.service neither runs nor is enabled"),
        ("ifupdown", "program ifup or /etc/network/interfaces is not there; install package ifupdown"),
    ],
)
def test_neither_is_there(tree: Tree, wanted: str, expected: str) -> None:
    tree.write("/usr/sbin/netplan", "")
    tree.at("/usr/sbin/netplan").chmod(0o755)
    with pytest.raises(InvalidInput) as caught:
        choose(tree.host, wanted)
    assert caught.value.problems[0].startswith(expected)


def test_an_interface_that_the_other_one_keeps(tree: Tree) -> None:
    manager = ifupdown(tree)
    put(tree, manager.files(declare({"name": "br0"}), held()))
    assert kept_elsewhere(tree.host, networkd(tree)) == {"br0": "ifupdown"}


def test_ifupdown_does_not_read_our_folder(tree: Tree) -> None:
    manager = ifupdown(tree, "auto lo\niface lo inet loopback\n")
    wanted = manager.files([one()], held())
    assert manager.problems([one()], held(), wanted) == [
        (
            "/etc/network/interfaces does not take in /etc/network/interfaces.d/slipway-br0; "
            "add the line: source /etc/network/interfaces.d/*"
        )
    ]


def test_stanzas_in_all_files(tree: Tree) -> None:
    tree.write("/etc/network/interfaces.d/eth1", "iface eth1 inet dhcp\n")
    tree.write("/etc/network/interfaces.d/eth2", "iface eth2 inet manual\n")
    manager = ifupdown(tree)
    assert read_stanzas(tree.host) == {"eth1": "/etc/network/interfaces.d/eth1"}
    (wanted,) = declare({"name": "br0", "ports": ["eth1", "eth2"]})
    assert manager.problems([wanted], held(), {}) == [
        "br0: /etc/network/interfaces.d/eth1 sets its port eth1 up; make that `iface eth1 inet manual`"
    ]


@pytest.mark.parametrize("make", [ifupdown, networkd])
def test_a_file_of_somebody_else_is_not_overwritten(tree: Tree, make: t.Callable[[Tree], Ifupdown | Networkd]) -> None:
    (path, *_rest) = sorted(make(tree).files([one()], held()))
    tree.write(path, "# mine\n")
    manager = make(tree)
    assert manager.problems([one()], held(), manager.files([one()], held())) == [
        f"{path} is not of this module; move it away"
    ]


def test_files_of_interfaces_that_are_not_named_stay(tree: Tree) -> None:
    first, second = declare(
        {"name": "v20", "kind": "vlan", "parent": "eth1", "vlan": 20},
        {"name": "v30", "kind": "vlan", "parent": "eth1", "vlan": 30},
    )
    now = held(link("eth1"))
    put(tree, networkd(tree).files([first], now))
    files = networkd(tree).files([second], now)
    assert sorted(path.replace(f"{FOLDER}/30-slipway-", "") for path in files) == [
        "eth1.network",
        "eth1.network.d/30-slipway-v20.conf",
        "eth1.network.d/30-slipway-v30.conf",
        "v20.netdev",
        "v20.network",
        "v30.netdev",
        "v30.network",
    ]
    put(tree, files)
    left = networkd(tree).files(declare({"name": "v20", "state": "absent"}, {"name": "v30", "state": "absent"}), now)
    assert left == {}


def test_a_file_that_is_about_a_port_already(tree: Tree) -> None:
    tree.write("/run/systemd/network/10-netplan-eth1.network", "[Match]\nName=eth1\n")
    tree.write("/etc/systemd/network/20-eth2.network", "[Match]\nName=eth2\n")
    tree.write("/usr/lib/systemd/network/80-all.network", "[Match]\nName=eth3\n")
    (wanted,) = declare({"name": "br0", "ports": ["eth1", "eth2", "eth3"]})
    assert networkd(tree).problems([wanted], held(link("eth1"), link("eth2"), link("eth3")), {}) == [
        (
            "br0: /run/systemd/network/10-netplan-eth1.network, which netplan wrote, applies to eth1 before ours can; "
            "take eth1 out of netplan's files"
        ),
        (
            "br0: /etc/systemd/network/20-eth2.network applies to eth2, and no second file can; "
            "take eth2 out of its [Match], or remove it"
        ),
    ]


def test_a_file_that_is_about_everything(tree: Tree) -> None:
    tree.write("/etc/systemd/network/10-all.network", "[Match]\nName=*\n")
    (problem,) = networkd(tree).problems([one()], held(), {})
    assert problem.startswith("br0: /etc/systemd/network/10-all.network applies to br0, and no second file can")


def test_a_hidden_file_counts_for_nothing(tree: Tree) -> None:
    tree.write("/usr/lib/systemd/network/10-all.network", "[Match]\nName=*\n")
    tree.link("/etc/systemd/network/10-all.network", "/dev/null")
    assert networkd(tree).problems([one()], held(), {}) == []


def test_a_parent_with_addresses_needs_a_file_that_says_so(tree: Tree) -> None:
    (wanted,) = declare({"name": "m", "kind": "macvlan", "parent": "eth0"})
    now = held(link("eth0", "192.0.2.5/24"))
    (problem,) = networkd(tree).problems([wanted], now, {})
    assert problem.startswith(
        "m: its parent eth0 has addresses, and no .network file applies to it; write one with them"
    )
    tree.write("/run/systemd/network/10-netplan-eth0.network", "[Match]\nName=eth0\n")
    manager = networkd(tree)
    assert manager.problems([wanted], now, {}) == []
    assert f"{FOLDER}/10-netplan-eth0.network.d/30-slipway-m.conf" in manager.files([wanted], now)
