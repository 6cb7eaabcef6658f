# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an engine is asked for, and how often."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.slipway.docker.plugins.module_utils.networks.engine import Engine
from unit.engines import engine_on_unix


def test_containers_are_asked_for_again_after_a_change(tmp_path: Path) -> None:
    with engine_on_unix(tmp_path / "docker.sock") as listening:
        listening.says("/containers/json?all=1", [])
        engine = Engine(listening.address.raw)
        for _time in range(2):
            assert engine.containers() == []
        assert engine.disconnect("front", "0a1b") == "", "one that is not there is off"
        assert engine.containers() == []
    asked = [one for one in listening.asked if one.startswith("GET")]
    assert asked == ["GET /containers/json?all=1"] * 2
