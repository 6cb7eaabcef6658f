# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""dockerd started by a job of upstart."""

from __future__ import annotations

import re

from ...host.errors import HostError
from ...host.machine import Host
from ...host.peek import text
from ...host.process import Process
from .options_file import usual_options_file
from .shell import ShellLauncher
from .shell_launch import Script

JOB = "/etc/init/docker.conf"

# Only the main process counts: other blocks hold guards and clients that look like it.
_BLOCK = re.compile(rb"^[ \t]*script[ \t\r]*\n(.*?)^[ \t]*end[ \t]+script\b", re.MULTILINE | re.DOTALL)
_EXEC = re.compile(rb"^[ \t]*(exec[ \t](?:\\\n|[^\n])*)", re.MULTILINE)
_OTHER_BLOCK = re.compile(
    rb"^[ \t]*(?:pre-start|post-start|pre-stop|post-stop)[ \t]+script[ \t\r]*\n.*?^[ \t]*end[ \t]+script\b",
    re.MULTILINE | re.DOTALL,
)
_ENV = re.compile(r"^[ \t]*env[ \t]+([A-Za-z_][A-Za-z0-9_]*)=(.*)$", re.MULTILINE)


def main_process(job: bytes) -> tuple[int, int]:
    """Where in a job the text of its main process stands (init(5) of upstart).

    :raises HostError: where it has none
    """
    blanked = _OTHER_BLOCK.sub(lambda match: re.sub(rb"[^\n]", b" ", match.group()), job)
    block = _BLOCK.search(blanked)
    if block:
        return block.span(1)
    line = _EXEC.search(blanked)
    if line:
        return line.span(1)
    raise HostError(f"{JOB} has neither a script block nor an exec line, so nothing tells how dockerd is started")


class Upstart(ShellLauncher):
    name = "upstart"

    def acts(self, host: Host) -> bool:
        return host.booted and host.exists(JOB) and "upstart" in text(host, "/proc/1/cmdline") + _program(host)

    def script(self, host: Host) -> Script | None:
        if not host.exists(JOB):
            return None
        stanzas = dict(_ENV.findall(text(host, JOB)))
        known = {"UPSTART_JOB": "docker", **{name: value.strip().strip("\"'") for name, value in stanzas.items()}}
        return Script(JOB, known=known, region=main_process, options_file=usual_options_file(host))

    def command(self, host: Host, verb: str) -> list[str]:
        if verb == "enable":
            return ["rm", "-f", "/etc/init/docker.override"]
        return ["initctl", verb, "docker"]

    def enabled(self, host: Host) -> str:
        manual = "manual" in text(host, "/etc/init/docker.override").split()
        return "disabled" if manual else "enabled"

    def end(self, host: Host, process: Process) -> None:
        """A job that respawns would start again what only died."""
        self._tell(host, "stop", 90)

    def clear(self, host: Host) -> None:
        self._tell(host, "stop", 30)  # fails where it is stopped already


def _program(host: Host) -> str:
    """upstart is called init as others are; only it brings initctl's socket."""
    return "upstart" if host.exists("/sbin/initctl") and host.exists("/sbin/upstart-udev-bridge") else ""
