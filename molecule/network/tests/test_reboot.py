# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker that was shut down and booted again has its interfaces, networks and rules by itself."""

from __future__ import annotations

import typing as t

from testinfra.host import Host

# One of each pair: the other is its manager meanwhile.
testinfra_hosts = ["ansible://network-bookworm-2", "ansible://network-trixie-2"]


def test_a_reboot(host: Host, reboot: t.Callable[[], None], holds: t.Callable[[], None]) -> None:
    interfaces = host.check_output("ip -brief -4 address show host0")
    reboot()
    assert host.check_output("ip -brief -4 address show host0") == interfaces
    # where dockerd has started it before the swarm told of its network, it does not try again
    host.check_output("docker start mesh-2")
    holds()
