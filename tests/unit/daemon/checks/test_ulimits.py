# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits of containers: what each check accepts and what it says, and the engines it holds for."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks import ulimits
from unit.verdicts import Row, row, table

ROWS = [
    row(
        ulimits.empty_limits,
        {"default-ulimits": {"nofile": None}},
        "config.default-ulimits.nofile must be a map with Name, Soft and Hard; got: null",
    ),
    row(ulimits.empty_limits, {"default-ulimits": {"nofile": {"Name": "nofile"}}}),
    row(
        ulimits.names_inside,
        {"default-ulimits": {"nofile": {"Soft": 1024, "Hard": 2048}}},
        (
            "config.default-ulimits.nofile must have Name as well: no container would start; got: "
            '{"Soft": 1024, "Hard": 2048}; add "Name": "nofile"'
        ),
    ),
    row(
        ulimits.names_inside,
        {"default-ulimits": {"nosuch": {"Name": "nosuch", "Soft": 1, "Hard": 2}}},
        (
            "config.default-ulimits.nosuch.Name must be one of as, core, cpu, data, fsize, locks, "
            "memlock, msgqueue, nice, nofile, nproc, rss, rtprio, rttime, sigpending, stack: no "
            'container would start; got: "nosuch"'
        ),
    ),
    row(
        ulimits.names_inside,
        {"default-ulimits": {"x": {"Name": "RLIMIT_NOFILE"}}},
        (
            "config.default-ulimits.x.Name must be one of as, core, cpu, data, fsize, locks, "
            "memlock, msgqueue, nice, nofile, nproc, rss, rtprio, rttime, sigpending, stack: no "
            'container would start; got: "RLIMIT_NOFILE"'
        ),
    ),
    row(ulimits.names_inside, {"default-ulimits": {"nofile": {"name": "NOFILE", "soft": 1024, "hard": 2048}}}),
    row(
        ulimits.soft_within_hard,
        {"default-ulimits": {"nofile": {"Name": "nofile", "Soft": 4096, "Hard": 2048}}},
        (
            "config.default-ulimits.nofile.Soft must not be more than Hard, which is 2048: no "
            "container would start; got: 4096"
        ),
    ),
    row(
        ulimits.soft_within_hard,
        {"default-ulimits": {"nofile": {"Name": "nofile", "Soft": 1024}}},
        (
            "config.default-ulimits.nofile.Soft must not be more than Hard, which is 0: no container "
            "would start; got: 1024"
        ),
    ),
    row(
        ulimits.soft_within_hard,
        {"default-ulimits": {"core": {"Name": "core", "Soft": -1, "Hard": 5}}},
        ("config.default-ulimits.core.Soft must not be more than Hard, which is 5: no container would start; got: -1"),
    ),
    row(
        ulimits.soft_within_hard,
        {
            "default-ulimits": {
                "core": {"Name": "core", "Soft": 5, "Hard": -1},
                "nproc": {"Name": "nproc", "Soft": -1, "Hard": -1},
            }
        },
    ),
    row(
        ulimits.limits_that_nothing_can_run_with,
        {"default-ulimits": {"nofile": {"Name": "nofile", "Hard": 1024}}},
        (
            "config.default-ulimits.nofile.Soft leaves too few files to open: no container would "
            "start; got: 0; write 1024 or more"
        ),
    ),
    row(
        ulimits.limits_that_nothing_can_run_with,
        {"default-ulimits": {"nofile": {"Name": "nofile", "Soft": 8, "Hard": 1024}}},
        (
            "config.default-ulimits.nofile.Soft leaves too few files to open: no container would "
            "start; got: 8; write 1024 or more"
        ),
    ),
    row(
        ulimits.limits_that_nothing_can_run_with,
        {"default-ulimits": {"nofile": {"Name": "nofile", "Soft": 1024, "Hard": 1024}, "core": {"Name": "core"}}},
    ),
    row(
        ulimits.names_that_differ,
        {"default-ulimits": {"nofile": {"Name": "nproc", "Soft": 1, "Hard": 2}}},
        ('config.default-ulimits.nofile sets the limit nproc; got: "nproc"; let the two names be the same'),
    ),
    row(ulimits.names_that_differ, {"default-ulimits": {"nofile": {"Name": "nofile"}}}),
]


@pytest.mark.parametrize("case", table(ROWS))
def test_a_check(case: Row) -> None:
    assert case.sentences() == list(case.said)
