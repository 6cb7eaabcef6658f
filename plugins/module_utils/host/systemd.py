# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The running systemd: asked in one call, told what to do, and why a service failed."""

from __future__ import annotations

import os
from dataclasses import dataclass

from .machine import Completed, Host

_PROPERTIES = "Id,LoadState,ActiveState,SubState,Result,MainPID,UnitFileState,NeedDaemonReload"


@dataclass(frozen=True)
class UnitStatus:
    """What systemd says of a unit."""

    name: str
    load: str = "not-found"
    active: str = "inactive"
    sub: str = "dead"
    result: str = "success"
    main_pid: int = 0
    enabled: str = ""
    stale: bool = False

    @property
    def is_running(self) -> bool:
        return self.active in ("active", "reloading")

    @property
    def in_words(self) -> str:
        result = f", result {self.result}" if self.result else ""
        return f"{self.name} is {self.active} ({self.sub}{result})"

    @property
    def has_failed(self) -> bool:
        """Failed for good, or about to be tried once more after a failure."""
        return self.active == "failed" or self.sub == "auto-restart"


def is_running(host: Host) -> bool:
    """Whether systemd is the init of this machine (sd_booted(3))."""
    return host.booted and os.path.isdir("/run/systemd/system")


def status(host: Host, *names: str) -> dict[str, UnitStatus]:
    """The state of some units, in one call."""
    done = host.run(["systemctl", "show", f"--property={_PROPERTIES}", "--", *names])
    blocks = done.out.strip().split("\n\n") if done.rc == 0 else []
    found = {}
    for name, block in zip(names, blocks):
        fields = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
        found[name] = UnitStatus(
            name,
            fields.get("LoadState", ""),
            fields.get("ActiveState", ""),
            fields.get("SubState", ""),
            fields.get("Result", ""),
            int(fields.get("MainPID", "0") or 0),
            fields.get("UnitFileState", ""),
            fields.get("NeedDaemonReload") == "yes",
        )
    return found


def control(host: Host, verb: str, *names: str, timeout: float | None = None) -> Completed:
    """Run ``systemctl verb``; with a time limit in seconds its exit status is 124 when that has passed."""
    argv = ["systemctl", verb, *(["--", *names] if names else [])]
    return host.run(["timeout", f"{timeout:g}", *argv] if timeout else argv)


def journal(host: Host, unit: str, since: float) -> list[str]:
    """What a unit has written since a moment (seconds of the epoch), one line each."""
    done = host.run(
        ["journalctl", "--unit", unit, f"--since=@{since:.3f}", "--output=cat", "--no-pager", "--lines=200", "--quiet"]
    )
    return done.out.splitlines()
