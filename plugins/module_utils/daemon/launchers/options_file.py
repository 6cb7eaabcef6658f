# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Where a distribution keeps the variables of a service."""

from __future__ import annotations

from ...host.machine import Host

DEBIANS = "/etc/default/docker"
RED_HATS = "/etc/sysconfig/docker"
OPENRCS = "/etc/conf.d/docker"


def usual_options_file(host: Host) -> str:
    """Debian's family has a folder for them, Red Hat's and SUSE's another one."""
    elsewhere = host.exists("/etc/sysconfig") and not host.exists("/etc/debian_version")
    return RED_HATS if elsewhere else DEBIANS
