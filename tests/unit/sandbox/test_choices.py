# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sandbox accepts and what it picks."""

from __future__ import annotations

import json
from ipaddress import IPv4Network

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError, InvalidInput
from sandbox.detect import cgroup_layout, missing_capabilities
from sandbox.engine import tiny_program
from sandbox.hosts import check_name, free_addresses
from sandbox.network import choose_subnet, networks_in
from sandbox.paths import Paths
from sandbox.rootfs import SUPPORTED, check_pair


@pytest.mark.parametrize("name", ["a", "h1", "dev-bookworm", "0-x", "a" * 40])
def test_good_names(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize(
    "name", ["", "-a", "a-", "A", "a_b", "a.b", "a b", "a/b", "ä", "a\n", "--privileged", "a" * 41]
)
def test_bad_names(name: str) -> None:
    with pytest.raises(InvalidInput, match="a host name is"):
        check_name(name)


def test_addresses_that_nobody_has() -> None:
    taken = ["10.0.0.1", "10.0.0.3", ""]
    assert list(free_addresses("10.0.0.0/29", taken)) == ["10.0.0.2", "10.0.0.4", "10.0.0.5", "10.0.0.6"]


def test_pairs_that_boot() -> None:
    for suite, inits in SUPPORTED.items():
        for init in inits:
            check_pair(suite, init)
    assert {"bullseye", "bookworm", "trixie"} <= set(SUPPORTED)


@pytest.mark.parametrize(("suite", "init"), [("buster", "systemd"), ("bullseye", "openrc"), ("bookworm", "runit")])
def test_other_pairs_are_refused_with_those_there_are(suite: str, init: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_pair(suite, init)
    assert f"suite {suite} with init system {init}" in str(caught.value)
    assert "bookworm with systemd or sysvinit, trixie with systemd or openrc or runit" in str(caught.value)


RANGE = [IPv4Network("10.213.0.0/22")]


def test_subnet_is_the_first_that_overlaps_with_nothing() -> None:
    taken = [IPv4Network("10.213.0.0/24"), IPv4Network("10.213.1.128/25"), IPv4Network("192.168.0.0/16")]
    assert choose_subnet(taken, RANGE) == IPv4Network("10.213.2.0/24")


def test_default_route_takes_nothing_and_a_large_network_takes_all() -> None:
    assert choose_subnet([IPv4Network("0.0.0.0/0")], RANGE) == IPv4Network("10.213.0.0/24")
    with pytest.raises(HostError, match=r"no free network for the test hosts in 10\.213\.0\.0/22"):
        choose_subnet([IPv4Network("10.0.0.0/8")], RANGE)


def test_networks_of_routes_addresses_and_name_servers() -> None:
    routes = [{"dst": "default"}, {"dst": "10.213.0.0/24"}, {"dst": "10.1.2.3"}, {"type": "unreachable", "dst": "x"}]
    links = [{"addr_info": [{"local": "10.213.5.1", "prefixlen": 24}, {}]}, {}]
    resolv = "# by hand\nsearch example\nnameserver 10.255.255.53\nnameserver fd00::1\n"
    found = networks_in(json.dumps(routes), json.dumps(links), resolv)
    assert [str(one) for one in found] == ["10.213.0.0/24", "10.1.2.3/32", "10.213.5.0/24", "10.255.255.53/32"]
    assert networks_in("", "", "") == []


def test_two_checkouts_share_no_name() -> None:
    one, other = Paths("/srv/one"), Paths("/srv/other")
    for what in ("label", "work", "data", "runtime", "socket", "network", "engine_bridge", "host_bridge"):
        assert getattr(one, what) != getattr(other, what)
    # what the kernel allows for an interface, and for the path of a socket
    assert len(one.host_bridge) <= 15
    assert len(one.socket) <= 100


HYBRID = (
    "29 22 0:25 / /sys/fs/cgroup ro - tmpfs tmpfs ro\n30 29 0:26 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
)
UNIFIED = "29 22 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"


def test_cgroup_layout() -> None:
    assert cgroup_layout(HYBRID) == "v1"
    assert cgroup_layout(UNIFIED) == "v2"
    assert cgroup_layout("") == "v1"


def test_capabilities_outside_the_bounding_set() -> None:
    assert missing_capabilities("CapBnd:\t000001fffeffffff\n", 40) == ("SYS_RESOURCE",)
    assert missing_capabilities("CapBnd:\t000001ffffffffff\n", 40) == ()
    # a kernel that does not know the newest ones lacks none of them
    assert missing_capabilities("CapBnd:\t0000003fffffffff\n", 37) == ()


@pytest.mark.parametrize("architecture", ["x86_64", "aarch64"])
def test_tiny_program_is_an_elf_that_starts_within_itself(architecture: str) -> None:
    program = tiny_program(architecture)
    assert program is not None
    assert program[:4] == b"\x7fELF"
    assert int.from_bytes(program[24:32], "little") - 0x400000 < len(program) < 200
    assert tiny_program("vax") is None
