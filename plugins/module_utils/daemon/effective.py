# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What files and command line make of every option: its value, and where that comes from.

Options that are left out have dockerd's own default.
"""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .arguments import Flag
from .document import Document
from .options import MERGED_BY_DOCKERD, Option

Origin = t.Literal["flag", "file", "both"]


@dataclass(frozen=True)
class Setting:
    """One option as it is set.

    :param value: as it would stand in daemon.json
    :param origin: ``both`` only where dockerd merges the two, or refuses to start because of them
    :param places: files, and lines in them where those are known
    """

    value: t.Any
    origin: Origin
    places: tuple[str, ...]


def effective(document: Document, path: str, flags: t.Sequence[tuple[Flag, str]]) -> dict[str, Setting]:
    """What a configuration file and a command line come to.

    :param path: of the file
    :param flags: each with its place
    """
    found = {key: Setting(value, "file", (path,)) for key, value in _flat(document).items()}
    for key in dict.fromkeys(flag.key for flag, _place in flags if flag.key):
        value = flag_value([flag for flag, _place in flags if flag.key == key])
        places = tuple(dict.fromkeys(place for flag, place in flags if flag.key == key))
        other = found.get(key)
        if other is None:
            found[key] = Setting(value, "flag", places)
            continue
        if key in MERGED_BY_DOCKERD and isinstance(value, dict) and isinstance(other.value, dict):
            value = {**value, **other.value}
        found[key] = Setting(value, "both", (*places, *other.places))
    return {key: found[key] for key in sorted(found)}


def _flat(document: Document) -> Document:
    """Options by their key; those of the group ``proxies`` are options of their own."""
    flat = {key: value for key, value in document.items() if key != "proxies" or not isinstance(value, dict)}
    proxies = document.get("proxies")
    if isinstance(proxies, dict):
        flat.update({f"proxies.{name}": value for name, value in proxies.items()})
    return flat


def flag_values(flags: t.Iterable[Flag]) -> dict[str, t.Any]:
    """What a command line sets, by key."""
    by_name: dict[str, list[Flag]] = {}
    for flag in flags:
        by_name.setdefault(flag.key, []).append(flag)
    return {key: flag_value(found) for key, found in by_name.items()}


def flag_value(flags: t.Sequence[Flag]) -> t.Any:
    """The value that the flags of one option amount to, in the option's own type where they can be read so."""
    option, last = flags[-1].option, flags[-1].value
    if option is None:
        return last
    if option.kind == "map":
        return dict(_pair(flag.value) for flag in flags)
    if option.kind in ("list", "object", "objects"):
        return [flag.value for flag in flags]
    return _scalar(option, last)


def _scalar(option: Option, text: str) -> t.Any:
    if option.kind == "bool":
        return {"true": True, "1": True, "t": True, "false": False, "0": False, "f": False}.get(text.lower(), text)
    if option.kind == "int":
        try:
            return int(text, 0)
        except ValueError:
            return text
    return text


def _pair(text: str) -> tuple[str, str]:
    name, _equals, value = text.partition("=")
    return name, value
