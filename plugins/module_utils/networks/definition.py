# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A network as an engine told of it, made again."""

from __future__ import annotations

import typing as t

# What the swarm numbers by itself.
_NUMBERED = frozenset({"com.docker.network.driver.overlay.vxlanid_list"})
_FLAGS = ("EnableIPv6", "EnableIPv4", "Internal", "Attachable", "Ingress", "ConfigOnly")


def definition(network: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What has to be kept of an inspected network to make it again."""
    kept = ("Name", "Id", "Driver", "Scope", "IPAM", "ConfigFrom", "Options", "Labels", *_FLAGS)
    return {key: network[key] for key in kept if key in network}


def creation(kept: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """What the engine is asked for.

    A subnet that the engine had chosen is asked for by name, or containers would not get their addresses back. A
    network that takes its settings from a template may have none of its own.
    """
    source = (kept.get("ConfigFrom") or {}).get("Network")
    body: dict[str, t.Any] = {"Name": kept["Name"], "Driver": kept.get("Driver"), "Scope": kept.get("Scope") or "local"}
    if source:
        return {**body, "ConfigFrom": {"Network": source}, "Attachable": bool(kept.get("Attachable"))}
    ipam = kept.get("IPAM") or {}
    options = {key: value for key, value in (kept.get("Options") or {}).items() if key not in _NUMBERED}
    return {
        **body,
        "CheckDuplicate": True,
        "Options": options,
        "Labels": kept.get("Labels") or {},
        "IPAM": {"Driver": ipam.get("Driver"), "Options": ipam.get("Options"), "Config": ipam.get("Config") or []},
        **{flag: bool(kept[flag]) for flag in _FLAGS if flag in kept},
    }
