# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS, and the files it needs: what each check accepts and what it says, and the engines it holds for."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks import tls
from unit.verdicts import Row, row, table

ROWS = [
    row(
        tls.certificate_and_key,
        {"tlsverify": True},
        "config.tlsverify needs tlscert and tlskey in the file as well; got: true",
    ),
    row(
        tls.certificate_and_key,
        {"tlsverify": False},
        (
            "config.tlsverify switches TLS on even when it is false, which needs tlscert and tlskey; "
            "got: false; take tlsverify out for sockets without TLS"
        ),
    ),
    row(
        tls.certificate_and_key,
        {"tlsverify": True, "tls": False},
        (
            "config.tlsverify switches TLS on even when tls is false, which needs tlscert and "
            "tlskey; got: true; take tlsverify out for sockets without TLS"
        ),
    ),
    row(
        tls.certificate_and_key,
        {"tls": True, "tlscert": "/c.pem"},
        "config.tls needs tlskey in the file as well; got: true",
    ),
    row(tls.certificate_and_key, {"tlsverify": True, "tlscert": "/c.pem", "tlskey": "/k.pem"}),
    row(tls.certificate_and_key, {"tls": False}),
    row(tls.certificate_and_key, {"tls": True}, flags={"tlscert": "/c.pem", "tlskey": "/k.pem"}),
    row(
        tls.authority_of_clients,
        {"tlsverify": True, "tlscert": "/c.pem", "tlskey": "/k.pem", "hosts": ["tcp://10.0.0.5:2376"]},
        (
            "config.tlsverify without tlscacert lets everybody in whose certificate a public "
            "authority has signed, at tcp://10.0.0.5:2376; set tlscacert to the authority of your "
            "clients, or allow it with allow_insecure_tcp"
        ),
    ),
    row(
        tls.authority_of_clients,
        {"tls": True, "tlscert": "/c.pem", "tlskey": "/k.pem", "hosts": ["tcp://10.0.0.5:2376"]},
        (
            "config.tls without tlscacert lets everybody in whose certificate a public authority has "
            "signed, at tcp://10.0.0.5:2376; set tlscacert to the authority of your clients, or "
            "allow it with allow_insecure_tcp"
        ),
    ),
    row(
        tls.authority_of_clients,
        {"tlsverify": False, "tlscert": "/c.pem", "tlskey": "/k.pem", "hosts": ["tcp://10.0.0.5:2376"]},
    ),
    row(
        tls.authority_of_clients,
        {
            "tlsverify": True,
            "tlscert": "/c.pem",
            "tlskey": "/k.pem",
            "tlscacert": "/ca.pem",
            "hosts": ["tcp://10.0.0.5:2376"],
        },
    ),
    row(
        tls.authority_of_clients,
        {"tlsverify": True, "tlscert": "/c.pem", "tlskey": "/k.pem", "hosts": ["tcp://127.0.0.1:2376"]},
    ),
    row(
        tls.authority_of_clients,
        {"tlsverify": True, "tlscert": "/c.pem", "tlskey": "/k.pem", "hosts": ["tcp://10.0.0.5:2376"]},
        allows=["insecure_tcp"],
    ),
    row(
        tls.switched_on_by_false,
        {"tlsverify": False, "tlscert": "/c.pem", "tlskey": "/k.pem"},
        ("config.tlsverify switches TLS on even when it is false; got: false; take it out, or set it to true"),
    ),
    row(
        tls.switched_on_by_false,
        {"tlsverify": True, "tls": False, "tlscert": "/c.pem", "tlskey": "/k.pem"},
        "config.tls is overruled by tlsverify, so TLS is on; got: false; take it out",
    ),
    row(tls.switched_on_by_false, {"tlsverify": True, "tlscert": "/c.pem", "tlskey": "/k.pem"}),
    row(
        tls.no_socket_but_tcp,
        {"tls": True, "tlscert": "/c.pem", "tlskey": "/k.pem"},
        ("config.tls leaves the daemon on tcp://localhost:2376 alone, without its unix socket; set hosts"),
    ),
    row(
        tls.no_socket_but_tcp,
        {"tlsverify": True, "hosts": [], "tlscert": "/c.pem", "tlskey": "/k.pem"},
        ("config.tlsverify leaves the daemon on tcp://localhost:2376 alone, without its unix socket; set hosts"),
    ),
    row(tls.no_socket_but_tcp, {"tls": True, "hosts": ["fd://"], "tlscert": "/c.pem", "tlskey": "/k.pem"}),
    row(tls.no_socket_but_tcp, {"tls": True, "tlscert": "/c.pem", "tlskey": "/k.pem"}, flags={"hosts": ["fd://"]}),
    row(
        tls.files_are_there,
        {"tls": True, "tlscert": "/c.pem", "tlskey": "/k.pem"},
        'config.tlscert is not there; got: "/c.pem"; put the file there first',
        'config.tlskey is a folder; got: "/k.pem"; put the file there first',
        files={"/c.pem": "missing", "/k.pem": "folder"},
    ),
    row(
        tls.files_are_there,
        {"tls": True, "tlscert": "/c.pem", "tlskey": "/k.pem"},
        files={"/c.pem": "file", "/k.pem": "file"},
    ),
    row(
        tls.files_are_there, {"tlscert": "/c.pem", "tlskey": "/k.pem"}, files={"/c.pem": "missing", "/k.pem": "missing"}
    ),
    row(
        tls.files_are_what_they_should_be,
        {"tls": True, "tlscert": "/c.pem", "tlskey": "/k.pem"},
        'config.tlscert has no CERTIFICATE in PEM; got: "/c.pem"',
        'config.tlskey has no PRIVATE KEY in PEM; got: "/k.pem"',
        marks={"/c.pem": frozenset({"RSA PRIVATE KEY"}), "/k.pem": frozenset({"CERTIFICATE"})},
    ),
    row(
        tls.files_are_what_they_should_be,
        {"tls": True, "tlscert": "/c.pem", "tlskey": "/k.pem"},
        'config.tlskey is encrypted, and dockerd asks nobody for a password; got: "/k.pem"',
        marks={"/k.pem": frozenset({"ENCRYPTED PRIVATE KEY", "encrypted"})},
    ),
    row(
        tls.files_are_what_they_should_be,
        {"tls": True, "tlscert": "/c.pem", "tlskey": "/k.pem"},
        marks={"/c.pem": frozenset({"CERTIFICATE"}), "/k.pem": frozenset({"EC PRIVATE KEY"})},
    ),
    row(tls.files_are_what_they_should_be, {"tls": True, "tlscert": "/c.pem", "tlskey": "/k.pem"}),
]


@pytest.mark.parametrize("case", table(ROWS))
def test_a_check(case: Row) -> None:
    assert case.sentences() == list(case.said)
