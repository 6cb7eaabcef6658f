# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A plan and its outcome as a module's result."""

from __future__ import annotations

import dataclasses
import json
import typing as t

from .build import Outcome
from .installed import Package
from .plan import Plan
from .request import Request


def report(plan: Plan, outcome: Outcome, request: Request) -> dict[str, t.Any]:
    """What a playbook can use of a run; in check mode of what would be one."""
    provenance = outcome.provenance
    return {
        "changed": plan.changes,
        "action": plan.action,
        "reasons": list(plan.reasons),
        "pending": list(plan.pending),
        "name": request.familiar_name,
        "image_id": outcome.image.id if outcome.image else "",
        "diff_id": outcome.image.diff_ids[-1] if outcome.image and outcome.image.diff_ids else "",
        "recipe_digest": plan.recipe,
        "size": outcome.image.size if outcome.image else 0,
        "backend": provenance.backend if provenance else plan.backend,
        "suites": list(provenance.suites) if provenance else [],
        "packages": [_package(package) for package in provenance.packages] if provenance else [],
        "package_count": provenance.package_count if provenance else 0,
        "seconds": dict(outcome.seconds),
        "in_memory": outcome.in_memory,
        "cache": dataclasses.asdict(outcome.fetched) if outcome.fetched else {},
        "platform": plan.platform,
        "tags": list(request.familiar_tags),
        "remarks": [*plan.remarks, *outcome.remarks],
    }


def _package(package: Package) -> dict[str, str]:
    return {"name": package.name, "version": package.version, "architecture": package.architecture}


def diff(plan: Plan, request: Request) -> dict[str, str]:
    """What the image was made from, before and after."""
    before, after = (plan.before, plan.after) if plan.changes else (plan.after, plan.after)
    return {
        "before_header": request.familiar_name,
        "after_header": request.familiar_name,
        "before": _shown(before),
        "after": _shown(after),
    }


def _shown(fields: t.Mapping[str, t.Any] | None) -> str:
    return "" if fields is None else json.dumps(fields, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
