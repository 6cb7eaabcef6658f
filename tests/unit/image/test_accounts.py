# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Owners by name are those that the image knows."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.image.files.accounts import Accounts, parse_accounts


def test_parse() -> None:
    text = "root:x:0:0::/:/bin/sh\nbox:x:1000:1001::/:\nbox:x:5:5::/:\n+::::::\n\nodd:x:-1:0::/:\n"
    assert parse_accounts(text) == {"root": 0, "box": 1000}


def test_numbers() -> None:
    accounts = Accounts({"box": 1000}, {"boxes": 1001})
    assert (accounts.user("box"), accounts.group("boxes"), accounts.user("42")) == (1000, 1001, 42)
    assert (Accounts().user("root"), Accounts({"root": 7}).user("root")) == (0, 7)
    with pytest.raises(HostError, match="the image has no group box in its /etc/group: give the number, or the file"):
        accounts.group("box")
