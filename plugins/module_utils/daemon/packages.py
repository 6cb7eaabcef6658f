# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Which packages make a Docker engine on a distribution, and whether a host has them."""

from __future__ import annotations

import fnmatch
import typing as t
from dataclasses import dataclass

from ..host.dpkg import Package, installed
from ..host.errors import InvalidInput
from ..host.machine import Host
from ..host.os_release import OsRelease, read_os_release

PackageSource = t.Literal["distribution", "docker"]

# Packages of an engine that cannot stay when the other's is installed: apt would remove them without a question.
_DEBIAN = ("docker.io", "docker-cli", "containerd", "runc")
_DOCKER = ("docker-ce", "docker-ce-cli", "containerd.io")
_PODMAN = ("podman-docker",)

# Debian split the client off with 13; before, docker.io contains it.
_FIRST_DEBIAN_WITH_DOCKER_CLI = 13


@dataclass(frozen=True)
class EnginePackages:
    """The packages of an engine.

    :param versioned: those that carry the engine's version, which can be pinned
    :param companions: what they need besides
    :param held: those that a hold keeps from being upgraded
    :param rivals: those that cannot be installed beside them
    """

    versioned: tuple[str, ...]
    companions: tuple[str, ...]
    held: tuple[str, ...]
    rivals: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.versioned, *self.companions)


@dataclass(frozen=True)
class Findings:
    """What a host has of an engine's packages.

    :param in_the_way: packages that would have to go
    """

    release: OsRelease
    packages: EnginePackages
    present: dict[str, Package]
    in_the_way: tuple[str, ...] = ()


def look(host: Host, source: PackageSource) -> Findings:
    """Look at a host.

    :raises InvalidInput: for a distribution whose packages are not known
    """
    release = read_os_release(host)
    packages = packages_for(release, source)
    found = installed(host, (*packages.names, *packages.rivals))
    return Findings(
        release,
        packages,
        {name: package for name, package in found.items() if name in packages.names},
        tuple(name for name in packages.rivals if name in found),
    )


def packages_for(release: OsRelease, source: PackageSource) -> EnginePackages:
    """The packages of an engine on a distribution.

    :raises InvalidInput: for a distribution whose packages are not known
    """
    if not release.is_debian_family:
        known = f"packages of a Docker engine are known for Debian and its family, not for {release.id or 'this host'}"
        raise InvalidInput([f"{known}; install the engine by other means and set engine_package_source to none"])
    if source == "docker":
        engine = ("docker-ce", "docker-ce-cli")
        companions = ("containerd.io", "ca-certificates", "python3-debian")
        return EnginePackages(engine, companions, (*engine, "containerd.io"), (*_DEBIAN, *_PODMAN))
    own = ("docker.io", "docker-cli") if _has_docker_cli(release) else ("docker.io",)
    return EnginePackages(own, ("iptables",), own, (*_DOCKER, *_PODMAN))


def _has_docker_cli(release: OsRelease) -> bool:
    if release.id != "debian":
        return False
    number = release.version.partition(".")[0]
    return not number.isdigit() or int(number) >= _FIRST_DEBIAN_WITH_DOCKER_CLI  # testing and sid have no number


def shortcomings(findings: Findings, version: str, hold: bool | None) -> list[str]:
    """Why a host does not have what is wanted; empty when it has.

    :param version: shell pattern for the version of the engine's packages
    :param hold: whether they shall be held; None when that does not matter
    """
    problems = []
    for name in findings.packages.names:
        package = findings.present.get(name)
        if package is None:
            problems.append(f"{name} is not installed")
        elif name in findings.packages.versioned and not fnmatch.fnmatchcase(package.version, version):
            problems.append(f"{name} is {package.version}, not {version}")
        elif hold is not None and name in findings.packages.held and package.held != hold:
            problems.append(f"{name} is {'held' if package.held else 'not held'}")
    return problems
