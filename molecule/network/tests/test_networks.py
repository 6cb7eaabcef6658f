# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers reach each other over every kind of network, on one host and across two, also after a reboot."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import yaml
from testinfra.host import Host

CHECKOUT = Path(__file__).resolve().parents[3]
LANS = {"network-bookworm": 77, "network-trixie": 78}
# busybox wget of bookworm crashes
ASK = 'printf "GET / HTTP/1.0\\r\\n\\r\\n" | busybox nc -w 3 "$1" "$2" | tail -n 1'


def name(host: Host) -> str:
    return str(host.backend.host)


def number(host: Host) -> int:
    return int(name(host)[-1])


def partner(host: Host) -> str:
    return f"{name(host)[:-1]}{3 - number(host)}"


def on(guest: str, *argv: str) -> str:
    """Run a command on any of the hosts."""
    command = [sys.executable, "tests/sandbox", "exec", guest, "--", *argv]
    return subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False).stdout.strip()


def at(guest: str) -> str:
    inventory = yaml.safe_load((CHECKOUT / ".sandbox" / "inventory.yml").read_text())
    return str(inventory["docker_hosts"]["hosts"][guest]["sandbox_address"])


def asks(host: Host, container: str, address: str, port: int = 80) -> str:
    """What a container gets from an address."""
    return on(name(host), "docker", "exec", container, "sh", "-c", ASK, "sh", address, str(port))


def gets(guest: str, address: str, port: int = 80) -> str:
    """What a host gets over HTTP; nothing where nobody answers."""
    return on(guest, "curl", "--silent", "--max-time", "3", f"http://{address}:{port}/")


def lan_address(host: Host, whose: int) -> str:
    return f"192.168.{LANS[name(host).rpartition('-')[0]]}.{whose * 32 + 5}"


def all_of_it(host: Host) -> dict[str, str]:
    """Every row: who gets what."""
    return {
        "bridge: the other host, a port that is let in": gets(partner(host), at(name(host)), 8080),
        "bridge: the other host, another port": gets(partner(host), at(name(host)), 8081),
        "bridge: the host itself": gets(name(host), "127.0.0.1", 8081),
        "host: the other host": gets(partner(host), at(name(host)), 8090),
        "front: by name": asks(host, "front-1", "front-2"),
        "front: by alias": asks(host, "front-1", "second"),
        "front: from another network": asks(host, "on-bridge", f"172.30.{number(host)}.2"),
        "lan: the other host's container": asks(host, "on-lan", lan_address(host, 3 - number(host))),
        "lan: the host by its own interface": gets(name(host), lan_address(host, number(host))),
        "mesh: the other host's container by name": asks(host, f"mesh-{number(host)}", f"mesh-{3 - number(host)}"),
    }


def expected(host: Host) -> dict[str, str]:
    return {
        "bridge: the other host, a port that is let in": "on-bridge",
        "bridge: the other host, another port": "",
        "bridge: the host itself": "on-bridge",
        "host: the other host": "on-host",
        "front: by name": "front-2",
        "front: by alias": "front-2",
        "front: from another network": "",
        "lan: the other host's container": "on-lan",
        "lan: the host by its own interface": "on-lan",
        "mesh: the other host's container by name": f"mesh-{3 - number(host)}",
    }


def holds(host: Host, patience: float = 60) -> None:
    """Wait until every row is as it has to be; at the end it is."""
    deadline = time.monotonic() + patience
    while all_of_it(host) != expected(host) and time.monotonic() < deadline:
        time.sleep(1)
    assert all_of_it(host) == expected(host)


def test_who_reaches_whom(host: Host) -> None:
    holds(host)


def test_a_container_of_the_host_network_has_the_hosts_interfaces(host: Host) -> None:
    assert host.check_output("docker exec on-host ip -brief address") == host.check_output("ip -brief address")


def test_a_container_of_no_network_has_loopback_alone(host: Host) -> None:
    assert host.check_output("docker exec on-none ls /sys/class/net") == "lo"


def test_an_internal_network_leads_nowhere(host: Host) -> None:
    command = "docker run --rm --network back local/debian:base ip route"
    assert "default" not in host.check_output(command)


def test_settings_of_the_kernel_are_there_and_stay(host: Host) -> None:
    kept = host.file("/etc/sysctl.d/90-slipway-network.conf").content_string
    for setting in ("net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding", "net.bridge.bridge-nf-call-iptables"):
        assert f"{setting}=1" in kept.replace(" ", "")
        assert host.check_output("cat /proc/sys/%s", setting.replace(".", "/")) == "1"


def test_networks_are_told(host: Host) -> None:
    said = host.ansible("slipway.docker.daemon_info", '{"gather_subset": ["network"]}', check=False)["network"]
    found = {one["name"]: one for one in said["networks"]}
    assert found["front"]["subnets"] == [f"172.30.{number(host)}.0/24"]
    assert found["front"]["containers"] == ["front-1", "front-2"]
    assert (found["lan"]["interface"], found["lan"]["driver"]) == ("eth0", "macvlan")
    (pool,) = said["pools"]
    assert (pool["base"], pool["subnets"]) == ("10.40.0.0/16", 256)
    assert "10.40.0.0/24" in pool["used"]
    assert (said["rules"]["backend"], said["rules"]["at_boot"]) == ("iptables", True)
    docker0 = next(one for one in said["bridges"] if one["name"] == "docker0")
    assert docker0["addresses"][0] == "10.40.0.1/24"
    assert len(docker0["ports"]) == 1


def test_all_of_it_outlives_a_restart_of_the_daemon(host: Host) -> None:
    host.check_output("systemctl restart docker")
    holds(host)
