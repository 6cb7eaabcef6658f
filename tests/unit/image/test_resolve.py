# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What apt would do, as calls of dpkg."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image.apt.packages import Candidate
from ansible_collections.slipway.docker.plugins.module_utils.image.apt.resolve import (
    Stage,
    Step,
    stages_of,
    stages_text,
    steps_of,
)


def candidate(name: str) -> Candidate:
    return Candidate(name, "amd64", "1", f"http://m.invalid/{name}", 2, "ab", 3)


def key(name: str) -> str:
    return f"{name}:amd64=1"


def test_what_is_configured_last_is_left_to_dpkg() -> None:
    packages = {key(name): candidate(name) for name in "abc"}
    told = [
        (True, key("a")),
        (True, key("b")),
        (False, key("b")),
        (True, key("c")),
        (False, key("c")),
        (False, key("a")),
    ]
    assert steps_of(told, packages) == (
        Step((packages[key("a")], packages[key("b")]), ("b",)),
        Step((packages[key("c")],), (), True),
    )
    assert steps_of(told[:2], packages) == (Step((packages[key("a")], packages[key("b")]), (), True),)


def test_stages_are_kept_as_they_are() -> None:
    stages = (
        Stage("essential", (Step((candidate("a"),), ("a",)),)),
        Stage("further", (Step((candidate("b"),), (), True),)),
    )
    assert stages_of(stages_text(stages)) == stages


@pytest.mark.parametrize("text", ["", "{}x", '[{"name": "x"}]', '[{"name": "x", "steps": [{"install": [{}]}]}]', "3"])
def test_what_is_not_stages_is_told(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        stages_of(text)
