# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""live-restore: what each check accepts and what it says, and the engines it holds for."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks import live_restore
from unit.verdicts import Row, row, table

ROWS = [
    row(
        live_restore.live_restore_in_a_swarm,
        {"live-restore": True},
        (
            "config.live-restore cannot be on while this host is a member of a swarm; got: true; "
            "leave the swarm (docker swarm leave), or take it out"
        ),
        swarm=True,
    ),
    row(live_restore.live_restore_in_a_swarm, {"live-restore": True}, swarm=False),
    row(live_restore.live_restore_in_a_swarm, {"live-restore": False}, swarm=True),
    row(live_restore.live_restore_in_a_swarm, {"live-restore": True}),
    row(
        live_restore.settings_that_lose_containers,
        {"live-restore": True, "data-root": "/srv"},
        (
            "config.data-root changes while live-restore is on: containers are not found again, and "
            "run on unseen; stop the containers before"
        ),
        before={"live-restore": True},
    ),
    row(
        live_restore.settings_that_lose_containers,
        {"live-restore": True, "data-root": "/srv"},
        before={"data-root": "/srv"},
    ),
]


@pytest.mark.parametrize("case", table(ROWS))
def test_a_check(case: Row) -> None:
    assert case.sentences() == list(case.said)
