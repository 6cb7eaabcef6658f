# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module takes for reloadable is reloaded, on every engine: same process, new value, containers untouched."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
import yaml
from testinfra.host import Host

CONFIG = yaml.safe_load((Path(__file__).parents[1] / "vars" / "main.yml").read_text())["engine_config"]


def configure(host: Host, config: dict[str, t.Any], **options: t.Any) -> dict[str, t.Any]:
    arguments = json.dumps({"config": {**CONFIG, **config}, "settle": 0, **options})
    return t.cast("dict[str, t.Any]", host.ansible("slipway.docker.daemon", arguments, check=False))


@pytest.fixture(scope="module", autouse=True)
def as_before(host: Host) -> t.Iterator[None]:
    yield
    configure(host, {})


def test_a_reload_is_enough_and_takes_effect(host: Host) -> None:
    process = host.check_output("pidof dockerd")
    done = configure(host, {"labels": ["tier=other"], "shutdown-timeout": 7, "debug": True}, disruption="reload")
    assert done["activation"] == "reload"
    assert host.check_output("pidof dockerd") == process
    assert host.check_output("docker info --format '{{.Labels}} {{.Debug}}'") == "[tier=other] true"


def test_a_removal_needs_a_restart(host: Host) -> None:
    configure(host, {"debug": True})
    process = host.check_output("pidof dockerd")
    assert configure(host, {})["activation"] == "restart"
    assert host.check_output("pidof dockerd") != process
    assert host.check_output("docker info --format '{{.Debug}}'") == "false"
