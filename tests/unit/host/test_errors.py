# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""All problems of one run are told at once."""

from __future__ import annotations

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError, InvalidInput


def test_one_problem_is_told_plainly() -> None:
    assert str(InvalidInput(["mtu must be a whole number"])) == "mtu must be a whole number"


def test_several_are_numbered() -> None:
    error = InvalidInput(["one", "two"])
    assert str(error) == "2 problems: (1) one; (2) two"
    assert error.problems == ["one", "two"]
    assert isinstance(error, HostError)
