# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Features. dockerd takes every name, and does nothing with those that it does not know (all versions)."""

from __future__ import annotations

import difflib
import typing as t

from .base import Context, Problem, warns

# Feature and the engine that brought it (daemon/config and where each is looked up).
SINCE = {
    "buildkit": "18.09",
    "cdi": "25.0",
    "containerd-migration": "29.0",
    "containerd-snapshotter": "24.0",
    "embedded-containerd": "29.7",
    "swarm-nftables": "29.6",
    "time-namespaces": "29.5",
    "windows-dns-proxy": "26.0",
}


@warns("features")
def unknown_features(context: Context) -> t.Iterator[Problem]:
    for name in context.table("features"):
        if name not in SINCE:
            near = difflib.get_close_matches(name.lower().replace("_", "-"), SINCE, n=1, cutoff=0.7)
            remedy = f"did you mean {near[0]}?" if near else f"dockerd has {', '.join(SINCE)}"
            yield Problem(f"features.{name}", "is no feature that is known, and dockerd does not say so", remedy=remedy)


@warns("features")
def features_of_newer_engines(context: Context) -> t.Iterator[Problem]:
    for name in context.table("features"):
        if context.has(name) and name in SINCE and context.before(SINCE[name]):
            reason = f"came with engine {SINCE[name]}, and does nothing with {context.engine}"
            yield Problem(f"features.{name}", reason, remedy="upgrade the engine, or take it out")


@warns("features")
def features_of_windows(context: Context) -> t.Iterator[Problem]:
    if context.has("windows-dns-proxy"):
        yield Problem("features.windows-dns-proxy", "is for Windows", remedy="take it out")


@warns("features", since="24.0", before="29.0")
def images_of_the_other_store(context: Context) -> t.Iterator[Problem]:
    """Each store has its own; switched back, the others are there again."""
    before = context.facts.before
    if before is None:
        return
    features = before.get("features")
    was = isinstance(features, dict) and features.get("containerd-snapshotter") is True
    if was != context.has("containerd-snapshotter"):
        reason = "changes the store of images: those of now will not be seen"
        yield Problem("features.containerd-snapshotter", reason, context.has("containerd-snapshotter"))


@warns("cdi-spec-dirs", since="25.0", before="28.2")
def devices_without_their_feature(context: Context) -> t.Iterator[Problem]:
    """On by default from 28.2 on."""
    if context.entries("cdi-spec-dirs") and not context.has("cdi"):
        remedy = "set features.cdi to true"
        yield Problem(
            "cdi-spec-dirs",
            f"does nothing with engine {context.engine} without its feature",
            remedy=remedy,
            also=("features",),
        )
