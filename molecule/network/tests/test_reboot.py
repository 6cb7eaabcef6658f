# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker that was shut down and booted again: interfaces, networks and rules are there before anybody asks for them."""

from __future__ import annotations

import sys
import typing as t
from pathlib import Path

from testinfra.host import Host

sys.path.append(str(Path(__file__).parent))
from test_networks import holds

# A manager that comes back under another address would not be found by its workers.
testinfra_hosts = ["ansible://network-bookworm-2", "ansible://network-trixie-2"]


def test_a_reboot(host: Host, reboot: t.Callable[[], None]) -> None:
    interfaces = host.check_output("ip -brief -4 address show host0")
    reboot()
    assert host.check_output("ip -brief -4 address show host0") == interfaces
    holds(host, patience=90)
