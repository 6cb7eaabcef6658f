# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the daemon answers everywhere and reports what its file says, asked over real sockets."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.systemd import Systemd
from ansible_collections.slipway.docker.plugins.module_utils.daemon.proof import contradictions, unanswered
from ansible_collections.slipway.docker.plugins.module_utils.daemon.sockets import parse_address
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Completed, Host, Runner
from ansible_collections.slipway.docker.plugins.module_utils.host.systemd import UnitStatus
from unit.engines import Engine, engine_on_tcp, engine_on_unix
from unit.trees import no_command

INFO = {
    "DockerRootDir": "/srv/docker",
    "Debug": False,
    "DefaultRuntime": "runc",
    "ExperimentalBuild": False,
    "Labels": ["b=2", "a=1"],
    "LiveRestoreEnabled": True,
    "LoggingDriver": "json-file",
    "Driver": "overlay2",
}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with engine_on_unix(tmp_path / "docker.sock") as engine:
        engine.says("/info", INFO)
        yield engine


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({}, []),
        (
            {
                "data-root": "/srv/docker",
                "labels": ["a=1", "b=2"],
                "live-restore": True,
                "log-driver": "json-file",
                "storage-driver": "overlay2",
                "default-runtime": "runc",
                "mtu": 1400,
            },
            [],
        ),
        ({"data-root": "/srv//docker/"}, []),
        ({"data-root": "/srv"}, []),  # userns-remap puts the data below it
        ({"data-root": ""}, []),
        ({"debug": False, "labels": [], "log-driver": "", "experimental": None}, []),
        ({"debug": True}, ["debug is True in daemon.json, the daemon reports False"]),
        (
            {"data-root": "/var/lib/docker"},
            ["data-root is '/var/lib/docker' in daemon.json, the daemon reports '/srv/docker'"],
        ),
        (
            {"labels": ["a=1"], "storage-driver": "vfs"},
            [
                "labels is ['a=1'] in daemon.json, the daemon reports ['b=2', 'a=1']",
                "storage-driver is 'vfs' in daemon.json, the daemon reports 'overlay2'",
            ],
        ),
    ],
)
def test_what_the_daemon_reports(engine: Engine, document: dict[str, t.Any], expected: list[str]) -> None:
    assert contradictions([engine.address], document) == expected


def test_what_it_does_not_report_is_not_held_against_it(engine: Engine) -> None:
    engine.says("/info", {"Labels": None})
    assert contradictions([engine.address], {"debug": True, "labels": ["a=1"]}) == []


def test_a_linked_data_root_is_the_same(engine: Engine, tmp_path: Path) -> None:
    """dockerd resolves it before it reports it."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    engine.says("/info", {**INFO, "DockerRootDir": str(tmp_path / "real")})
    assert contradictions([engine.address], {"data-root": str(tmp_path / "link")}) == []


def test_a_daemon_that_cannot_report(engine: Engine) -> None:
    engine.says("/info", {"message": "boom"}, status=500)
    assert contradictions([engine.address], {"debug": True}) == [
        f'{engine.address.raw} answered 500 to /info: {{"message": "boom"}}'
    ]


def test_a_unix_socket_is_asked_before_tcp(engine: Engine) -> None:
    with engine_on_tcp() as other:
        other.says("/info", {**INFO, "Debug": True})
        assert contradictions([other.address, engine.address], {"debug": True}) != []
        assert contradictions([other.address], {"debug": True}) == []


def test_nobody_can_be_asked() -> None:
    assert contradictions([], {"debug": True}) == []
    assert contradictions([parse_address("tcp://127.0.0.1:1")], {"debug": True, "tlsverify": True}) == []


def test_an_engine_that_speaks_tls_by_its_flags_is_not_asked() -> None:
    with engine_on_tcp() as engine:
        engine.answers["GET /info"] = (400, b"Client sent an HTTP request to an HTTPS server.\n")
        assert contradictions([engine.address], {"debug": True}) == []


class Systemctl:
    """Answers ``systemctl show``."""

    def __init__(self, active: str, sub: str, result: str = "success") -> None:
        self.text = f"ActiveState={active}\nSubState={sub}\nResult={result}\n"
        self.asked = 0

    def __call__(
        self, argv: Sequence[str], *, data: str | None = None, env: Mapping[str, str] | None = None
    ) -> Completed:
        assert argv[:2] == ["systemctl", "show"]
        self.asked += 1
        return Completed(tuple(argv), 0, self.text, "")


def status_of(run: Runner) -> t.Callable[[], UnitStatus]:
    return lambda: Systemd().status(Host(run), [])


def test_a_daemon_that_answers_everywhere(engine: Engine) -> None:
    with engine_on_tcp() as other:
        assert unanswered(status_of(no_command), [engine.address, other.address], {}, 5) == ""


def test_one_address_is_silent(engine: Engine, tmp_path: Path) -> None:
    silent = parse_address(f"unix://{tmp_path}/absent.sock")
    found = unanswered(status_of(Systemctl("active", "running")), [engine.address, silent], {}, 0)
    assert found == f"no answer on {silent.raw}: [Errno 2] No such file or directory"


@pytest.mark.parametrize(
    ("active", "sub", "result"),
    [("failed", "failed", "exit-code"), ("activating", "auto-restart", "exit-code"), ("inactive", "dead", "success")],
)
def test_a_failed_service_is_not_waited_for(tmp_path: Path, active: str, sub: str, result: str) -> None:
    systemctl = Systemctl(active, sub, result)
    found = unanswered(status_of(systemctl), [parse_address(f"unix://{tmp_path}/absent.sock")], {}, 60)
    assert found == f"docker.service is {active} ({sub}, result {result})"
    assert systemctl.asked == 1


def test_one_that_starts_is_waited_for(tmp_path: Path) -> None:
    systemctl = Systemctl("activating", "start")
    found = unanswered(status_of(systemctl), [parse_address(f"unix://{tmp_path}/absent.sock")], {}, 0.3)
    assert found.startswith("no answer on ")
    assert systemctl.asked > 1
