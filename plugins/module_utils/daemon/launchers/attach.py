# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The drop-in that makes a unit read a file of variables, as Docker's own unit does not."""

from __future__ import annotations

import typing as t

from .systemd_launch import SERVICE, SystemdLaunch

# Sorts before the drop-in that takes flags out, which is computed from what this one comes to.
ATTACHING_DROP_IN = f"/etc/systemd/system/{SERVICE}.d/zy-slipway-environment.conf"


def attaching_drop_in(launch: SystemdLaunch, path: str, options: t.Sequence[str]) -> bytes | None:
    """The drop-in; None where the unit does all of that by itself.

    :param launch: the command line without it
    :param options: variables whose words are to become dockerd's
    """
    lines = [] if path in launch.environment_files else [f"EnvironmentFile=-{path}"]
    lacking = [name for name in options if name not in launch.variables]
    if lacking:
        line = " ".join([launch.exec_start_without([]), *(f"${name}" for name in lacking)])
        lines += ["ExecStart=", f"ExecStart={line}"]
    if not lines:
        return None
    head = f"# Written by slipway.docker, so that the service reads {path}.\n[Service]\n"
    return (head + "\n".join(lines) + "\n").encode()
