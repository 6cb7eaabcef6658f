# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which backends may make a root filesystem."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image.root.choice import fitting


@pytest.mark.parametrize(
    ("wanted", "suite", "variant", "foreign", "backends"),
    [
        ("auto", "trixie", "minbase", False, ("direct", "mmdebstrap", "debootstrap")),
        ("auto", "trixie", "apt", False, ("direct", "mmdebstrap")),
        ("auto", "jammy", "minbase", False, ("mmdebstrap", "debootstrap")),
        ("auto", "trixie", "minbase", True, ("mmdebstrap", "debootstrap")),
        ("direct", "jammy", "minbase", True, ("direct",)),
    ],
)
def test_best_first(wanted: str, suite: str, variant: str, foreign: bool, backends: tuple[str, ...]) -> None:
    assert fitting(wanted, suite, variant, foreign) == backends
