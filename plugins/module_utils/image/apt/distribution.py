# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The distributions whose releases can be bootstrapped: their suites, and how apt's entries for them are told."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from .sources import AptSource

_SECTION = re.compile(r"(?:-(?:updates|backports|security|proposed-updates|proposed)|/updates)\Z")


@dataclass(frozen=True)
class Distribution:
    """A family of suites under one set of keys.

    :ivar id: as os-release(5) has it; also what the archive's path on a mirror ends in
    :ivar suites: every name of a release, aliases included
    :ivar keyring: the keys' file without its suffix, where the package puts it
    :ivar keyring_package: in the distribution itself
    :ivar elsewhere: what a person should know about that package in other distributions
    """

    id: str
    title: str
    suites: frozenset[str]
    keyring: str
    keyring_package: str
    elsewhere: str = ""

    def owns(self, entry: AptSource) -> bool:
        """Whether an entry is this distribution's archive, not merely a third party's repository for one."""
        suites = {_SECTION.sub("", suite) for suite in entry.suites}
        if "main" not in entry.components or not suites <= self.suites:
            return False
        signed_by = os.path.basename(entry.option("signed-by") or "")
        path = re.compile(rf"/{self.id}(?:-security|-archive|-ports)?(?:/|\Z)")
        return signed_by.startswith(f"{self.id}-archive-") or any(path.search(uri) for uri in entry.uris)

    def ships(self, keyring: str) -> bool:
        """Whether a file of keys comes from the distribution's package, so that its images have it too."""
        directory, name = os.path.split(keyring)
        return directory == os.path.dirname(self.keyring) and name.startswith(f"{self.id}-archive-")


def release_of(suite: str) -> str:
    """The release that a suite such as ``bookworm-updates`` belongs to."""
    return _SECTION.sub("", suite)


DEBIAN = Distribution(
    id="debian",
    title="Debian",
    suites=frozenset(
        "buster bullseye bookworm trixie forky duke sid oldoldstable oldstable stable testing unstable".split()
    ),
    keyring="/usr/share/keyrings/debian-archive-keyring",
    keyring_package="debian-archive-keyring",
)
UBUNTU = Distribution(
    id="ubuntu",
    title="Ubuntu",
    suites=frozenset("bionic focal jammy noble plucky questing resolute devel".split()),
    keyring="/usr/share/keyrings/ubuntu-archive-keyring",
    keyring_package="ubuntu-keyring",
    elsewhere=" where there is one, or else give a keyring",
)
DISTRIBUTIONS = (DEBIAN, UBUNTU)


def distribution_of(suite: str, host_id: str) -> Distribution:
    """The distribution a suite belongs to; one that is newer than this list counts as the host's own."""
    for distribution in DISTRIBUTIONS:
        if suite in distribution.suites:
            return distribution
    return next((found for found in DISTRIBUTIONS if found.id == host_id), DEBIAN)
