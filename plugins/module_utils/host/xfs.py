# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What an XFS filesystem was made with, asked of the kernel (ioctl_xfs_fsgeometry(2))."""

from __future__ import annotations

import contextlib
import fcntl
import os
import struct

from .machine import Host

# XFS_IOC_FSGEOMETRY_V1, read of a structure of 112 bytes; "flags" lies at 92, and this bit in it is the ftype feature.
_GEOMETRY, _SIZE, _FLAGS_AT, _FTYPE = 0x80705864, 112, 92, 1 << 16


def stores_file_types(host: Host, path: str) -> bool:
    """Whether an XFS filesystem keeps the type of a file in its folder; True where it cannot be asked."""
    with contextlib.suppress(OSError):
        handle = os.open(host.path(path), os.O_RDONLY | os.O_DIRECTORY)
        try:
            answer = fcntl.ioctl(handle, _GEOMETRY, bytes(_SIZE))
        finally:
            os.close(handle)
        return bool(struct.unpack_from("=I", answer, _FLAGS_AT)[0] & _FTYPE)
    return True
