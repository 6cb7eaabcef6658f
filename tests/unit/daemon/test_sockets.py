# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The addresses in ``hosts``, read as dockerd reads them."""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.daemon.sockets import (
    Address,
    addresses,
    checks_clients,
    parse_address,
    uses_tls,
)

UNIX = Address("unix:///var/run/docker.sock", "unix", path="/var/run/docker.sock")
TLS = Address("tcp://localhost:2376", "tcp", host="localhost", port=2376)


@pytest.mark.parametrize(
    ("raw", "kind", "path", "host", "port", "loopback"),
    [
        ("unix:///run/x.sock", "unix", "/run/x.sock", "", 0, True),
        ("unix://", "unix", "/var/run/docker.sock", "", 0, True),
        ("unix://@docker", "unix", "@docker", "", 0, True),
        ("fd://", "fd", "", "", 0, True),
        ("fd://*", "fd", "", "", 0, True),
        ("fd://3", "fd", "", "", 0, True),
        ("tcp://0.0.0.0:2376", "tcp", "", "0.0.0.0", 2376, False),
        ("tcp://0.0.0.0", "tcp", "", "0.0.0.0", 2375, False),
        ("tcp://127.0.0.1:1", "tcp", "", "127.0.0.1", 1, True),
        ("tcp://127.1.2.3:65535", "tcp", "", "127.1.2.3", 65535, True),
        ("tcp://127.0.0.1:2375/", "tcp", "", "127.0.0.1", 2375, True),
        ("tcp://localhost:2375", "tcp", "", "localhost", 2375, True),
        ("tcp://", "tcp", "", "localhost", 2375, True),
        ("tcp://:4243", "tcp", "", "localhost", 4243, True),
        (":4243", "tcp", "", "localhost", 4243, True),
        ("10.0.0.1:2375", "tcp", "", "10.0.0.1", 2375, False),
        ("10.0.0.1", "tcp", "", "10.0.0.1", 2375, False),
        ("docker.example.org:2375", "tcp", "", "docker.example.org", 2375, False),
        ("tcp://[::1]:2375", "tcp", "", "::1", 2375, True),
        ("tcp://[::1]", "tcp", "", "::1", 2375, True),
        ("tcp://[::]:2375", "tcp", "", "::", 2375, False),
        ("tcp://[fe80::1%eth0]:2375", "tcp", "", "fe80::1%eth0", 2375, False),
        (" tcp://127.0.0.1:2375 ", "tcp", "", "127.0.0.1", 2375, True),
    ],
)
def test_parse(raw: str, kind: str, path: str, host: str, port: int, loopback: bool) -> None:
    address = parse_address(raw)
    assert address == Address(raw, t.cast("t.Any", kind), path=path, host=host, port=port)
    assert address.loopback is loopback


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ("unix://run/docker.sock", "the path is relative; write unix:///run/docker.sock"),
        ("npipe:////./pipe/docker", "dockerd on Linux listens on unix://, tcp:// and fd:// only"),
        ("http://127.0.0.1:2375", "dockerd on Linux listens on unix://, tcp:// and fd:// only"),
        ("TCP://127.0.0.1", "dockerd on Linux listens on unix://, tcp:// and fd:// only"),
        ("tcp://127.0.0.1:2375/path", "a tcp address has no path"),
        ("/var/run/docker.sock", "a tcp address has no path"),
        ("unix:/var/run/docker.sock", "a tcp address has no path"),
        ("tcp://127.0.0.1:http", "the port must be a number from 1 to 65535; got: http"),
        ("tcp://127.0.0.1:0", "the port must be a number from 1 to 65535; got: 0"),
        ("tcp://127.0.0.1:65536", "the port must be a number from 1 to 65535; got: 65536"),
        ("tcp://127.0.0.1:-1", "the port must be a number from 1 to 65535; got: -1"),
        ("tcp://::1", "the port must be a number from 1 to 65535; got: :1"),
        ("tcp://[::1:2375", "not of the form tcp://[address]:port"),
        ("tcp://[::1]2375", "not of the form tcp://[address]:port"),
    ],
)
def test_refused(raw: str, problem: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011  # the whole message is compared
        parse_address(raw)
    assert str(caught.value) == f"{raw}: {problem}"


def read(raw: str) -> Address | str:
    try:
        return parse_address(raw)
    except ValueError as error:
        return str(error)


@given(st.text())
def test_anything_is_read_or_refused_with_its_name(raw: str) -> None:
    found = read(raw)
    assert found.startswith(f"{raw}: ") if isinstance(found, str) else found.raw == raw


@given(st.ip_addresses(v=4).map(str) | st.ip_addresses(v=6).map("[{}]".format), st.integers(1, 65535))
def test_every_address_and_port(host: str, port: int) -> None:
    address = parse_address(f"tcp://{host}:{port}")
    assert (address.host, address.port) == (host.strip("[]"), port)


@pytest.mark.parametrize(
    ("document", "arguments", "expected"),
    [
        ({}, [], [UNIX]),
        ({"hosts": []}, [], [UNIX]),
        ({"hosts": [""]}, [], [UNIX]),
        ({"hosts": None}, [], [UNIX]),
        ({"tlsverify": True}, [], [TLS]),
        ({"tls": True, "hosts": []}, [], [TLS]),
        ({"tls": False, "tlsverify": True}, [], [TLS]),
        ({"tls": True}, ["fd://"], [Address("fd://", "fd")]),
        ({}, ["fd://"], [Address("fd://", "fd")]),
        ({"hosts": ["unix:///var/run/docker.sock"]}, ["fd://"], [UNIX]),
        (
            {"hosts": ["fd://", "tcp://127.0.0.1:1"]},
            [],
            [Address("fd://", "fd"), Address("tcp://127.0.0.1:1", "tcp", host="127.0.0.1", port=1)],
        ),
    ],
)
def test_where_the_daemon_listens(document: dict[str, t.Any], arguments: list[str], expected: list[Address]) -> None:
    assert addresses(document, arguments) == expected


@pytest.mark.parametrize(
    ("document", "tls", "clients"),
    [
        ({}, False, False),
        ({"tls": True}, True, True),
        ({"tls": False}, False, False),
        ({"tlsverify": True}, True, True),
        ({"tlsverify": False}, True, False),
        ({"tls": True, "tlsverify": True}, True, True),
        ({"tls": False, "tlsverify": True}, True, True),
        ({"tls": False, "tlsverify": False}, True, False),
    ],
)
def test_tls(document: dict[str, t.Any], tls: bool, clients: bool) -> None:
    assert (uses_tls(document), checks_clients(document)) == (tls, clients)
