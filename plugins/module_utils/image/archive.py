# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Where Debian's archive is for this machine, and what it holds of a release."""

from __future__ import annotations

import os
import re
import tempfile
import typing as t
from dataclasses import dataclass, replace

from ..host.errors import HostError
from ..host.machine import Host
from .apt_sources import AptSource, read_sources

CODENAMES = ("buster", "bullseye", "bookworm", "trixie", "forky", "duke", "sid")
_ALIASES = ("oldoldstable", "oldstable", "stable", "testing", "unstable")
# Suites that are developed, not released: they have neither updates nor security of their own.
_ROLLING = frozenset({"sid", "unstable"})
_KEYRING = "/usr/share/keyrings/debian-archive-keyring"
_SECTION = re.compile(r"(?:-(?:updates|backports|security|proposed-updates)|/updates)\Z")
_APT_HELPER = "/usr/lib/apt/apt-helper"


@dataclass(frozen=True)
class DebianArchive:
    """The machine's Debian mirror.

    :ivar uri: of the archive itself
    :ivar security_uri: of the security archive, None where the machine has none set up
    :ivar keyring: file with the archive's keys
    """

    uri: str
    security_uri: str | None
    keyring: str


@dataclass(frozen=True)
class SuiteSources:
    """What to hand to apt for one release, and what a person should know about it."""

    suite: str
    entries: tuple[AptSource, ...]
    keyring: str
    notes: tuple[str, ...] = ()

    def one_line(self) -> tuple[str, ...]:
        return tuple(line for entry in self.entries for line in entry.one_line())


def find_archive(host: Host, entries: t.Sequence[AptSource] | None = None) -> DebianArchive:
    """Debian's archive as the machine's own apt is set up with it.

    :raises HostError: where the machine has none, or its keyring is absent
    """
    read = read_sources(host) if entries is None else entries
    usable = [entry for entry in read if entry.enabled and "deb" in entry.types and _is_debian(entry)]
    main = [entry for entry in usable if not _is_security(entry)]
    if not main:
        raise HostError(
            "no Debian archive among the package sources in /etc/apt: on another distribution give the mirror and a"
            " keyring (package debian-archive-keyring)"
        )
    security = [entry for entry in usable if _is_security(entry)]
    return DebianArchive(
        main[0].uris[0].rstrip("/"),
        security[0].uris[0].rstrip("/") if security else None,
        find_keyring(host, main[0].option("signed-by")),
    )


def _is_debian(entry: AptSource) -> bool:
    """Whether an entry is a Debian release, not merely a third party's repository for one."""
    suites = {_SECTION.sub("", suite) for suite in entry.suites}
    if "main" not in entry.components or not suites <= {*CODENAMES, *_ALIASES}:
        return False
    signed_by = os.path.basename(entry.option("signed-by") or "")
    by_path = any(re.search(r"/debian(-security|-archive)?(/|\Z)", uri) for uri in entry.uris)
    return signed_by.startswith("debian-archive-") or by_path


def _is_security(entry: AptSource) -> bool:
    return all(suite.endswith(("-security", "/updates")) for suite in entry.suites)


def find_keyring(host: Host, signed_by: str | None = None) -> str:
    """The file with the archive's keys: the one the source names, else the one Debian's package installs."""
    named = signed_by.split(",")[0].strip() if signed_by else ""
    candidates = ([named] if named.startswith("/") else []) + [f"{_KEYRING}.pgp", f"{_KEYRING}.gpg"]
    for path in candidates:
        if host.exists(path):
            return path
    raise HostError(
        f"no keyring of Debian's archive ({', '.join(candidates)}): install the package debian-archive-keyring"
    )


def sources_for(
    archive: DebianArchive, suite: str, available: t.Callable[[str, str], bool], components: t.Sequence[str] = ("main",)
) -> SuiteSources:
    """The entries for a release, as far as the mirror holds them.

    :param available: whether a suite can be had from an archive (URI, suite)
    :raises HostError: where the mirror does not hold the release at all
    """
    if not available(archive.uri, suite):
        raise HostError(
            f"the Debian mirror in /etc/apt does not hold the suite {suite} (looked for dists/{suite}/InRelease):"
            " a release that is no longer supported moves to Debian's archive of old releases, give that as the mirror"
        )
    base = AptSource(
        ("deb",), (archive.uri,), (suite,), tuple(components), (("signed-by", archive.keyring),), file="(derived)"
    )
    entries, notes = [base], []
    if suite not in _ROLLING:
        wanted = [(archive.uri, f"{suite}-updates"), (archive.security_uri, f"{suite}-security")]
        for uri, name in wanted:
            if uri is None:
                notes.append(f"no {name}: the machine's apt has no security archive")
            elif available(uri, name):
                entries.append(replace(base, uris=(uri,), suites=(name,)))
            else:
                notes.append(f"no {name}: the mirror no longer holds it")
    return SuiteSources(suite, tuple(entries), archive.keyring, tuple(notes))


def probe(host: Host) -> t.Callable[[str, str], bool]:
    """Ask the mirror through apt's own downloader, which knows the machine's proxies and credentials."""

    def available(uri: str, suite: str) -> bool:
        with tempfile.TemporaryDirectory(prefix="slipway-probe-") as directory:
            for name in ("InRelease", "Release"):
                target = os.path.join(directory, name)
                done = host.run([_APT_HELPER, "download-file", f"{uri}/dists/{suite}/{name}", target])
                if done.rc == 0 and os.path.exists(target):
                    return True
        return False

    return available
