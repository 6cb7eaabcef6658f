# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A tar file's headers in one form, whichever version of GNU tar has written them."""

from __future__ import annotations

from ...host.errors import HostError
from .layer import Sink

BLOCK = 512
_SIZE = slice(124, 136)
_SUM = slice(148, 156)
_MAGIC = slice(257, 262)
# Device numbers, of no meaning for what is no device: tar 1.34 writes zeros in digits, 1.35 leaves them out.
_DEVICE = slice(329, 345)
_NO_DEVICE = b"0000000\0" * 2
_END = bytes(BLOCK)


class SettledHeaders:
    """Passes on a tar file in the pax format, however it comes in pieces, with its headers settled."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._buffer = bytearray()
        self._passed = 0
        self._next = 0  # where the next header is, as seen from what has been passed on
        self._ended = False

    def write(self, data: bytes) -> None:
        """:raises HostError: where it is no such file"""
        buffer = self._buffer
        buffer += data
        whole = len(buffer) // BLOCK * BLOCK
        while not self._ended and self._next < whole:
            part = slice(self._next, self._next + BLOCK)
            header = bytes(buffer[part])
            if header == _END:
                self._ended = True
                break
            if header[_MAGIC] != b"ustar":
                raise self._no_header()
            buffer[part] = settled_header(header)
            size = int(header[_SIZE].rstrip(b"\0 ") or b"0", 8)
            self._next += BLOCK + -(-size // BLOCK) * BLOCK
        self._sink.write(bytes(buffer[:whole]))
        del buffer[:whole]
        self._passed += whole
        self._next -= whole

    def finish(self) -> None:
        """:raises HostError: where it broke off"""
        if self._buffer or not self._ended:
            raise self._no_header()

    def _no_header(self) -> HostError:
        return HostError(f"the tar file of the root filesystem has no header at byte {self._passed + self._next}")


def settled_header(header: bytes) -> bytes:
    """One header with the device numbers written out, and its checksum."""
    if header[_DEVICE].strip(b"\0"):
        return header
    blank = header[: _SUM.start] + b" " * 8 + header[_SUM.stop : _DEVICE.start] + _NO_DEVICE + header[_DEVICE.stop :]
    return blank[: _SUM.start] + b"%06o\0 " % sum(blank) + blank[_SUM.stop :]
