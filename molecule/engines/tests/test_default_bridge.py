# SPDX-License-Identifier: GPL-3.0-or-later
"""docker0 follows bip and pools when they come, change and go, on every engine."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
import yaml

Configure = t.Callable[..., dict[str, t.Any]]
Docker0 = t.Callable[[], str]

BEFORE = yaml.safe_load((Path(__file__).parents[1] / "vars" / "main.yml").read_text())["engine_config"]
CONFIG = {key: value for key, value in BEFORE.items() if key != "hosts"}  # a tcp socket takes a second more each time
USUAL = "172.17.0.1/16"


@pytest.fixture(scope="module", autouse=True)
def as_before(configure: Configure) -> t.Iterator[None]:
    yield
    configure(BEFORE)


def test_it_follows(configure: Configure, docker0: Docker0) -> None:
    configure(CONFIG)
    for config, expected in (
        ({"bip": "10.9.0.1/24"}, "10.9.0.1/24"),
        ({"bip": "10.9.1.1/24"}, "10.9.1.1/24"),
        ({}, USUAL),
        ({"default-address-pools": [{"base": "10.10.0.0/16", "size": 24}]}, "10.10.0.1/24"),
        ({"bip": "10.9.1.1/24", "live-restore": True}, "10.9.1.1/24"),
        ({"live-restore": True}, USUAL),
    ):
        assert configure({**CONFIG, **config})["activation"] == "restart"
        assert docker0() == expected
