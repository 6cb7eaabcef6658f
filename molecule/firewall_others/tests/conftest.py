# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of this scenario share: a declaration, and who reaches what by real packets."""

from __future__ import annotations

import concurrent.futures
import json
import subprocess
import sys
import time
import typing as t
from pathlib import Path

import pytest
import yaml
from testinfra.host import Host

CHECKOUT = Path(__file__).resolve().parents[3]
CLIENT = "firewall-others-client"
ASK = 'for port in 8080 8081; do echo "$port $(curl --silent --max-time 2 "http://$1:$port/")" & done; wait'
PORTS = {"allowed": 8080, "denied": 8081}


def on(guest: str, *argv: str) -> subprocess.CompletedProcess[str]:
    """Run a command on any of the hosts."""
    command = [sys.executable, "tests/sandbox", "exec", guest, "--", *argv]
    return subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)


def address_of(guest: str) -> str:
    inventory = yaml.safe_load((CHECKOUT / ".sandbox" / "inventory.yml").read_text())
    return str(inventory["docker_hosts"]["hosts"][guest]["sandbox_address"])


def gets(guest: str, address: str) -> dict[str, str]:
    """What a host gets over HTTP, by what it asks for; nothing where nobody answers."""
    printed = on(guest, "sh", "-c", ASK, "sh", address).stdout
    found = dict(line.split(" ", 1) for line in printed.splitlines())
    return {what: found.get(str(port), "").strip() for what, port in PORTS.items()}


class Client:
    """The host that rules let in."""

    @property
    def address(self) -> str:
        return address_of(CLIENT)

    def start(self, *argv: str) -> subprocess.Popen[str]:
        """Start a command there; its output can be read here."""
        command = [sys.executable, "tests/sandbox", "exec", CLIENT, "--", *argv]
        return subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def client() -> Client:
    """The host that rules let in."""
    return Client()


class Declare(t.Protocol):
    """Runs the module on the host; a failure is a result like any other."""

    def __call__(self, *, prelude: str = "", **arguments: t.Any) -> dict[str, t.Any]: ...


@pytest.fixture
def declare(host: Host) -> Declare:
    """The scenario's declaration, or another one.

    A prelude is what the shell that starts the module does before.
    """

    def run(*, prelude: str = "", **arguments: t.Any) -> dict[str, t.Any]:
        extra: dict[str, str] = {}
        if prelude:
            wrapper = "/usr/local/bin/python-with-prelude"
            script = f'#!/bin/sh\n{prelude}\nexec /usr/bin/python3 "$@"\n'
            host.check_output("printf %%s %s > %s && chmod 755 %s", script, wrapper, wrapper)
            extra = {"ansible_python_interpreter": wrapper}
        rules = [{"ports": [8080], "sources": [address_of(CLIENT)], "comment": "what the client may reach"}]
        declared = json.dumps({"rules": rules, **arguments})
        done = host.ansible("slipway.docker.firewall", declared, check=False, become=True, extra_vars=extra)
        return t.cast("dict[str, t.Any]", done)

    return run


@pytest.fixture
def reached(host: Host) -> t.Callable[[], dict[str, str]]:
    """What the client, another host and the host itself get, when the containers answer."""

    def ask() -> dict[str, str]:
        guest = str(host.backend.host)
        where, end = address_of(guest), time.monotonic() + 60
        while "" in gets(guest, "127.0.0.1").values() and time.monotonic() < end:
            time.sleep(0.5)
        stranger = "firewall-others-legacy" if guest != "firewall-others-legacy" else "firewall-others-ufw"
        who = {"client": CLIENT, "stranger": stranger, "host": guest}
        with concurrent.futures.ThreadPoolExecutor(len(who)) as pool:
            pages = pool.map(lambda name: gets(name, where), who.values())
            return {
                f"{one} {what}": page for one, found in zip(who, pages, strict=True) for what, page in found.items()
            }

    return ask


HELD = {
    "client allowed": "allowed",
    "client denied": "",
    "stranger allowed": "",
    "stranger denied": "",
    "host allowed": "allowed",
    "host denied": "denied",
}


@pytest.fixture
def holds(reached: t.Callable[[], dict[str, str]]) -> t.Callable[[], None]:
    """Asserts that only the client reaches only what it may.

    Docker may still be at its own rules, so that nobody reaches anything for a while; nobody may reach more.
    """

    def check() -> None:
        end = time.monotonic() + 20
        while (found := reached()) != HELD and time.monotonic() < end:
            assert {name: page for name, page in found.items() if page not in ("", HELD[name])} == {}
        assert found == HELD

    return check


@pytest.fixture
def away(host: Host, declare: Declare, reached: t.Callable[[], dict[str, str]]) -> t.Callable[[], None]:
    """Takes everything of ours away, after which everybody reaches everything: nobody else had denied it."""

    def take() -> None:
        assert declare(state="absent")["changed"] is True
        assert declare(state="absent")["changed"] is False
        assert "slipway" not in host.check_output("nft list ruleset").lower()
        assert "SLIPWAY" not in host.check_output("iptables-save; ip6tables-save")
        assert (reached()["client allowed"], reached()["client denied"]) == ("allowed", "denied")

    return take
