# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Declared networks, read entry by entry, with everything that is wrong about how they are written."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ..network.blocks import UNREADABLE, wrong
from ..network.networks import VARIABLE, Network, is_false, is_true, read_networks

# docker_network of community.docker: its options, and their other names.
_TEXTS = ("name", "config_from", "driver", "ipam_driver", "scope", "state")
_FLAGS = ("appends", "attachable", "config_only", "enable_ipv4", "enable_ipv6", "force", "ingress", "internal")
_MAPS = ("driver_options", "ipam_driver_options", "labels")
_LISTS = ("connected", "ipam_config")
_OPTIONS = frozenset((*_TEXTS, *_FLAGS, *_MAPS, *_LISTS))
_ALIASES = {"network_name": "name", "containers": "connected", "incremental": "appends"}
_CHOICES = {"state": ("present", "absent"), "scope": ("local", "global", "swarm")}
_SUBNET = frozenset({"subnet", "iprange", "gateway", "aux_addresses"})


@dataclass(frozen=True)
class Entry:
    """One declared network.

    :param where: its place in the variable
    :param options: what it mentions, by the names that docker_network documents
    """

    name: str
    where: str
    options: t.Mapping[str, t.Any] = field(default_factory=dict)

    def flag(self, option: str) -> bool | None:
        """A yes or no; None where it is not mentioned."""
        value = self.options.get(option)
        return None if value is None else is_true(value)

    @property
    def absent(self) -> bool:
        return self.options.get("state") == "absent"

    @property
    def config_only(self) -> bool:
        return bool(self.flag("config_only"))

    @property
    def driver(self) -> str:
        """What docker_network takes where none is named; of a template the engine says null."""
        return "null" if self.config_only else str(self.options.get("driver") or "bridge")

    @property
    def driver_options(self) -> dict[str, str]:
        return as_strings(self.options.get("driver_options"))

    @property
    def bridge(self) -> str:
        """The name that the bridge shall have."""
        return self.driver_options.get("com.docker.network.bridge.name", "")

    @property
    def swarm(self) -> bool:
        """Whether the swarm makes it, so that only a manager can."""
        return self.driver == "overlay" or self.options.get("scope") == "swarm" or bool(self.flag("ingress"))


@dataclass(frozen=True)
class Declared:
    """The variable as it was read.

    :param subnets: the entries that have addresses, by their place
    :param problems: by the place of the entry that they are about; what is about no entry has an empty one
    """

    entries: tuple[Entry, ...]
    subnets: t.Mapping[str, Network]
    problems: tuple[tuple[str, str], ...]


def as_strings(values: t.Any) -> dict[str, str]:
    """A map as the engine gets it: docker_network writes true and false as Go does."""
    told = {True: "true", False: "false"}
    given = values.items() if isinstance(values, t.Mapping) else ()
    return {str(key): told[value] if isinstance(value, bool) else str(value) for key, value in given}


def read_declared(value: t.Any) -> Declared:
    """Read the variable; what cannot be read is a problem, and left out."""
    plain = [_plain(entry) for entry in value] if isinstance(value, (list, tuple)) else value
    read = read_networks("", plain)
    told = [(_place(problem.where), _sentence(problem.message, problem.remedy)) for problem in read.problems]
    entries: list[Entry] = []
    for index, options in enumerate(plain if isinstance(plain, list) else ()):
        where = f"{VARIABLE}[{index}]"
        if isinstance(options, t.Mapping) and isinstance(options.get("name"), str) and options["name"]:
            entry = Entry(options["name"], where, options)
            told += [(where, problem) for problem in (*_faults(entry), *_twice(entry, entries))]
            entries.append(entry)
    return Declared(tuple(entries), {network.where: network for network in read.found}, tuple(told))


def _plain(entry: t.Any) -> t.Any:
    """An entry without what it leaves open, under the names that are documented."""
    if not isinstance(entry, t.Mapping):
        return entry
    return {_ALIASES.get(key, key): value for key, value in entry.items() if value is not None}


def _place(where: str) -> str:
    return where.partition(".")[0] if where != VARIABLE else ""


def _sentence(message: str, remedy: str) -> str:
    return f"{message}; {remedy}" if remedy else message


def _twice(entry: Entry, before: t.Sequence[Entry]) -> t.Iterator[str]:
    first = next((other.where for other in before if other.name == entry.name), "")
    if first:
        yield _wrong(f"{entry.where}.name", f"is declared twice, first in {first}", "take one out", entry.name)


def _faults(entry: Entry) -> t.Iterator[str]:
    where, options = entry.where, entry.options
    for key in sorted(map(str, options.keys() - _OPTIONS)):
        remedy = "see ansible-doc community.docker.docker_network"
        yield _wrong(f"{where}.{key}", "is no option of docker_network", remedy)
    for key in _TEXTS:
        if key in options and not isinstance(options[key], str) and key != "driver":
            yield _wrong(f"{where}.{key}", "must be a string", got=options[key])
    for key in _FLAGS:
        if key in options and not is_true(options[key]) and not is_false(options[key]):
            yield _wrong(f"{where}.{key}", "must be true or false", got=options[key])
    for key in _MAPS:
        if key in options and not isinstance(options[key], t.Mapping):
            yield _wrong(f"{where}.{key}", "must be a map", got=options[key])
    for key, choices in _CHOICES.items():
        if isinstance(options.get(key), str) and options[key] not in choices:
            yield _wrong(f"{where}.{key}", f"must be one of {', '.join(choices)}", got=options[key])
    yield from _values(entry)
    yield from _subnets(entry)


def _values(entry: Entry) -> t.Iterator[str]:
    where, options = entry.where, entry.options
    if not entry.name.strip():
        yield _wrong(f"{where}.name", "is blank, which Docker refuses", "name the network", entry.name)
    if "connected" in options and not isinstance(options["connected"], (list, tuple)):
        yield _wrong(f"{where}.connected", "must be a list of containers", got=options["connected"])
    if entry.flag("force"):
        reason = "would make the network again on each run"
        yield _wrong(f"{where}.force", reason, "take it out; network_recreate says whether one that differs may be")
    for key in ("labels", "ipam_driver_options"):
        given = options.get(key)
        for name, value in given.items() if isinstance(given, t.Mapping) else ():
            wants_text = isinstance(value, (bool, float)) or (key != "labels" and not isinstance(value, str))
            if wants_text or not isinstance(name, str):
                yield _wrong(f"{where}.{key}.{name}", "must be a string", "put it in quotes", value)


def _subnets(entry: Entry) -> t.Iterator[str]:
    given = entry.options.get("ipam_config")
    for index, subnet in enumerate(given if isinstance(given, (list, tuple)) else ()):
        where = f"{entry.where}.ipam_config[{index}]"
        if isinstance(subnet, t.Mapping):
            for key in sorted(map(str, subnet.keys() - _SUBNET)):
                yield _wrong(f"{where}.{key}", "is not known", f"there are {', '.join(sorted(_SUBNET))}")
            if not any(subnet.get(key) for key in _SUBNET):
                yield _wrong(where, "has no subnet, which docker_network needs", "add it, or take the entry out")


def _wrong(where: str, why: str, remedy: str = "", got: t.Any = None) -> str:
    return _sentence(wrong("", UNREADABLE, where, why, got=got).message, remedy)
