# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all unit tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from unit.trees import Tree

# No deadline: a machine that is busy with something else is no failure.
# CI judges a change, so it tries the same examples each time; everybody else goes on looking for new ones.
settings.register_profile("unit", deadline=None, max_examples=100, derandomize="CI" in os.environ)
settings.load_profile("unit")


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """An empty root filesystem."""
    root = tmp_path / "root"
    root.mkdir()
    return Tree(root)
