# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What the mirror has of a suite, and why it could not be asked where it could not."""

from __future__ import annotations

import os
import re
import tempfile
import typing as t

from ...host.errors import HostError, InvalidInput
from ...host.machine import Completed, Host
from .archive import SuiteSources, sources_for, without_credentials
from .origin import Origin
from .settings import AptSettings

_APT_HELPER = "/usr/lib/apt/apt-helper"
# With a delay in between, apt 2.6 waits for ever when a mirror goes away in the middle.
_AGAIN = ('Acquire::Retries "1"', 'Acquire::Retries::Delay "false"')
_NOT_THERE = ("404", "Not Found", "File not found")


def find_sources(
    host: Host, origin: Origin, components: t.Sequence[str], architecture: str, apt: AptSettings
) -> SuiteSources:
    """The sources for a suite, as far as the mirror has them.

    :raises InvalidInput: where the suite lacks a component or the architecture
    :raises HostError: where the mirror has not even the suite, or cannot be reached
    """
    if not host.exists(_APT_HELPER):
        raise HostError(f"{_APT_HELPER} is not there, which asks the mirror: package apt")
    releases: dict[str, str] = {}

    def available(uri: str, suite: str) -> bool:
        release = _fetch_release(host, uri, suite, apt)
        releases[suite] = release or ""
        return release is not None

    sources = sources_for(origin.archive, origin.suite, available, components)
    lacking = shortcomings(releases.get(origin.suite, ""), origin.suite, components, architecture)
    if lacking:
        raise InvalidInput(lacking)
    return sources


def has_suite(host: Host, uri: str, suite: str, apt: AptSettings) -> bool:
    """Whether a mirror has a suite.

    :raises HostError: where it cannot be reached
    """
    return _fetch_release(host, uri, suite, apt) is not None


def shortcomings(release: str, suite: str, components: t.Sequence[str], architecture: str) -> list[str]:
    """What a Release file shows that a suite does not have."""
    fields = dict(
        line.split(": ", 1) for line in release.splitlines() if re.match(r"(?:Components|Architectures): ", line)
    )
    found = []
    for option, field, wanted in (
        ("components", "Components", components),
        ("architecture", "Architectures", [architecture] if architecture else []),
    ):
        has = fields.get(field, "").split()
        found += [
            f"{option}: {suite} has no {name}, but {', '.join(has)}" for name in wanted if has and name not in has
        ]
    return found


def _fetch_release(host: Host, uri: str, suite: str, apt: AptSettings) -> str | None:
    """The Release file of a suite, None where the mirror has none. Its signature is looked at when it is used."""
    options = [word for line in (*_AGAIN, *apt.transport) for word in ("-o", _assignment(line))]
    with tempfile.TemporaryDirectory(prefix="slipway-probe-") as directory:
        os.chmod(directory, 0o755)
        for name in ("InRelease", "Release"):
            target = os.path.join(directory, name)
            done = host.run([_APT_HELPER, *options, "download-file", f"{uri}/dists/{suite}/{name}", target])
            if done.rc == 0 and os.path.exists(target):
                with open(target, encoding="utf-8", errors="replace") as opened:
                    return opened.read()
            if not any(word in done.out + done.err for word in _NOT_THERE):
                raise HostError(f"the mirror {without_credentials(uri)} cannot be reached: {_reason(done)}")
    return None


def _assignment(line: str) -> str:
    name, _blank, value = line.partition(" ")
    return f"{name}={value.strip(chr(34))}"


def _reason(done: Completed) -> str:
    """apt's own error without what it says around it."""
    said = [line.partition(":")[2].strip() for line in done.err.splitlines() if line.startswith("E:")]
    return without_credentials(said[0] if said else done.last_words)
