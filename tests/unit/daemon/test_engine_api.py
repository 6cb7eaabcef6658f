# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine asked over real sockets."""

from __future__ import annotations

import datetime
import json
import os
import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ansible_collections.slipway.docker.plugins.module_utils.daemon.engine_api import (
    EngineError,
    NeedsTls,
    answers,
    get,
    greet,
    may_connect,
    request,
    wait_for_event,
)
from ansible_collections.slipway.docker.plugins.module_utils.daemon.sockets import Address, parse_address
from unit.engines import Engine, engine_on_tcp, engine_on_unix


@pytest.fixture(params=["unix", "tcp"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with engine_on_unix(tmp_path / "docker.sock") if request.param == "unix" else engine_on_tcp() as engine:
        yield engine


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that vouches for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "docker.example.org")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(signed.public_bytes(Encoding.PEM) + private)
    return path


@pytest.fixture
def closed_port() -> Address:
    """Where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return parse_address(f"tcp://127.0.0.1:{port}")


def test_a_json_answer(engine: Engine) -> None:
    engine.says("/info", {"Name": "städtchen"})
    assert get(engine.address, "/info") == {"Name": "städtchen"}
    assert engine.asked == ["GET /info"]


def test_a_request_with_a_body(engine: Engine) -> None:
    engine.answers["POST /x"] = (201, b"made")
    assert request(engine.address, "/x", method="POST", body={"a": 1}) == (201, b"made")
    assert [json.loads(body) for body in engine.bodies] == [{"a": 1}]


def test_an_error_is_told_with_the_engines_reason(engine: Engine) -> None:
    engine.says("/info", {"message": "no"}, status=503)
    with pytest.raises(EngineError) as caught:
        get(engine.address, "/info")
    assert str(caught.value) == f'{engine.address.raw} answered 503 to /info: {{"message": "no"}}'


def test_an_answer_that_is_no_json(engine: Engine) -> None:
    """Something else may listen there."""
    engine.answers["GET /info"] = (200, b"<html>")
    with pytest.raises(EngineError, match="^" + re.escape(f"{engine.address.raw} answered /info with something else")):
        get(engine.address, "/info")


@pytest.mark.parametrize("path", ["absent.sock", "x" * 200])
def test_nobody_on_a_unix_socket(tmp_path: Path, path: str) -> None:
    address = parse_address(f"unix://{tmp_path}/{path}")
    with pytest.raises(EngineError, match="^" + re.escape(f"no answer on {address.raw}: ")):
        get(address, "/info")


def test_an_orphaned_socket_refuses(tmp_path: Path) -> None:
    path = tmp_path / "docker.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
    address = parse_address(f"unix://{path}")
    assert answers(address, tls=False) == f"no answer on {address.raw}: [Errno 111] Connection refused"


def test_a_socket_that_nobody_reads_is_given_up(tmp_path: Path) -> None:
    """What docker.socket leaves behind when dockerd opens its own."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "docker.sock"))
        server.listen()
        began = time.monotonic()
        found = answers(parse_address(f"unix://{tmp_path}/docker.sock"), tls=False, timeout=0.2)
        assert time.monotonic() - began < 2
    assert found == f"no answer on unix://{tmp_path}/docker.sock: timed out"


def test_an_abstract_socket() -> None:
    name = f"slipway-test-{time.monotonic_ns()}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0{name}")
        server.listen()
        thread = threading.Thread(target=_answer_once, args=(server,))
        thread.start()
        assert answers(parse_address(f"unix://@{name}"), tls=False) == ""
        thread.join()


def _answer_once(server: socket.socket) -> None:
    connection, _peer = server.accept()
    with connection:
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK")


def test_an_engine_answers(engine: Engine) -> None:
    assert answers(engine.address, tls=False) == ""
    assert engine.asked == ["GET /_ping"]


