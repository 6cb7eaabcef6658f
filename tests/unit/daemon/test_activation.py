# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The least that makes a change of daemon.json effective, by key and by version of the engine."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.activation import for_document, reload_does_harm
from unit.states import Doc

NEW = (28, 5, 2)


@pytest.mark.parametrize(
    ("loaded", "document", "version", "how"),
    [
        ({}, {}, NEW, "none"),
        ({"hosts": ["a", "b"]}, {"hosts": ["b", "a"]}, NEW, "none"),
        ({}, {"debug": True}, NEW, "reload"),
        ({"debug": True}, {"debug": False}, NEW, "reload"),
        ({"labels": ["a=1"]}, {"labels": ["a=2"]}, NEW, "reload"),
        ({}, {"runtimes": {"a": {"path": "/b"}}}, (20, 10, 24), "reload"),
        ({}, {"default-shm-size": "128M"}, NEW, "reload"),
        # Only setting is reloadable: a key that goes keeps its value in the daemon.
        ({"debug": True}, {}, NEW, "restart"),
        ({"insecure-registries": ["a"]}, {}, NEW, "restart"),
        # These are reset when they go.
        ({"max-concurrent-downloads": 5}, {}, NEW, "reload"),
        ({"authorization-plugins": ["a"]}, {}, NEW, "reload"),
        # A zero means the default to a daemon that starts, and zero to one that reloads.
        ({"shutdown-timeout": 30}, {"shutdown-timeout": 0}, NEW, "restart"),
        ({"labels": ["a=1"]}, {"labels": []}, NEW, "restart"),
        ({"default-runtime": "a"}, {"default-runtime": ""}, NEW, "restart"),
        # Read by a daemon that starts.
        ({}, {"storage-driver": "overlay2"}, NEW, "restart"),
        ({}, {"features": {"buildkit": True}}, NEW, "restart"),
        ({}, {"no-such-key": 1}, NEW, "restart"),
        ({}, {"debug": True, "mtu": 1400}, NEW, "restart"),
        # Not in every version.
        ({}, {"cluster-store": "a"}, (20, 10, 24), "reload"),
        ({}, {"cluster-store": "a"}, (23, 0, 1), "restart"),
        ({}, {"allow-nondistributable-artifacts": ["a"]}, (27, 5, 1), "reload"),
        ({}, {"allow-nondistributable-artifacts": ["a"]}, (28, 0, 0), "restart"),
        ({}, {"debug": True}, None, "restart"),
    ],
)
def test_for_document(loaded: Doc, document: Doc, version: tuple[int, ...] | None, how: str) -> None:
    assert for_document(loaded, document, version)[0] == how


def test_reasons() -> None:
    assert for_document({"debug": True, "mtu": 1, "icc": True}, {"mtu": 2, "icc": True}, NEW) == (
        "restart",
        ["debug goes", "mtu changes"],
    )


@pytest.mark.parametrize(
    ("flagged", "expected"),
    [
        (set(), ""),
        ({"hosts", "debug", "labels"}, ""),
        ({"features"}, "a reload would reset features, given on the command line"),
        (
            {"max-concurrent-uploads", "authorization-plugins", "hosts"},
            "a reload would reset authorization-plugins, max-concurrent-uploads, given on the command line",
        ),
    ],
)
def test_flags_that_a_reload_would_reset(flagged: set[str], expected: str) -> None:
    assert reload_does_harm({}, flagged, NEW) == expected


@pytest.mark.parametrize(
    ("document", "flagged", "version", "harm"),
    [
        ({"dns": ["9.9.9.9"]}, set(), (28, 5, 2), ""),
        ({"dns": ["9.9.9.9"]}, set(), (29, 0, 0), "a reload damages dns in engine 29.0.0"),
        ({"dns": ["9.9.9.9"]}, set(), (29, 2, 1), "a reload damages dns in engine 29.2.1"),
        ({"host-gateway-ips": ["10.0.0.1"]}, set(), (29, 1, 0), "a reload damages host-gateway-ips in engine 29.1.0"),
        ({}, {"dns", "hosts"}, (29, 1, 0), "a reload damages dns in engine 29.1.0"),
        ({"dns": ["9.9.9.9"]}, set(), (29, 3, 0), ""),
        ({"dns": ["9.9.9.9"]}, set(), (29, 10, 0), ""),
        ({"debug": True}, {"hosts"}, (29, 0, 0), ""),
        ({"dns": ["9.9.9.9"]}, set(), None, ""),
    ],
)
def test_engines_that_a_reload_damages(
    document: Doc, flagged: set[str], version: tuple[int, ...] | None, harm: str
) -> None:
    assert reload_does_harm(document, flagged, version) == harm
