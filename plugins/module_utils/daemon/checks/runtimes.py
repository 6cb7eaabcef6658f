# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Runtimes of containers (daemon/runtime_unix.go)."""

from __future__ import annotations

import re
import typing as t

from .base import Context, Problem, refuses, warns
from .shapes import member

_OWN = "runc"
_STOCK = frozenset({_OWN, "io.containerd.runc.v2"})
_V1 = "io.containerd.runtime.v1.linux"
# What containerd takes for the name of a shim: a dot, no slash.
_SHIM = re.compile(r"[^/.][^/]*\.[^/]+")


def _entries(context: Context) -> dict[str, dict[str, t.Any]]:
    found = context.document.get("runtimes")
    table = found if isinstance(found, dict) else {}
    return {name: entry for name, entry in table.items() if isinstance(entry, dict)}


@refuses("runtimes")
def own_name(context: Context) -> t.Iterator[Problem]:
    """The engine keeps this one for itself (all versions)."""
    if _OWN in context.table("runtimes"):
        yield Problem(f"runtimes.{_OWN}", "is the engine's own and cannot be set", remedy="give it another name")


@refuses("runtimes", since="24.0")
def what_a_runtime_is_made_of(context: Context) -> t.Iterator[Problem]:
    """Either a program or a shim, each with its own members; dockerd does not start otherwise."""
    for name, entry in _entries(context).items():
        path, shim = member(entry, "path"), member(entry, "runtimeType")
        where = f"runtimes.{name}"
        if not path and not shim:
            yield Problem(where, "must have path or runtimeType", entry)
        elif path and shim:
            yield Problem(where, "must not have path and runtimeType together", entry)
        elif path and member(entry, "options"):
            yield Problem(f"{where}.options", "goes with runtimeType only", remedy="use runtimeArgs")
        elif shim and member(entry, "runtimeArgs"):
            yield Problem(f"{where}.runtimeArgs", "goes with path only", remedy="use options")


@warns("runtimes", before="24.0")
def shims_before_their_time(context: Context) -> t.Iterator[Problem]:
    """Engine 23 and older read path and runtimeArgs only."""
    for name, entry in _entries(context).items():
        for key in ("runtimeType", "options"):
            if member(entry, key):
                yield Problem(f"runtimes.{name}.{key}", f"is ignored by engine {context.engine}", member(entry, key))
        if not member(entry, "path"):
            yield Problem(f"runtimes.{name}", "has no path, so that it runs runc", entry)


@refuses("default-runtime")
def default_is_defined(context: Context) -> t.Iterator[Problem]:
    """One of the engine's own, one of runtimes, or from 23.0 on the name of a shim."""
    name = context.text("default-runtime")
    known = {*_STOCK, *context.table("runtimes"), *_names(context.facts.flags.get("runtimes"))}
    if not name or name in known or (name == _V1 and not context.since("23.0")):
        return
    shims = not context.before("23.0")
    if not (shims and _SHIM.fullmatch(name)):
        remedy = f"define it in runtimes, or choose one of {', '.join(sorted(known))}"
        yield Problem("default-runtime", "is not defined", name, remedy, also=("runtimes",))


def _names(found: t.Any) -> t.Iterable[str]:
    return found if isinstance(found, dict) else ()


@refuses("runtimes", "default-runtime")
def program_of_the_default(context: Context) -> t.Iterator[Problem]:
    """With arguments dockerd does not start without the program; without them no container does."""
    name = context.text("default-runtime")
    path = member(_entries(context).get(name, {}), "path")
    if isinstance(path, str) and context.facts.files.get(path) in ("missing", "folder", "file"):
        reason = f"is the program of the default runtime {name}, and " + _what(context.facts.files[path])
        yield Problem(f"runtimes.{name}.path", reason, path, "install it first", also=("default-runtime",))


@warns("runtimes")
def programs_of_others(context: Context) -> t.Iterator[Problem]:
    """Containers that ask for such a runtime do not start."""
    default = context.text("default-runtime")
    for name, entry in _entries(context).items():
        path = member(entry, "path")
        kind = context.facts.files.get(path) if isinstance(path, str) else None
        if name != default and kind in ("missing", "folder", "file"):
            yield Problem(f"runtimes.{name}.path", _what(kind), path, "install it")


def _what(kind: str) -> str:
    return {"missing": "is not there", "folder": "is a folder"}.get(kind, "is no program that can be run")
