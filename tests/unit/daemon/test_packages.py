# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which packages make an engine, whether a host has them, and which others would have to go."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.packages import (
    PackageSource,
    look,
    packages_for,
    shortcomings,
)
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import InvalidInput
from ansible_collections.slipway.docker.plugins.module_utils.host.os_release import OsRelease
from ansible_collections.slipway.docker.plugins.modules.engine_packages_info import other_entries
from unit.trees import Tree

BOOKWORM = 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n'
TRIXIE = 'ID=debian\nVERSION_ID="13"\nVERSION_CODENAME=trixie\n'
SID = "ID=debian\nVERSION_CODENAME=sid\n"
UBUNTU = 'ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\n'


def host(tree: Tree, os_release: str, *packages: str) -> Tree:
    """A tree with these packages, each as ``name version`` or ``name version want state``."""
    paragraphs = []
    for package in packages:
        name, version, want, state = [*package.split(), "install", "installed"][:4]
        paragraphs.append(f"Package: {name}\nStatus: {want} ok {state}\nArchitecture: amd64\nVersion: {version}\n")
    tree.write("/etc/os-release", os_release)
    tree.write("/var/lib/dpkg/status", "\n".join(paragraphs))
    return tree


@pytest.mark.parametrize(
    ("os_release", "source", "versioned"),
    [
        pytest.param(BOOKWORM, "distribution", ("docker.io",), id="Debian 12"),
        pytest.param(TRIXIE, "distribution", ("docker.io", "docker-cli"), id="Debian 13 has the client by itself"),
        pytest.param(SID, "distribution", ("docker.io", "docker-cli"), id="sid has no number"),
        pytest.param(UBUNTU, "distribution", ("docker.io",), id="Ubuntu"),
        pytest.param(BOOKWORM, "docker", ("docker-ce", "docker-ce-cli"), id="Docker's"),
    ],
)
def test_packages_that_carry_the_version(
    tree: Tree, os_release: str, source: PackageSource, versioned: tuple[str, ...]
) -> None:
    assert look(host(tree, os_release).host, source).packages.versioned == versioned


def test_other_families_are_told_what_to_do() -> None:
    with pytest.raises(InvalidInput, match="not for fedora; install the engine by other means"):
        packages_for(OsRelease(id="fedora", version="41", codename="", like=()), "docker")


@pytest.mark.parametrize(
    ("source", "packages", "in_the_way"),
    [
        pytest.param(
            "docker", ["docker.io 1", "containerd 1", "runc 1"], ("docker.io", "containerd", "runc"), id="Debian's"
        ),
        pytest.param("docker", ["containerd 1"], ("containerd",), id="containerd alone, as of a Kubernetes node"),
        pytest.param("docker", ["docker.io 1 deinstall config-files"], (), id="removed, with its settings left"),
        pytest.param("docker", ["docker-ce 1", "containerd.io 1"], (), id="Docker's own are not in Docker's way"),
        pytest.param("distribution", ["docker-ce 1", "containerd.io 1"], ("docker-ce", "containerd.io"), id="Docker's"),
        pytest.param("distribution", ["docker.io 1", "containerd 1"], (), id="Debian's own are not in Debian's way"),
        pytest.param("distribution", ["podman-docker 1"], ("podman-docker",), id="what is called docker and is not"),
    ],
)
def test_packages_that_would_have_to_go(
    tree: Tree, source: PackageSource, packages: list[str], in_the_way: tuple[str, ...]
) -> None:
    findings = look(host(tree, BOOKWORM, *packages).host, source)
    assert findings.in_the_way == in_the_way
    assert not set(findings.present) & set(in_the_way)


ENGINE = ["docker-ce 5:2", "docker-ce-cli 5:2", "containerd.io 1", "ca-certificates 1", "python3-debian 1"]
HELD = [f"{package} hold installed" for package in ENGINE[:3]] + ENGINE[3:]


@pytest.mark.parametrize(
    ("packages", "version", "hold", "problems"),
    [
        pytest.param(ENGINE, "*", None, [], id="any version will do"),
        pytest.param(ENGINE, "5:2*", None, [], id="the pinned one"),
        pytest.param(
            ENGINE, "5:3*", None, ["docker-ce is 5:2, not 5:3*", "docker-ce-cli is 5:2, not 5:3*"], id="another one"
        ),
        pytest.param(ENGINE[1:], "*", None, ["docker-ce is not installed"], id="one is absent"),
        pytest.param(HELD, "*", None, [], id="held, and nobody asked"),
        pytest.param(HELD, "*", True, [], id="held as wanted"),
        pytest.param(
            ENGINE,
            "*",
            True,
            ["docker-ce is not held", "docker-ce-cli is not held", "containerd.io is not held"],
            id="to be held",
        ),
        pytest.param(
            HELD,
            "*",
            False,
            ["docker-ce is held", "docker-ce-cli is held", "containerd.io is held"],
            id="to be released",
        ),
    ],
)
def test_shortcomings(tree: Tree, packages: list[str], version: str, hold: bool | None, problems: list[str]) -> None:
    assert shortcomings(look(host(tree, BOOKWORM, *packages).host, "docker"), version, hold) == problems


SOURCES = "/etc/apt/sources.list.d"
URL = "https://download.docker.com/linux/debian"
OWN_STANZA = f"Types: deb\nURIs: {URL}\nSuites: bookworm\nComponents: stable\nSigned-By: /etc/apt/keyrings/docker.asc\n"


@pytest.mark.parametrize(
    ("file", "text", "places"),
    [
        pytest.param(
            "docker.list", f"deb [signed-by=/k.gpg] {URL} bookworm stable\n", ["docker.list:1"], id="another key"
        ),
        pytest.param("docker.list", f"deb [arch=amd64] {URL}/ bookworm stable\n", ["docker.list:1"], id="no key"),
        pytest.param("docker.list", f"# deb {URL} bookworm stable\n", [], id="commented out"),
        pytest.param(
            "docker.list",
            f"deb [signed-by=/etc/apt/keyrings/docker.asc] {URL} bookworm stable\n",
            [],
            id="the same key",
        ),
        pytest.param("docker.sources", OWN_STANZA.replace("docker.asc", "docker.gpg"), [], id="the role's own, older"),
        pytest.param("d.sources", OWN_STANZA.replace("docker.asc", "docker.gpg"), ["d.sources:1"], id="a stanza"),
        pytest.param("d.sources", "Enabled: no\n" + OWN_STANZA.replace(".asc", ".gpg"), [], id="a disabled stanza"),
        pytest.param("debian.list", "deb http://mirror.example/debian bookworm main\n", [], id="another repository"),
    ],
)
def test_entries_that_apt_refuses_to_have_beside_ours(tree: Tree, file: str, text: str, places: list[str]) -> None:
    tree.write(f"{SOURCES}/{file}", text)
    assert other_entries(tree.host, "https://download.docker.com/linux/") == [f"{SOURCES}/{place}" for place in places]
