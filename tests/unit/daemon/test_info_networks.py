# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bridges, the engine's networks, its pools and our rules, as they are told."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon import info_concerns, info_network
from ansible_collections.slipway.docker.plugins.module_utils.daemon.engine_versions import Answers
from ansible_collections.slipway.docker.plugins.module_utils.daemon.inspection import Inspection
from ansible_collections.slipway.docker.plugins.module_utils.host.network import Bridge, read_bridges
from unit.daemon.test_default_bridge import ROUTES, TRIE
from unit.engines import Engine, engine_on_unix
from unit.states import Doc, installed
from unit.trees import DAEMON_JSON, Tree

NETWORKS: list[Doc] = [
    {
        "Name": "bridge",
        "Id": "0" * 64,
        "Driver": "bridge",
        "Scope": "local",
        "IPAM": {"Config": [{"Subnet": "10.9.0.0/24", "Gateway": "10.9.0.1"}]},
        "Options": {"com.docker.network.bridge.name": "docker0"},
    },
    {
        "Name": "back",
        "Id": "abcdef0123456789",
        "Driver": "bridge",
        "Scope": "local",
        "EnableIPv6": True,
        "Internal": True,
        "IPAM": {"Config": [{"Subnet": "10.10.7.0/25"}, {"Subnet": "fd00:7::/64"}]},
        "Options": None,
    },
    {"Name": "lan", "Id": "1", "Driver": "macvlan", "Scope": "local", "IPAM": {}, "Options": {"parent": "eth0.5"}},
    {"Name": "host", "Id": "2", "Driver": "host", "Scope": "local", "IPAM": {"Config": None}, "Options": {}},
]
CONTAINERS = [
    {"Id": "c" * 64, "Names": ["/web"], "NetworkSettings": {"Networks": {"back": {}, "bridge": {}}}},
    {"Id": "d" * 64, "Names": None, "NetworkSettings": {"Networks": {"back": {}}}},
]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with engine_on_unix(tmp_path / "docker.sock") as found:
        found.says("/networks", NETWORKS)
        found.says("/containers/json", CONTAINERS)
        yield found


def inspected(tree: Tree, engine: Engine | None, document: Doc | None = None) -> Inspection:
    inspection = Inspection(installed(tree, document or {}).host, DAEMON_JSON)
    info = {"FirewallBackend": {"Driver": "nftables+firewalld"}}
    inspection.__dict__["answers"] = Answers(engine.address.raw, {}, info) if engine else Answers()
    return inspection


def test_networks(tree: Tree, engine: Engine) -> None:
    found = {one["name"]: one for one in info_network.networks(inspected(tree, engine))}
    assert list(found) == ["back", "bridge", "host", "lan"]
    assert found["back"] == {
        "name": "back",
        "driver": "bridge",
        "scope": "local",
        "interface": "br-abcdef012345",
        "subnets": ["10.10.7.0/25", "fd00:7::/64"],
        "ipv6": True,
        "internal": True,
        "containers": ["dddddddddddd", "web"],
    }
    assert (found["bridge"]["interface"], found["bridge"]["containers"]) == ("docker0", ["web"])
    assert (found["lan"]["interface"], found["host"]["interface"]) == ("eth0.5", "")


def test_no_engine_answers(tree: Tree, engine: Engine) -> None:
    inspection = inspected(tree, None)
    assert info_network.networks(inspection) == []
    assert engine.asked == []
    assert info_network.network(inspection)["firewall_backend"] == ""


def test_an_engine_that_refuses_to_list_them(tree: Tree, engine: Engine) -> None:
    engine.says("/networks", {"message": "no"}, status=500)
    assert info_network.networks(inspected(tree, engine)) == []


def test_its_own_word_about_the_firewall(tree: Tree, engine: Engine) -> None:
    assert info_network.network(inspected(tree, engine))["firewall_backend"] == "nftables"


@pytest.mark.parametrize(
    ("size", "subnets", "free"),
    [(24, 256, 254), (25, 512, 509), (20, 16, 15)],  # docker0 takes a whole /24, the other a half
)
def test_pools(tree: Tree, engine: Engine, size: int, subnets: int, free: int) -> None:
    networks = [{**NETWORKS[0], "IPAM": {"Config": [{"Subnet": "10.10.9.0/24"}]}}, NETWORKS[1]]
    engine.says("/networks", networks)
    (pool,) = info_network.pools(
        inspected(tree, engine, {"default-address-pools": [{"base": "10.10.0.0/16", "size": size}]})
    )
    assert pool["base"] == "10.10.0.0/16"
    assert (pool["subnets"], pool["free"], pool["default"]) == (subnets, free, False)
    assert pool["used"] == ["10.10.7.0/25", "10.10.9.0/24"]


def test_dockerds_own_pools(tree: Tree, engine: Engine) -> None:
    found = info_network.pools(inspected(tree, engine))
    assert [pool["base"] for pool in found[:2]] == ["172.17.0.0/16", "172.18.0.0/16"]
    assert (found[-1]["base"], found[-1]["size"], found[-1]["free"]) == ("192.168.0.0/16", 20, 16)
    assert all(pool["default"] for pool in found)


def test_bridges(tree: Tree) -> None:
    tree.write("/proc/net/route", ROUTES)
    tree.write("/proc/net/fib_trie", TRIE)
    tree.write(
        "/proc/net/if_inet6",
        "fd000009000000000000000000000001 02 40 00 80  docker0\n"
        "fe800000000000000000000000000001 02 40 20 80  docker0\n",
    )
    tree.write("/sys/class/net/docker0/bridge/stp_state", "0")
    tree.write("/sys/class/net/docker0/brif/veth1/state", "3")
    tree.write("/sys/class/net/br0/bridge/stp_state", "0")
    tree.write("/sys/class/net/eth0/mtu", "1500")
    assert read_bridges(tree.host) == [
        Bridge("br0", (), ()),
        Bridge("docker0", ("10.9.0.1/24", "fd00:9::1/64"), ("veth1",)),
    ]


@pytest.mark.parametrize(
    ("document", "recorded", "expected"),
    [
        ({"bip": "10.9.0.1/24"}, "", []),
        ({"bip": "10.8.0.1/24"}, "", ["docker0 has 10.9.0.1/24, and bip says 10.8.0.1/24"]),
        ({}, "10.9.0.1/24", ["docker0 still has 10.9.0.1/24, which nothing asks for any longer"]),
        ({}, "", []),
        ({"bridge": "br0"}, "10.9.0.1/24", []),
    ],
)
def test_docker0_that_does_not_follow(
    tree: Tree, engine: Engine, document: Doc, recorded: str, expected: list[str]
) -> None:
    tree.write("/proc/net/route", ROUTES)
    tree.write("/proc/net/fib_trie", TRIE)
    inspection = inspected(tree, engine, document)
    record = dataclasses.replace(inspection.state.record, bridge=recorded)
    inspection.__dict__["state"] = dataclasses.replace(inspection.state, record=record)
    assert info_network.of_docker0(inspection) == expected


def test_rules_that_somebody_has_flushed(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.write("/etc/slipway/docker-firewall.sh", "")
    inspection = inspected(tree, None)
    assert info_network.rules(inspection) == {"backend": "", "rules": 0, "at_boot": True}
    monkeypatch.setattr("os.geteuid", lambda: 0)
    flushed = "rules for containers are loaded at boot, and the kernel holds none: somebody has flushed them"
    assert flushed in info_concerns.of_network(inspection)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert flushed not in info_concerns.of_network(inspection)
