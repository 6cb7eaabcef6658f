# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers on a network that was made again: refused, failed, killed, and done."""

from __future__ import annotations

import json
import typing as t

import pytest
from testinfra.host import Host

NOTES = "/var/lib/slipway/networks"

Endpoint = dict[str, t.Any]


def at(host: Host, moment: str) -> dict[str, tuple[bool, Endpoint]]:
    """What containers had: whether they ran, and their endpoint on the network."""
    found = {}
    for line in host.file(f"/root/{moment}").content_string.splitlines():
        name, running, networks = line.split(" ", 2)
        found[name.lstrip("/")] = (running == "true", json.loads(networks)["front"])
    return found


def has(endpoint: Endpoint) -> tuple[str, str, list[str]]:
    """The address asked for, the address given, and aliases but for the one that 20.10 adds."""
    aliases = [alias for alias in endpoint["Aliases"] or () if not (len(alias) == 12 and alias.isalnum())]
    return (endpoint["IPAMConfig"] or {}).get("IPv4Address", ""), endpoint["IPAddress"], sorted(aliases)


def table(host: Host, moment: str) -> dict[str, tuple[str, str, list[str]]]:
    return {name: has(endpoint) for name, (_running, endpoint) in at(host, moment).items()}


BEFORE = {
    "first": ("", "172.20.0.2", ["web"]),
    "fixed": ("172.20.0.10", "172.20.0.10", ["database", "db"]),
    "outside": ("172.20.0.99", "172.20.0.99", []),
    "stopped": ("172.20.0.5", "", ["later"]),
}


@pytest.mark.parametrize("moment", ["before", "refused-after", "put-back-after", "killed-after", "finished"])
def test_nothing_is_lost(host: Host, moment: str) -> None:
    assert table(host, moment) == BEFORE


def test_what_does_not_fit_is_given_up_and_the_rest_comes_back(host: Host) -> None:
    found = table(host, "changed")
    asked, given, aliases = found.pop("outside")
    assert (asked, aliases) == ("", [])
    assert given.startswith("172.20.0.")
    assert found == {name: endpoint for name, endpoint in BEFORE.items() if name != "outside"}


def test_all_that_is_wrong_is_told_at_once(host: Host) -> None:
    said = host.file("/root/refused").content_string
    assert said.startswith("6 in the way, nothing was changed: ")
    for words in (
        "network_networks[0] would have network front made again (subnet is 172.20.0.0/16, declared 172.20.0.0/28)",
        "first (172.20.0.2, running), fixed (172.20.0.10 asked for, running)",
        "stopped (172.20.0.5 asked for, stopped)",
        "network_networks[1].driver_options.parent is the interface of network lan (macvlan)",
        "network_networks[2].driver_options.parent is no interface of this host",
        "network_networks[3].ipam_config[0].subnet overlaps 10.",
        "which this host reaches through eth0",
        "network_networks[4] needs a swarm, and this host is in none",
        "network_networks[5] gives settings to the default bridge",
    ):
        assert words in said


def test_a_network_that_the_engine_refuses_is_put_back(host: Host) -> None:
    said = host.file("/root/put-back").content_string
    assert said.startswith("Network front could not be made again (subnet is another): it was made as it had been")
    assert "and its containers are on it. The reason: " in said
    assert "Pool overlaps with other one on this address space" in said


def test_who_is_not_declared_is_named_and_labels_stay(host: Host) -> None:
    found = json.loads(host.file("/root/picked").content_string)
    assert found["seen"][0]["differences"] == [
        "subnet is 10.94.0.0/24, declared 10.94.0.0/25",
        "container fixed is connected, not declared so",
    ]
    assert [one["Name"] for one in found["network"]["Containers"].values()] == ["outside"]
    assert found["network"]["Labels"] == {"com.docker.compose.project": "shop"}


def test_the_run_was_really_killed(host: Host) -> None:
    ended = json.loads(host.file("/root/killed").content_string)
    assert (ended["failed"], ended["rc"]) == (True, 137)


def test_no_note_is_left(host: Host) -> None:
    assert host.file(NOTES).listdir() == []


def test_names_and_ports_work(host: Host) -> None:
    for name in ("fixed", "database", "db"):
        assert host.check_output(f"docker exec first getent hosts {name}").split()[0] == "172.20.0.10"
    assert host.check_output("curl --silent --max-time 5 http://127.0.0.1:8080/") == "first"


def test_a_stopped_container_starts_with_its_address(host: Host) -> None:
    host.check_output("docker start stopped")
    template = "{{.NetworkSettings.Networks.front.IPAddress}}"
    assert host.check_output(f"docker inspect --format '{template}' stopped") == "172.20.0.5"
    assert host.check_output("docker exec first getent hosts later").split()[0] == "172.20.0.5"


def test_docker_network_agrees(host: Host) -> None:
    """What networks_info calls the same, docker_network leaves alone."""
    arguments = {"name": "dual", "enable_ipv6": True, "internal": True}
    subnets = [{"subnet": "10.97.0.0/24"}, {"subnet": "fd00:97::/64"}]
    declared = json.dumps({**arguments, "ipam_config": subnets})
    assert host.ansible("community.docker.docker_network", declared, check=True, become=True)["changed"] is False
