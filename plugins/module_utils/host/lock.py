# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""One run at a time on a host."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
import typing as t

from .errors import HostError
from .machine import Host

# Whoever changes something that others read or change as well. Not in /run/lock, where anybody may make a file first.
LOCK = "/run/slipway.lock"


@contextlib.contextmanager
def locked(host: Host, path: str, patience: float) -> t.Iterator[None]:
    """Hold a lock file while something is done. The kernel lets it go with the process, however that ends.

    :param patience: seconds to wait for whoever holds it
    :raises HostError: names the process that still holds it
    """
    target = host.path(path)
    try:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        handle = os.open(target, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise HostError(f"cannot lock {path}: {error.strerror}") from error
    try:
        _wait(handle, path, patience)
        os.truncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        os.close(handle)


def _wait(handle: int, path: str, patience: float) -> None:
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError as error:
            if time.monotonic() > deadline:
                holder = os.pread(handle, 32, 0).decode("ascii", "replace").strip() or "unknown"
                raise HostError(
                    f"another run has been changing this host for {patience:g} s (process {holder}, lock {path}); "
                    "wait for it, or see what keeps it"
                ) from error
            time.sleep(0.2)
