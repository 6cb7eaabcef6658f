# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries as people write them."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.networks.entries import read_declared

WRONG: list[tuple[dict[str, t.Any], str]] = [
    ({"subnet": "10.0.0.0/8"}, ".subnet is no option of docker_network"),
    ({"internal": "perhaps"}, '.internal must be true or false; got: "perhaps"'),
    ({"labels": ["a"]}, '.labels must be a map; got: ["a"]'),
    ({"labels": {"a": True}}, ".labels.a must be a string; got: true; put it in quotes"),
    ({"ipam_driver_options": {"a": 1}}, ".ipam_driver_options.a must be a string; got: 1"),
    ({"state": "gone"}, '.state must be one of present, absent; got: "gone"'),
    ({"scope": "wide"}, ".scope must be one of local, global, swarm"),
    ({"force": True}, ".force would make the network again on each run"),
    ({"connected": "web"}, '.connected must be a list of containers; got: "web"'),
    ({"driver": 7}, ".driver must be a string; got: 7"),
    ({"config_from": 7}, ".config_from must be a string; got: 7"),
    ({"ipam_config": [{"ip_range": "10.0.0.0/9", "subnet": "10.0.0.0/8"}]}, ".ipam_config[0].ip_range is not known"),
    ({"ipam_config": [{}]}, ".ipam_config[0] has no subnet, which docker_network needs"),
    ({"ipam_config": [{"gateway": "10.0.0.1"}]}, ".ipam_config[0].gateway needs a subnet"),
    ({"ipam_config": [{"subnet": "10.0.0.5/8"}]}, ".ipam_config[0].subnet is an address in 10.0.0.0/8"),
    ({"ipam_config": {"subnet": "10.0.0.0/8"}}, ".ipam_config must be a list of maps"),
    ({"ipam_config": [{"subnet": "fd00::/64"}]}, ".ipam_config[0].subnet does nothing while enable_ipv6 is off"),
]


@pytest.mark.parametrize(("options", "said"), WRONG)
def test_what_is_wrong_with_one(options: dict[str, t.Any], said: str) -> None:
    problems = [problem for _where, problem in read_declared([{"name": "front", **options}]).problems]
    assert [problem for problem in problems if problem.startswith(f"network_networks[0]{said}")], problems
    assert len(problems) == 1


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("front", "network_networks must be a list of networks"),
        (["front"], "network_networks[0] must be a map with a name"),
        ([{"driver": "bridge"}], "network_networks[0] must be a map with a name"),
        ([{"name": " "}], "network_networks[0].name is blank"),
        ([{"name": "a"}, {"name": "a"}], "network_networks[1].name is declared twice, first in network_networks[0]"),
    ],
)
def test_what_is_wrong_with_the_list(declared: t.Any, said: str) -> None:
    found = read_declared(declared)
    assert [problem[: len(said)] for _where, problem in found.problems] == [said]


def test_all_is_told_at_once() -> None:
    declared = [{"name": "a", "internal": "x", "labels": 1}, "b", {"name": "a", "ipam_config": 3}]
    assert len(read_declared(declared).problems) == 5


def test_other_names_and_what_is_left_open() -> None:
    entry = read_declared(
        [{"network_name": "front", "incremental": True, "driver": None, "containers": ["web"]}]
    ).entries[0]
    assert entry.options == {"name": "front", "appends": True, "connected": ["web"]}
    assert (entry.driver, entry.swarm, entry.absent, entry.flag("internal")) == ("bridge", False, False, None)


def test_nothing() -> None:
    assert read_declared([]).problems == read_declared(None).problems == ()


def test_a_template_has_the_driver_that_the_engine_says() -> None:
    entry = read_declared([{"name": "t", "config_only": True, "driver": "bridge"}]).entries[0]
    assert entry.driver == "null"


def test_drivers_get_true_and_false_as_go_writes_them() -> None:
    entry = read_declared([{"name": "t", "driver_options": {"a": True, "b": False, "c": 7}}]).entries[0]
    assert entry.driver_options == {"a": "true", "b": "false", "c": "7"}
