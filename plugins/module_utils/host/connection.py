# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The connection by which Ansible came in, and where the kernel sends packets to an address."""

from __future__ import annotations

import ipaddress
import re
import typing as t
from dataclasses import dataclass

from .machine import Host
from .network import IPAddress
from .peek import text

_HOP = re.compile(r"(?:(local) )?\S+ (?:via (\S+) )?dev (\S+)")


@dataclass(frozen=True)
class Connection:
    """Ansible's, as the SSH server saw it.

    :param via: address of the container that passes it on to this host; None where it comes from elsewhere
    """

    client: IPAddress
    client_port: int
    server: IPAddress
    server_port: int
    via: IPAddress | None = None


@dataclass(frozen=True)
class Hop:
    """Where packets to an address go.

    :param local: whether it is the host's own
    :param address: the next hop, or the address itself
    """

    local: bool
    address: IPAddress
    interface: str


def find_connection(host: Host, environment: t.Mapping[str, str], pid: int) -> Connection | None:
    """Ansible's connection; None where it did not come by SSH.

    sudo takes the variable away, and whoever started sudo still has it.

    :param pid: of this process
    """
    for words in (environment, *_environments(host, pid)):
        connection = parse_connection(words.get("SSH_CONNECTION", ""))
        if connection is not None:
            return connection
    return None


def parse_connection(value: str) -> Connection | None:
    """``SSH_CONNECTION``: client, its port, server, its port (ssh(1))."""
    words = value.split()
    try:
        client, server = (ipaddress.ip_address(words[at].partition("%")[0]) for at in (0, 2))
        return Connection(client, int(words[1]), server, int(words[3]))
    except (ValueError, IndexError):
        return None


def hop_to(host: Host, address: IPAddress) -> Hop | None:
    """Ask the kernel; None where it has no route, or the program is not there."""
    if host.find_program("ip") is None:
        return None
    done = host.run(["ip", "-o", "route", "get", str(address)])
    match = _HOP.match(done.out) if done.rc == 0 else None
    if match is None:
        return None
    return Hop(bool(match.group(1)), ipaddress.ip_address(match.group(2) or str(address)), match.group(3))


def _environments(host: Host, pid: int) -> t.Iterator[dict[str, str]]:
    """Of the processes that led to one, nearest first (proc(5))."""
    for _step in range(64):
        stat = text(host, f"/proc/{pid}/stat").rpartition(")")[2].split()
        pid = int(stat[1]) if len(stat) > 1 else 0
        if pid <= 1:
            return
        words = text(host, f"/proc/{pid}/environ").split("\0")
        yield dict(word.split("=", 1) for word in words if "=" in word)
