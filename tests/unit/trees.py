# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Root filesystems for tests: real directory trees that stand for a host, and the shapes of units found in the wild."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Completed, Host

DAEMON_JSON = "/etc/docker/daemon.json"
SERVICE = "/lib/systemd/system/docker.service"
SOCKET = "/lib/systemd/system/docker.socket"
DEFAULTS = "/etc/default/docker"
DROP_INS = "/etc/systemd/system/docker.service.d"

# The unit of docker-ce: no environment file, the flags on the line itself.
UPSTREAM_UNIT = """\
[Unit]
Description=Docker Application Container Engine
Requires=docker.socket

[Service]
Type=notify
# the default is not to use systemd for cgroups
ExecStart=/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock
ExecReload=/bin/kill -s HUP $MAINPID
Restart=always

[Install]
WantedBy=multi-user.target
"""

# The unit of Debian's docker.io: an environment file, whose variable is split into words.
DEBIAN_UNIT = """\
[Unit]
Description=Docker Application Container Engine
Requires=docker.socket

[Service]
Type=notify
EnvironmentFile=-/etc/default/docker
ExecStart=/usr/sbin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock $DOCKER_OPTS
Restart=on-failure
"""

SOCKET_UNIT = """\
[Socket]
ListenStream=/run/docker.sock
SocketMode=0660
SocketUser=root
SocketGroup=docker
"""


def no_command(argv: Sequence[str], *, data: str | None = None, env: Mapping[str, str] | None = None) -> Completed:
    """The runner of a host on which nothing may be run."""
    raise AssertionError(f"nothing should be run here: {argv}")


class Tree:
    """A root filesystem in a directory."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.host = Host(no_command, str(root))

    def at(self, path: str) -> Path:
        """Where a path of the host lies."""
        return self.root / path.lstrip("/")

    def write(self, path: str, text: str | bytes) -> None:
        self.at(path).parent.mkdir(parents=True, exist_ok=True)
        self.at(path).write_bytes(text.encode() if isinstance(text, str) else text)

    def link(self, path: str, target: str) -> None:
        self.at(path).parent.mkdir(parents=True, exist_ok=True)
        os.symlink(target, self.at(path))

    def read(self, path: str) -> bytes:
        return self.at(path).read_bytes()

    def files(self) -> list[str]:
        """Every file there is, as the host sees it."""
        return sorted(f"/{path.relative_to(self.root)}" for path in self.root.rglob("*") if path.is_file())
