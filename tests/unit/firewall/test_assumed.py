# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""In check mode rules may name networks that a task before them was about to make."""

from __future__ import annotations

from ansible_collections.slipway.docker.plugins.module_utils.firewall.policy import read_policy
from ansible_collections.slipway.docker.plugins.module_utils.firewall.run import Engine, assumed


def test_a_network_that_is_not_there_yet() -> None:
    declared = {"rules": [{"network": "front"}, {"network": "back"}, {"ports": ["80"]}]}
    engine = assumed(Engine(True, {"back": "br-1234"}, "iptables"), declared)
    assert engine == Engine(True, {"back": "br-1234", "front": "br-?"}, "iptables", ("front",))
    assert [rule.bridge for rule in read_policy(declared, engine.bridges or {}).rules] == ["br-?", "br-1234", ""]


def test_all_are_there() -> None:
    engine = Engine(True, {"back": "br-1234"})
    assert assumed(engine, {"rules": [{"network": "back"}]}) == engine
    assert assumed(engine, {}) == engine
