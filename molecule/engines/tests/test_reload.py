# SPDX-License-Identifier: GPL-3.0-or-later
"""What the module takes for reloadable is reloaded, on every engine: same process, new value, containers untouched."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
import yaml
from testinfra.host import Host

Configure = t.Callable[..., dict[str, t.Any]]

CONFIG = yaml.safe_load((Path(__file__).parents[1] / "vars" / "main.yml").read_text())["engine_config"]


@pytest.fixture(scope="module", autouse=True)
def as_before(configure: Configure) -> t.Iterator[None]:
    yield
    configure(CONFIG)


def test_a_reload_is_enough_and_takes_effect(host: Host, configure: Configure) -> None:
    process = host.check_output("pidof dockerd")
    done = configure({**CONFIG, "labels": ["tier=other"], "shutdown-timeout": 7, "debug": True}, disruption="reload")
    assert done["activation"] == "reload"
    assert host.check_output("pidof dockerd") == process
    assert host.check_output("docker info --format '{{.Labels}} {{.Debug}}'") == "[tier=other] true"


def test_a_removal_needs_a_restart(host: Host, configure: Configure) -> None:
    configure({**CONFIG, "debug": True})
    process = host.check_output("pidof dockerd")
    assert configure(CONFIG)["activation"] == "restart"
    assert host.check_output("pidof dockerd") != process
    assert host.check_output("docker info --format '{{.Debug}}'") == "false"
