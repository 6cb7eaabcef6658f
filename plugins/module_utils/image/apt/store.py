# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Packages kept for the next time, each under the sum of its content: what is not what it should be is not used."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
import time

from ..root.failure import BootstrapFailed
from .packages import Candidate

_CHUNK = 1 << 20
_PART = ".part-"
_PACKAGE = re.compile(r"[0-9a-f]{64}\.deb\Z")
_LEFT = re.compile(re.escape(_PART))
_DAY = 86400
# How long what nobody asks for is kept, and what somebody was about to write and never did.
_KEPT = 30 * _DAY
_KEPT_PART = _DAY


class Store:
    """A directory of packages.

    :param directory: only root's; None keeps nothing
    """

    def __init__(self, directory: str | None) -> None:
        self._directory = os.path.join(directory, "packages") if directory else ""

    def find(self, wanted: Candidate) -> str:
        """A package's file, empty where there is none; one that is damaged is taken away."""
        path = os.path.join(self._directory, f"{wanted.sha256}.deb")
        if not self._directory or not os.path.isfile(path):
            return ""
        if sum_of(path) != wanted.sha256:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
            return ""
        os.utime(path)  # so that the age tells what nothing has asked for
        return path

    def sweep(self) -> None:
        """Take away what nobody has asked for in a month, and what a build that was killed has left."""
        if self._directory:
            sweep_old(self._directory, _PACKAGE)
            sweep_old(self._directory, _LEFT, _KEPT_PART)

    def keep(self, wanted: Candidate, path: str) -> str:
        """Take in a file, and say where it is from then on.

        :raises BootstrapFailed: when it is not what the signed index names
        """
        found = sum_of(path) if os.path.exists(path) else "no file"
        if found != wanted.sha256:
            told = f"{wanted.key} from {wanted.uri} is not what the signed index names: sha256 {found}"
            raise BootstrapFailed(f"{told} instead of {wanted.sha256}", told)
        if not self._directory:
            return path
        os.makedirs(self._directory, mode=0o700, exist_ok=True)
        target = os.path.join(self._directory, f"{wanted.sha256}.deb")
        descriptor, part = tempfile.mkstemp(dir=self._directory, prefix=_PART)
        try:
            with os.fdopen(descriptor, "wb") as written, open(path, "rb") as read:
                shutil.copyfileobj(read, written, _CHUNK)
            os.replace(part, target)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(part)
            raise
        os.unlink(path)
        return target


def sweep_old(folder: str, ours: re.Pattern[str], age: int = _KEPT) -> None:
    """Take away files and directories with a name of ours that nothing has used for a time; all else is somebody's own.

    :param age: in seconds
    """
    before = time.time() - age
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(FileNotFoundError):  # another run takes it away as well
                if ours.match(entry.name) and entry.stat(follow_symlinks=False).st_mtime < before:
                    if entry.is_dir(follow_symlinks=False):
                        shutil.rmtree(entry.path, ignore_errors=True)
                    else:
                        os.unlink(entry.path)


def sum_of(path: str) -> str:
    """SHA-256 of a file."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            if not chunk:
                return digest.hexdigest()
            digest.update(chunk)
