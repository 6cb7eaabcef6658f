# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The engine's own answers, asked over its sockets."""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
import typing as t
import urllib.parse

from ..host.errors import HostError
from .sockets import Address
from .version import Version, parse_version

# What a server that speaks TLS says to somebody who does not (net/http).
_WANTS_TLS = b"Client sent an HTTP request to an HTTPS server."
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "localhost": "127.0.0.1"}


class EngineError(HostError):
    """The engine does not answer, or refuses."""


class NeedsTls(EngineError):
    """The engine is there, and speaks TLS alone: flags can ask for that as well as daemon.json."""


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect("\0" + self._path[1:] if self._path.startswith("@") else self._path)


def _connection(address: Address, timeout: float) -> http.client.HTTPConnection:
    if address.kind == "unix":
        return _UnixConnection(address.path, timeout)
    return http.client.HTTPConnection(_EVERYWHERE.get(address.host, address.host), address.port, timeout=timeout)


def request(
    address: Address, path: str, *, method: str = "GET", body: t.Any = None, timeout: float = 10.0
) -> tuple[int, bytes]:
    """One request; the status and the body of the answer.

    :param timeout: seconds for each read
    :raises EngineError: where nothing answers
    """
    connection = _connection(address, timeout)
    try:
        payload = None if body is None else json.dumps(body)
        connection.request(method, path, payload, {"Content-Type": "application/json"} if payload else {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise EngineError(f"no answer on {address.raw}: {error}") from error
    finally:
        connection.close()


def get(address: Address, path: str, timeout: float = 10.0) -> t.Any:
    """A JSON answer.

    :raises EngineError: where nothing answers, or an error does
    """
    status, body = request(address, path, timeout=timeout)
    if status != 200:
        kind = NeedsTls if body.startswith(_WANTS_TLS) else EngineError
        raise kind(f"{address.raw} answered {status} to {path}: {body[:500].decode('utf-8', 'replace')}")
    try:
        return json.loads(body)
    except ValueError as error:
        raise EngineError(f"{address.raw} answered {path} with something else than JSON: {error}") from error


def may_connect(address: Address) -> bool:
    """Whether this user may try: a unix socket that is there has permissions, like any file."""
    return address.kind != "unix" or not os.path.exists(address.path) or os.access(address.path, os.R_OK | os.W_OK)


def answers(address: Address, tls: bool, timeout: float = 3.0) -> str:
    """Whether an engine answers on an address: empty, or why not."""
    return greet(address, tls, timeout)[0]


def greet(address: Address, tls: bool, timeout: float = 3.0) -> tuple[str, Version | None]:
    """Whether an engine answers on an address (empty, or why not), and its version where it says so."""
    if address.kind == "tcp" and tls:
        return _greets_with_tls(address, timeout), None
    connection = _connection(address, timeout)
    try:
        connection.request("GET", "/_ping")
        answer = connection.getresponse()
        body = answer.read(64)
    except (OSError, http.client.HTTPException) as error:
        return f"no answer on {address.raw}: {error}", None
    finally:
        connection.close()
    if body.startswith(_WANTS_TLS):
        return "", None
    if answer.status != 200 or body.strip() != b"OK":
        return f"{address.raw} answered {answer.status} to /_ping, not OK", None
    return "", parse_version((answer.getheader("Server") or "").partition("/")[2])


def _greets_with_tls(address: Address, timeout: float) -> str:
    """A TLS server that asks for a certificate we do not have is an answer: the listener is up."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        reached = socket.create_connection((_EVERYWHERE.get(address.host, address.host), address.port), timeout)
        with reached, context.wrap_socket(reached):
            return ""
    except ssl.SSLError as error:
        return "" if "CERTIFICATE_REQUIRED" in str(error.reason) else f"no TLS on {address.raw}: {error}"
    except OSError as error:
        return f"no answer on {address.raw}: {error}"


def wait_for_event(address: Address, since: float, filters: dict[str, list[str]], timeout: float) -> bool:
    """Wait for an event of the engine that came, or comes, after a moment.

    :param since: seconds of the epoch
    :param timeout: seconds
    :returns: whether it came in time
    """
    query = urllib.parse.urlencode(
        {"since": f"{since:.9f}", "until": f"{since + timeout:.9f}", "filters": json.dumps(filters)}
    )
    connection = _connection(address, timeout)
    try:
        connection.request("GET", f"/events?{query}")
        answer = connection.getresponse()
        return answer.status == 200 and bool(answer.readline().strip())
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
