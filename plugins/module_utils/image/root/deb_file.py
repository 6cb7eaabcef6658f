# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A Debian package's file: an ar archive with a tar file of control files and one of the package's own."""

from __future__ import annotations

import bz2
import contextlib
import io
import lzma
import subprocess
import sys
import tarfile
import typing as t
import zlib
from dataclasses import dataclass

from ...host.errors import HostError
from .tree_writer import NotProven

_MAGIC = b"!<arch>\n"
_HEADER = 60
_CHUNK = 1 << 18
_WINDOW = 1 << 20


class Decompressor(t.Protocol):
    """What Python's compression modules have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes) -> bytes: ...


# In Python's standard library; dpkg-deb of the host knows the others.
_KNOWN: dict[str, t.Callable[[], t.Any]] = {
    "xz": lzma.LZMADecompressor,
    "lzma": lzma.LZMADecompressor,
    "bz2": bz2.BZ2Decompressor,
    "gz": lambda: zlib.decompressobj(31),
}


@dataclass(frozen=True)
class Control:
    """A file that dpkg keeps of a package."""

    name: str
    mode: int
    mtime: int
    content: bytes


def parts(file: t.BinaryIO) -> dict[str, tuple[int, int]]:
    """Offset and size of what is in an ar archive, by name.

    :raises HostError: where it is none
    """
    if file.read(len(_MAGIC)) != _MAGIC:
        raise HostError("it does not begin as an ar archive does")
    found: dict[str, tuple[int, int]] = {}
    position = len(_MAGIC)
    while True:
        file.seek(position)
        header = file.read(_HEADER)
        if not header.strip():
            return found
        if len(header) < _HEADER or header[58:60] != b"`\n":
            raise HostError(f"the ar archive has no header at byte {position}")
        name, size = header[:16].decode("ascii", "replace").strip().rstrip("/"), int(header[48:58])
        found[name] = (position + _HEADER, size)
        position += _HEADER + size + size % 2


class Part:
    """A stream of a part of a file, decompressed."""

    def __init__(self, file: t.BinaryIO, offset: int, size: int, decompressor: t.Callable[[], t.Any] | None) -> None:
        file.seek(offset)
        self._file, self._left, self._make = file, size, decompressor
        self._decompressor: Decompressor | None = decompressor() if decompressor else None

    def read(self, _size: int) -> bytes:
        """Some bytes, none at the end.

        :raises HostError: where the end is missing
        """
        while True:
            chunk = self._file.read(min(_CHUNK, self._left))
            self._left -= len(chunk)
            if self._decompressor is None or not chunk:
                if self._decompressor is not None and not self._decompressor.eof:
                    raise HostError("its compressed content ends too early")
                return chunk
            out = self._decompress(chunk)
            if out:
                return out

    def _decompress(self, chunk: bytes) -> bytes:
        out = b""
        while chunk and self._decompressor is not None and self._make is not None:
            if self._decompressor.eof:  # a file may be several streams, one after the other
                self._decompressor = self._make()
            out += self._decompressor.decompress(chunk)
            chunk = self._decompressor.unused_data if self._decompressor.eof else b""
        return out


@contextlib.contextmanager
def opened(path: str, which: str) -> t.Iterator[tarfile.TarFile]:
    """One of a package's two tar files, to be read once from front to back.

    :param which: ``control`` or ``data``
    :raises HostError: where it cannot be read, naming the file
    """
    try:
        with open(path, "rb") as file:
            found = parts(file)
            name = next((name for name in found if name.startswith(f"{which}.tar")), "")
            if not name:
                raise HostError(f"it has no {which}.tar")
            suffix = name.rpartition(".")[2]
            if suffix == "tar" or suffix in _KNOWN:
                yield _tar(Part(file, *found[name], _KNOWN.get(suffix)))
            else:
                with _by_dpkg(path, which) as stream:
                    yield _tar(stream)
    except NotProven:  # the package is sound: another backend can unpack it
        raise
    except (HostError, tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, ValueError) as exc:
        raise HostError(f"the package {path} cannot be read: {exc}") from exc


def _tar(stream: t.Any) -> tarfile.TarFile:
    # names are bytes, whatever the locale: what goes through the file system's encoding comes out as it was
    encoding = sys.getfilesystemencoding()
    return tarfile.open(
        fileobj=stream,
        mode="r|",
        bufsize=_WINDOW,
        encoding=encoding,
        errors="surrogateescape",
        format=tarfile.GNU_FORMAT,
    )


@contextlib.contextmanager
def _by_dpkg(path: str, which: str) -> t.Iterator[t.Any]:
    option = "--fsys-tarfile" if which == "data" else "--ctrl-tarfile"
    with subprocess.Popen(["dpkg-deb", option, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        if process.stdout is None or process.stderr is None:
            raise HostError("dpkg-deb has no output")
        try:
            yield process.stdout
            process.stdout.read()
            said = process.stderr.read().decode("utf-8", "replace").strip()
            if process.wait() != 0:
                raise HostError(said or "dpkg-deb failed")
        finally:
            process.kill()


def read_control(path: str) -> dict[str, Control]:
    """The control files of a package, by name.

    :raises HostError: where there is anything but plain files
    """
    found = {}
    with opened(path, "control") as archive:
        for member in archive:
            name = member.name[2:] if member.name.startswith("./") else member.name
            if member.isdir() and name in ("", "."):
                continue
            if not member.isfile() or "/" in name or name in ("", ".", ".."):
                raise HostError(f"{member.name} is not a plain control file")
            content = archive.extractfile(member) or io.BytesIO()
            found[name] = Control(name, member.mode & 0o777, int(member.mtime), content.read())
    if "control" not in found:
        raise HostError(f"the package {path} has no control file")
    return found
