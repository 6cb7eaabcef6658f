# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The place in which an image is made: private, in memory or on disk, and gone afterwards even when all is killed."""

from __future__ import annotations

import contextlib
import os
import typing as t
from dataclasses import dataclass

from ..host.errors import HostError
from ..host.machine import Host
from . import progress, replacing
from .containment import contained, own_mounts
from .scratch import held_scratch, remove_tree, stale
from .space import mib
from .stragglers import end_all_within
from .watcher import watched

_ATTEMPTS = 3


@dataclass(frozen=True)
class Workplace:
    """Where to work, and how.

    :ivar host: the machine, on which programs die with this process
    :ivar directory: for what is large
    :ivar notes: for what has to be found there by whoever cleans up after this process was killed
    :ivar in_memory: whether the directory is
    """

    host: Host
    directory: str
    notes: str
    in_memory: bool


@contextlib.contextmanager
def workplace(host: Host, parent: str, memory: int) -> t.Iterator[Workplace]:
    """A place for one build.

    :param parent: a directory on disk
    :param memory: how large a filesystem in memory may become, 0 to work on disk
    :raises HostError: where a filesystem in memory cannot be had
    """
    with contextlib.ExitStack() as stack:
        notes, handle = stack.enter_context(held_scratch(host, parent))
        watcher = stack.enter_context(watched(lambda: clean_after(host, notes), keep=(handle,)))
        try:
            with own_mounts(host):
                directory = _in_memory(host, notes, memory) if memory else notes
                yield Workplace(contained(host), directory, notes, bool(memory))
        finally:
            end_all_within(notes, but=(watcher,))
            remove_tree(host, notes)


def _in_memory(host: Host, notes: str, size: int) -> str:
    directory = os.path.join(notes, "memory")
    os.mkdir(directory, 0o700)
    # device nodes, programs and their privileges are what a root filesystem is made of
    options = f"mode=0700,size={size},dev,exec,suid"
    done = host.run(["mount", "-t", "tmpfs", "-o", options, "slipway-build", directory])
    if done.rc != 0:
        raise HostError(f"no filesystem of {mib(size)} in memory can be had: {done.last_words}; use in_memory: never")
    return directory


def sweep(host: Host, parent: str) -> None:
    """Remove what builds left behind that were killed together with what watched over them."""
    for directory in stale(parent):
        clean_after(host, directory)
    progress.sweep()


def clean_after(host: Host, directory: str) -> None:
    """Bring about what a build that was killed would have done before it ended, and remove its directory."""
    end_all_within(directory)
    noted = replacing.read_note(directory)
    for _attempt in range(_ATTEMPTS):
        with contextlib.suppress(OSError, HostError):
            for name in os.listdir(directory):
                path = os.path.join(directory, name)
                if os.path.isdir(path) and not os.path.islink(path):
                    remove_tree(host, path)
            break
        end_all_within(directory)
    if noted is not None:
        replacing.finish(host, noted)
    with contextlib.suppress(OSError, HostError):
        remove_tree(host, directory)
