# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Whether a policy would shut the way by which Ansible came in. Pure.

What ends on the host itself is never cut, as only forwarded traffic is looked at, and neither is what is established.
What can be cut is the next connection of somebody who comes through a published port: to a container that passes him on
to this host (a bastion, a VPN), or to one that acts on this host.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ..host.connection import Connection
from ..host.network import IPAddress
from .policy import Policy, Rule, covers


@dataclass(frozen=True)
class Published:
    """A published port that leads to a container, as somebody uses it or could.

    :param source: who uses it, None where that is not known
    :param target: the container's address
    :param bridge: interface to the container
    :param interface: by which packets of the source come in, empty where that is not known
    """

    protocol: str
    port: int
    target: IPAddress
    target_port: int
    bridge: str
    source: IPAddress | None = None
    source_port: int = 0
    interface: str = ""

    @property
    def in_words(self) -> str:
        return f"{self.source or 'everybody'} to published port {self.port}/{self.protocol} (container {self.target})"


@dataclass(frozen=True)
class Cut:
    """What would be shut, and by which rule; None for the default."""

    way: Published
    rule: int | None


def cut(policy: Policy, connection: Connection, published: t.Sequence[Published]) -> Cut | None:
    """What a policy would shut, None where a way in is left or none of them is known.

    The container that passes somebody on does not say whom: of those who are connected to it all would have to be cut,
    so that strangers who are meant to be shut out are no reason to refuse.
    """
    found = [_verdict(policy, way) for way in ways_in(connection, published)]
    shut = [one for one in found if one is not None]
    return shut[0] if shut and len(shut) == len(found) else None


def ways_in(connection: Connection, published: t.Sequence[Published]) -> list[Published]:
    """The published ports by which Ansible comes, or may come."""
    client = (connection.client, connection.client_port)
    own = [way for way in published if (way.source, way.source_port) == client]
    server = (connection.server, connection.server_port)
    to_server = [way for way in published if way.source is None and (way.target, way.target_port) == server]
    return own or to_server or [way for way in published if way.target == connection.via]


def complaint(found: Cut) -> str:
    """What is wrong, for people, and what to do about it."""
    way = found.way
    rule = {"action": "allow", "ports": [str(way.port)], "protocols": [way.protocol]}
    wanted = {**rule, "sources": [str(way.source)]} if way.source else rule
    by = "the default" if found.rule is None else f"rules[{found.rule}]"
    where = "" if found.rule is None else f" before rules[{found.rule}]"
    return (
        f"{by} would cut the way by which Ansible comes in: {way.in_words}; add the rule {wanted}{where}, "
        "or set allow_lockout where there is another way in"
    )


def _verdict(policy: Policy, way: Published) -> Cut | None:
    """What a new connection meets."""
    if way.interface and any(covers(pattern, way.interface) for pattern in policy.trusted):
        return None
    for number, rule in enumerate(policy.rules):
        if _matches(policy, rule, way):
            return None if rule.allow else Cut(way, number)
    return Cut(way, None) if not policy.allow and _leads_to_container(policy, way) else None


def _matches(policy: Policy, rule: Rule, way: Published) -> bool:
    """What is not known is taken to match where that lets somebody in, as only what is certain is refused."""
    if rule.ports and way.protocol not in rule.protocols:
        return False
    if rule.ports and not any(first <= way.port <= last for first, last in rule.ports):
        return False
    if rule.is_for_containers and not _leads_to_container(policy, way):
        return False
    if rule.bridge and rule.bridge != way.bridge:
        return False
    if rule.interface and not (covers(rule.interface, way.interface) if way.interface else rule.allow):
        return False
    if not rule.sources:
        return True
    return any(way.source in network for network in rule.sources) if way.source else rule.allow


def _leads_to_container(policy: Policy, way: Published) -> bool:
    return any(covers(pattern, way.bridge) for pattern in policy.containers)
