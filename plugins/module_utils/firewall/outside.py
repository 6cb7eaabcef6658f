# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Interfaces of container networks by which others come in as well, so that what comes by them is not trusted."""

from __future__ import annotations

import re
import typing as t
from dataclasses import replace

from ..host.errors import InvalidInput
from ..host.machine import Host
from ..host.peek import entries, text
from .policy import Policy, covers

# The host's end of what Docker puts into a container (vethPrefix of libnetwork, and random digits).
_DOCKERS = re.compile(r"veth[0-9a-f]+")
_ANY = "00000000"


def read_outside(host: Host) -> dict[str, str]:
    """Why others come in by an interface, for each by which they do."""
    found = dict.fromkeys(_default_routes(host), "a default route goes by it")
    for name in entries(host, "/sys/class/net"):
        ports = [port for port in entries(host, f"/sys/class/net/{name}/brif") if not _DOCKERS.fullmatch(port)]
        if ports:
            found[name] = f"it has port {ports[0]}, which is no container's"
    return found


def _default_routes(host: Host) -> t.Iterator[str]:
    """The interfaces of default routes; that of ``lo`` is how the kernel says that there is none for IPv6."""
    for line in text(host, "/proc/net/route").splitlines()[1:]:
        fields = line.split()
        if len(fields) > 7 and fields[1] == fields[7] == _ANY:
            yield fields[0]
    for line in text(host, "/proc/net/ipv6_route").splitlines():
        fields = line.split()
        if len(fields) > 9 and int(fields[1], 16) == 0 and fields[9] != "lo":
            yield fields[9]


def without_outside(policy: Policy, outside: t.Mapping[str, str]) -> Policy:
    """A policy that trusts no interface by which others come in.

    :raises InvalidInput: where it could not be told from the others, as a pattern covers it
    """
    problems = [
        f"container_interfaces has {pattern}, which covers {name}, by which others come in as well ({why}): they would "
        f"all count as containers; name the interfaces in place of {pattern} (Docker's own are added by themselves)"
        for pattern in policy.containers
        if pattern.endswith("*")
        for name, why in sorted(outside.items())
        if covers(pattern, name)
    ]
    if problems:
        raise InvalidInput(problems)
    return replace(policy, outside=tuple(name for name in policy.containers if name in outside))


def warnings(policy: Policy, outside: t.Mapping[str, str]) -> list[str]:
    """What it means for containers that they have such an interface.

    With docker-proxy Docker does not translate what comes by a bridge of its own, so that it ends on the host.
    """
    return [
        f"others come in by container interface {name} as well ({outside[name]}): the rules hold for all that comes by "
        "it, also for what its containers begin; where these may go on, allow their addresses as sources; docker-proxy "
        "serves published ports to all who come by it, which no rule sees: set userland-proxy to false"
        for name in policy.outside
    ]
