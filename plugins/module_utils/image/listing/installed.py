# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The packages in a root filesystem, read from dpkg's own list, and that list in an image's label."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ..root.files import inside


@dataclass(frozen=True, order=True)
class Package:
    """An installed package."""

    name: str
    architecture: str
    version: str


def parse_status(text: str) -> tuple[Package, ...]:
    """The installed packages of dpkg's status file, sorted."""
    found = []
    for stanza in text.split("\n\n"):
        fields = dict(_fields(stanza))
        if fields.get("Status", "").endswith(" installed"):
            found.append(Package(fields.get("Package", ""), fields.get("Architecture", ""), fields.get("Version", "")))
    return tuple(sorted(found))


def to_words(packages: t.Iterable[Package], own: str) -> str:
    """Packages as ``name=version`` in one line, sorted; ``name:architecture=version`` where it is not the image's own.

    :param own: the image's architecture
    """
    return " ".join(
        sorted(
            f"{package.name}{'' if package.architecture == own else ':' + package.architecture}={package.version}"
            for package in packages
        )
    )


def from_words(text: str, own: str) -> tuple[Package, ...]:
    """What :func:`to_words` wrote; a word that is no package with a version is left out."""
    found = []
    for word in text.split():
        name, equals, version = word.partition("=")
        name, colon, architecture = name.partition(":")
        if name and equals and version:
            found.append(Package(name, architecture if colon else own, version))
    return tuple(sorted(found))


def _fields(stanza: str) -> t.Iterator[tuple[str, str]]:
    for line in stanza.splitlines():
        name, colon, value = line.partition(":")
        if colon and not line.startswith((" ", "\t")):
            yield name, value.strip()


def packages_of(root: str) -> tuple[Package, ...]:
    """The packages of a root filesystem in a directory; none where dpkg has no list there."""
    try:
        with open(inside(root, "/var/lib/dpkg/status"), encoding="utf-8", errors="replace") as file:
            return parse_status(file.read())
    except FileNotFoundError:
        return ()
