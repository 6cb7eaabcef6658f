# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Registries and mirrors: what each check accepts and what it says, and the engines it holds for."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks import registries
from unit.verdicts import Row, row, table

ROWS = [
    row(
        registries.insecure_registries,
        {
            "insecure-registries": [
                "reg:5000/path",
                "ftp://reg",
                "reg:99999",
                "10.0.0.0/33",
                "reg_x:5000",
                "*.example.org",
                "-reg",
                "",
                "https://reg:5000/",
            ]
        },
        (
            "config.insecure-registries[0] must be a host, host:port or a network; got: "
            '"reg:5000/path"; take out what follows the slash'
        ),
        ('config.insecure-registries[1] must be a host, host:port or a network; got: "ftp://reg"; take the scheme out'),
        'config.insecure-registries[2] must have a port up to 65535; got: "reg:99999"',
        (
            "config.insecure-registries[3] must be a host, host:port or a network; got: "
            '"10.0.0.0/33"; take out what follows the slash'
        ),
        (
            "config.insecure-registries[4] must be a host, host:port or a network; got: "
            '"reg_x:5000"; a registry is named without a wildcard or a path'
        ),
        (
            "config.insecure-registries[5] must be a host, host:port or a network; got: "
            '"*.example.org"; a registry is named without a wildcard or a path'
        ),
        'config.insecure-registries[6] must not begin or end with a hyphen; got: "-reg"',
        (
            'config.insecure-registries[7] must be a host, host:port or a network; got: ""; a '
            "registry is named without a wildcard or a path"
        ),
        (
            "config.insecure-registries[8] must be a host, host:port or a network; got: "
            '"https://reg:5000/"; take out what follows the slash'
        ),
    ),
    row(
        registries.insecure_registries,
        {
            "insecure-registries": [
                "reg:5000",
                "http://reg",
                "10.0.0.0/8",
                "10.1.2.3/8",
                "[::1]:5000",
                "::1",
                "fd00::/8",
                "REG.Example.org",
            ]
        },
    ),
    row(
        registries.registries_with_a_scheme,
        {"insecure-registries": ["HTTP://reg:5000"]},
        ('config.insecure-registries[0] has a scheme, which does nothing; got: "HTTP://reg:5000"; take it out'),
    ),
    row(registries.registries_with_a_scheme, {"insecure-registries": ["reg:5000"]}),
    row(
        registries.mirrors,
        {
            "registry-mirrors": [
                "mirror:5000",
                "ftp://mirror",
                "https://user:secret@mirror/",
                "https://mirror/?a=1",
                "https://mirror/#x",
                "https://mir ror",
                "https://mirror:abc",
            ]
        },
        ('config.registry-mirrors[0] must be a URL that begins with https:// or http://; got: "mirror:5000"'),
        ('config.registry-mirrors[1] must be a URL that begins with https:// or http://; got: "ftp://mirror"'),
        (
            "config.registry-mirrors[2] must have no user and no password; got: "
            '"https://***@mirror/"; let the mirror in without one, or by the address it is asked from'
        ),
        ('config.registry-mirrors[3] must have no query and no fragment; got: "https://mirror/?a=1"'),
        'config.registry-mirrors[4] must have no query and no fragment; got: "https://mirror/#x"',
        'config.registry-mirrors[5] is no URL that can be read; got: "https://mir ror"',
        'config.registry-mirrors[6] is no URL that can be read; got: "https://mirror:abc"',
    ),
    row(
        registries.mirrors,
        {"registry-mirrors": ["https://mirror/a/b"]},
        ('config.registry-mirrors[0] must have no path with engine 23.0.0; got: "https://mirror/a/b"'),
        version="23.0.0",
    ),
    row(registries.mirrors, {"registry-mirrors": ["https://mirror/a/b"]}, version="24.0.0"),
    row(registries.mirrors, {"registry-mirrors": ["https://mirror/a/b", "HTTPS://mirror", "http://mirror:5000/"]}),
    row(
        registries.mirrors_without_a_host,
        {"registry-mirrors": ["https://"]},
        'config.registry-mirrors[0] has no host; got: "https://"',
    ),
    row(registries.mirrors_without_a_host, {"registry-mirrors": ["https://mirror"]}),
]


@pytest.mark.parametrize("case", table(ROWS))
def test_a_check(case: Row) -> None:
    assert case.sentences() == list(case.said)
