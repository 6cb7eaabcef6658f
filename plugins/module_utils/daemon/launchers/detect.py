# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Which init system launches dockerd on a host, or would once it is booted."""

from __future__ import annotations

from ...host.machine import Host
from .base import Launcher
from .systemd import Systemd


def detect(host: Host) -> Launcher:
    """The init system that runs; where none does, the one that the root filesystem is made for."""
    systemd = Systemd()
    if systemd.acts(host):
        return systemd
    from .others import by_root, running  # reading scripts takes much code, which hosts with systemd do without

    return running(host) or by_root(host) or systemd
