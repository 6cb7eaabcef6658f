# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""dockerd started by a script in /etc/init.d, Debian's or Red Hat's."""

from __future__ import annotations

import glob

from ...host.dpkg import is_as_packaged
from ...host.machine import Host
from ...host.peek import text
from .init_scripts import script_path
from .options_file import usual_options_file
from .shell import ShellLauncher
from .shell_launch import Script


class Sysvinit(ShellLauncher):
    name = "sysvinit"

    def acts(self, host: Host) -> bool:
        return (
            host.booted and text(host, "/proc/1/comm") in ("init", "runit") and not host.exists("/run/openrc/softlevel")
        )

    def script(self, host: Host) -> Script | None:
        path = script_path(host)
        if not path:
            return None
        return Script(
            path,
            known={"0": path},
            options_file=usual_options_file(host),
            packaged=is_as_packaged(host, path),
        )

    def command(self, host: Host, verb: str) -> list[str]:
        if verb == "enable":
            if host.find_program("update-rc.d"):
                return ["update-rc.d", "docker", "defaults" if not _links(host, "[SK]") else "enable"]
            return ["chkconfig", "docker", "on"]
        return ["service", "docker", verb] if host.find_program("service") else [script_path(host), verb]

    def enabled(self, host: Host) -> str:
        if not script_path(host):
            return ""
        return "enabled" if _links(host, "S") else "disabled"


def _links(host: Host, kind: str) -> bool:
    """Whether the script is linked in a runlevel with users, to be started or not."""
    folders = ("/etc/rc[2345].d", "/etc/rc.d/rc[2345].d")
    return any(glob.glob(f"{host.path(folder)}/{kind}[0-9][0-9]docker") for folder in folders)
