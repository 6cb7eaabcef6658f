# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A tiny engine that really listens: HTTP on a unix socket or on loopback, with answers that a test sets."""

from __future__ import annotations

import contextlib
import http.server
import json
import socketserver
import ssl
import threading
import typing as t
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ansible_collections.slipway.docker.plugins.module_utils.daemon.sockets import Address, parse_address


@dataclass
class Engine:
    """What the engine answers, and what it was asked.

    :ivar answers: status and body by method and path
    """

    address: Address
    answers: dict[str, tuple[int, bytes]] = field(default_factory=lambda: {"GET /_ping": (200, b"OK")})
    headers: dict[str, str] = field(default_factory=lambda: {"Server": "Docker/28.5.2 (linux)"})
    asked: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def says(self, path: str, answer: t.Any, status: int = 200) -> None:
        self.answers[f"GET {path}"] = (status, json.dumps(answer).encode())


class _Handler(http.server.BaseHTTPRequestHandler):
    engine: Engine
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        asked = f"{self.command} {self.path}"
        self.engine.asked.append(asked)
        self.engine.bodies.append(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        default = (404, b'{"message":"page not found"}')
        status, body = self.engine.answers.get(asked, self.engine.answers.get(asked.partition("?")[0], default))
        self.send_response_only(status)
        for name, value in self.engine.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = _answer

    def log_message(self, *_args: object) -> None:
        """Tests are quiet."""

    def address_string(self) -> str:
        return "somebody"


class _Quiet(socketserver.BaseServer):
    def handle_error(self, _request: object, _client: object) -> None:
        """A client may hang up: tests do that on purpose."""


class _UnixServer(_Quiet, socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


class _TcpServer(_Quiet, http.server.ThreadingHTTPServer):
    daemon_threads = True


@contextlib.contextmanager
def engine_on_unix(path: Path) -> Iterator[Engine]:
    """An engine on a unix socket."""
    engine = Engine(parse_address(f"unix://{path}"))
    with _served(_UnixServer(str(path), _handler(engine)), engine):
        yield engine


@contextlib.contextmanager
def engine_on_tcp(certificate: Path | None = None) -> Iterator[Engine]:
    """An engine on some port of loopback.

    :param certificate: with its key in the same file, for one that speaks TLS and asks its clients for a certificate
    """
    server = _TcpServer(("127.0.0.1", 0), _handler(None))
    engine = Engine(parse_address(f"tcp://127.0.0.1:{server.server_port}"))
    server.RequestHandlerClass = _handler(engine)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        context.load_verify_locations(certificate)
        context.verify_mode = ssl.CERT_REQUIRED
        server.socket = context.wrap_socket(server.socket, server_side=True)
    with _served(server, engine):
        yield engine


def _handler(engine: Engine | None) -> type[_Handler]:
    return type("Handler", (_Handler,), {"engine": engine})


@contextlib.contextmanager
def _served(server: socketserver.BaseServer, engine: Engine) -> Iterator[Engine]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield engine
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
