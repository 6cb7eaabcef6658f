# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Features: what each check accepts and what it says, and the engines it holds for."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks import features
from unit.verdicts import Row, row, table

ROWS = [
    row(
        features.unknown_features,
        {"features": {"containerd_snapshotter": True, "zzz": True}},
        (
            "config.features.containerd_snapshotter is no feature that is known, and dockerd does "
            "not say so; did you mean containerd-snapshotter?"
        ),
        (
            "config.features.zzz is no feature that is known, and dockerd does not say so; dockerd "
            "has buildkit, cdi, containerd-migration, containerd-snapshotter, embedded-containerd, "
            "swarm-nftables, time-namespaces, windows-dns-proxy"
        ),
    ),
    row(features.unknown_features, {"features": {"buildkit": True, "cdi": False}}),
    row(
        features.features_of_newer_engines,
        {"features": {"containerd-snapshotter": True}},
        (
            "config.features.containerd-snapshotter came with engine 24.0, and does nothing with "
            "23.0.0; upgrade the engine, or take it out"
        ),
        version="23.0.0",
    ),
    row(features.features_of_newer_engines, {"features": {"containerd-snapshotter": True}}, version="24.0.0"),
    row(features.features_of_newer_engines, {"features": {"containerd-snapshotter": False}}, version="23.0.0"),
    row(features.features_of_newer_engines, {"features": {"cdi": True}}),
    row(
        features.features_of_windows,
        {"features": {"windows-dns-proxy": True}},
        "config.features.windows-dns-proxy is for Windows; take it out",
    ),
    row(features.features_of_windows, {"features": {"windows-dns-proxy": False}}),
    row(
        features.images_of_the_other_store,
        {"features": {"containerd-snapshotter": True}},
        (
            "config.features.containerd-snapshotter changes the store of images: those of now will "
            "not be seen; got: true"
        ),
        version="24.0.0",
        before={},
    ),
    row(
        features.images_of_the_other_store,
        {"features": {"containerd-snapshotter": True}},
        version="26.1.5",
        before={"features": {"containerd-snapshotter": True}},
    ),
    row(
        features.images_of_the_other_store, {"features": {"containerd-snapshotter": True}}, version="23.0.0", before={}
    ),
    row(
        features.images_of_the_other_store, {"features": {"containerd-snapshotter": True}}, version="29.0.0", before={}
    ),
    row(
        features.devices_without_their_feature,
        {"cdi-spec-dirs": ["/etc/cdi"]},
        ("config.cdi-spec-dirs does nothing with engine 25.0.0 without its feature; set features.cdi to true"),
        version="25.0.0",
    ),
    row(
        features.devices_without_their_feature,
        {"cdi-spec-dirs": ["/etc/cdi"]},
        ("config.cdi-spec-dirs does nothing with engine 28.1.1 without its feature; set features.cdi to true"),
        version="28.1.1",
    ),
    row(features.devices_without_their_feature, {"cdi-spec-dirs": ["/etc/cdi"]}, version="28.2.0"),
    row(
        features.devices_without_their_feature,
        {"cdi-spec-dirs": ["/etc/cdi"], "features": {"cdi": True}},
        version="25.0.0",
    ),
    row(features.devices_without_their_feature, {"cdi-spec-dirs": ["/etc/cdi"]}, version="24.0.9"),
]


@pytest.mark.parametrize("case", table(ROWS))
def test_a_check(case: Row) -> None:
    assert case.sentences() == list(case.said)
