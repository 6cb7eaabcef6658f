# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Where init scripts lie, sysvinit's and OpenRC's."""

from __future__ import annotations

from ...host.machine import Host
from ...host.peek import text

_PATHS = ("/etc/init.d/docker", "/etc/rc.d/init.d/docker")


def script_path(host: Host) -> str:
    """Where docker's lies, empty where there is none."""
    return next((path for path in _PATHS if host.exists(path)), "")


def is_for_openrc(host: Host, path: str) -> bool:
    """Whether a script can be run by openrc-run(8) alone."""
    first = text(host, path).split("\n", 1)[0]
    return first.startswith("#!") and ("openrc-run" in first or "runscript" in first)
