# SPDX-License-Identifier: GPL-3.0-or-later
"""Who gets what of a host's containers, row by row."""

from __future__ import annotations

import concurrent.futures
import subprocess
import sys
import time
import typing as t
from pathlib import Path

import pytest
import yaml
from testinfra.host import Host

CHECKOUT = Path(__file__).resolve().parents[3]
LANS = {"network-bookworm": 77, "network-trixie": 78}
# busybox wget of bookworm crashes
ASK = 'printf "GET / HTTP/1.0\\r\\n\\r\\n" | busybox nc -w 3 "$1" "$2" | tail -n 1'

# Seconds. Swarm's nodes tell each other all that they know every 30 s (libnetwork's networkdb): after a restart of the
# daemon an overlay's containers were found again after one or two rounds, 37 to 67 s.
PATIENCE = 180

Rows = dict[str, str]


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


def asks(host: Host, container: str, address: str) -> str:
    """What a container gets from an address."""
    return on(name(host), "docker", "exec", container, "sh", "-c", ASK, "sh", address, "80")


def gets(guest: str, address: str, port: int = 80) -> str:
    """What a host gets over HTTP; nothing where nobody answers."""
    return on(guest, "curl", "--silent", "--max-time", "3", f"http://{address}:{port}/")


def lan_address(host: Host, whose: int) -> str:
    return f"192.168.{LANS[name(host).rpartition('-')[0]]}.{whose * 32 + 5}"


def all_of_it(host: Host) -> Rows:
    """Every row, all at once: most of the time goes by where nobody answers."""
    me, other, there = number(host), 3 - number(host), at(name(host))
    back = ("docker", "run", "--rm", "--network", "back", "local/debian:base", "sh", "-c", ASK, "sh")
    asked: dict[str, tuple[t.Any, ...]] = {
        "bridge: the other host, a port that is let in": (gets, partner(host), there, 8080),
        "bridge: the other host, another port": (gets, partner(host), there, 8081),
        "bridge: the host itself": (gets, name(host), "127.0.0.1", 8081),
        "host: the other host": (gets, partner(host), there, 8090),
        "front: by name": (asks, host, "front-1", "front-2"),
        "front: by alias": (asks, host, "front-1", "second"),
        "front: from another network": (asks, host, "on-bridge", f"172.30.{me}.2"),
        "back: out of an internal network": (on, name(host), *back, at(partner(host)), "8090"),
        "lan: the other host's container": (asks, host, "on-lan", lan_address(host, other)),
        "lan: the host by its own interface": (gets, name(host), lan_address(host, me)),
        "mesh: the other host's container by name": (asks, host, f"mesh-{me}", f"mesh-{other}"),
    }
    with concurrent.futures.ThreadPoolExecutor(len(asked)) as pool:
        return dict(zip(asked, pool.map(lambda ask: ask[0](*ask[1:]), asked.values()), strict=True))


def expected(host: Host) -> Rows:
    return {
        "bridge: the other host, a port that is let in": "on-bridge",
        "bridge: the other host, another port": "",
        "bridge: the host itself": "on-bridge",
        "host: the other host": "on-host",
        "front: by name": "front-2",
        "front: by alias": "front-2",
        "front: from another network": "",
        "back: out of an internal network": "",
        "lan: the other host's container": "on-lan",
        "lan: the host by its own interface": "on-lan",
        "mesh: the other host's container by name": f"mesh-{3 - number(host)}",
    }


@pytest.fixture
def holds(host: Host) -> t.Callable[[], None]:
    """Waits until every row is as it has to be; at the end it is."""

    def wait() -> None:
        deadline = time.monotonic() + PATIENCE
        while (found := all_of_it(host)) != expected(host) and time.monotonic() < deadline:
            time.sleep(1)
        assert found == expected(host)

    return wait


@pytest.fixture(scope="session")
def restarted() -> None:
    """The daemon of one host of each pair is restarted, at once: what its partner still reaches is looked at too."""
    first = [f"{pair}-1" for pair in LANS]
    with concurrent.futures.ThreadPoolExecutor(len(first)) as pool:
        list(pool.map(lambda guest: on(guest, "systemctl", "restart", "docker"), first))
