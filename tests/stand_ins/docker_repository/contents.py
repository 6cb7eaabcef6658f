# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Docker's packages have in them, as far as it matters to whoever installs and configures an engine.

Other than Debian's: dockerd lies in /usr/bin, its unit reads no environment file, containerd and runc are one package,
and none of them can be installed beside Debian's.
"""

from __future__ import annotations

from dataclasses import dataclass

DEBIAN_PACKAGES = ("docker.io", "containerd", "runc", "tini")

_DOCKER_SERVICE = """\
[Unit]
Description=Docker engine of the stand-in repository
After=network-online.target docker.socket firewalld.service containerd.service
Wants=network-online.target containerd.service
Requires=docker.socket
StartLimitBurst=3
StartLimitIntervalSec=60

[Service]
Type=notify
ExecStart=/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock
ExecReload=/bin/kill -s HUP $MAINPID
Restart=always
RestartSec=2
TimeoutStartSec=0
LimitCORE=infinity
LimitNOFILE=infinity
LimitNPROC=infinity
TasksMax=infinity
Delegate=yes
KillMode=process
OOMScoreAdjust=-500

[Install]
WantedBy=multi-user.target
"""

_DOCKER_SOCKET = """\
[Unit]
Description=Socket of the Docker engine

[Socket]
ListenStream=/run/docker.sock
SocketMode=0660
SocketUser=root
SocketGroup=docker

[Install]
WantedBy=sockets.target
"""

_CONTAINERD_SERVICE = """\
[Unit]
Description=containerd of the stand-in repository
After=network.target local-fs.target

[Service]
Type=notify
ExecStartPre=-/sbin/modprobe overlay
ExecStart=/usr/bin/containerd
Restart=always
RestartSec=5
Delegate=yes
KillMode=process
LimitCORE=infinity
LimitNOFILE=infinity
LimitNPROC=infinity
TasksMax=infinity
OOMScoreAdjust=-999

[Install]
WantedBy=multi-user.target
"""

# What debhelper makes of a service: enabled when it is new, and started or restarted as far as policy-rc.d allows.
_POSTINST = """\
#!/bin/sh
set -e
[ "$1" = configure ] || exit 0
{before}
for unit in {units}; do
    deb-systemd-helper unmask "$unit" >/dev/null || true
    if deb-systemd-helper --quiet was-enabled "$unit"; then
        deb-systemd-helper enable "$unit" >/dev/null || true
    else
        deb-systemd-helper update-state "$unit" >/dev/null || true
    fi
done
if [ -d /run/systemd/system ]; then
    systemctl --system daemon-reload >/dev/null || true
    if [ -n "$2" ]; then action=restart; else action=start; fi
    deb-systemd-invoke "$action" {units} || true
fi
"""

_PRERM = """\
#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
    deb-systemd-invoke stop {units} >/dev/null || true
fi
"""

_POSTRM = """\
#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
    systemctl --system daemon-reload >/dev/null || true
fi
if [ "$1" = purge ] && [ -x /usr/bin/deb-systemd-helper ]; then
    deb-systemd-helper purge {units} >/dev/null || true
fi
"""


@dataclass(frozen=True)
class Package:
    """A package to be made.

    :param fields: of its control file, besides those that every package has
    :param taken: where a file of Debian's packages goes
    :param written: files that are not Debian's
    :param scripts: of its maintainer
    """

    name: str
    version: str
    fields: dict[str, str]
    taken: dict[str, str]
    written: dict[str, str]
    scripts: dict[str, str]


def packages(version: str) -> list[Package]:
    """The packages of one release of the engine."""
    rivals = "docker (<< 1.5~), docker-engine, docker.io"
    engine = Package(
        name="docker-ce",
        version=version,
        fields={
            "Pre-Depends": "init-system-helpers (>= 1.54~)",
            "Depends": "containerd.io (>= 1.6), docker-ce-cli, iptables, libc6, libdevmapper1.02.1, libsystemd0",
            "Conflicts": rivals,
            "Replaces": "docker-engine",
            "Description": "stand-in for Docker's engine",
        },
        taken={
            "usr/sbin/dockerd": "usr/bin/dockerd",
            "usr/sbin/docker-proxy": "usr/bin/docker-proxy",
            "usr/bin/tini-static": "usr/bin/docker-init",
        },
        written={
            "lib/systemd/system/docker.service": _DOCKER_SERVICE,
            "lib/systemd/system/docker.socket": _DOCKER_SOCKET,
        },
        scripts=_scripts(
            "docker.service docker.socket", before="getent group docker >/dev/null || groupadd --system docker"
        ),
    )
    client = Package(
        name="docker-ce-cli",
        version=version,
        fields={
            "Depends": "libc6",
            "Conflicts": rivals,
            "Replaces": "docker-ce (<< 5:0)",
            "Breaks": "docker-ce (<< 5:0)",
            "Description": "stand-in for Docker's client",
        },
        taken={"usr/bin/docker": "usr/bin/docker"},
        written={},
        scripts={},
    )
    runtime = Package(
        name="containerd.io",
        version=_runtime_version(version),
        fields={
            "Depends": "libc6, libseccomp2",
            "Provides": "containerd, runc",
            "Conflicts": "containerd, runc",
            "Replaces": "containerd, runc",
            "Description": "stand-in for Docker's containerd",
        },
        taken={
            "usr/bin/containerd": "usr/bin/containerd",
            "usr/bin/containerd-shim-runc-v2": "usr/bin/containerd-shim-runc-v2",
            "usr/bin/ctr": "usr/bin/ctr",
            "usr/sbin/runc": "usr/bin/runc",
        },
        written={
            "etc/containerd/config.toml": 'disabled_plugins = ["cri"]\n',
            "lib/systemd/system/containerd.service": _CONTAINERD_SERVICE,
        },
        scripts=_scripts("containerd.service"),
    )
    return [engine, client, runtime]


def _runtime_version(version: str) -> str:
    """containerd.io counts on its own: here 1.6.23-1 comes with 5:20.10.23-1~debian.12~bookworm."""
    return f"1.6.{version.partition('-')[0].rpartition('.')[2]}-1"


def _scripts(units: str, before: str = "") -> dict[str, str]:
    templates = {"postinst": _POSTINST, "prerm": _PRERM, "postrm": _POSTRM}
    return {name: text.format(units=units, before=before) for name, text in templates.items()}
