# SPDX-License-Identifier: GPL-3.0-or-later
"""What was seen of a host in each of its states."""

from __future__ import annotations

import json
import typing as t

import pytest
from testinfra.host import Host

Seen = t.Callable[[str], dict[str, t.Any]]


@pytest.fixture
def seen(host: Host) -> Seen:
    """The module's answer in a state."""

    def read(state: str) -> dict[str, t.Any]:
        return t.cast(dict[str, t.Any], json.loads(host.file(f"/var/lib/seen_{state}.json").content_string))

    return read
