# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""dockerd started by OpenRC: by a script of its own kind, or by one of sysvinit's."""

from __future__ import annotations

import glob

from ...host.dpkg import is_as_packaged
from ...host.machine import Host
from ...host.process import Process
from .init_scripts import is_for_openrc, script_path
from .options_file import OPENRCS
from .shell import ShellLauncher
from .shell_launch import Script
from .sysvinit import Sysvinit


class OpenRc(ShellLauncher):
    name = "openrc"

    def acts(self, host: Host) -> bool:
        return host.booted and host.exists("/run/openrc/softlevel")

    def script(self, host: Host) -> Script | None:
        path = script_path(host)
        if not path or not is_for_openrc(host, path):
            return Sysvinit().script(host)
        return Script(
            path,
            before=("/etc/rc.conf", OPENRCS),
            known={"0": path, "RC_SVCNAME": "docker", "SVCNAME": "docker", "RC_SERVICE": path},
            declares=True,
            options_file=OPENRCS,
            packaged=is_as_packaged(host, path),
        )

    def command(self, host: Host, verb: str) -> list[str]:
        if verb == "enable":
            return ["rc-update", "add", "docker", "default"]
        return ["rc-service", "docker", verb]

    def enabled(self, host: Host) -> str:
        if not script_path(host):
            return ""
        return "enabled" if glob.glob(host.path("/etc/runlevels/*/docker")) else "disabled"

    def end(self, host: Host, process: Process) -> None:
        """A supervisor of OpenRC's may start again what only died, and OpenRC leaves what it does not know of."""
        if _is_native(host):
            self._tell(host, "stop", 90)
        super().end(host, process)

    def clear(self, host: Host) -> None:
        """OpenRC keeps a state of its own for scripts of its own kind."""
        if _is_native(host):
            self._tell(host, "zap", 30)


def _is_native(host: Host) -> bool:
    path = script_path(host)
    return bool(path) and is_for_openrc(host, path)
