# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Interfaces of container networks by which others come in as well."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.firewall import iptables, nftables
from ansible_collections.slipway.docker.plugins.module_utils.firewall.outside import (
    read_outside,
    warnings,
    without_outside,
)
from ansible_collections.slipway.docker.plugins.module_utils.firewall.policy import Policy, Rule
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import InvalidInput
from unit.firewall.kernel import Kernel, host
from unit.trees import Tree

HEAD = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
NONE = "0" * 32


def outside(tree: Tree) -> dict[str, str]:
    return read_outside(host(tree, Kernel()))


def test_a_host_as_most_are(tree: Tree) -> None:
    tree.write(
        "/proc/net/route",
        f"{HEAD}eth0\t00000000\t0103D50A\t0003\t0\t0\t0\t00000000\ndocker0\t000011AC\t0\t1\t0\t0\t0\tFFFF",
    )
    tree.write("/proc/net/ipv6_route", f"{NONE} 00 {NONE} 00 {NONE} ffffffff 00000001 00000000 00200200       lo\n")
    tree.write("/sys/class/net/docker0/brif/veth12ab34c/port_no", "0x1")
    assert outside(tree) == {"eth0": "a default route goes by it"}


def test_bridges_that_lead_outside(tree: Tree) -> None:
    tree.write("/proc/net/ipv6_route", f"{NONE} 00 {NONE} 00 {NONE} 00000400 00000001 00000000 00000003 br-six\n")
    tree.write("/sys/class/net/br-lan/brif/veth12ab34c/port_no", "0x1")
    tree.write("/sys/class/net/br-lan/brif/enp1s0/port_no", "0x2")
    assert outside(tree) == {
        "br-six": "a default route goes by it",
        "br-lan": "it has port enp1s0, which is no container's",
    }


def test_nothing_is_known(tree: Tree) -> None:
    assert outside(tree) == {}


def test_a_pattern_that_covers_one_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        without_outside(Policy(allow=False), {"br-lan": "a default route goes by it", "eth0": "x"})
    (problem,) = caught.value.problems
    assert problem == (
        "container_interfaces has br-*, which covers br-lan, by which others come in as well (a default route goes by "
        "it): they would all count as containers; name the interfaces in place of br-* (Docker's own are added by "
        "themselves)"
    )


def test_one_that_is_named_is_not_trusted() -> None:
    policy = without_outside(
        Policy(allow=False, containers=("docker0", "lan0"), rules=(Rule(allow=True),)), {"lan0": "why", "eth0": "x"}
    )
    chain = iptables.chain(policy, "ip")
    assert [line for line in chain if line.startswith("-i")] == ["-i docker0 -j RETURN"]
    assert [line for line in chain if line.startswith("-o")] == [
        "-o docker0 -j RETURN",
        "-o lan0 -j RETURN",
        "-o docker0 -j DROP",
        "-o lan0 -j DROP",
    ]
    assert [line for line in map(nftables.in_words, nftables.ruleset(policy)) if "lan0" in line] == [
        "oifname lan0 accept",
        "oifname lan0 drop  # default",
    ]
    (warning,) = warnings(policy, {"lan0": "why"})
    assert warning.startswith("others come in by container interface lan0 as well (why): the rules hold for all")


@pytest.mark.parametrize("found", [{}, {"eth0": "a default route goes by it"}])
def test_others_change_nothing(found: dict[str, t.Any]) -> None:
    assert without_outside(Policy(allow=False), found) == Policy(allow=False)
    assert warnings(Policy(allow=False), found) == []
