# SPDX-License-Identifier: GPL-3.0-or-later
"""Check mode on a host that runs: it foretells what the real run then does, and changes nothing itself."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
import yaml
from testinfra.host import Host

CONFIG = yaml.safe_load((Path(__file__).parents[1] / "vars" / "main.yml").read_text())["engine_config"]
FORETOLD = ("changed", "changed_keys", "files", "activation", "activation_reasons", "conflicts", "sockets")


def configure(host: Host, config: dict[str, t.Any], check: bool) -> dict[str, t.Any]:
    arguments = json.dumps({"config": config, "settle": 0})
    return t.cast("dict[str, t.Any]", host.ansible("slipway.docker.daemon", arguments, check=check, diff=True))


@pytest.fixture(scope="module", autouse=True)
def as_before(host: Host) -> t.Iterator[None]:
    yield
    configure(host, CONFIG, check=False)


@pytest.mark.parametrize(
    "config",
    [
        pytest.param({**CONFIG, "labels": ["tier=test"]}, id="a reload will do"),
        pytest.param({"storage-driver": "overlay2"}, id="the socket unit gets its path back"),
        pytest.param(CONFIG, id="and loses it again"),
        pytest.param(CONFIG, id="nothing to do"),
    ],
)
def test_prediction_comes_true(host: Host, config: dict[str, t.Any]) -> None:
    before = host.check_output("cat /etc/docker/daemon.json; pidof dockerd")
    foretold = configure(host, config, check=True)
    assert host.check_output("cat /etc/docker/daemon.json; pidof dockerd") == before
    real = configure(host, config, check=False)
    assert {key: foretold[key] for key in FORETOLD} == {key: real[key] for key in FORETOLD}