@pytest.mark.parametrize(("status", "body"), [(200, b"<html>"), (200, b""), (500, b"OK"), (400, b"OK")])
def test_something_else_answers(engine: Engine, status: int, body: bytes) -> None:
    engine.answers["GET /_ping"] = (status, body)
    assert answers(engine.address, tls=False) == f"{engine.address.raw} answered {status} to /_ping, not OK"


@pytest.mark.parametrize(
    ("server", "version"),
    [
        ("Docker/28.5.2 (linux)", (28, 5, 2)),
        ("Docker/20.10.24+dfsg1 (linux)", (20, 10, 24)),
        ("nginx", None),
        ("", None),
    ],
)
def test_the_version_it_tells(engine: Engine, server: str, version: tuple[int, ...] | None) -> None:
    engine.headers["Server"] = server
    assert greet(engine.address, tls=False) == ("", version)


def test_every_interface_is_asked_on_loopback() -> None:
    with engine_on_tcp() as engine:
        everywhere = parse_address(f"tcp://0.0.0.0:{engine.address.port}")
        assert answers(everywhere, tls=False) == ""
        assert answers(parse_address(f"tcp://localhost:{engine.address.port}"), tls=False) == ""


def test_nobody_on_a_port(closed_port: Address) -> None:
    for tls in (False, True):
        assert answers(closed_port, tls) == f"no answer on {closed_port.raw}: [Errno 111] Connection refused"


def test_a_server_with_tls_answers_by_asking_for_a_certificate(certificate: Path) -> None:
    with engine_on_tcp(certificate) as engine:
        assert answers(engine.address, tls=True) == ""
        assert answers(engine.address, tls=False, timeout=1) != ""
        assert engine.asked == []


def test_a_server_without_tls() -> None:
    with engine_on_tcp() as engine:
        assert answers(engine.address, tls=True, timeout=2).startswith(f"no TLS on {engine.address.raw}: ")


def test_an_engine_that_speaks_tls_without_our_knowing_is_there() -> None:
    """Flags may ask for TLS where daemon.json does not. This is what Go's server says to a client without it."""
    with engine_on_tcp() as engine:
        for path in ("/_ping", "/info"):
            engine.answers[f"GET {path}"] = (400, b"Client sent an HTTP request to an HTTPS server.\n")
        assert answers(engine.address, tls=False) == ""
        with pytest.raises(NeedsTls):
            get(engine.address, "/info")


def test_tls_is_for_tcp_alone(tmp_path: Path) -> None:
    with engine_on_unix(tmp_path / "docker.sock") as engine:
        assert answers(engine.address, tls=True) == ""


@pytest.mark.skipif(os.geteuid() == 0, reason="root may do anything")
def test_a_socket_without_permission(engine: Engine) -> None:
    if engine.address.kind == "unix":
        os.chmod(engine.address.path, 0)
        assert not may_connect(engine.address)


def test_whether_it_may_be_tried(engine: Engine, tmp_path: Path) -> None:
    assert may_connect(engine.address)
    assert may_connect(parse_address(f"unix://{tmp_path}/absent.sock"))  # the reason is told when it is tried


def test_an_event_that_comes(engine: Engine) -> None:
    engine.answers["GET /events"] = (200, b'{"Type":"daemon","Action":"reload"}\n')
    filters = {"type": ["daemon"], "event": ["reload"]}
    assert wait_for_event(engine.address, 1_700_000_000.25, filters, 5)
    assert re.fullmatch(r"GET /events\?since=1700000000\.25\d*&until=1700000005\.25\d*&filters=.*", engine.asked[0])


def test_an_event_that_does_not_come(engine: Engine, closed_port: Address) -> None:
    engine.answers["GET /events"] = (200, b"")  # the engine ends the answer at the moment "until"
    assert not wait_for_event(engine.address, time.time(), {}, 1)
    engine.says("/events", {"message": "bad filter"}, status=400)
    assert not wait_for_event(engine.address, time.time(), {}, 1)
    assert not wait_for_event(closed_port, time.time(), {}, 1)
