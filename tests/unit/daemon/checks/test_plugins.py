# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Authorization plugins: what each check accepts and what it says, and the engines it holds for."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks import plugins
from unit.verdicts import Row, row, table

ROWS = [
    row(
        plugins.authorization_plugins,
        {"authorization-plugins": ["opa", ""]},
        (
            'config.authorization-plugins[0] is no plugin of this host; got: "opa"; install the '
            "plugin first, or start the service that has its socket in /run/docker/plugins"
        ),
        'config.authorization-plugins[1] must be the name of a plugin; got: ""',
        plugins=frozenset({"loki"}),
    ),
    row(plugins.authorization_plugins, {"authorization-plugins": ["opa"]}, plugins=frozenset({"opa"})),
    row(plugins.authorization_plugins, {"authorization-plugins": ["opa"]}),
]


@pytest.mark.parametrize("case", table(ROWS))
def test_a_check(case: Row) -> None:
    assert case.sentences() == list(case.said)
