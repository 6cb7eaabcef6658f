# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The rules at boot, before Docker: a loader, and the service that runs it."""

from __future__ import annotations

import glob
import shlex
import typing as t
from dataclasses import replace

from ..host import systemd
from ..host.errors import HostError
from ..host.files import FileChange, as_text, read_file
from ..host.machine import Host
from .backends import FOLDER, Loading
from .policy import is_interface

NAME = "slipway-docker-firewall"
LOADER = f"{FOLDER}/docker-firewall.sh"
UNIT = f"/etc/systemd/system/{NAME}.service"
SCRIPT = f"/etc/init.d/{NAME}"
# Where sysvinit and OpenRC keep what they start.
_SYSVINIT, _OPENRC = f"/etc/rc2.d/S[0-9][0-9]{NAME}", f"/etc/runlevels/*/{NAME}"
_BRIDGES = "# Bridges of the engine beside those that are declared: "
_FILES = tuple(f"{FOLDER}/docker-firewall.{kind}" for kind in ("nft.json", "iptables", "ip6tables"))

# Tools that load a whole rule set when they start, and take ours away. The unit does not stay active, so each start of
# one of them, and of Docker, runs it again.
_OTHERS = "nftables.service iptables.service netfilter-persistent.service firewalld.service ufw.service"

_UNIT = f"""\
# Written by slipway.docker.
[Unit]
Description=Who may reach containers
After={_OTHERS}
Before=docker.service

[Service]
Type=oneshot
ExecStart=/bin/sh {LOADER}

[Install]
WantedBy=multi-user.target docker.service {_OTHERS}
"""

_SCRIPT = f"""\
#!/bin/sh
# Written by slipway.docker.
### BEGIN INIT INFO
# Provides:          {NAME}
# Required-Start:    $local_fs
# Required-Stop:
# Should-Start:      nftables iptables netfilter-persistent firewalld ufw
# X-Start-Before:    docker
# Default-Start:     2 3 4 5
# Default-Stop:
# Short-Description: Who may reach containers
### END INIT INFO
case "$1" in
start | restart | force-reload) exec /bin/sh {LOADER} ;;
stop) ;;
*) echo "Usage: $0 start" >&2; exit 3 ;;
esac
"""


def remembered(host: Host) -> tuple[str, ...]:
    """Interfaces of container networks that an earlier run has learned from the engine.

    :raises HostError: where the loader cannot be read
    """
    lines = as_text(read_file(host, LOADER).content).splitlines()
    said = [line[len(_BRIDGES) :].split() for line in lines if line.startswith(_BRIDGES)]
    return tuple(name for names in said for name in names if is_interface(name))


def plan(host: Host, loading: Loading | None, bridges: t.Sequence[str] = ()) -> tuple[FileChange, ...]:
    """The files that bring rules about at boot, and those that go; None where nothing shall come back.

    :param bridges: interfaces to remember for a run that no engine answers
    """
    wanted: dict[str, str | None] = dict.fromkeys([*_FILES, LOADER, UNIT, SCRIPT])
    if loading:
        known = f"{_BRIDGES}{' '.join(bridges)}\n" if bridges else ""
        head = f"# Written by slipway.docker.\n{known}set -e\nPATH=/usr/sbin:/usr/bin:/sbin:/bin\n"
        wanted.update({**loading.files, LOADER: head + "".join(f"{line}\n" for line in loading.commands)})
        wanted.update({UNIT: _UNIT} if systemd.is_running(host) else {SCRIPT: _SCRIPT})
    found = []
    for path, content in wanted.items():
        # Rules tell who is trusted: nobody else has to read them.
        mode = {SCRIPT: 0o755, UNIT: 0o644}.get(path, 0o600)
        there = read_file(host, path)
        state = replace(there, mode=mode, uid=0, gid=0)
        change = FileChange(state, None if content is None else content.encode())
        if change.changes or (there.exists and there.mode != mode):
            found.append(change)
    return tuple(found)


def knows(host: Host) -> bool:
    """Whether the init system starts our service at boot."""
    if systemd.is_running(host):
        status = systemd.status(host, f"{NAME}.service").get(f"{NAME}.service")
        return status is not None and status.enabled == "enabled"
    places = [_SYSVINIT, _OPENRC] if host.find_program("update-rc.d") else [_OPENRC]  # which looks after both
    return any(glob.glob(host.path(pattern)) for pattern in places)


def forget(host: Host) -> None:
    """Make the init system forget a service, before its file goes.

    :raises HostError: where it refuses
    """
    if systemd.is_running(host):
        _told(host, "systemctl", "disable", "--now", f"{NAME}.service")
    elif host.find_program("update-rc.d"):
        _told(host, "update-rc.d", "-f", NAME, "remove")
    else:
        _told(host, "rc-update", "del", NAME, "default")


def learn(host: Host) -> None:
    """Make the init system start a service whose file is there.

    :raises HostError: where it refuses
    """
    if systemd.is_running(host):
        reread(host)
        _told(host, "systemctl", "enable", "--now", f"{NAME}.service")
    elif host.find_program("update-rc.d"):
        _told(host, "update-rc.d", NAME, "defaults")
    else:
        _told(host, "rc-update", "add", NAME, "default")


def reread(host: Host) -> None:
    """Make the init system see files that have changed or gone.

    :raises HostError: where it refuses
    """
    if systemd.is_running(host):
        _told(host, "systemctl", "daemon-reload")


def _told(host: Host, *argv: str) -> None:
    done = host.run(argv)
    if done.rc != 0:
        raise HostError(f"{shlex.join(argv)} failed: {done.last_words}")
