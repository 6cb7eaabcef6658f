# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Types of values, to the bottom of each object that dockerd reads. Go takes no text for a number, no 3.0 for 3."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ..options import Option, by_key
from .base import Context, Problem, refuses, warns

_ANY_CASE = frozenset({"log-level"})
_LARGEST = 2**63


@dataclass(frozen=True)
class ListOf:
    entry: Shape
    what: str


@dataclass(frozen=True)
class MapOf:
    entry: Shape
    what: str = "a map"


@dataclass(frozen=True)
class Fields:
    """An object with known members; Go finds them in upper and lower case alike, and passes over others."""

    members: t.Mapping[str, Shape]
    what: str = "a map"


Shape = t.Union[str, ListOf, MapOf, Fields]

_STRINGS = ListOf("string", "a list of strings")
_RULE = Fields(
    {
        "all": "bool",
        "filter": "any",
        "keepStorage": "string",
        "reservedSpace": "string",
        "maxUsedSpace": "string",
        "minFreeSpace": "string",
    }
)
_COLLECTION = Fields(
    {
        "enabled": "bool",
        "policy": ListOf(_RULE, "a list of maps"),
        "defaultKeepStorage": "string",
        "defaultReservedSpace": "string",
        "defaultMaxUsedSpace": "string",
        "defaultMinFreeSpace": "string",
    }
)

# What the objects among dockerd's keys look like inside (daemon/config, libnetwork/ipamutils, api/types).
SHAPES: dict[str, Shape] = {
    "builder": Fields(
        {
            "gc": _COLLECTION,
            "entitlements": Fields({"network-host": "bool", "security-insecure": "bool", "device": "any"}),
            "history": Fields({"maxAge": "any", "maxEntries": "int"}),
        }
    ),
    "cluster-store-opts": MapOf("string"),
    "default-address-pools": ListOf(Fields({"base": "string", "size": "int"}), "a list of maps"),
    "default-network-opts": MapOf(MapOf("string")),
    "default-ulimits": MapOf(
        Fields({"Name": "string", "Soft": "int", "Hard": "int"}, "a map with Name, Soft and Hard"),
    ),
    "features": MapOf("bool"),
    "log-opts": MapOf("string"),
    "nri-opts": Fields(
        {"enable": "bool", "plugin-path": "string", "plugin-config-path": "string", "socket-path": "string"}
    ),
    "proxies": MapOf("any"),
    "runtimes": MapOf(
        Fields({"path": "string", "runtimeArgs": _STRINGS, "runtimeType": "string", "options": MapOf("any")}),
    ),
}

_SCALARS: dict[str, tuple[type, str]] = {
    "bool": (bool, "true or false"),
    "int": (int, "a whole number"),
    "string": (str, "a string"),
}


@refuses()
def wrong_types(context: Context) -> t.Iterator[Problem]:
    """dockerd cannot read its file then (all versions)."""
    for key, value in context.document.items():
        option = by_key().get(key)
        if option is not None and value is not None and key != "hosts":
            yield from _wrong(key, value, _shape(option))


@refuses("hosts", anyones=True)
def hosts_of_the_wrong_type(context: Context) -> t.Iterator[Problem]:
    """With somebody else's hosts that nobody can read there is no telling where the daemon listens."""
    yield from _wrong("hosts", context.document["hosts"], _STRINGS)


def _shape(option: Option) -> Shape:
    found = SHAPES.get(option.key)
    if found is not None:
        return found
    kinds: dict[str, Shape] = {"list": _STRINGS, "map": MapOf("any"), "object": MapOf("any")}
    return kinds.get(option.kind, option.kind)


