# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What came of a policy, as a module's result and as lines for people."""

from __future__ import annotations

import json
import typing as t

from . import nftables
from .backends import rules_in
from .run import Result


def report(done: Result) -> dict[str, t.Any]:
    """What a playbook can use of a run."""
    return {
        "changed": done.changed,
        "backend": done.backend,
        "backend_reason": done.reason,
        **({"iptables_variant": done.variant} if done.variant else {}),
        "drifted": done.drifted,
        "files": list(done.files),
        "rules": rules_in(done.after or ()),
    }


def shown(lines: tuple[str, ...] | None) -> str:
    """The kernel's rules, one a line."""
    return "".join(f"{_in_words(line)}\n" for line in lines or ())


def _in_words(line: str) -> str:
    return nftables.in_words(json.loads(line)) if line.startswith("{") else line
