# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an entry says against what real engines have."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.networks.compare import connections, differences
from ansible_collections.slipway.docker.plugins.module_utils.networks.entries import Entry
from unit.networks.world import each_version, network

SAME: list[dict[str, t.Any]] = [
    {"name": "front"},
    {"name": "front", "driver": "bridge", "ipam_config": [{"subnet": "172.20.0.0/24"}], "internal": False},
    {
        "name": "front",
        "labels": {},
        "driver_options": {},
        "ipam_config": [],
        "ipam_driver": "default",
        "scope": "local",
    },
    {"name": "pooled", "driver_options": {"com.docker.network.driver.mtu": 1400}, "labels": {"a": "b"}},
    {"name": "pooled", "ipam_config": [{"subnet": "172.18.0.0/16", "gateway": "172.18.0.1"}]},
    {"name": "template", "config_only": "yes", "labels": {"x": "y"}},
    {"name": "inherits", "config_from": "template"},
    {"name": "lan", "driver": "macvlan", "driver_options": {"parent": "eth0"}, "enable_ipv6": "no"},
]
OTHERWISE: list[tuple[dict[str, t.Any], list[str]]] = [
    (
        {"name": "front", "ipam_config": [{"subnet": "172.21.0.0/24"}]},
        ["subnet is 172.20.0.0/24, declared 172.21.0.0/24"],
    ),
    (
        {"name": "front", "ipam_config": [{"subnet": "172.20.0.0/24", "gateway": "172.20.0.9"}]},
        ["gateway of 172.20.0.0/24 is not set, declared 172.20.0.9"],
    ),
    (
        {"name": "front", "ipam_config": [{"subnet": "172.20.0.0/24", "aux_addresses": {"nas": "172.20.0.3"}}]},
        ["aux_addresses of 172.20.0.0/24 is not set, declared nas 172.20.0.3"],
    ),
    (
        {"name": "front", "ipam_config": [{"subnet": "172.20.0.0/24"}, {"subnet": "fd00::/64"}], "enable_ipv6": True},
        ["enable_ipv6 is false, declared true", "subnet is not set, declared fd00::/64"],
    ),
    ({"name": "lan"}, ["driver is macvlan, declared bridge"]),
    (
        {"name": "front", "config_only": True},
        ["driver is bridge, declared null", "config_only is false, declared true"],
    ),
    ({"name": "pooled", "labels": {"a": "c"}}, ["labels.a is b, declared c"]),
    ({"name": "front", "labels": {"a": "c"}}, ["labels.a is not set, declared c"]),
    (
        {"name": "pooled", "driver_options": {"com.docker.network.bridge.enable_icc": False}},
        ["driver_options.com.docker.network.bridge.enable_icc is not set, declared false"],
    ),
    (
        {"name": "front", "attachable": True, "scope": "swarm"},
        ["scope is local, declared swarm", "attachable is false, declared true"],
    ),
    ({"name": "front", "ipam_driver_options": {"a": "b"}}, ["ipam_driver_options is not set, declared a b"]),
]


def entry(options: dict[str, t.Any]) -> Entry:
    return Entry(options["name"], "network_networks[0]", options)


@each_version
@pytest.mark.parametrize("options", SAME)
def test_the_same(version: str, options: dict[str, t.Any]) -> None:
    assert differences(entry(options), network(version, options["name"])) == []


@each_version
@pytest.mark.parametrize(("options", "said"), OTHERWISE)
def test_otherwise(version: str, options: dict[str, t.Any], said: list[str]) -> None:
    assert differences(entry(options), network(version, options["name"])) == said


@pytest.mark.parametrize("written", ["fd00:0:0::/64", "fd00::/64", "FD00::/64"])
def test_addresses_are_the_same_however_they_are_written(written: str) -> None:
    """29 writes them anew, those before give back what they were given."""
    has = {
        "Driver": "bridge",
        "EnableIPv6": True,
        "IPAM": {"Config": [{"Subnet": "172.23.0.0/16"}, {"Subnet": written}]},
    }
    options = {"name": "six", "enable_ipv6": True, "ipam_config": [{"subnet": "fd00:0::/64"}]}
    assert differences(entry(options), has) == []


def test_containers_that_are_declared() -> None:
    wanted = entry({"name": "front", "connected": ["web", "db", "not there"]})
    assert connections(wanted, ["db", "cache"], ["web", "db", "cache"]) == (["web"], ["cache"])
    more = entry({"name": "front", "connected": ["web"], "appends": True})
    assert connections(more, ["db"], ["web", "db"]) == (["web"], [])
    assert connections(entry({"name": "front"}), ["db"], ["db"]) == ([], [])
