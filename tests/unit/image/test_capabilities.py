# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""File capabilities as the kernel keeps them."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image.capabilities import parse_capabilities


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", ""),
        # as setcap(8) writes them
        ("cap_net_bind_service=ep", "0100000200040000000000000000000000000000"),
        ("cap_net_bind_service+p", "0000000200040000000000000000000000000000"),
        ("cap_setgid,cap_setuid=eip", "01000002c0000000c00000000000000000000000"),
        ("cap_checkpoint_restore=ep", "0100000200000000000000000001000000000000"),
    ],
)
def test_value(text: str, value: str) -> None:
    assert parse_capabilities(text).hex() == value


@pytest.mark.parametrize(
    "text", ["net_raw=ep", "cap_net_raw", "cap_net_raw=", "cap_x=ep", "cap_chown=ep cap_kill=p", "="]
)
def test_what_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"must be names and flags|no name that the kernel knows in cap_x"):
        parse_capabilities(text)
