# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Where an image's packages come from on this host: what was asked for, completed from the host's own apt."""

from __future__ import annotations

import base64
import hashlib
import re
import typing as t
from dataclasses import dataclass

from ..host.errors import HostError
from ..host.machine import Host
from ..host.os_release import read_os_release
from .apt_sources import AptSource, read_sources
from .archive import Archive, archive_entries, find_keyring, inherited_options
from .distribution import DISTRIBUTIONS, Distribution, distribution_of, release_of
from .further import FurtherSource

_URI = re.compile(r"https?://[^\s\[\]#\"'<>]+\Z")


@dataclass(frozen=True)
class Wanted:
    """What was asked for; an empty string leaves it to the host."""

    suite: str = ""
    mirror: str = ""
    security_mirror: str = ""
    keyring: str = ""
    further: tuple[FurtherSource, ...] = ()
    allow_unsigned: bool = False


@dataclass(frozen=True)
class Origin:
    """A suite and its archive.

    :ivar keys: what the keyring holds; None where it comes with the distribution, so that the image has it anyway
    :ivar problems: why it cannot be used, whatever is installed
    :ivar lacking: what has to be installed before it can be used
    """

    distribution: Distribution
    suite: str
    archive: Archive
    keys: bytes | None = None
    problems: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def keyring_identity(self) -> str:
        """The same on every host that has the same keys."""
        if self.keys is None:
            return self.distribution.keyring_package
        return f"sha256:{hashlib.sha256(self.keys).hexdigest()}"


def find_origin(host: Host, wanted: Wanted) -> Origin:
    """Complete what was asked for.

    :raises HostError: where apt's sources cannot be read
    """
    entries = read_sources(host)
    host_id = read_os_release(host).id
    distribution = distribution_of(wanted.suite, host_id)
    if not wanted.suite:
        distribution = _host_distribution(host, entries, distribution)
    main, security = archive_entries(host, entries, distribution)
    problems: list[str] = []
    suite = wanted.suite or (release_of(main.suites[0]) if main else "")
    if not suite:
        problems.append("suite has to be given: this host's apt names none of Debian's or Ubuntu's to take")
    mirror = wanted.mirror or (main.uris[0] if main else "")
    if not mirror:
        problems.append(f"mirror has to be given: this host's apt has no {distribution.title} archive")
    # Ubuntu's mirrors hold the security suite too, and so do some of Debian's
    security_mirror = wanted.security_mirror or (security.uris[0] if security else mirror)
    for name, uri in (("mirror", mirror), ("security_mirror", security_mirror)):
        if uri and not _URI.match(uri):
            problems.append(f"{name} must be an http or https address; got: {uri}")
    keyring, keys, lacking = _keyring(host, wanted.keyring, main, distribution)
    options = inherited_options(main) if main else ()
    archive = Archive(mirror.rstrip("/"), security_mirror.rstrip("/") or None, keyring, options)
    return Origin(distribution, suite, archive, keys, tuple(problems), tuple(lacking))


def _host_distribution(host: Host, entries: t.Sequence[AptSource], likely: Distribution) -> Distribution:
    for distribution in (likely, *DISTRIBUTIONS):
        if archive_entries(host, entries, distribution)[0]:
            return distribution
    return likely


def _keyring(
    host: Host, given: str, main: AptSource | None, distribution: Distribution
) -> tuple[str, bytes | None, list[str]]:
    """Path of the keyring, its content unless the distribution's package has it, and what is missing."""
    try:
        path = given or find_keyring(host, main.option("signed-by") if main else None, distribution)
    except HostError as error:
        return "", None, [str(error)]
    if not host.exists(path):
        return path, None, [f"the keyring {path} does not exist"]
    if distribution.ships(path):
        return path, None, []
    with open(host.path(path), "rb") as opened:
        return path, opened.read(), []


def armored(keys: bytes) -> str:
    """Keys as text, the form that apt takes in a file named ``.asc``."""
    if keys.lstrip().startswith(b"-----BEGIN"):
        return keys.decode("utf-8", "replace")
    lines = base64.encodebytes(keys).decode("ascii").replace("\n", "")
    body = "\n".join(lines[index : index + 64] for index in range(0, len(lines), 64))
    checksum = base64.b64encode(_crc24(keys).to_bytes(3, "big")).decode("ascii")
    return f"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{body}\n={checksum}\n-----END PGP PUBLIC KEY BLOCK-----\n"


def _crc24(data: bytes) -> int:
    """The checksum of RFC 4880, section 6.1."""
    crc = 0xB704CE
    for byte in data:
        crc ^= byte << 16
        for _bit in range(8):
            crc <<= 1
            if crc & 0x1000000:
                crc ^= 0x1864CFB
    return crc
