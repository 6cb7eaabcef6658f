# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Where an image's packages come from on this host: what was asked for, completed from the host's own apt."""

from __future__ import annotations

import base64
import hashlib
import typing as t
from dataclasses import dataclass, replace

from ...host.errors import HostError
from ...host.machine import Host
from ...host.os_release import read_os_release
from ..settings import own_keyring
from .archive import Archive, archive_entries, find_keyring, inherited_options
from .distribution import DISTRIBUTIONS, Distribution, distribution_of, release_of
from .further import URI, FurtherSource
from .sources import AptSource, read_sources

# apt's option that takes what a source has without verifying it.
UNSIGNED = ("trusted", "yes")


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
class Further:
    """A further source and its keys.

    :ivar keyring: file on the host; empty where nothing is verified
    :ivar keys: what it holds; None where it comes with the distribution
    :ivar inside: where the image keeps it
    """

    wish: FurtherSource
    keyring: str = ""
    keys: bytes | None = None
    inside: str = ""

    @property
    def uri(self) -> str:
        return self.wish.uri

    def entry(self) -> AptSource:
        options = (("signed-by", self.keyring),) if self.keyring else (UNSIGNED,)
        return AptSource(("deb",), (self.uri,), self.wish.suites, self.wish.components, options, file="(wanted)")

    def one_line(self) -> tuple[str, ...]:
        return self.entry().one_line()

    def fields(self) -> dict[str, t.Any]:
        """In words, which are the same on every host that has the same keys."""
        keys = {"keyring": f"sha256:{hashlib.sha256(self.keys).hexdigest()}"} if self.keys is not None else {}
        return {**self.wish.fields(), **keys}


@dataclass(frozen=True)
class Origin:
    """A suite and its archive.

    :ivar keys: what the keyring holds; None where it comes with the distribution, so that the image has it anyway
    :ivar problems: why it cannot be used, whatever is installed
    :ivar lacking: what has to be installed before it can be used
    :ivar further: sources besides the archive
    """

    distribution: Distribution
    suite: str
    archive: Archive
    keys: bytes | None = None
    problems: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    further: tuple[Further, ...] = ()

    def inside(self, keyring: str, keys: bytes | None) -> str:
        """Where an image keeps what a file of keys holds."""
        return f"{self.distribution.keyring}.gpg" if keys is None else own_keyring(keyring)

    @property
    def keyring_identity(self) -> str:
        """The same on every host that has the same keys."""
        if not self.archive.keyring:
            return "none: allow_unsigned" if self.archive.options else ""
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
        if uri and not URI.match(uri):
            problems.append(f"{name} must be an http or https address; got: {uri}")
    options = inherited_options(main) if main else ()
    own = security is not None and not wanted.security_mirror
    security_options = inherited_options(security) if own and security else None
    keyring, keys, lacking = "", None, list[str]()
    if wanted.allow_unsigned:
        options = (*options, UNSIGNED)
        security_options = (*security_options, UNSIGNED) if security_options is not None else None
    else:
        keyring, keys, lacking = _keyring(host, wanted.keyring, main, distribution)
    archive = Archive(mirror.rstrip("/"), security_mirror.rstrip("/") or None, keyring, options, security_options)
    found = Origin(distribution, suite, archive, keys, tuple(problems), tuple(lacking))
    return _with_further(host, found, wanted.further, main)


def _with_further(host: Host, origin: Origin, wanted: t.Sequence[FurtherSource], main: AptSource | None) -> Origin:
    """The origin with further sources; one that names no keys is verified with those of the archive."""
    further, lacking = [], list(origin.lacking)
    for index, source in enumerate(wanted):
        if source.allow_unsigned:
            further.append(Further(source))
            continue
        keyring, keys = origin.archive.keyring, origin.keys
        if source.keyring or not keyring:
            keyring, keys, missing = _keyring(host, source.keyring, main, origin.distribution)
            lacking += [f"sources[{index}]: {reason}" for reason in missing]
        further.append(Further(source, keyring, keys, origin.inside(keyring, keys)))
    own = {} if origin.keys is None else {origin.inside(origin.archive.keyring, origin.keys): origin.keys}
    return replace(origin, further=_apart(further, own), lacking=tuple(dict.fromkeys(lacking)))


def _apart(further: t.Sequence[Further], own: t.Mapping[str, bytes]) -> tuple[Further, ...]:
    """The sources with different keys in files of different names."""
    taken = dict(own)
    result = []
    for source in further:
        inside = source.inside
        if source.keys is not None and taken.setdefault(inside, source.keys) != source.keys:
            digest = hashlib.sha256(source.keys).hexdigest()[:8]
            inside = f"{inside[: -len('.asc')]}-{digest}.asc"
        result.append(replace(source, inside=inside))
    return tuple(result)


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
