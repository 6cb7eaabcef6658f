# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A finished root filesystem as a tar file: the same bytes wherever and with whatever version of tar it is written."""

from __future__ import annotations

from ..place.pipes import drain
from .layer import Sink, Source
from .tar_headers import SettledHeaders

# Their content is the machine's that runs the root, never the root's own.
EMPTY = ("dev", "proc", "run", "sys", "tmp")


def packing(root: str) -> Source:
    """Writes a root filesystem."""
    argv = ["tar", "--create", "--file=-", f"--directory={root}", "--one-file-system"]
    # the name of extended headers is told: by default some versions of tar put their process's number into it
    argv += ["--sort=name", "--numeric-owner", "--format=pax"]
    argv += ["--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime"]
    argv += ["--xattrs", "--xattrs-include=security.capability"]
    argv += [f"--exclude=./{name}/*" for name in EMPTY]

    def write(sink: Sink) -> None:
        settled = SettledHeaders(sink)
        drain([*argv, "."], settled)
        settled.finish()

    return write
