# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What single checks say of configurations: the rows of tables."""

from __future__ import annotations

import ipaddress
import typing as t
from dataclasses import dataclass

import pytest
from _pytest.mark import ParameterSet

from ansible_collections.slipway.docker.plugins.module_utils.daemon.accounts import Accounts
from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks.base import Check, Context, Look
from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks.every import OURS, every_check
from ansible_collections.slipway.docker.plugins.module_utils.daemon.facts import Facts
from ansible_collections.slipway.docker.plugins.module_utils.daemon.version import parse_version
from ansible_collections.slipway.docker.plugins.module_utils.host.network import IPAddress, Listener, Route

Doc = dict[str, t.Any]


@dataclass(frozen=True)
class Row:
    """One configuration on one host, and what a check says of it; nothing where it has no objection.

    :param version: of the engine, empty where that is not known
    """

    look: Look
    config: Doc
    said: tuple[str, ...]
    version: str
    facts: Facts
    allows: dict[str, bool]

    @property
    def check(self) -> Check:
        return next(check for check in every_check() if check.look is self.look)

    def sentences(self) -> list[str]:
        context = Context(self.config, self.config, parse_version(self.version), self.facts, **self.allows)
        found = self.check.look(context) if self.check.applies(context) else ()
        return [problem.sentence(OURS) for problem in found]


def row(look: Look, config: Doc, *said: str, version: str = "", allows: t.Sequence[str] = (), **facts: t.Any) -> Row:
    """A row of a table.

    :param said: whole sentences
    :param allows: what the caller has allowed: ``unknown``, ``insecure_tcp``
    """
    return Row(look, config, said, version, Facts(**facts), {f"allow_{name}": True for name in allows})


def table(rows: t.Sequence[Row]) -> list[ParameterSet]:
    """Rows as pytest's parameters."""
    return [
        pytest.param(one, id=f"{one.check.name}-{'says' if one.said else 'silent'}-{number}")
        for number, one in enumerate(rows)
    ]


# --- Hosts in a few words.


def ips(*texts: str) -> frozenset[IPAddress]:
    return frozenset(map(ipaddress.ip_address, texts))


def listening(address: str, port: int) -> tuple[Listener, ...]:
    """One socket; its number is 7."""
    return (Listener(ipaddress.ip_address(address), port, "7"),)


def routes(found: dict[str, str]) -> tuple[Route, ...]:
    return tuple(Route(ipaddress.ip_network(network), interface) for network, interface in found.items())


def accounts(
    users: dict[str, bool | None] | None = None,
    groups: dict[str, bool | None] | None = None,
    subuids: frozenset[str] | None = None,
    subgids: frozenset[str] | None = None,
) -> Accounts:
    return Accounts(users or {}, groups or {}, subuids, subgids)
