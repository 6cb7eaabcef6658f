# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Keys that an engine does not have yet, no longer has, or has and ignores (computed over the release tags of moby)."""

from __future__ import annotations

import typing as t

from ..options import by_key
from .base import Context, Problem, refuses, warns

# What has taken the place of keys that are gone.
_INSTEAD = {
    "graph": "write data-root",
    "cluster-store": "the cluster of engine 20.10 is gone; use swarm mode",
    "cluster-advertise": "the cluster of engine 20.10 is gone; use swarm mode",
    "cluster-store-opts": "the cluster of engine 20.10 is gone; use swarm mode",
    "oom-score-adjust": "set OOMScoreAdjust= in a drop-in of the service",
    "api-cors-header": "put a reverse proxy before the API",
    "disable-legacy-registry": "registries of the old kind are gone; take it out",
    "proxies": "set HTTP_PROXY and the like in the environment of the service",
    "min-api-version": "set DOCKER_MIN_API_VERSION in the environment of the service (engine 25.0 or newer)",
    "host-gateway-ips": "write host-gateway-ip with one address",
}

# The file takes these although their flags are gone: dockerd passes over them (skipValidateOptions).
_PASSED_OVER = frozenset({"allow-nondistributable-artifacts", "deprecated-key-path"})

# Refused from this engine on, earlier than the engine that does not know the name any more.
_REFUSED_SINCE = {
    "graph": "23.0",
    "cluster-store": "23.0",
    "cluster-advertise": "23.0",
    "cluster-store-opts": "23.0",
    "api-cors-header": "28.0",
}

# Works with this engine; says so while it starts.
_DEPRECATED_SINCE = {
    "graph": "20.10",
    "cluster-store": "20.10",
    "cluster-advertise": "20.10",
    "cluster-store-opts": "20.10",
    "oom-score-adjust": "24.0",
    "restart": "20.10",
}


@refuses()
def keys_of_newer_engines(context: Context) -> t.Iterator[Problem]:
    """Unknown keys to this engine, which does not start with them."""
    for key in context.document:
        option = by_key().get(key)
        if option is not None and option.since and context.before(option.since):
            reason = f"came with engine {option.since}, and this is {context.engine}"
            yield Problem(key, reason, remedy=_INSTEAD.get(key, "take it out, or upgrade the engine"))


@refuses()
def keys_that_are_gone(context: Context) -> t.Iterator[Problem]:
    """Unknown keys again, or keys that this engine knows only to refuse them."""
    for key, value in context.document.items():
        option = by_key().get(key)
        if option is None or key in _PASSED_OVER or value is None:
            continue
        gone = option.removed and context.since(option.removed)
        since = _REFUSED_SINCE.get(key, "")
        if gone or (since and context.since(since) and value not in ("", [], {})):
            reason = f"is refused since engine {since or option.removed}, and this is {context.engine}"
            yield Problem(key, reason, remedy=_INSTEAD.get(key, "take it out"))


@refuses("oom-score-adjust", since="25.0", before="26.0")
def oom_score(context: Context) -> t.Iterator[Problem]:
    """25.0 knows the key and takes 0 only."""
    if context.number("oom-score-adjust"):
        value = context.number("oom-score-adjust")
        yield Problem("oom-score-adjust", "is refused since engine 25.0", value, _INSTEAD["oom-score-adjust"])


@refuses("graph", before="23.0")
def graph_beside_data_root(context: Context) -> t.Iterator[Problem]:
    """In 20.10 one is another name for the other."""
    if context.sets("data-root"):
        yield Problem("graph", "is the old name of data-root, which is there too", remedy="keep data-root")


@warns()
def keys_that_are_passed_over(context: Context) -> t.Iterator[Problem]:
    """The file may have them, and they do nothing."""
    if context.sets("allow-nondistributable-artifacts") and context.since("28.0"):
        yield Problem("allow-nondistributable-artifacts", "does nothing since engine 28.0", remedy="take it out")
    if context.sets("deprecated-key-path") and context.since("24.0"):
        yield Problem("deprecated-key-path", "does nothing since engine 24.0", remedy="take it out")
    cors = context.text("api-cors-header")
    if cors and context.since("27.0") and context.before("28.0"):
        reason = "is ignored by engine 27, unless DOCKERD_DEPRECATED_CORS_HEADER is in its environment"
        yield Problem("api-cors-header", reason, remedy=_INSTEAD["api-cors-header"])


@warns()
def keys_that_will_go(context: Context) -> t.Iterator[Problem]:
    """They still work here, and the next upgrade of the engine would refuse its file."""
    for key, since in _DEPRECATED_SINCE.items():
        refused = _REFUSED_SINCE.get(key) or (by_key()[key].removed if key != "oom-score-adjust" else "25.0")
        if context.sets(key) and context.since(since) and not (refused and context.since(refused)):
            until = f", and engine {refused} refuses it" if refused else ""
            yield Problem(key, f"is deprecated since engine {since}{until}", remedy=_INSTEAD.get(key, "take it out"))
