# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What a root filesystem is made of, as a value with a stable digest."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass

from .files.tree import Entry

# Part of every digest: raise it when the way of building changes what comes out of an unchanged recipe.
FORMAT = 1
# Fields that came later: empty they do not count, so that recipes without them keep their digests.
_LATER = ("entries", "hooks", "environment")


@dataclass(frozen=True)
class RootFile:
    """A file, or a symbolic link, put into the root after the packages."""

    path: str
    content: str = ""
    mode: int = 0o644
    link: str | None = None


@dataclass(frozen=True)
class Recipe:
    """A root filesystem, wholly described.

    :ivar variant: packages to start from: ``minbase`` or ``apt`` (the essential ones and apt)
    :ivar sources: lines for apt in the one-line format; the first one is the release itself
    :ivar apt_options: lines of apt.conf, in force while building and afterwards
    :ivar dpkg_options: lines of dpkg.cfg, likewise
    :ivar files: files put there after the packages
    :ivar commands: run in the root at the end, in order, without a shell
    :ivar entries: files of the image's own, put there after those
    :ivar hooks: commands of the image's own, run after that, alone and with its environment
    """

    suite: str
    sources: tuple[str, ...]
    variant: str = "apt"
    architecture: str = ""
    packages: tuple[str, ...] = ()
    apt_options: tuple[str, ...] = ()
    dpkg_options: tuple[str, ...] = ()
    files: tuple[RootFile, ...] = ()
    commands: tuple[tuple[str, ...], ...] = ()
    entries: tuple[Entry, ...] = ()
    hooks: tuple[tuple[str, ...], ...] = ()
    environment: tuple[tuple[str, str], ...] = ()

    def digest(self) -> str:
        """Hash of the canonical form: the same for the same recipe on every machine and Python."""
        plain = dataclasses.replace(self, entries=(), environment=())
        fields = {"format": FORMAT, **dataclasses.asdict(plain), "packages": sorted(self.packages)}
        fields["entries"] = [[entry.path, entry.identity] for entry in self.entries]
        fields["environment"] = self.environment if self.hooks else ()
        for name in _LATER:
            if not fields[name]:
                del fields[name]
        canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(canonical.encode()).hexdigest()
