# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which containers ran before a restart, and that they run again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.containers import Container, running, start_again
from ansible_collections.slipway.docker.plugins.module_utils.daemon.sockets import parse_address
from unit.engines import Engine, engine_on_tcp, engine_on_unix

WEB, DB = Container("a" * 64, "web"), Container("b" * 64, "db")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with engine_on_unix(tmp_path / "docker.sock") as engine:
        engine.says("/containers/json", [])
        yield engine


def test_what_runs(engine: Engine) -> None:
    engine.says("/containers/json", [{"Id": WEB.id, "Names": ["/web"]}, {"Id": DB.id, "Names": None}])
    assert running([engine.address]) == [WEB, Container(DB.id, "b" * 12)]


def test_a_daemon_that_does_not_answer_runs_nothing(tmp_path: Path) -> None:
    assert running([]) == []
    assert running([parse_address(f"unix://{tmp_path}/absent.sock")]) == []


def test_only_this_machine_is_asked(engine: Engine, tmp_path: Path) -> None:
    engine.says("/containers/json", [{"Id": WEB.id, "Names": ["/web"]}])
    absent = parse_address(f"unix://{tmp_path}/absent.sock")
    assert running([parse_address("tcp://192.0.2.1:2375"), absent, engine.address]) == [WEB]
    with engine_on_tcp() as other:
        other.says("/containers/json", [{"Id": DB.id, "Names": ["/db"]}])
        assert running([other.address, engine.address]) == [WEB]
        assert running([other.address, absent]) == [DB]


def test_those_that_run_already_are_left_alone(engine: Engine) -> None:
    engine.says("/containers/json", [{"Id": WEB.id, "Names": ["/web"]}])
    engine.answers[f"POST /containers/{DB.id}/start"] = (204, b"")
    assert start_again([engine.address], [WEB, DB]) == {}
    assert [asked for asked in engine.asked if asked.startswith("POST")] == [f"POST /containers/{DB.id}/start"]


def test_one_that_started_meanwhile(engine: Engine) -> None:
    engine.answers[f"POST /containers/{WEB.id}/start"] = (304, b"")
    assert start_again([engine.address], [WEB]) == {}


def test_what_cannot_be_started_is_told(engine: Engine) -> None:
    engine.answers[f"POST /containers/{WEB.id}/start"] = (404, b'{"message":"No such container"}\n')
    engine.answers[f"POST /containers/{DB.id}/start"] = (204, b"")
    assert start_again([engine.address], [WEB, DB]) == {"web": '{"message":"No such container"}'}
    assert f"POST /containers/{DB.id}/start" in engine.asked


def test_nothing_to_start_and_nobody_to_ask(engine: Engine) -> None:
    assert start_again([engine.address], []) == {}
    assert start_again([], [WEB]) == {}
