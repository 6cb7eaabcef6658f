# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The place in which an image is made: private, in memory or on disk, and gone afterwards even when all is killed."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import tempfile
import typing as t
from dataclasses import dataclass

from ...host.errors import HostError
from ...host.machine import Host
from .. import progress
from ..engine import replacing
from .containment import contained, own_mounts
from .scratch import PREFIX, held_scratch, remove_tree, stale
from .space import mib
from .stragglers import end_all_within
from .watcher import watched

_ATTEMPTS = 3


class NoMemory(HostError):
    """No filesystem in memory can be had."""


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
    :raises NoMemory: where a filesystem in memory cannot be had
    """
    with contextlib.ExitStack() as stack:
        notes, handle = stack.enter_context(held_scratch(host, parent))
        watcher = stack.enter_context(watched(lambda: clean_after(host, notes), keep=(handle,)))
        try:
            with own_mounts(host), contained(host) as inside:
                directory = _in_memory(host, notes, memory) if memory else notes
                yield Workplace(inside, directory, notes, bool(memory))
        finally:
            end_all_within(notes, but=(watcher,))
            remove_tree(host, notes)


@contextlib.contextmanager
def temporary_files(host: Host, phase_file: str) -> t.Iterator[None]:
    """All temporary files of this process are in one private directory, and gone afterwards.

    :param phase_file: which goes as well when this process is killed
    """
    own, unpacked, before = os.getpid(), unpacked_module(sys.path), tempfile.tempdir
    with contextlib.ExitStack() as stack:
        directory, handle = stack.enter_context(held_scratch(host))
        os.chmod(directory, 0o711)  # apt fetches as a user of its own, who has to come through

        def clean() -> None:
            progress.forget(phase_file, own)
            clean_after(host, directory)
            if unpacked:
                shutil.rmtree(unpacked, ignore_errors=True)

        stack.enter_context(watched(clean, keep=(handle,)))
        tempfile.tempdir = directory
        try:
            yield
        finally:
            tempfile.tempdir = before


def unpacked_module(search: t.Sequence[str]) -> str:
    """Where Ansible has unpacked the module that this process runs; it cannot remove that once the module is killed."""
    for path in search:
        directory, name = os.path.split(path)
        if name.endswith(".zip") and re.match(r"ansible_.+_payload_", os.path.basename(directory)):
            return directory
    return ""


def _in_memory(host: Host, notes: str, size: int) -> str:
    directory = os.path.join(notes, "memory")
    os.mkdir(directory, 0o700)
    # device nodes, programs and their privileges are what a root filesystem is made of
    options = f"mode=0700,size={size},dev,exec,suid"
    done = host.run(["mount", "-t", "tmpfs", "-o", options, "slipway-build", directory])
    if done.rc != 0:
        raise NoMemory(f"no filesystem of {mib(size)} in memory can be had: {done.last_words}; use in_memory: never")
    return directory


def sweep(host: Host, parent: str) -> None:
    """Remove what builds left behind that were killed together with what watched over them."""
    for place in dict.fromkeys((parent, _temporary())):
        for directory in stale(place):
            clean_after(host, directory)
    progress.sweep()


def _temporary() -> str:
    """Where temporary_files() puts its directory."""
    found = tempfile.gettempdir()
    return os.path.dirname(found) if os.path.basename(found).startswith(PREFIX) else found


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
