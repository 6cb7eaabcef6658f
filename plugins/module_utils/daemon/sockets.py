# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The addresses in ``hosts``: what they mean, and who could reach them."""

from __future__ import annotations

import ipaddress
import typing as t
from dataclasses import dataclass

from .document import Document

DEFAULT_SOCKET = "/var/run/docker.sock"
DEFAULT_TLS_HOST = "tcp://localhost:2376"  # in the place of the unix socket, not beside it
DEFAULT_PORT = 2375  # also with TLS: ParseTCPAddr knows no other for a listener


@dataclass(frozen=True)
class Address:
    """One socket that dockerd listens on.

    :param raw: as written in ``hosts``
    :param path: of a unix socket
    :param host: of a tcp socket; ``0.0.0.0`` and ``::`` mean every interface
    """

    raw: str
    kind: t.Literal["unix", "tcp", "fd"]
    path: str = ""
    host: str = ""
    port: int = 0

    @property
    def loopback(self) -> bool:
        """Whether only this machine reaches it."""
        if self.kind != "tcp" or self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


def parse_address(raw: str) -> Address:
    """Read one entry of ``hosts`` as dockerd does (ParseDaemonHost).

    :raises ValueError: says what is wrong with it
    """
    scheme, separator, rest = raw.strip().partition("://")
    if not separator:
        scheme, rest = "tcp", raw.strip()
    if scheme == "fd":
        return Address(raw, "fd")
    if scheme == "unix":
        path = rest or DEFAULT_SOCKET
        if not path.startswith(("/", "@")):
            raise ValueError(f"{raw}: the path is relative; write unix:///{rest}")
        return Address(raw, "unix", path=path)
    if scheme != "tcp":
        raise ValueError(f"{raw}: dockerd on Linux listens on unix://, tcp:// and fd:// only")
    return _tcp(raw, rest)


def _tcp(raw: str, rest: str) -> Address:
    if "/" in rest.rstrip("/"):
        raise ValueError(f"{raw}: a tcp address has no path")
    rest = rest.rstrip("/")
    if rest.startswith("["):
        host, bracket, port_text = rest[1:].partition("]")
        if not bracket or (port_text and not port_text.startswith(":")):
            raise ValueError(f"{raw}: not of the form tcp://[address]:port")
        port_text = port_text[1:]
    else:
        host, _colon, port_text = rest.partition(":")
    if port_text and not (port_text.isdigit() and 0 < int(port_text) < 65536):
        raise ValueError(f"{raw}: the port must be a number from 1 to 65535; got: {port_text}")
    return Address(raw, "tcp", host=host or "localhost", port=int(port_text or DEFAULT_PORT))


def addresses(document: Document, arguments: t.Sequence[str] = ()) -> list[Address]:
    """What the daemon listens on, by its file or else by its ``-H`` arguments or else by default.

    :raises ValueError: for an entry that cannot be read
    """
    hosts = document.get("hosts") or []
    if not isinstance(hosts, list):
        raise ValueError(f"hosts must be a list of strings; got: {hosts!r}")
    listed = [str(entry) for entry in hosts if entry] or list(arguments)
    default = DEFAULT_TLS_HOST if uses_tls(document) else f"unix://{DEFAULT_SOCKET}"
    return [parse_address(entry) for entry in listed or [default]]


def uses_tls(document: Document) -> bool:
    """``tlsverify`` in the file turns TLS on by being there, true or false, and whatever ``tls`` says."""
    return bool(document.get("tls")) or "tlsverify" in document


def checks_clients(document: Document) -> bool:
    """Whether a client of a tcp socket must show a certificate: with TLS always, unless ``tlsverify`` is false."""
    return uses_tls(document) and document.get("tlsverify") is not False
