# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The builder's configuration: what each check accepts and what it says, and the engines it holds for."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks import builder
from unit.verdicts import Row, row, table

ROWS = [
    row(
        builder.sizes,
        {"builder": {"gc": {"enabled": True, "defaultKeepStorage": "abc"}}},
        'config.builder.gc.defaultKeepStorage must be a size such as "20GB"; got: "abc"',
    ),
    row(
        builder.sizes,
        {"builder": {"gc": {"enabled": True, "policy": [{"keepStorage": "20%"}]}}},
        'config.builder.gc.policy[0].keepStorage must be a size such as "20GB"; got: "20%"',
    ),
    row(
        builder.sizes,
        {"builder": {"gc": {"defaultKeepStorage": "abc"}}},
        'config.builder.gc.defaultKeepStorage must be a size such as "20GB"; got: "abc"',
        version="28.0.0",
    ),
    row(builder.sizes, {"builder": {"gc": {"defaultKeepStorage": "abc"}}}, version="27.5.1"),
    row(builder.sizes, {"builder": {"gc": {"enabled": False, "defaultKeepStorage": "abc"}}}),
    row(builder.sizes, {"builder": {"gc": {"enabled": True, "policy": [{"keepStorage": "10.5 GB"}]}}}),
    row(
        builder.sizes_that_are_needed,
        {"builder": {"gc": {"enabled": True, "policy": [{"filter": ["unused-for=48h"]}]}}},
        ('config.builder.gc.policy[0] must have keepStorage with engine 27.5.1; got: {"filter": ["unused-for=48h"]}'),
        version="27.5.1",
    ),
    row(
        builder.sizes_that_are_needed,
        {"builder": {"gc": {"enabled": True, "policy": [{"filter": ["unused-for=48h"]}]}}},
        version="28.0.0",
    ),
    row(
        builder.sizes_that_are_needed,
        {"builder": {"gc": {"enabled": True, "policy": [{"KeepStorage": "1GB"}]}}},
        version="20.10.24",
    ),
    row(
        builder.filters,
        {"builder": {"gc": {"enabled": True, "policy": [{"keepStorage": "1GB", "filter": ["unused-for=later", 3]}]}}},
        ('config.builder.gc.policy[0].filter[0] must have a duration such as 48h; got: "unused-for=later"'),
        "config.builder.gc.policy[0].filter[1] must be a string such as unused-for=48h; got: 3",
    ),
    row(
        builder.filters,
        {
            "builder": {
                "gc": {"enabled": True, "policy": [{"keepStorage": "1GB", "filter": ["bogus", "until=2024-01-01"]}]}
            }
        },
        'config.builder.gc.policy[0].filter[0] must be of the form name=value; got: "bogus"',
        ('config.builder.gc.policy[0].filter[1] must have a duration such as 48h; got: "until=2024-01-01"'),
        version="20.10.24",
    ),
    row(
        builder.filters,
        {
            "builder": {
                "gc": {"enabled": True, "policy": [{"keepStorage": "1GB", "filter": ["bogus", "until=2024-01-01"]}]}
            }
        },
        version="23.0.0",
    ),
    row(
        builder.filters,
        {
            "builder": {
                "gc": {
                    "enabled": True,
                    "policy": [{"keepStorage": "1GB", "filter": ["unused-for=2200h", "type==source.local"]}],
                }
            }
        },
    ),
    row(
        builder.filters,
        {
            "builder": {
                "gc": {"enabled": True, "policy": [{"keepStorage": "1GB", "filter": {"unused-for": {"2200h": True}}}]}
            }
        },
    ),
    row(
        builder.members_of_newer_engines,
        {"builder": {"gc": {"enabled": True, "defaultMaxUsedSpace": "1GB"}}},
        ('config.builder.gc.defaultMaxUsedSpace came with engine 28.0, and does nothing with 27.5.1; got: "1GB"'),
        version="27.5.1",
    ),
    row(
        builder.members_of_newer_engines,
        {"builder": {"gc": {"enabled": True, "defaultMaxUsedSpace": "1GB"}}},
        version="28.0.0",
    ),
    row(
        builder.members_of_newer_engines,
        {"builder": {"history": {"maxEntries": 1}}},
        "config.builder.history came with engine 24.0, and does nothing with 23.0.0",
        version="23.0.0",
    ),
    row(builder.members_of_newer_engines, {"builder": {"history": {"maxEntries": 1}}}, version="24.0.0"),
]


@pytest.mark.parametrize("case", table(ROWS))
def test_a_check(case: Row) -> None:
    assert case.sentences() == list(case.said)
