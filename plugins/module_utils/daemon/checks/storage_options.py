# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Options of storage drivers. Each driver refuses what it does not know, and dockerd does not start."""

from __future__ import annotations

import typing as t

from .base import Context, Problem, refuses, warns
from .storage import snapshots

# Prefixes and options of the drivers (parseOptions of each).
_OPTIONS: dict[str, tuple[str, ...]] = {
    "btrfs": ("btrfs.min_space",),
    "overlay2": ("overlay2.override_kernel_check", "overlay2.size"),
    "vfs": ("size", "vfs.xattrs"),
    "zfs": ("zfs.fsname",),
}
_OLD = {"overlay2.override_kernel_check": "24.0"}
_NEW = {"vfs.xattrs": "25.0"}


def _driver(context: Context) -> str:
    """The driver that will be used, as far as that can be told."""
    chosen = context.facts.environment.get("DOCKER_DRIVER") or context.text("storage-driver")
    traces = context.facts.traces
    return chosen or (traces[0] if traces and len(traces) == 1 else "")


def _entries(context: Context) -> list[tuple[str, str, str, str]]:
    found = []
    for path, entry in context.entries("storage-opts"):
        name, _equals, value = entry.partition("=")
        found.append((path, entry, name.strip().lower(), value.strip()))
    return found


@refuses("storage-opts")
def form(context: Context) -> t.Iterator[Problem]:
    """Every driver that reads options refuses one without a value (ParseKeyValueOpt)."""
    for path, entry, _name, _value in _entries(context) if snapshots(context) is False else []:
        if "=" not in entry:
            yield Problem(path, "must be of the form key=value", entry)


@refuses("storage-opts", "storage-driver")
def names(context: Context) -> t.Iterator[Problem]:
    """An option of another driver is as unknown as one that no driver has."""
    driver = _driver(context)
    known = _OPTIONS.get(driver)
    if snapshots(context) is not False or (known is None and driver != "fuse-overlayfs"):
        return
    for path, entry, name, _value in _entries(context):
        old, new = _OLD.get(name, ""), _NEW.get(name, "")
        if "=" not in entry:
            continue  # told by form
        if name not in (known or ()):
            owner = next((one for one, options in _OPTIONS.items() if name in options), "")
            whose = f"is an option of {owner}" if owner else "is no option that is known"
            has = f"{driver} has {', '.join(known)}" if known else f"{driver} has no options"
            yield Problem(path, f"{whose}, and the storage driver is {driver}", entry, has, also=("storage-driver",))
        elif old and context.since(old):
            yield Problem(path, f"was removed with engine {old}", entry, "take it out")
        elif new and context.before("23.0"):
            yield Problem(path, f"came with a later engine than {context.engine}", entry, "take it out")


@refuses("storage-opts")
def quotas(context: Context) -> t.Iterator[Problem]:
    """overlay2 counts what a container writes by project quotas of XFS (overlay2.size, all versions)."""
    ground = context.facts.ground
    if _driver(context) != "overlay2" or snapshots(context) is not False or ground is None:
        return
    for path, entry, name, _value in _entries(context):
        if name != "overlay2.size":
            continue
        if ground.type != "xfs":
            yield Problem(path, f"needs XFS below the data root, which lies on {ground.type}", entry, "take it out")
        elif not {"prjquota", "pquota"} & set(ground.options):
            remedy = f"mount {ground.point} with pquota"
            yield Problem(path, "needs project quotas on the filesystem of the data root", entry, remedy)


@warns("storage-opts", since="24.0")
def options_for_nothing(context: Context) -> t.Iterator[Problem]:
    """Snapshotters take none."""
    if snapshots(context) and context.entries("storage-opts"):
        yield Problem("storage-opts", "does nothing with features.containerd-snapshotter", also=("features",))


@warns("storage-opts", since="23.0", before="24.0")
def option_on_its_way_out(context: Context) -> t.Iterator[Problem]:
    """23.0 passes over it with a warning, 24.0 does not start."""
    for path, entry, name, _value in _entries(context):
        if name in _OLD:
            yield Problem(path, "does nothing any more, and engine 24.0 does not start with it", entry, "take it out")
