# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Where a distribution's archive is for this machine, and what it holds of a release."""

from __future__ import annotations

import os
import re
import tempfile
import typing as t
from dataclasses import dataclass, replace

from ...host.errors import HostError
from ...host.machine import Host
from .distribution import DEBIAN, Distribution
from .sources import AptSource, read_sources

# Suites that are developed, not released: they have neither updates nor security of their own.
_ROLLING = frozenset({"sid", "unstable"})
# Options of an entry that say how the archive is to be believed; they go with it wherever it is used.
_INHERITED = ("check-valid-until", "valid-until-min", "valid-until-max", "check-date", "date-max-future")
_APT_HELPER = "/usr/lib/apt/apt-helper"


@dataclass(frozen=True)
class Archive:
    """The machine's mirror of a distribution.

    :ivar uri: of the archive itself
    :ivar security_uri: of the security archive, None where the machine has none set up
    :ivar keyring: file with the archive's keys, empty where nothing is verified
    :ivar options: further options of apt's entry for it
    :ivar security_options: those of the entry for the security archive; None where it has no entry of its own
    """

    uri: str
    security_uri: str | None
    keyring: str
    options: tuple[tuple[str, str], ...] = ()
    security_options: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True)
class SuiteSources:
    """What to hand to apt for one release, and what a person should know about it."""

    suite: str
    entries: tuple[AptSource, ...]
    keyring: str
    notes: tuple[str, ...] = ()

    def one_line(self) -> tuple[str, ...]:
        return tuple(line for entry in self.entries for line in entry.one_line())


def find_archive(
    host: Host, entries: t.Sequence[AptSource] | None = None, distribution: Distribution = DEBIAN
) -> Archive:
    """A distribution's archive as the machine's own apt is set up with it.

    :raises HostError: where the machine has none, or its keyring is absent
    """
    main, security = archive_entries(host, read_sources(host) if entries is None else entries, distribution)
    if main is None:
        raise HostError(
            f"no {distribution.title} archive among the package sources in /etc/apt: on another distribution give the"
            f" mirror and a keyring (package {distribution.keyring_package})"
        )
    return Archive(
        main.uris[0].rstrip("/"),
        security.uris[0].rstrip("/") if security else None,
        find_keyring(host, main.option("signed-by"), distribution),
        inherited_options(main),
        inherited_options(security) if security else None,
    )


def archive_entries(
    host: Host, entries: t.Sequence[AptSource], distribution: Distribution
) -> tuple[AptSource | None, AptSource | None]:
    """The first entry for a distribution's archive, and the first for its security archive."""
    usable = [
        entry
        for entry in (_follow_mirror_list(host, entry) for entry in entries if entry.enabled and "deb" in entry.types)
        if distribution.owns(entry)
    ]
    main = next((entry for entry in usable if not _is_security(entry)), None)
    return main, next((entry for entry in usable if _is_security(entry)), None)


def inherited_options(entry: AptSource) -> tuple[tuple[str, str], ...]:
    """The options that go with an archive wherever it is used."""
    return tuple((name, value) for name, value in entry.options if name in _INHERITED)


def _follow_mirror_list(host: Host, entry: AptSource) -> AptSource:
    """The entry with the first address of a list of mirrors (apt-transport-mirror(1)) in place of the list."""
    return replace(entry, uris=tuple(_first_mirror(host, uri) for uri in entry.uris))


def _first_mirror(host: Host, uri: str) -> str:
    match = re.match(r"mirror\+file:(?://)?(/.*)", uri)
    if match is None:
        return uri
    try:
        with open(host.path(match.group(1)), encoding="utf-8") as opened:
            addresses = [line.split()[0] for line in opened if line.strip() and not line.startswith("#")]
    except OSError as error:
        raise HostError(f"cannot read the list of mirrors {match.group(1)}: {error.strerror}") from error
    return addresses[0] if addresses else uri


def _is_security(entry: AptSource) -> bool:
    return all(suite.endswith(("-security", "/updates")) for suite in entry.suites)


def find_keyring(host: Host, signed_by: str | None = None, distribution: Distribution = DEBIAN) -> str:
    """The file with the archive's keys: the one the source names, else the one the distribution's package installs."""
    named = signed_by.split(",")[0].strip() if signed_by else ""
    candidates = ([named] if named.startswith("/") else []) + [
        f"{distribution.keyring}.pgp",
        f"{distribution.keyring}.gpg",
    ]
    for path in candidates:
        if host.exists(path):
            return path
    raise HostError(
        f"no keyring of {distribution.title}'s archive ({', '.join(candidates)}):"
        f" install the package {distribution.keyring_package}{distribution.elsewhere}"
    )


def sources_for(
    archive: Archive, suite: str, available: t.Callable[[str, str], bool], components: t.Sequence[str] = ("main",)
) -> SuiteSources:
    """The entries for a release, as far as the mirror holds them.

    :param available: whether a suite can be had from an archive (URI, suite)
    :raises HostError: where the mirror does not hold the release at all
    """
    if not available(archive.uri, suite):
        raise HostError(
            f"the mirror {without_credentials(archive.uri)} does not hold the suite {suite} (looked for"
            f" dists/{suite}/InRelease): a release that is no longer supported moves to its distribution's archive of"
            " old releases, give that as the mirror"
        )
    signed = (("signed-by", archive.keyring),) if archive.keyring else ()
    options = (*signed, *archive.options)
    # an archive that may be old, such as a snapshot, does not make the security archive one that may
    lenient = archive.options if archive.security_options is None else archive.security_options
    base = AptSource(("deb",), (archive.uri,), (suite,), tuple(components), options, file="(derived)")
    entries, notes = [base], []
    if suite not in _ROLLING:
        wanted = [
            (archive.uri, f"{suite}-updates", archive.options),
            (archive.security_uri, f"{suite}-security", lenient),
        ]
        for uri, name, further in wanted:
            if uri is None:
                notes.append(f"no {name}: the machine's apt has no security archive")
            elif available(uri, name):
                entries.append(replace(base, uris=(uri,), suites=(name,), options=(*signed, *further)))
            else:
                notes.append(f"no {name}: the mirror {without_credentials(uri)} does not hold it")
    return SuiteSources(suite, tuple(entries), archive.keyring, tuple(notes))


def without_credentials(uri: str) -> str:
    """An address fit to be shown and kept."""
    return re.sub(r"//[^/@\s]*@", "//", uri)


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
