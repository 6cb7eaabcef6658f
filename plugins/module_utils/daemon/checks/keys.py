# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Names of keys: which dockerd knows, ignores, or takes for something else.

A key passes dockerd's own test when it is the name of any flag or of a list's plural (findConfigurationConflicts). That
says nothing about whether it is read.
"""

from __future__ import annotations

import typing as t

from ..options import CALL_FLAGS, by_flag, by_key, by_short, nearest_key
from .base import Context, Problem, refuses, warns

_CALL = frozenset(option.flag for option in CALL_FLAGS)

# Fields of dockerd's configuration that no file can set: their names are no flag's.
_NOT_SETTABLE = {
    "containerd-plugin-namespace": "put the flag --containerd-plugins-namespace on the command line",
    "default-init": "set init-path",
    "resolv-conf": "set dns, dns-search and dns-opts",
    "swarm-raft-election-tick": "the swarm sets it, not the engine: docker swarm init --help",
    "swarm-raft-heartbeat-tick": "the swarm sets it, not the engine: docker swarm init --help",
}

# Objects that dockerd does not look into when it tests names (flatOptions), and the group whose members are options.
_KNOWN_OBJECTS = frozenset(
    "builder cluster-store-opts default-network-opts default-ulimits features log-opts nri-opts proxies "
    "runtimes".split()
)
_PROXIES = ("http-proxy", "https-proxy", "no-proxy")


def _is_singular(key: str) -> bool:
    """Whether it is the name of a flag whose key is another one."""
    return key in by_flag() and key not in by_key() and key not in _CALL


@refuses()
def flags_of_the_call(context: Context) -> t.Iterator[Problem]:
    """Accepted as keys by every engine; with ``validate`` an engine from 23.0 on ends instead of starting."""
    for key in context.document:
        if key in _CALL:
            yield Problem(key, "says how dockerd is called and is no configuration", remedy="take it out")


@refuses()
def singular_names(context: Context) -> t.Iterator[Problem]:
    """Flags that may be repeated have keys in the plural; dockerd accepts the singular and does not read it."""
    for key in context.document:
        if _is_singular(key):
            reason = "is the name of a flag, which dockerd ignores in the file"
            yield Problem(key, reason, remedy=_did_you_mean(nearest_key(key) or ""))


@refuses()
def not_settable(context: Context) -> t.Iterator[Problem]:
    """They have a place in dockerd's configuration, and are refused as unknown by every engine."""
    for key, remedy in _NOT_SETTABLE.items():
        if key in context.document:
            yield Problem(key, "cannot be set in the file", remedy=remedy)


@refuses("containerd-plugins-namespace")
def plugins_namespace(context: Context) -> t.Iterator[Problem]:
    """The flag's name passes the test of names, but the field is called containerd-plugin-namespace (all versions)."""
    yield Problem(
        "containerd-plugins-namespace",
        "is accepted in the file and read by no engine",
        remedy="put the flag --containerd-plugins-namespace on the command line",
    )


@refuses()
def unknown_keys(context: Context) -> t.Iterator[Problem]:
    """Refused by dockerd, except for objects: it takes what is inside of those for keys of the file."""
    if context.allow_unknown:
        return
    for key, value in context.document.items():
        if (key in by_key() and "." not in key) or key in _CALL or key in _NOT_SETTABLE or _is_singular(key):
            continue
        reason = "is no option of dockerd"
        if isinstance(value, dict) and value:
            reason += ", which would take what is inside of it for keys of the file"
        yield Problem(key, reason, remedy=_nearest(key))


def _nearest(key: str) -> str:
    short = by_short().get(key)
    if short is not None:
        return f"write {short.key}, not its letter on the command line" if short.key else "take it out"
    near = key if key in by_key() else nearest_key(key)
    return _did_you_mean(near) if near else "set allow_unknown for an engine newer than this collection"


def _did_you_mean(key: str) -> str:
    group, dot, name = key.partition(".")
    return f"write {name} inside of the map {group}" if dot else f"did you mean {key}?"


@warns()
def unknown_objects(context: Context) -> t.Iterator[Problem]:
    """In an object that this engine does not know either, switches are read as if they stood outside of it."""
    if not context.allow_unknown:
        return
    for key, value in context.document.items():
        if key in _KNOWN_OBJECTS or key in by_key() or not isinstance(value, dict):
            continue
        for name in value:
            option = by_flag().get(name)
            if option is not None and option.kind == "bool":
                reason = f"would set {name} itself on an engine that does not know {key}"
                yield Problem(f"{key}.{name}", reason, value[name])


@refuses("proxies")
def members_of_proxies(context: Context) -> t.Iterator[Problem]:
    """dockerd looks for them among its flags, so any flag's name would be taken and set what it sets elsewhere."""
    for name, value in context.table("proxies").items():
        if name not in _PROXIES:
            yield Problem(f"proxies.{name}", f"must be one of {', '.join(_PROXIES)}", remedy="take it out")
        elif not isinstance(value, str) and value is not None:
            yield Problem(f"proxies.{name}", "must be a string", value)


@refuses("containerd-namespace")
def one_namespace_for_both(context: Context) -> t.Iterator[Problem]:
    """dockerd does not start then (verifyDaemonSettings, all versions)."""
    plugins = context.facts.flags.get("containerd-plugins-namespace") or "plugins.moby"
    if context.text("containerd-namespace") == plugins:
        reason = "must differ from the namespace of plugins"
        yield Problem("containerd-namespace", reason, plugins, "choose another name; dockerd's own is moby")


@refuses("host-gateway-ip", since="28.0")
def both_names_of_the_gateway(context: Context) -> t.Iterator[Problem]:
    """host-gateway-ip is the old name of host-gateway-ips; 28.0 and newer refuse both together."""
    if context.sets("host-gateway-ips"):
        remedy = "keep host-gateway-ips"
        yield Problem("host-gateway-ip", "is the old name of host-gateway-ips, which is there too", remedy=remedy)


@warns()
def nulls(context: Context) -> t.Iterator[Problem]:
    """Read as unset, and still in the way of a flag of that name."""
    for key, value in context.document.items():
        if value is None and key in by_key():
            yield Problem(key, "is null: it sets nothing, and dockerd refuses the flag beside it", remedy="take it out")


# In these 0 is a value of its own, or dockerd's default is 0 anyway.
_ZERO_COUNTS = frozenset(
    "cpu-rt-period cpu-rt-runtime default-stop-timeout network-diagnostic-port oom-score-adjust".split()
)


@warns()
def zeros_that_mean_the_default(context: Context) -> t.Iterator[Problem]:
    """dockerd puts its defaults in place of empty values of the file (mergo.Merge without overwriting)."""
    for key, value in context.document.items():
        option = by_key().get(key)
        if option is None or key in _ZERO_COUNTS:
            continue
        is_zero = option.kind == "int" and value == 0 and not isinstance(value, bool)
        if is_zero and key == "shutdown-timeout":
            yield Problem(key, "is 0 after a reload, and dockerd's default of 15 after a restart", remedy="write 1")
        elif is_zero:
            yield Problem(key, "is 0, which dockerd takes for its default", remedy="take it out, or write a number")
