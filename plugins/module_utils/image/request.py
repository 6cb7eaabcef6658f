# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What a playbook asks for: an image by name, and what shall be in it."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, field

from .image_config import ImageConfig
from .origin import Wanted
from .reference import parse_reference

_SUITE = re.compile(r"[a-z][a-z0-9.-]*\Z")
_COMPONENT = re.compile(r"[a-z0-9][a-z0-9/-]*\Z")
# Name, then an architecture, then a version or a suite, as apt takes them; a final dash would mean removal.
_PACKAGE = re.compile(r"[a-z0-9](?:[a-z0-9+.-]*[a-z0-9+.])(?::[a-z0-9]+)?(?:=[A-Za-z0-9.+:~-]+|/[a-z0-9.-]+)?\Z")
# Debian's names for architectures, and Docker's for the platforms.
PLATFORMS = {
    "amd64": "linux/amd64",
    "arm64": "linux/arm64/v8",
    "armel": "linux/arm/v5",
    "armhf": "linux/arm/v7",
    "i386": "linux/386",
    "mips64el": "linux/mips64le",
    "ppc64el": "linux/ppc64le",
    "riscv64": "linux/riscv64",
    "s390x": "linux/s390x",
}


@dataclass(frozen=True)
class Request:
    """One task's wishes.

    :ivar slim: leave out documentation, manual pages and translations
    :ivar force: build although the image there is what was asked for
    """

    name: str
    state: str = "present"
    suite: str = ""
    variant: str = "minbase"
    packages: tuple[str, ...] = ()
    components: tuple[str, ...] = ("main",)
    architecture: str = ""
    mirror: str = ""
    security_mirror: str = ""
    keyring: str = ""
    backend: str = "auto"
    slim: bool = False
    config: ImageConfig = field(default_factory=ImageConfig)
    force: bool = False

    @property
    def wanted_origin(self) -> Wanted:
        return Wanted(self.suite, self.mirror, self.security_mirror, self.keyring)

    @property
    def familiar_name(self) -> str:
        """The image's name as Docker shows it; as it was given where it is none."""
        try:
            return parse_reference(self.name).familiar
        except ValueError:
            return self.name

    def problems(self) -> list[str]:
        """Everything that can be told to be wrong without looking at a host."""
        found = []
        try:
            parse_reference(self.name)
        except ValueError as error:
            found.append(f"name: {error}; got: {self.name}")
        if self.suite and not _SUITE.match(self.suite):
            found.append(f"suite must be a release's name such as bookworm; got: {self.suite}")
        for option, values, pattern in (
            ("packages", self.packages, _PACKAGE),
            ("components", self.components, _COMPONENT),
        ):
            found += [f"{option}: {value!r} is no name for one" for value in values if not pattern.match(value)]
        if not self.components:
            found.append("components must name at least one, such as main")
        if self.architecture and self.architecture not in PLATFORMS:
            known = ", ".join(PLATFORMS)
            found.append(f"architecture must be one of {known}, as Debian names them; got: {self.architecture}")
        if self.variant == "apt" and self.backend == "debootstrap":
            found.append("variant apt needs the backend mmdebstrap: debootstrap's smallest variant is minbase")
        for option, uri in (("mirror", self.mirror), ("security_mirror", self.security_mirror)):
            if re.search(r"//[^/]*@", uri):
                found.append(f"{option} must not hold credentials: they would get into the image")
        return found + self.config.problems()


def read_request(params: t.Mapping[str, t.Any]) -> Request:
    """A module's parameters as a request."""

    def pairs(option: str) -> tuple[tuple[str, str], ...]:
        return tuple(sorted((str(name), _text(value)) for name, value in (params.get(option) or {}).items()))

    return Request(
        name=params["name"],
        state=params["state"],
        suite=params.get("suite") or "",
        variant=params["variant"],
        packages=tuple(dict.fromkeys(params["packages"])),
        components=tuple(dict.fromkeys(params["components"])),
        architecture=params.get("architecture") or "",
        mirror=(params.get("mirror") or "").rstrip("/"),
        security_mirror=(params.get("security_mirror") or "").rstrip("/"),
        keyring=params.get("keyring") or "",
        backend=params["backend"],
        slim=params["slim"],
        config=ImageConfig(tuple(params["cmd"]), pairs("env"), pairs("labels")),
        force=params["force"],
    )


def _text(value: t.Any) -> str:
    """YAML's booleans and null, written as one would in a shell."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
