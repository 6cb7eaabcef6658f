# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What the mirror has of a suite, and why it could not be asked where it could not."""

from __future__ import annotations

import os
import tempfile
import typing as t

from ..host.errors import HostError
from ..host.machine import Completed, Host
from .apt_settings import AptSettings
from .archive import SuiteSources, sources_for, without_credentials
from .origin import Origin

_APT_HELPER = "/usr/lib/apt/apt-helper"
_NOT_THERE = ("404", "Not Found", "File not found")


def find_sources(host: Host, origin: Origin, components: t.Sequence[str], apt: AptSettings) -> SuiteSources:
    """The sources for a suite, as far as the mirror has them.

    :raises HostError: where it has not even the suite itself, or cannot be reached
    """
    if not host.exists(_APT_HELPER):
        raise HostError(f"{_APT_HELPER} is not there, which asks the mirror: package apt")
    return sources_for(origin.archive, origin.suite, lambda uri, suite: _holds(host, uri, suite, apt), components)


def _holds(host: Host, uri: str, suite: str, apt: AptSettings) -> bool:
    options = [word for line in ('Acquire::Retries "1"', *apt.transport) for word in ("-o", _assignment(line))]
    with tempfile.TemporaryDirectory(prefix="slipway-probe-") as directory:
        os.chmod(directory, 0o755)
        for name in ("InRelease", "Release"):
            target = os.path.join(directory, name)
            done = host.run([_APT_HELPER, *options, "download-file", f"{uri}/dists/{suite}/{name}", target])
            if done.rc == 0 and os.path.exists(target):
                return True
            if not any(word in done.out + done.err for word in _NOT_THERE):
                raise HostError(f"the mirror {without_credentials(uri)} cannot be reached: {_reason(done)}")
    return False


def _assignment(line: str) -> str:
    name, _blank, value = line.partition(" ")
    return f"{name}={value.strip(chr(34))}"


def _reason(done: Completed) -> str:
    """apt's own error without what it says around it."""
    said = [line.partition(":")[2].strip() for line in done.err.splitlines() if line.startswith("E:")]
    return without_credentials(said[0] if said else done.last_words)