def _wrong(path: str, value: t.Any, shape: Shape) -> t.Iterator[Problem]:
    if shape == "any":
        return
    if isinstance(shape, str):
        yield from _wrong_scalar(path, value, shape)
    elif isinstance(shape, ListOf):
        if not isinstance(value, list):
            yield Problem(path, f"must be {shape.what}", value)
            return
        for index, entry in enumerate(value):
            yield from _wrong(f"{path}[{index}]", entry, shape.entry)
    elif not isinstance(value, dict):
        yield Problem(path, f"must be {shape.what}", value)
    elif isinstance(shape, MapOf):
        for name, entry in value.items():
            yield from _wrong(f"{path}.{name}", entry, shape.entry)
    else:
        for name, entry in value.items():
            member = _member(shape, name)
            if member and entry is not None:
                yield from _wrong(f"{path}.{name}", entry, shape.members[member])


def _wrong_scalar(path: str, value: t.Any, kind: str) -> t.Iterator[Problem]:
    wanted, what = _SCALARS[kind]
    right = isinstance(value, wanted) and not (kind == "int" and isinstance(value, bool))
    if right and kind == "int" and not -_LARGEST <= value < _LARGEST:
        yield Problem(path, "must be a number that fits into 64 bits", value)
    elif not right:
        yield Problem(path, f"must be {what}", value, _remedy(value, kind))


def _remedy(value: t.Any, kind: str) -> str:
    if kind == "string" and isinstance(value, (int, float)):
        return "write it in quotes"
    if kind == "bool" and isinstance(value, str) and value.lower() in ("true", "false"):
        return f"write {value.lower()} without quotes"
    if kind == "int" and isinstance(value, str) and value.strip().lstrip("-").isdigit():
        return f"write {value.strip()} without quotes"
    if kind == "int" and isinstance(value, float) and value.is_integer():
        return f"write {int(value)}"
    return ""


def _member(shape: Fields, name: str) -> str | None:
    return next((member for member in shape.members if member.lower() == name.lower()), None)


def member(table: t.Mapping[str, t.Any], name: str) -> t.Any:
    """A member of an object as Go finds it: the last one of that name in upper and lower case alike."""
    found = [value for key, value in table.items() if key.lower() == name.lower()]
    return found[-1] if found else None


@refuses()
def values_out_of_the_list(context: Context) -> t.Iterator[Problem]:
    """Options that have a few words only. An empty one means the default."""
    for key, value in context.document.items():
        option = by_key().get(key)
        if option is None or not option.choices or not isinstance(value, str) or not value:
            continue
        if (value.lower() if key in _ANY_CASE else value) not in option.choices:
            yield Problem(key, f"must be one of {', '.join(choice for choice in option.choices if choice)}", value)


@refuses("log-level", since="26.0")
def a_level_that_is_gone(context: Context) -> t.Iterator[Problem]:
    """20.10 and 23.0 took what their logger took; newer engines have a list of their own."""
    if context.text("log-level").lower() == "warning":
        yield Problem("log-level", f"is not known to engine {context.engine}", "warning", "write warn")


@warns()
def unknown_members(context: Context) -> t.Iterator[Problem]:
    """Go passes over members that it does not know, so a slip of the pen does nothing (all versions)."""
    for key, value in context.document.items():
        shape = SHAPES.get(key)
        if shape is not None:
            yield from _unknown(key, value, shape)


def _unknown(path: str, value: t.Any, shape: Shape) -> t.Iterator[Problem]:
    if isinstance(shape, ListOf) and isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _unknown(f"{path}[{index}]", entry, shape.entry)
    elif isinstance(shape, MapOf) and isinstance(value, dict):
        for name, entry in value.items():
            yield from _unknown(f"{path}.{name}", entry, shape.entry)
    elif isinstance(shape, Fields) and isinstance(value, dict):
        for name, entry in value.items():
            found = _member(shape, name)
            if found is None:
                yield Problem(f"{path}.{name}", f"is ignored by dockerd, which knows {', '.join(shape.members)}")
            else:
                yield from _unknown(f"{path}.{name}", entry, shape.members[found])


@warns()
def blanks_around_a_value(context: Context) -> t.Iterator[Problem]:
    """A text of several lines in a playbook ends in a line break, and a path with one is another path."""
    for key, value in context.document.items():
        if isinstance(value, str) and value != value.strip():
            yield Problem(key, "begins or ends in a blank or a line break", value)
