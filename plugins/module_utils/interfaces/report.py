# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What came of interfaces, as a module's result and as differences for people."""

from __future__ import annotations

import typing as t

from ..host.files import as_text
from .kernel import Held
from .run import Result
from .steps import script


def report(done: Result) -> dict[str, t.Any]:
    """What a playbook can use of a run."""
    return {
        "changed": done.changed,
        "manager": done.manager,
        "manager_reason": done.reason,
        "interfaces": [_shown(done.held, one.name) for one in done.interfaces if one.name in done.held.links],
        "files": [change.path for change in done.files],
        "drifted": list(done.drifted),
    }


def diff(done: Result) -> list[dict[str, str]]:
    """Files before and after, and what the kernel is told."""
    found = [
        {
            "before_header": change.path,
            "after_header": change.path,
            "before": as_text(change.before.content),
            "after": as_text(change.after),
        }
        for change in done.files
    ]
    if done.steps:
        lacks = "".join(f"{why}\n" for why in dict.fromkeys(step.why for step in done.steps))
        told = "".join(f"ip {line}\n" for line in script(done.steps).splitlines())
        found.append({"before_header": "kernel", "after_header": "kernel", "before": lacks, "after": told})
    return found


def _shown(held: Held, name: str) -> dict[str, t.Any]:
    link = held.links[name]
    return {
        "name": name,
        "kind": link.kind,
        "up": link.up,
        "mtu": link.mtu,
        "mac": link.mac,
        "ports": list(held.ports_of(name)),
        "stp": link.stp,
        "parent": link.parent,
        "vlan": link.vlan or None,
        "mode": link.mode or None,
        "addresses": [str(one) for one in link.own],
        "routes": [route.words for route in held.routes_of(name)],
    }
