# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Labels that say what an image is."""

from __future__ import annotations

from typing import Any

from ansible_collections.slipway.docker.plugins.module_utils.image.annotate import labels_of
from ansible_collections.slipway.docker.plugins.module_utils.image.compose import compose, nominal_sources
from unit.image.wishes import ORIGIN, provenance_of, request


def labels(**options: Any) -> dict[str, str]:
    wanted = request(**options)
    recipe = compose(wanted, ORIGIN, "amd64", nominal_sources(wanted, ORIGIN), ())
    found = labels_of(wanted, ORIGIN, recipe, provenance_of(wanted))
    assert list(found) == sorted(found)
    return dict(found)


def test_what_they_tell() -> None:
    found = labels(slim=True)
    assert found["org.opencontainers.image.title"] == "Debian trixie (minbase, slim)"
    assert found["org.opencontainers.image.version"] == "trixie"
    assert found["org.slipway.base-image.sources"] == (
        "deb http://m.example/debian trixie main; deb http://m.example/debian trixie-updates main;"
        " deb http://m.example/debian-security trixie-security main"
    )
    assert found["org.slipway.base-image.packages-digest"].startswith("sha256:")
    assert found["org.slipway.base-image.recipe"] == provenance_of(request(slim=True)).recipe


def test_those_of_the_task_win() -> None:
    found = labels(labels={"org.opencontainers.image.title": "Ours", "a": "b"})
    assert (found["org.opencontainers.image.title"], found["a"]) == ("Ours", "b")
    assert found["org.opencontainers.image.version"] == "trixie"
