# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Everything that is wrong with the addresses of an inventory, without asking a single host."""

from __future__ import annotations

import typing as t
from collections import defaultdict

from .between_hosts import overlaps_between_hosts
from .blocks import Problem
from .declared import Declared, read_host
from .in_common import overlays_that_differ, ranges_on_one_lan
from .on_host import overlaps_on_host
from .room import exhausted_pools


def address_problems(inventory: t.Mapping[str, t.Any]) -> list[Problem]:
    """All problems in order: those of the same wording are one, with all their hosts."""
    hosts = [read_host(str(host), inventory[host]) for host in sorted(inventory, key=str)]
    return _merged([*_of_hosts(hosts), *_of_domains(hosts), *ranges_on_one_lan(hosts)])


def _of_hosts(hosts: t.Iterable[Declared]) -> t.Iterator[Problem]:
    for declared in hosts:
        yield from declared.problems
        yield from overlaps_on_host(declared.blocks)
        yield from exhausted_pools(declared)


def _of_domains(hosts: t.Iterable[Declared]) -> t.Iterator[Problem]:
    domains: dict[str, list[Declared]] = defaultdict(list)
    for declared in hosts:
        for domain in declared.domains:
            domains[domain].append(declared)
    for members in domains.values():
        yield from overlaps_between_hosts(members)
        yield from overlays_that_differ(members)


def _merged(problems: t.Iterable[Problem]) -> list[Problem]:
    hosts: dict[tuple[str, str, str, str], set[str]] = defaultdict(set)
    for problem in problems:
        hosts[problem.what, problem.where, problem.message, problem.remedy].update(problem.hosts)
    merged = [Problem(tuple(sorted(names)), *said) for said, names in hosts.items()]
    return sorted(merged, key=lambda problem: (problem.hosts, problem.where, problem.message))
