# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Storage drivers: whether the engine has them, whether this host carries them, and what lies there from before."""

from __future__ import annotations

import difflib
import typing as t

from ..storage_drivers import DRIVERS, SNAPSHOTTERS
from ..version import before
from .base import Context, Problem, refuses, warns

# Snapshotters that come as plugins of containerd; there may be others.
_MORE_SNAPSHOTTERS = frozenset("btrfs zfs devmapper erofs blockfile stargz soci nydus overlaybd".split())
_GRAPH_DRIVERS = frozenset(DRIVERS) - SNAPSHOTTERS
_DEPRECATED = ("aufs", "devicemapper", "overlay")
# Drivers without which engines are built here and there.
_LEFT_OUT = ("aufs", "devicemapper", "zfs")


def snapshots(context: Context) -> bool | None:
    """Whether the containerd image store is used; None where the engine itself decides by what it finds."""
    if context.version is not None and context.before("24.0"):
        return False
    if context.has("containerd-snapshotter"):
        return True
    explicit = "containerd-snapshotter" in context.table("features")
    if explicit or not context.since("29.0"):
        return False
    # Engine 29 stays with storage drivers where one is named or has left data (29.0.0 took some for snapshotters).
    mistaken = frozenset({"fuse-overlayfs", "zfs"} if context.before("29.0.1") else ())
    named = context.text("storage-driver") in _GRAPH_DRIVERS - mistaken
    return False if named or context.facts.traces else None


def _available(context: Context) -> list[str]:
    return sorted(name for name in _GRAPH_DRIVERS if not _removed(name, context))


def _removed(name: str, context: Context) -> str:
    removed = DRIVERS[name].removed
    return removed if removed and context.version is not None and not before(context.version, removed) else ""


@refuses("storage-driver")
def drivers_that_exist(context: Context) -> t.Iterator[Problem]:
    """dockerd does not start with a name that it does not know (graphdriver.GetDriver)."""
    name = context.text("storage-driver")
    if not name or name in _GRAPH_DRIVERS or snapshots(context) is not False:
        return
    if name in SNAPSHOTTERS or name in _MORE_SNAPSHOTTERS:
        reason = "is a snapshotter of containerd, which this engine uses only with features.containerd-snapshotter"
        yield Problem(
            "storage-driver", reason, name, f"choose one of {', '.join(_available(context))}", also=("features",)
        )
    elif context.is_on("experimental") and context.before("28.0") and name in (context.facts.plugins or (name,)):
        return  # a plugin
    else:
        near = difflib.get_close_matches(name.lower(), _available(context), n=2, cutoff=0.7)
        remedy = f"did you mean {max(near)}?" if near else f"choose one of {', '.join(_available(context))}"
        yield Problem("storage-driver", "is no storage driver", name, remedy)


@refuses("storage-driver")
def drivers_that_are_gone(context: Context) -> t.Iterator[Problem]:
    """24.0 has no aufs and overlay any more, 25.0 no devicemapper."""
    name = context.text("storage-driver")
    if name in _GRAPH_DRIVERS and snapshots(context) is not True and _removed(name, context):
        remedy = f"choose one of {', '.join(_available(context))}"
        yield Problem("storage-driver", f"was removed with engine {_removed(name, context)}", name, remedy)


@refuses("storage-driver")
def drivers_that_the_host_carries(context: Context) -> t.Iterator[Problem]:
    """dockerd does not start with one whose kernel, filesystem or programs are missing."""
    name = context.text("storage-driver")
    if context.facts.storage is None or _removed_or_unknown(name, context):
        return
    reason = context.facts.storage.get(name, "")
    if reason and snapshots(context) is not None:
        usable = [one for one in _available(context) if not context.facts.storage.get(one)]
        remedy = f"choose one of {', '.join(usable)}, or take it out so that dockerd chooses"
        yield Problem("storage-driver", f"cannot be used on this host: {reason}", name, remedy)


def _removed_or_unknown(name: str, context: Context) -> bool:
    if snapshots(context):
        return name not in SNAPSHOTTERS
    return name not in _GRAPH_DRIVERS or bool(_removed(name, context))


