# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Files of the host: read whole, written atomically, put back exactly."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
import typing as t
from dataclasses import dataclass

from .errors import HostError
from .machine import Host

DEFAULT_MODE = 0o644

# What assumed contents of files are handed over as: None for a file that is not there.
Contents = t.Mapping[str, t.Optional[bytes]]


@dataclass(frozen=True)
class FileState:
    """What lies at a path: nothing (``content`` is None) or a regular file.

    :param path: the path asked for, as the host sees it
    :param real: where a symbolic link leads, otherwise ``path``
    """

    path: str
    real: str
    content: bytes | None = None
    mode: int = DEFAULT_MODE
    uid: int = 0
    gid: int = 0
    mtime: float = 0.0

    @property
    def exists(self) -> bool:
        return self.content is not None


@dataclass(frozen=True)
class FileChange:
    """A file as it is and as it shall be; ``after`` None removes it."""

    before: FileState
    after: bytes | None

    @property
    def path(self) -> str:
        return self.before.path

    @property
    def changes(self) -> bool:
        return self.before.content != self.after


def read_file(host: Host, path: str) -> FileState:
    """Read a file and what it takes to put it back.

    :raises HostError: where something lies there that is no readable regular file
    """
    real = _resolve(host, path)
    try:
        with open(host.path(real), "rb", opener=_without_waiting) as handle:
            found = os.fstat(handle.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise HostError(f"{path} is no regular file; move it away first")
            return FileState(
                path, real, handle.read(), stat.S_IMODE(found.st_mode), found.st_uid, found.st_gid, found.st_mtime
            )
    except FileNotFoundError:
        return FileState(path, real)
    except OSError as error:
        raise HostError(f"cannot read {path}: {error.strerror}") from error


def content_of(host: Host, path: str, instead: Contents | None = None) -> bytes | None:
    """What a file holds, None where there is none.

    :param instead: contents to assume for some paths in place of what is on disk
    :raises HostError: where it cannot be read
    """
    return instead[path] if instead and path in instead else read_file(host, path).content


def as_text(content: bytes | None) -> str:
    """Bytes as text that :func:`as_bytes` makes the same bytes of; of a file that is not there, none."""
    return (content or b"").decode("utf-8", "surrogateescape")


def as_bytes(text: str) -> bytes:
    """What :func:`as_text` read."""
    return text.encode("utf-8", "surrogateescape")


def _without_waiting(path: str, flags: int) -> int:
    """Open for reading; of a named pipe that would otherwise wait for its other end."""
    return os.open(path, flags | os.O_NONBLOCK)


def _resolve(host: Host, path: str) -> str:
    """Follow a symbolic link at the path's end, inside the host's root."""
    for _hop in range(16):
        try:
            target = os.readlink(host.path(path))
        except OSError:
            return path
        path = os.path.normpath(os.path.join(os.path.dirname(path), target))
    raise HostError(f"{path} is a symbolic link that leads in a circle")


def write_change(host: Host, change: FileChange) -> None:
    """Bring a change about: atomically, keeping mode and owner of what was there."""
    if change.after is None:
        _remove(host, change.before.real)
    else:
        state = change.before
        _write(host, state.real, change.after, state.mode, state.uid, state.gid)


def restore(host: Host, state: FileState) -> None:
    """Put back what :func:`read_file` had seen: bytes, mode, owner and time, or that there was nothing."""
    if state.content is None:
        _remove(host, state.real)
        return
    _write(host, state.real, state.content, state.mode, state.uid, state.gid)
    if state.mtime:
        with contextlib.suppress(OSError):  # the time is a hint, the content is what counts
            os.utime(host.path(state.real), (state.mtime, state.mtime))


def _write(host: Host, path: str, content: bytes, mode: int, uid: int, gid: int) -> None:
    target = host.path(path)
    directory = os.path.dirname(target)
    try:
        os.makedirs(directory, mode=0o755, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{os.path.basename(target)}.", dir=directory)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                os.fchown(stream.fileno(), uid, gid)
                os.fchmod(stream.fileno(), mode)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(temporary, target)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary)
            raise
        _sync_directory(directory)
    except OSError as error:
        raise HostError(f"cannot write {path}: {error.strerror}") from error


def _remove(host: Host, path: str) -> None:
    target = host.path(path)
    try:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(target)
            _sync_directory(os.path.dirname(target))
            if os.path.dirname(target).endswith((".service.d", ".socket.d")):
                with contextlib.suppress(OSError):  # a drop-in folder that others use is not empty and stays
                    os.rmdir(os.path.dirname(target))
    except OSError as error:
        raise HostError(f"cannot remove {path}: {error.strerror}") from error


def _sync_directory(directory: str) -> None:
    """Make a rename survive a power cut."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
