# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A plan and its outcome as a module's result."""

from __future__ import annotations

import typing as t

from ..host.files import FileChange
from . import originals
from .plan import Plan
from .redact import fit_to_show
from .run import Run


def report(run: Run) -> dict[str, t.Any]:
    """What a playbook can use of a run."""
    plan, outcome = run.plan, run.outcome
    return {
        "changed": plan.changes,
        "changed_keys": list(plan.changed_keys),
        "changed_variables": list(plan.changed_variables),
        "drifted_keys": list(plan.drifted_keys),
        "conflicts": [conflict.to_result() for conflict in plan.conflicts],
        "environment_path": plan.options_file,
        "files": [change.path for change in _shown_changes(plan)],
        "activation": plan.activation,
        "activation_reasons": list(plan.reasons),
        "pending": list(plan.pending),
        "sockets": [address.raw for address in plan.listens],
        "downtime": outcome.downtime,
        "containers_stopped": list(run.running),
        "containers_restarted": list(outcome.restarted_containers),
        "rolled_back": False,
    }


def diff(plan: Plan) -> list[dict[str, str]]:
    """The files before and after, fit to be shown: without passwords in URLs."""
    return [
        {
            "before_header": change.path,
            "after_header": change.path,
            "before": _shown(change.before.content),
            "after": _shown(change.after),
        }
        for change in _shown_changes(plan)
    ]


def _shown_changes(plan: Plan) -> list[FileChange]:
    """Originals that we keep are copies of what is shown anyway."""
    return [change for change in plan.files if not change.path.startswith(f"{originals.FOLDER}/")]


def _shown(content: bytes | None) -> str:
    return "" if content is None else str(fit_to_show(content.decode("utf-8", "replace")))
