# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""dockerd supervised by runit."""

from __future__ import annotations

import time

from ...host.machine import Completed, Host
from ...host.peek import text
from ...host.process import Process
from .options_file import usual_options_file
from .shell import ShellLauncher
from .shell_launch import Script

FOLDER = "/etc/sv/docker"
RUN = f"{FOLDER}/run"
_PATIENCE = 15.0
# Where runsvdir looks, by distribution.
_SCANNED = ("/etc/service", "/var/service", "/service", "/etc/runit/runsvdir/default")


class Runit(ShellLauncher):
    name = "runit"

    def acts(self, host: Host) -> bool:
        return host.booted and host.exists(RUN) and host.exists(f"{FOLDER}/supervise/ok")

    def script(self, host: Host) -> Script | None:
        if not host.exists(RUN):
            return None
        return Script(RUN, known={"0": "./run"}, folder=FOLDER, options_file=usual_options_file(host))

    def command(self, host: Host, verb: str) -> list[str]:
        if verb == "enable":
            folder = next((path for path in _SCANNED if host.exists(path)), _SCANNED[0])
            return ["ln", "-s", FOLDER, folder]
        return ["sv", verb, FOLDER]

    def enabled(self, host: Host) -> str:
        if not host.exists(RUN):
            return ""
        return "enabled" if any(host.exists(f"{path}/docker") for path in _SCANNED) else "disabled"

    def start(self, host: Host, timeout: float) -> Completed:
        """An order that comes while the supervisor waits between two attempts is lost (2.2): it is given again."""
        began = time.monotonic()
        while True:
            done = self._tell(host, "up", timeout)
            time.sleep(0.2)
            if done.rc or text(host, f"{FOLDER}/supervise/stat").startswith("run"):
                return done
            if time.monotonic() - began > min(timeout, _PATIENCE):
                return Completed(done.argv, 124, done.out, done.err)

    def end(self, host: Host, process: Process) -> None:
        """The supervisor would start again what only died."""
        self.clear(host)

    def clear(self, host: Host) -> None:
        self._tell(host, "down", 30)
