# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Checks on a wanted configuration that need no daemon. Each returns its problems, in sentences.

They come before dockerd's own validation, because that one stops at its first problem, and never looks at some things.
"""

from __future__ import annotations

import typing as t

from .document import Document, without_credentials
from .options import CALL_FLAGS, Option, by_flag, by_key, nearest_key
from .sockets import checks_clients, parse_address

_TYPES: dict[str, tuple[t.Any, str]] = {
    "bool": (bool, "true or false"),
    "int": (int, "a whole number"),
    "string": (str, "a string"),
    "list": (list, "a list of strings"),
    "map": (dict, "a map"),
    "object": (dict, "a map"),
    "objects": (list, "a list of maps"),
}

_ANY_CASE = frozenset({"log-level"})
_CALL = frozenset(option.flag for option in CALL_FLAGS)


def check(config: Document, document: Document, *, allow_unknown: bool, allow_insecure_tcp: bool) -> list[str]:
    """All problems of a wanted configuration.

    :param config: the keys asked for
    :param document: the whole file as it would be written
    """
    problems = flags_of_the_call(config)
    problems += [] if allow_unknown else unknown_keys(config)
    problems += wrong_types(config)
    hosts = document.get("hosts")
    if hosts is not None and not isinstance(hosts, list) and "hosts" not in config:
        problems.append(f"hosts must be a list of strings; got: {hosts!r}")
    if isinstance(hosts, list):
        problems += unusable_hosts(document)
        if "hosts" in config and not allow_insecure_tcp:
            problems += open_tcp(document)
    return [without_credentials(problem) for problem in problems]


def flags_of_the_call(config: Document) -> list[str]:
    """Names of flags that are about one call of dockerd. With ``validate`` in its file it ends instead of starting."""
    return [
        f"config.{key} says how dockerd is called and is no configuration; take it out"
        for key in config
        if key in _CALL
    ]


def unknown_keys(config: Document) -> list[str]:
    """Keys that dockerd would refuse, or accept and ignore: singular flag names (all versions to 29.7)."""
    problems = []
    for key in config:
        if (key in by_key() and "." not in key) or key in _CALL:
            continue
        near = key if key in by_key() else nearest_key(key)
        if near and "." in near:
            hint = "; write {1} inside of the map {0}".format(*near.split("."))
        else:
            hint = f"; did you mean {near}?" if near else "; set allow_unknown for an engine newer than this collection"
        ignored = key in by_flag()
        what = "is the name of a flag, which dockerd ignores in the file" if ignored else "is no option of dockerd"
        problems.append(f"config.{key} {what}{hint}")
    return problems


def wrong_types(config: Document) -> list[str]:
    """Values of a type that dockerd cannot read."""
    problems = []
    for key, value in config.items():
        option = by_key().get(key)
        if option is None or value is None:
            continue
        problems += _wrong_value(key, value, option)
    return problems


def _wrong_value(key: str, value: t.Any, option: Option) -> list[str]:
    types, wanted = _TYPES[option.kind]
    if not isinstance(value, types) or (option.kind == "int" and isinstance(value, bool)):
        return [f"config.{key} must be {wanted}; got: {value!r}"]
    if option.choices and (value.lower() if key in _ANY_CASE else value) not in option.choices:
        return [f"config.{key} must be one of {', '.join(c for c in option.choices if c)}; got: {value!r}"]
    if option.kind == "list":
        return [
            f"config.{key}[{index}] must be a string; got: {entry!r}"
            for index, entry in enumerate(value)
            if not isinstance(entry, str)
        ]
    if key == "log-opts":
        return [
            f'config.{key}.{name} must be a string; got: {entry!r}; write "{entry}" in quotes'
            for name, entry in value.items()
            if not isinstance(entry, str)
        ]
    return []


def unusable_hosts(document: Document) -> list[str]:
    """Entries of ``hosts`` that dockerd cannot listen on."""
    problems = []
    for index, entry in enumerate(document["hosts"]):
        try:
            parse_address(str(entry))
        except ValueError as error:
            problems.append(f"hosts[{index}]: {error}")
    return problems


def open_tcp(document: Document) -> list[str]:
    """tcp sockets that others can reach and that ask for no certificate: root for whoever connects."""
    if checks_clients(document):
        return []
    problems = []
    for entry in document["hosts"]:
        try:
            address = parse_address(str(entry))
        except ValueError:
            continue  # reported by unusable_hosts
        if not address.loopback:
            problems.append(
                f"hosts: {entry} would make everybody who reaches it root on this host; listen on 127.0.0.1, "
                "or set tlsverify with tlscacert, tlscert and tlskey, or allow it with allow_insecure_tcp"
            )
    return problems
