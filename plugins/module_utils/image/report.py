# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A plan and its outcome as a module's result."""

from __future__ import annotations

import dataclasses
import json
import typing as t

from ..host.files import as_text
from .listing.installed import Package
from .outcome import Outcome
from .plan import Plan
from .request import Request

if t.TYPE_CHECKING:
    from .current.latest import Change


def report(plan: Plan, outcome: Outcome, request: Request) -> dict[str, t.Any]:
    """What a playbook can use of a run; in check mode of what would be one."""
    provenance = outcome.provenance
    return {
        "changed": _changed(plan, outcome),
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
        "package_changes": [
            {"name": change.name, "before": change.before, "after": change.after} for change in _versions(plan, outcome)
        ],
        "package_list": request.package_list if request.state != "absent" else "",
        "package_list_written": outcome.listed is not None and outcome.listed.changes,
        "to_remember": plan.to_remember,
        "seconds": dict(outcome.seconds),
        "in_memory": outcome.in_memory,
        "cache": dataclasses.asdict(outcome.fetched) if outcome.fetched else {},
        "platform": plan.platform,
        "tags": list(request.familiar_tags),
        "remarks": [*plan.remarks, *outcome.remarks],
    }


def _changed(plan: Plan, outcome: Outcome) -> bool:
    """Whether anything is other than it was: what was built may have come out as what was there."""
    if outcome.listed is not None and outcome.listed.changes:
        return True
    same = plan.action == "build" and plan.image is not None and outcome.image is not None
    if same and outcome.image is not None and plan.image is not None and outcome.image.id == plan.image.id:
        return bool(set(outcome.image.tags) - set(plan.image.tags))
    return plan.changes


def _versions(plan: Plan, outcome: Outcome) -> tuple[Change, ...]:
    """The packages of which the image has other versions than before, or in check mode would have."""
    before, after = plan.provenance, outcome.provenance
    if plan.action != "build" or after is None:
        return plan.package_changes
    if before is None or not before.packages or not after.packages:
        return ()
    from .current.latest import changes_between, versions_of  # most runs do without

    own = after.architecture
    return changes_between(versions_of(before.packages, own), versions_of(after.packages, own))


def _package(package: Package) -> dict[str, str]:
    return {"name": package.name, "version": package.version, "architecture": package.architecture}


def diff(plan: Plan, outcome: Outcome, request: Request) -> list[dict[str, str]]:
    """What the image was made from, before and after, and the packages that change."""
    before, after = (plan.before, plan.after) if plan.changes else (plan.after, plan.after)
    shown = {
        "before_header": request.familiar_name,
        "after_header": request.familiar_name,
        "before": _shown(before),
        "after": _shown(after),
    }
    versions = "".join(f"{change}\n" for change in _versions(plan, outcome))
    found = [{**shown, "prepared": versions} if versions else shown]
    if outcome.listed is not None and outcome.listed.changes:
        listed = outcome.listed
        texts = {"before": as_text(listed.before.content), "after": as_text(listed.after)}
        found.append({"before_header": listed.path, "after_header": listed.path, **texts})
    return found


def _shown(fields: t.Mapping[str, t.Any] | None) -> str:
    return "" if fields is None else json.dumps(fields, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
