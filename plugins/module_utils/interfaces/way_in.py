# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Whether a change would take away what Ansible's own connection comes in by."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ..host.connection import Connection, find_connection, hop_to
from ..host.machine import Host
from .declare import Address, OwnAddress, Route
from .kernel import Held
from .steps import Step, Want

_REMEDY = "connect by another way first, or set allow_lockout: true where there is one"


@dataclass(frozen=True)
class Way:
    """Ansible's connection, and the interface by which this host answers it."""

    connection: Connection
    interface: str = ""

    def __str__(self) -> str:
        one = self.connection
        return f"{one.client} port {one.client_port} to {one.server} port {one.server_port}"


@dataclass(frozen=True)
class _State:
    """Addresses and routes by interface."""

    addresses: t.Mapping[str, frozenset[OwnAddress]]
    routes: t.Mapping[str, frozenset[Route]]

    def has(self, address: Address) -> bool:
        return any(own.ip == address for owns in self.addresses.values() for own in owns)

    def reaches(self, address: Address) -> bool:
        """Directly, or by a router that is reached directly."""
        routes = [route for found in self.routes.values() for route in found if address in route.network]
        return self._is_near(address) or any(route.via is None or self._is_near(route.via) for route in routes)

    def _is_near(self, address: Address) -> bool:
        if address.version == 6 and address.is_link_local:
            return True
        return any(address in own.network for owns in self.addresses.values() for own in owns)


def read_way(host: Host, environment: t.Mapping[str, str], pid: int) -> Way | None:
    """None where Ansible did not come by SSH, or not from elsewhere."""
    connection = find_connection(host, environment, pid)
    hop = hop_to(host, connection.client) if connection else None
    return Way(connection, hop.interface) if connection and hop and not hop.local else None


def objections(way: Way, held: Held, wanted: t.Sequence[Want], found: t.Sequence[Step]) -> list[str]:
    """Why a change must not be, each with its remedy.

    :param found: what would be done
    """
    server, client = way.connection.server, way.connection.client
    at = {link.name for link in held.links.values() if any(own.ip == server for own in link.addresses)}
    by = at | ({way.interface} & set(held.links))
    removed = {step.name for step in found if step.phase == "remove"}
    before, after = _before(held), _after(held, wanted, removed)
    anew = {want.name for want in wanted}
    told = [
        f"{name}: would be {'made anew' if name in anew else 'removed'}, and Ansible's connection comes by it ({way}); "
        f"{_REMEDY}"
        for name in sorted(by & removed)
    ]
    for name, ports in _ports_that_go(held, wanted, removed, by - removed).items():
        told.append(f"{name}: would lose {ports}, and Ansible's connection comes by it ({way}); {_REMEDY}")
    if not told and at and not after.has(server):
        own = next(own for name in at for own in held.links[name].addresses if own.ip == server)
        reason = f"would lose {own}, to which Ansible is connected ({way})"
        told.append(f"{', '.join(sorted(at))}: {reason}; keep it in addresses, or {_REMEDY}")
    elif not told and before.reaches(client) and not after.reaches(client):
        reason = f"no network or route would be left by which this host answers Ansible's connection ({way})"
        told.append(f"{', '.join(sorted(by)) or 'interfaces'}: {reason}; keep what leads to {client}, or {_REMEDY}")
    return told


def _before(held: Held) -> _State:
    return _State(
        {name: frozenset(link.addresses) for name, link in held.links.items()},
        {name: frozenset(held.routes_of(name)) for name in held.links},
    )


def _after(held: Held, wanted: t.Sequence[Want], removed: t.Collection[str]) -> _State:
    left = _before(held)
    addresses = {name: own for name, own in left.addresses.items() if name not in removed}
    routes = {name: found for name, found in left.routes.items() if name not in removed}
    for want in wanted:
        had = addresses.get(want.name, frozenset())
        addresses[want.name] = had.difference(want.without) | set(want.addresses)
        reached = routes.get(want.name, frozenset())
        routes[want.name] = reached.difference(want.without_routes) | set(want.routes)
    return _State(addresses, routes)


def _ports_that_go(
    held: Held, wanted: t.Sequence[Want], removed: t.Collection[str], bridges: t.Iterable[str]
) -> dict[str, str]:
    """Ports that bridges lose: by which of them somebody comes in is not asked."""
    masters = {want.name: want.master for want in wanted if want.master is not None}
    found = {
        bridge: [port for port in held.ports_of(bridge) if port in removed or masters.get(port, bridge) != bridge]
        for bridge in sorted(bridges)
    }
    return {bridge: ", ".join(ports) for bridge, ports in found.items() if ports}
