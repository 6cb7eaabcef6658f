# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a mirror has of a suite, asked through apt's own downloader."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError, InvalidInput
from ansible_collections.slipway.docker.plugins.module_utils.image.apt.archive import SuiteSources
from ansible_collections.slipway.docker.plugins.module_utils.image.apt.mirror import find_sources
from ansible_collections.slipway.docker.plugins.module_utils.image.apt.settings import AptSettings, parse_apt_config
from unit.image.doubles import Answer, Commands, host_of
from unit.image.wishes import ORIGIN
from unit.trees import Tree

RELEASE = (
    "Origin: Debian\nSuite: stable\nArchitectures: all amd64 arm64\nComponents: main contrib\nSHA256:\n aa 1 main/x\n"
)
HELPER = "/usr/lib/apt/apt-helper"
NOT_FOUND: Answer = (
    100,
    "",
    "E: Failed to fetch http://m.example/x  404  Not Found [IP: 192.0.2.1 80]\nE: Download Failed\n",
)


def ask(
    tree: Tree, holds: Sequence[str], other: Answer = NOT_FOUND, architecture: str = "amd64", component: str = "main"
) -> tuple[SuiteSources, list[str]]:
    """:param holds: suites of which the mirror has a Release file"""

    def download(argv: Sequence[str]) -> Answer:
        if argv[-2].split("/")[-2] in holds and argv[-2].endswith("/Release"):
            Path(argv[-1]).write_text(RELEASE)
            return 0, "", ""
        return NOT_FOUND if argv[-2].split("/")[-2] in holds else other

    commands = Commands({"apt-helper": download})
    tree.write(HELPER, "")
    settings = AptSettings(('Acquire::http::Proxy "http://proxy.example:3128"',))
    return find_sources(host_of(tree, commands), ORIGIN, [component], architecture, settings), commands.asked


def test_all_there(tree: Tree) -> None:
    found, asked = ask(tree, ["trixie", "trixie-updates", "trixie-security"])
    assert [entry.suites[0] for entry in found.entries] == ["trixie", "trixie-updates", "trixie-security"]
    assert found.notes == ()
    assert "-o Acquire::http::Proxy=http://proxy.example:3128" in asked[0]


def test_no_security(tree: Tree) -> None:
    found, _asked = ask(tree, ["trixie", "trixie-updates"])
    assert len(found.entries) == 2
    assert found.notes == ("no trixie-security: the mirror http://m.example/debian-security does not hold it",)


def test_no_such_suite(tree: Tree) -> None:
    with pytest.raises(HostError, match=r"the mirror http://m\.example/debian does not hold the suite trixie"):
        ask(tree, [])


def test_mirror_that_does_not_answer(tree: Tree) -> None:
    refused = (
        100,
        "",
        "W: x\nE: Failed to fetch http://m.example/y  Could not connect to m.example:80\nE: Download Failed\n",
    )
    with pytest.raises(
        HostError, match=r"debian cannot be reached: Failed to fetch .* Could not connect to m.example:80"
    ):
        ask(tree, [], refused)
    # an image without security updates must not come about because a server was down for a moment
    with pytest.raises(HostError, match="debian-security cannot be reached"):
        ask(tree, ["trixie", "trixie-updates"], refused)


def test_component_or_architecture_that_the_suite_lacks(tree: Tree) -> None:
    with pytest.raises(InvalidInput) as caught:
        ask(tree, ["trixie", "trixie-updates"], architecture="riscv64", component="universe")
    assert caught.value.problems == [
        "components: trixie has no universe, but main, contrib",
        "architecture: trixie has no riscv64, but all, amd64, arm64",
    ]


def test_host_without_apt(tree: Tree) -> None:
    with pytest.raises(HostError, match="package apt"):
        find_sources(host_of(tree, Commands({})), ORIGIN, ["main"], "amd64", AptSettings())


def test_settings_of_apt() -> None:
    found = parse_apt_config(
        'APT "";\nAcquire::http::Proxy "http://p.example:1";\nAcquire::http::Proxy::m.example "DIRECT";\n'
        'Acquire::https::Proxy "";\nAcquire::Check-Valid-Until "false";\nAcquire::Retries "3";\n'
        'Acquire::Languages "";\nAcquire::Languages:: "none";\nDPkg::Post-Invoke:: "rm -f x";\n'
    )
    assert found.transport == (
        'Acquire::http::Proxy "http://p.example:1"',
        'Acquire::http::Proxy::m.example "DIRECT"',
        'Acquire::Retries "3"',
    )
    assert found.belief == ('Acquire::Check-Valid-Until "false"',)
