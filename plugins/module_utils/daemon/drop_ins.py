# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The two drop-ins that this collection writes; packaged units are never touched."""

from __future__ import annotations

from .arguments import Flag
from .document import Document
from .launch import SERVICE, Launch
from .sockets import addresses

# Where docker.socket is sent when dockerd opens its own sockets: nobody knows it, only root may connect.
PARKED_SOCKET = "/run/slipway-docker.socket"


def service_drop_in(launch: Launch | None, taken: list[Flag]) -> bytes | None:
    """The drop-in that starts dockerd without some flags; None where none has to go."""
    if launch is None or not taken:
        return None
    flags = ", ".join(sorted({flag.name for flag in taken}))
    return (
        "# Written by slipway.docker. dockerd does not start when a directive stands both on its command\n"
        f"# line and in daemon.json, so this takes out: {flags}\n"
        "[Service]\n"
        "ExecStart=\n"
        f"ExecStart={launch.exec_start_without(taken)}\n"
    ).encode()


def socket_drop_in(document: Document, has_socket_unit: bool) -> bytes | None:
    """The drop-in that keeps docker.socket off the paths that dockerd itself opens; None where it may listen.

    The unit can be neither stopped nor masked: docker.service requires it, and a requirement cannot be taken
    back by a drop-in. Left alone it would bind the path first, and a client that connects before dockerd has
    bound it anew would wait for ever on a socket that nobody reads.
    """
    if not has_socket_unit or "hosts" not in document:
        return None
    if any(address.kind == "fd" for address in addresses(document)):
        return None
    return (
        f"# Written by slipway.docker. dockerd opens the sockets named in daemon.json itself. {SERVICE} requires\n"
        "# this unit, so it stays, on a path that nobody uses.\n"
        "[Socket]\n"
        "ListenStream=\n"
        f"ListenStream={PARKED_SOCKET}\n"
        "SocketMode=0600\n"
        "SocketUser=root\n"
        "SocketGroup=root\n"
        "RemoveOnStop=yes\n"
    ).encode()
