# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A tar file's headers in one form, whichever version of GNU tar has written them."""

from __future__ import annotations

import typing as t

from ..host.errors import HostError

BLOCK = 512
_SIZE = slice(124, 136)
_SUM = slice(148, 156)
_MAGIC = slice(257, 262)
# Device numbers, of no meaning for what is no device: tar 1.34 writes zeros in digits, 1.35 leaves them out.
_DEVICE = slice(329, 345)
_NO_DEVICE = b"0000000\0" * 2
_END = bytes(BLOCK)


def settle_headers(file: t.BinaryIO) -> None:
    """Change a file in the pax format in place.

    :raises HostError: where it is none
    """
    position = 0
    while True:
        file.seek(position)
        header = file.read(BLOCK)
        if header == _END:
            return
        if len(header) < BLOCK or header[_MAGIC] != b"ustar":
            raise HostError(f"the tar file of the root filesystem has no header at byte {position}")
        settled = settled_header(header)
        if settled != header:
            file.seek(position)
            file.write(settled)
        size = int(header[_SIZE].rstrip(b"\0 ") or b"0", 8)
        position += BLOCK + -(-size // BLOCK) * BLOCK


def settled_header(header: bytes) -> bytes:
    """One header with the device numbers written out, and its checksum."""
    if header[_DEVICE].strip(b"\0"):
        return header
    blank = header[: _SUM.start] + b" " * 8 + header[_SUM.stop : _DEVICE.start] + _NO_DEVICE + header[_DEVICE.stop :]
    return blank[: _SUM.start] + b"%06o\0 " % sum(blank) + blank[_SUM.stop :]
