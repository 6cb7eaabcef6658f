# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The drop-in that keeps docker.socket out of dockerd's way; packaged units are never touched."""

from __future__ import annotations

from .document import Document
from .launchers.systemd_launch import SERVICE
from .sockets import addresses

# Where docker.socket is sent when dockerd opens its own sockets: nobody knows it, only root may connect.
PARKED_SOCKET = "/run/slipway-docker.socket"


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
