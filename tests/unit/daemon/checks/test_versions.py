# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys by engine: what each check accepts and what it says, and the engines it holds for."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks import versions
from unit.verdicts import Row, row, table

ROWS = [
    row(
        versions.keys_of_newer_engines,
        {"log-format": "json"},
        ("config.log-format came with engine 25.0.0, and this is 24.0.9; take it out, or upgrade the engine"),
        version="24.0.9",
    ),
    row(versions.keys_of_newer_engines, {"log-format": "json"}, version="25.0.0"),
    row(
        versions.keys_of_newer_engines,
        {"proxies": {"http-proxy": "x"}, "min-api-version": "1.44"},
        (
            "config.proxies came with engine 23.0.0, and this is 20.10.24; set HTTP_PROXY and the "
            "like in the environment of the service"
        ),
        (
            "config.min-api-version came with engine 29.0.0, and this is 20.10.24; set "
            "DOCKER_MIN_API_VERSION in the environment of the service (engine 25.0 or newer)"
        ),
        version="20.10.24",
    ),
    row(
        versions.keys_of_newer_engines,
        {"allow-direct-routing": True},
        ("config.allow-direct-routing came with engine 28.2.0, and this is 28.1.1; take it out, or upgrade the engine"),
        version="28.1.1",
    ),
    row(versions.keys_of_newer_engines, {"allow-direct-routing": True}, version="28.2.0"),
    row(versions.keys_of_newer_engines, {"log-format": "json"}),
    row(
        versions.keys_that_are_gone,
        {"graph": "/x"},
        "config.graph is refused since engine 23.0, and this is 23.0.0; write data-root",
        version="23.0.0",
    ),
    row(versions.keys_that_are_gone, {"graph": "/x"}, version="20.10.24"),
    row(
        versions.keys_that_are_gone,
        {"cluster-store": "x"},
        (
            "config.cluster-store is refused since engine 23.0, and this is 24.0.0; the cluster of "
            "engine 20.10 is gone; use swarm mode"
        ),
        version="24.0.0",
    ),
    row(
        versions.keys_that_are_gone,
        {"api-cors-header": "*"},
        ("config.api-cors-header is refused since engine 28.0, and this is 28.0.0; put a reverse proxy before the API"),
        version="28.0.0",
    ),
    row(versions.keys_that_are_gone, {"api-cors-header": "*"}, version="27.5.1"),
    row(versions.keys_that_are_gone, {"api-cors-header": ""}, version="28.5.2"),
    row(
        versions.keys_that_are_gone,
        {"api-cors-header": ""},
        ("config.api-cors-header is refused since engine 28.0, and this is 29.0.0; put a reverse proxy before the API"),
        version="29.0.0",
    ),
    row(
        versions.keys_that_are_gone,
        {"oom-score-adjust": 0},
        (
            "config.oom-score-adjust is refused since engine 26.0.0, and this is 26.0.0; set "
            "OOMScoreAdjust= in a drop-in of the service"
        ),
        version="26.0.0",
    ),
    row(versions.keys_that_are_gone, {"oom-score-adjust": -500}, version="25.0.5"),
    row(
        versions.keys_that_are_gone,
        {"disable-legacy-registry": True},
        (
            "config.disable-legacy-registry is refused since engine 19.03, and this is 20.10.5; "
            "registries of the old kind are gone; take it out"
        ),
        version="20.10.5",
    ),
    row(
        versions.keys_that_are_gone,
        {"allow-nondistributable-artifacts": [], "deprecated-key-path": "/x"},
        version="29.7.2",
    ),
    row(versions.keys_that_are_gone, {"graph": "/x"}),
    row(
        versions.oom_score,
        {"oom-score-adjust": -500},
        (
            "config.oom-score-adjust is refused since engine 25.0; got: -500; set OOMScoreAdjust= in "
            "a drop-in of the service"
        ),
        version="25.0.0",
    ),
    row(versions.oom_score, {"oom-score-adjust": 0}, version="25.0.5"),
    row(versions.oom_score, {"oom-score-adjust": -500}, version="24.0.9"),
    row(versions.oom_score, {"oom-score-adjust": -500}, version="26.0.0"),
    row(
        versions.graph_beside_data_root,
        {"graph": "/x", "data-root": "/y"},
        "config.graph is the old name of data-root, which is there too; keep data-root",
        version="20.10.24",
    ),
    row(versions.graph_beside_data_root, {"graph": "/x"}, version="20.10.24"),
    row(versions.graph_beside_data_root, {"graph": "/x", "data-root": "/y"}, version="23.0.0"),
    row(
        versions.keys_that_are_passed_over,
        {"allow-nondistributable-artifacts": ["x"], "deprecated-key-path": "/x"},
        "config.allow-nondistributable-artifacts does nothing since engine 28.0; take it out",
        "config.deprecated-key-path does nothing since engine 24.0; take it out",
        version="28.0.0",
    ),
    row(versions.keys_that_are_passed_over, {"allow-nondistributable-artifacts": ["x"]}, version="27.5.1"),
    row(
        versions.keys_that_are_passed_over,
        {"api-cors-header": "*"},
        (
            "config.api-cors-header is ignored by engine 27, unless DOCKERD_DEPRECATED_CORS_HEADER "
            "is in its environment; put a reverse proxy before the API"
        ),
        version="27.0.0",
    ),
    row(versions.keys_that_are_passed_over, {"api-cors-header": "*"}, version="26.1.5"),
    row(
        versions.keys_that_will_go,
        {"graph": "/x"},
        ("config.graph is deprecated since engine 20.10, and engine 23.0 refuses it; write data-root"),
        version="20.10.5",
    ),
    row(versions.keys_that_will_go, {"graph": "/x"}, version="23.0.0"),
    row(
        versions.keys_that_will_go,
        {"oom-score-adjust": 1},
        (
            "config.oom-score-adjust is deprecated since engine 24.0, and engine 25.0 refuses it; "
            "set OOMScoreAdjust= in a drop-in of the service"
        ),
        version="24.0.0",
    ),
    row(versions.keys_that_will_go, {"oom-score-adjust": 1}, version="23.0.0"),
    row(
        versions.keys_that_will_go,
        {"restart": False},
        "config.restart is deprecated since engine 20.10; take it out",
        version="29.7.2",
    ),
]


@pytest.mark.parametrize("case", table(ROWS))
def test_a_check(case: Row) -> None:
    assert case.sentences() == list(case.said)
