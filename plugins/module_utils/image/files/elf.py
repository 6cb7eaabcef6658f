# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What an ELF program says it needs, read from its headers (elf(5)); nothing is run to find out."""

from __future__ import annotations

import struct
import typing as t
from dataclasses import dataclass

from .tree import Entry

_MAGIC = b"\x7fELF"
_PT_LOAD, _PT_DYNAMIC, _PT_INTERP = 1, 2, 3
_DT_NEEDED, _DT_STRTAB, _DT_STRSZ, _DT_RPATH, _DT_RUNPATH = 1, 5, 10, 15, 29
_MOST = 1 << 22  # bytes of a table that is not what it claims to be


@dataclass(frozen=True)
class Program:
    """A program or library.

    :ivar kind: class, byte order and machine; what is linked together has the same
    :ivar interpreter: the loader that starts it; empty for what is static, or a library
    :ivar needed: names of the libraries it is linked with
    :ivar search: directories to look for them in first
    """

    kind: tuple[int, int, int]
    interpreter: str = ""
    needed: tuple[str, ...] = ()
    search: tuple[str, ...] = ()


def read_program(entry: Entry) -> Program | None:
    """What a file is, None for what is none of these, or is broken."""
    if entry.kind != "file" or not entry.src:
        return None
    return read_elf(entry.src)


def read_elf(path: str) -> Program | None:
    """What a file on the host is, None for what is none of these, or is broken."""
    try:
        with open(path, "rb") as file:
            return _read(file)
    except (OSError, struct.error, ValueError):
        return None


def _read(file: t.BinaryIO) -> Program | None:
    ident = file.read(16)
    if ident[:4] != _MAGIC or len(ident) < 16 or ident[4] not in (1, 2) or ident[5] not in (1, 2):
        return None
    wide, order = ident[4] == 2, "<" if ident[5] == 1 else ">"
    header = struct.Struct(order + ("HHIQQQIHHHHHH" if wide else "HHIIIIIHHHHHH"))
    fields = header.unpack(file.read(header.size))
    machine, offset, size, count = fields[1], fields[4], fields[8], fields[9]
    segments = [_segment(_at(file, offset + size * number, size), wide, order) for number in range(count)]
    kind = (ident[4], ident[5], machine)
    interpreter = ""
    needed: list[str] = []
    search: list[str] = []
    for which, place, _address, length in segments:
        if which == _PT_INTERP:
            interpreter = _text(_at(file, place, length))
        elif which == _PT_DYNAMIC:
            needed, search = _dynamic(file, _at(file, place, length), segments, wide, order)
    return Program(kind, interpreter, tuple(needed), tuple(search))


_Segment = tuple[int, int, int, int]


def _segment(data: bytes, wide: bool, order: str) -> _Segment:
    """Type, offset in the file, address in memory, size in the file."""
    if wide:
        which, _flags, place, address, _physical, length = struct.unpack_from(order + "IIQQQQ", data)
    else:
        which, place, address, _physical, length = struct.unpack_from(order + "IIIII", data)
    return which, place, address, length


def _dynamic(
    file: t.BinaryIO, table: bytes, segments: t.Sequence[_Segment], wide: bool, order: str
) -> tuple[list[str], list[str]]:
    entry = struct.Struct(order + ("qQ" if wide else "iI"))
    pairs = [entry.unpack_from(table, start) for start in range(0, len(table) - entry.size + 1, entry.size)]
    values = dict(reversed(pairs))
    strings = _at(file, _place(values[_DT_STRTAB], segments), values[_DT_STRSZ]) if _DT_STRTAB in values else b""
    needed = [_text(strings[value:]) for tag, value in pairs if tag == _DT_NEEDED]
    paths = [_text(strings[values[tag] :]) for tag in (_DT_RUNPATH, _DT_RPATH) if tag in values][:1]
    return needed, [path for joined in paths for path in joined.split(":") if path]


def _place(address: int, segments: t.Sequence[_Segment]) -> int:
    """Where in the file is what will be at an address in memory."""
    for which, place, start, length in segments:
        if which == _PT_LOAD and start <= address < start + length:
            return address - start + place
    raise ValueError("an address that nothing is loaded to")


def _at(file: t.BinaryIO, place: int, length: int) -> bytes:
    if length > _MOST:
        raise ValueError("too long to be true")
    file.seek(place)
    data = file.read(length)
    if len(data) < length:
        raise ValueError("it breaks off")
    return data


def _text(data: bytes) -> str:
    return data.partition(b"\0")[0].decode("utf-8", "surrogateescape")
