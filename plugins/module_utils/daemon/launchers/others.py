# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The init systems beside systemd: which of them runs, or which one a root filesystem is made for."""

from __future__ import annotations

import os

from ...host.machine import Host
from .base import Launcher
from .init_scripts import is_for_openrc, script_path
from .openrc import OpenRc
from .runit import RUN, Runit
from .sysvinit import Sysvinit
from .upstart import JOB, Upstart

_UNITS = ("/etc/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system")


def running(host: Host) -> Launcher | None:
    """The one that runs, runit first: it supervises single services under any other as well."""
    return next((one for one in (Runit(), OpenRc(), Upstart(), Sysvinit()) if one.acts(host)), None)


def by_root(host: Host) -> Launcher | None:
    """By the programs that would boot it, or else by the files that would launch dockerd; None for systemd."""
    init = os.path.basename(_target(host, "/sbin/init"))
    if init == "systemd":
        return None
    if init.startswith("runit") and host.exists(RUN):
        return Runit()
    if host.exists("/sbin/openrc") or host.exists("/usr/sbin/openrc"):
        return OpenRc()
    if host.exists("/sbin/initctl") and host.exists(JOB):
        return Upstart()
    if host.exists("/sbin/init") and script_path(host):
        return Sysvinit()
    return _by_files(host)


def _by_files(host: Host) -> Launcher | None:
    if any(host.exists(f"{folder}/docker.service") for folder in _UNITS):
        return None
    if host.exists(RUN):
        return Runit()
    if host.exists(JOB):
        return Upstart()
    script = script_path(host)
    if not script:
        return None
    return OpenRc() if is_for_openrc(host, script) else Sysvinit()


def _target(host: Host, path: str) -> str:
    try:
        return os.readlink(host.path(path))
    except OSError:
        return ""
