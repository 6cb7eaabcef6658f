# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Settings of the host's apt that reaching its mirror depends on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...host.machine import Host

_APT_CONFIG = "/usr/bin/apt-config"
_LINE = re.compile(r'(\S+) "(.*)";\Z')
# How this host gets at the mirror: of no use to whoever runs the image.
_TRANSPORT = re.compile(
    r"Acquire::(?:(?:http|https)::(?:Proxy(?:::\S+)?|Timeout|CaInfo|Verify-Peer|Verify-Host)|Retries|ForceIPv[46])\Z",
    re.IGNORECASE,
)
# What the mirror is like: true of it in the image as well.
_BELIEF = re.compile(
    r"Acquire::(?:Check-Valid-Until|Check-Date|Max-ValidTime|Max-FutureTime)(?:::\S+)?\Z", re.IGNORECASE
)


@dataclass(frozen=True)
class AptSettings:
    """Lines of apt.conf, without the semicolon.

    :ivar transport: such as a proxy, for the time of building
    :ivar belief: such as that the mirror's expired Release files are to be taken, for the image too
    """

    transport: tuple[str, ...] = ()
    belief: tuple[str, ...] = ()


def read_apt_settings(host: Host) -> AptSettings:
    """The settings in force; none where the host has no apt."""
    if not host.exists(_APT_CONFIG):
        return AptSettings()
    return parse_apt_config(host.run([_APT_CONFIG, "dump"]).out)


def parse_apt_config(text: str) -> AptSettings:
    """Read what ``apt-config dump`` prints."""
    transport, belief = [], []
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None or not match.group(2):
            continue
        if _TRANSPORT.match(match.group(1)):
            transport.append(line.rstrip(";"))
        elif _BELIEF.match(match.group(1)):
            belief.append(line.rstrip(";"))
    return AptSettings(tuple(transport), tuple(belief))
