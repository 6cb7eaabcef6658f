# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The daemon that runs, by the number that dockerd itself wrote down."""

from __future__ import annotations

import typing as t

from ...host.machine import Host
from ...host.peek import text
from ...host.process import Process, read_process
from .programs import launches_daemon


def running_daemon(host: Host, pid_files: t.Sequence[str]) -> Process | None:
    """The first process of dockerd's that one of these files names; a number may be somebody else's by now."""
    for path in pid_files:
        number = text(host, path)
        process = read_process(int(number)) if number.isdigit() else None
        if process is not None and launches_daemon(process.argv):
            return process
    return None
