# SPDX-License-Identifier: GPL-3.0-or-later
"""Check mode on a host that runs: it foretells what the real run then does, and changes nothing itself."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
import yaml
from testinfra.host import Host

Configure = t.Callable[..., dict[str, t.Any]]

CONFIG = yaml.safe_load((Path(__file__).parents[1] / "vars" / "main.yml").read_text())["engine_config"]
FORETOLD = ("changed", "changed_keys", "files", "activation", "activation_reasons", "conflicts", "sockets")


@pytest.fixture(scope="module", autouse=True)
def as_before(configure: Configure) -> t.Iterator[None]:
    yield
    configure(CONFIG)


@pytest.mark.parametrize(
    "config",
    [
        pytest.param({**CONFIG, "labels": ["tier=test"]}, id="a reload will do"),
        pytest.param({"storage-driver": "overlay2"}, id="the socket unit gets its path back"),
        pytest.param(CONFIG, id="and loses it again"),
        pytest.param(CONFIG, id="nothing to do"),
    ],
)
def test_prediction_comes_true(host: Host, configure: Configure, config: dict[str, t.Any]) -> None:
    before = host.check_output("cat /etc/docker/daemon.json; pidof dockerd")
    foretold = configure(config, check=True)
    assert host.check_output("cat /etc/docker/daemon.json; pidof dockerd") == before
    real = configure(config)
    assert {key: foretold[key] for key in FORETOLD} == {key: real[key] for key in FORETOLD}