@refuses("storage-driver", "features", since="24.0")
def drivers_of_the_other_store(context: Context) -> t.Iterator[Problem]:
    """The daemon starts, and can unpack no image: containerd has no snapshotter of that name (26.1, 28.5)."""
    name = context.text("storage-driver")
    if snapshots(context) and name in ("overlay2", "vfs", "aufs", "overlay", "devicemapper", "fuse-overlayfs"):
        instead = {"overlay2": "overlayfs", "vfs": "native"}.get(name, "overlayfs")
        reason = "is no snapshotter, and features.containerd-snapshotter is on: no image could be unpacked"
        yield Problem("storage-driver", reason, name, f"write {instead}, or switch the feature off", also=("features",))


@warns("storage-driver", since="29.0")
def names_of_either_kind(context: Context) -> t.Iterator[Problem]:
    """Engine 29 takes a name that is no storage driver of its own for a snapshotter."""
    name = context.text("storage-driver")
    known = _GRAPH_DRIVERS | SNAPSHOTTERS | _MORE_SNAPSHOTTERS
    if name and name not in known and snapshots(context) is not False:
        yield Problem("storage-driver", "is no storage driver that is known; containerd may have it as a plugin", name)


@refuses()
def data_of_several_drivers(context: Context) -> t.Iterator[Problem]:
    """Without a choice dockerd goes by what it finds, and does not start when it finds two (scanPriorDrivers)."""
    traces = _traces(context)
    if len([name for name in traces if name not in _LEFT_OUT]) < 2 or _chosen(context):
        return
    found = ", ".join(traces)
    reason = (
        f"the data root has data of several storage drivers ({found}), and storage-driver does not say which to use"
    )
    yield Problem("", reason, remedy="set storage-driver, or remove the folders of the others")


@warns()
def data_of_a_driver_that_may_be_left_out(context: Context) -> t.Iterator[Problem]:
    """The same, unless the engine was built without the other driver, as Debian's 28.5 is without zfs."""
    traces = _traces(context)
    certain = [name for name in traces if name not in _LEFT_OUT]
    if certain and len(traces) > len(certain) and len(certain) < 2 and not _chosen(context):
        reason = f"the data root has data of several storage drivers ({', '.join(traces)}), and no choice is made"
        yield Problem("", reason, remedy=f"set storage-driver, such as to {certain[0]}")


@refuses(since="23.0", before="24.0")
def data_of_a_deprecated_driver(context: Context) -> t.Iterator[Problem]:
    """23.0 goes on with such a driver only when told to."""
    traces = context.facts.traces or ()
    old = [name for name in traces if name in _DEPRECATED]
    if len(traces) == 1 and old and not _chosen(context):
        reason = (
            f"the data root has data of storage driver {old[0]}, deprecated, which engine 23.0 uses only when told to"
        )
        yield Problem("", reason, remedy=f"set storage-driver to {old[0]}")


@warns()
def data_of_a_driver_that_is_gone(context: Context) -> t.Iterator[Problem]:
    """Not looked at any more; its images seem to have vanished."""
    for name in context.facts.traces or ():
        if name in _DEPRECATED and _removed(name, context):
            reason = f"the data root has data of storage driver {name}, which engine {DRIVERS[name].removed} removed"
            yield Problem("", f"{reason}: its images and containers are out of sight")


def _traces(context: Context) -> list[str]:
    """Data of drivers that this engine still has."""
    return [name for name in context.facts.traces or () if not _removed(name, context)]


def _chosen(context: Context) -> bool:
    """Whether the engine is told which to use, or looks for none."""
    told = context.text("storage-driver") or context.facts.environment.get("DOCKER_DRIVER")
    return bool(told) or snapshots(context) is True


@warns("storage-driver")
def other_data_out_of_sight(context: Context) -> t.Iterator[Problem]:
    """dockerd does not look at what other drivers have left; nothing is lost, and nothing is shown."""
    name = context.text("storage-driver")
    for trace in context.facts.traces or ():
        if trace != name and not _removed(trace, context):
            reason = f"leaves images and containers of {trace} out of sight, which the data root has as well"
            yield Problem("storage-driver", reason, name)


@warns("storage-driver")
def overruled_by_the_environment(context: Context) -> t.Iterator[Problem]:
    """DOCKER_DRIVER counts before the file (NewDaemon)."""
    found = context.facts.environment.get("DOCKER_DRIVER")
    if found and found != context.text("storage-driver"):
        reason = f"is overruled by DOCKER_DRIVER={found} in the environment of the service"
        yield Problem("storage-driver", reason, context.text("storage-driver"), "take the variable out")
