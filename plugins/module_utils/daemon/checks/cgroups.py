# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Control groups, and the small programs that containers are started with."""

from __future__ import annotations

import typing as t

from .base import Context, Problem, refuses, warns

_DRIVER = "native.cgroupdriver"
_DRIVERS = ("cgroupfs", "systemd")


def _options(context: Context) -> list[tuple[str, str, str, str]]:
    """exec-opts, each with where it stands and its name as dockerd compares it."""
    found = []
    for path, entry in context.entries("exec-opts"):
        name, _equals, value = entry.partition("=")
        found.append((path, entry, name.strip().lower(), value.strip()))
    return found


def uses_systemd(context: Context) -> bool:
    """Whether systemd is asked for control groups: when told so, or on cgroup v2 with systemd (UsingSystemd)."""
    chosen = [value for _path, _entry, name, value in _options(context) if name == _DRIVER]
    if chosen:
        return chosen[0] == "systemd"
    return context.facts.cgroups == "v2" and context.facts.systemd is True


@refuses("exec-opts")
def cgroup_driver(context: Context) -> t.Iterator[Problem]:
    """dockerd does not start with another one, and no version checks it before (verifyCgroupDriver)."""
    for path, entry, name, value in _options(context):
        if name == _DRIVER and value and value not in _DRIVERS:
            yield Problem(path, f"must be {' or '.join(f'{_DRIVER}={one}' for one in _DRIVERS)}", entry)


@refuses("exec-opts", since="28.0")
def execution_options(context: Context) -> t.Iterator[Problem]:
    """Engine 28 knows one option on Linux."""
    yield from _unknown(context, f"is not known to engine {context.engine}")


@warns("exec-opts", before="28.0")
def ignored_execution_options(context: Context) -> t.Iterator[Problem]:
    """Older engines pass over what they do not know."""
    yield from _unknown(context, f"is ignored by engine {context.engine}, and refused from 28.0 on")


def _unknown(context: Context, reason: str) -> t.Iterator[Problem]:
    for path, entry, name, value in _options(context):
        if name != _DRIVER or not value:
            yield Problem(path, reason, entry, f"the one option is {_DRIVER}=systemd or {_DRIVER}=cgroupfs")


@warns("exec-opts")
def drivers_that_differ(context: Context) -> t.Iterator[Problem]:
    """Which one counts depends on the version."""
    chosen = {value for _path, _entry, name, value in _options(context) if name == _DRIVER}
    if len(chosen) > 1:
        yield Problem("exec-opts", f"has {_DRIVER} more than once", sorted(chosen), "keep one")


@warns("exec-opts")
def systemd_is_not_there(context: Context) -> t.Iterator[Problem]:
    """Containers do not start then."""
    chosen = any(name == _DRIVER and value == "systemd" for _path, _entry, name, value in _options(context))
    if chosen and context.facts.systemd is False:
        yield Problem("exec-opts", "asks systemd for control groups, which does not run on this host")


@refuses("cgroup-parent", "exec-opts")
def cgroup_parent(context: Context) -> t.Iterator[Problem]:
    """systemd puts things into slices only; dockerd does not start with others."""
    text = context.text("cgroup-parent")
    if text and uses_systemd(context) and not (text.endswith(".slice") and len(text) > len(".slice")):
        remedy = "write a name such as containers.slice, or set exec-opts to native.cgroupdriver=cgroupfs"
        reason = "must be the name of a slice where systemd is asked for control groups"
        yield Problem("cgroup-parent", reason, text, remedy, also=("exec-opts",))


@refuses("cpu-rt-period", "cpu-rt-runtime")
def real_time(context: Context) -> t.Iterator[Problem]:
    """cgroup v2 has no such limits; dockerd does not start with them there."""
    for key in ("cpu-rt-period", "cpu-rt-runtime"):
        if context.number(key) and context.facts.cgroups == "v2":
            yield Problem(key, "needs cgroup v1, and this host has v2", context.number(key), "take it out")


@refuses("init", "init-path")
def init_program(context: Context) -> t.Iterator[Problem]:
    """With init on, every container is started by it."""
    path = context.text("init-path")
    if not context.is_on("init"):
        return
    if path and context.facts.files.get(path) in ("missing", "folder"):
        yield Problem("init-path", "is not there, and init is on: no container would start", path, also=("init",))
    elif not path and context.facts.programs.get("docker-init") is False:
        reason = "needs the program docker-init, which is not installed: no container would start"
        yield Problem("init", reason, True, "install it (package tini on Debian), or set init-path")


@warns("init-path")
def init_program_for_some(context: Context) -> t.Iterator[Problem]:
    path = context.text("init-path")
    if not context.is_on("init") and context.facts.files.get(path) in ("missing", "folder"):
        yield Problem("init-path", "is not there: containers with --init would not start", path)


@refuses("userland-proxy-path", since="25.0")
def proxy_program(context: Context) -> t.Iterator[Problem]:
    """Checked with the file from 25.0 on."""
    yield from _proxy_program(context)


@warns("userland-proxy-path")
def proxy_program_of_older_engines(context: Context) -> t.Iterator[Problem]:
    """Before, containers that publish ports do not start."""
    if not context.since("25.0"):
        yield from _proxy_program(context)


def _proxy_program(context: Context) -> t.Iterator[Problem]:
    path = context.text("userland-proxy-path")
    if not path or not context.is_on("userland-proxy", True):
        return
    if not path.startswith("/"):
        yield Problem("userland-proxy-path", "must be an absolute path", path)
    elif context.facts.files.get(path) in ("missing", "folder", "file"):
        remedy = "name the program docker-proxy, or set userland-proxy to false"
        yield Problem("userland-proxy-path", "is no program of this host", path, remedy)
