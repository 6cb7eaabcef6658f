# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Packages as a signed index describes them, and what apt prints of them."""

from __future__ import annotations

import re
import typing as t
import urllib.parse
from dataclasses import dataclass

_URI = re.compile(r"'([^']+)' (\S+) \d+ ")
_DONE = re.compile(r"^(Inst|Conf) (\S+) (?:\[\S+\] )?\((\S+) .*?\[(\S+)\]\)", re.MULTILINE)
_POLICY = re.compile(r"^(\S+):\n  Installed: .*\n  Candidate: (\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Candidate:
    """A package that can be installed.

    :ivar size: of the file, in bytes
    :ivar installed_size: as its index says, in bytes
    """

    name: str
    architecture: str
    version: str
    uri: str
    size: int
    sha256: str
    installed_size: int

    @property
    def key(self) -> str:
        """The package as apt's programs take it, with its exact version."""
        return f"{self.name}:{self.architecture}={self.version}"

    @property
    def file_name(self) -> str:
        """What apt calls its file."""
        return file_name(self.name, self.version, self.architecture)


def file_name(name: str, version: str, architecture: str) -> str:
    """apt keeps colons out of file names."""
    return (
        "_".join(
            part.replace("%", "%25").replace(":", "%3a").replace("_", "%5f") for part in (name, version, architecture)
        )
        + ".deb"
    )


def parse_uris(text: str) -> dict[str, str]:
    """File names and URIs of what ``--print-uris`` prints."""
    return {name: urllib.parse.unquote(uri) if uri.startswith("file:") else uri for uri, name in _URI.findall(text)}


def parse_simulation(text: str) -> tuple[tuple[bool, str], ...]:
    """What a simulated run does, in its order: whether it installs or configures, and the package's key."""
    return tuple(
        (kind == "Inst", f"{name.partition(':')[0]}:{architecture}={version}")
        for kind, name, version, architecture in _DONE.findall(text)
    )


def stanzas(text: str) -> t.Iterator[str]:
    """The paragraphs of a control file."""
    for stanza in text.split("\n\n"):
        if stanza.strip():
            yield stanza.strip("\n")


def field(stanza: str, name: str) -> str:
    """One field's first line, empty where there is none."""
    match = re.search(rf"^{re.escape(name)}: *(.*)$", stanza, re.MULTILINE | re.IGNORECASE)
    return match.group(1).strip() if match else ""


def candidate_of(stanza: str, uri: str) -> Candidate:
    """What the stanza of an index says."""
    return Candidate(
        field(stanza, "Package"),
        field(stanza, "Architecture"),
        field(stanza, "Version"),
        uri,
        int(field(stanza, "Size") or 0),
        field(stanza, "SHA256"),
        int(field(stanza, "Installed-Size") or 0) * 1024,
    )


def parse_policy(text: str) -> dict[str, str]:
    """Candidates by name from what ``apt-cache policy`` prints; without packages that have none."""
    return {name: version for name, version in _POLICY.findall(text) if version != "(none)"}
