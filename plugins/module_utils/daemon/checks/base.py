# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What a check is: what it gets to see, what it says, and the engine versions it holds for."""

from __future__ import annotations

import json
import re
import typing as t
from dataclasses import dataclass, field

from ..document import Document
from ..facts import Facts
from ..redact import HIDDEN, fit_to_show
from ..version import Version, before

NOTHING: t.Final = object()

_HEAD = re.compile(r"[^.\[]+")


@dataclass(frozen=True)
class Problem:
    """Something wrong with a configuration.

    :param key: where: ``default-address-pools[1].base``; empty for something that is wrong with host and file together
    :param reason: what is said of it: ``must be a network``; with ``{value}`` in it the value stands there
    :param value: what was found there, where that tells
    :param remedy: what to do about it
    :param also: other keys that are part of it
    """

    key: str
    reason: str
    value: t.Any = NOTHING
    remedy: str = ""
    also: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The top-level keys that are part of it."""
        found = _HEAD.match(self.key)
        return (found.group() if found else self.key, *self.also)

    def sentence(self, prefix: str) -> str:
        """The whole of it, fit to be shown."""
        if not self.key:
            return str(fit_to_show(self.reason)) + (f"; {self.remedy}" if self.remedy else "")
        shown = "" if self.value is NOTHING else shorten(self._value())
        if "{value}" in self.reason:
            said = f"{prefix}{self.key}: {self.reason.replace('{value}', shorten(str(self.value).strip(), 60))}"
        else:
            said = f"{prefix}{self.key} {self.reason}" + (f"; got: {shown}" if shown else "")
        return str(fit_to_show(said)) + (f"; {self.remedy}" if self.remedy else "")

    def _value(self) -> str:
        name = self.key.rpartition(".")[2]
        hidden = fit_to_show({name: str(self.value)})[name] == HIDDEN
        return HIDDEN if hidden else json.dumps(fit_to_show(self.value), ensure_ascii=False, default=str)


def shorten(text: str, longest: int = 160) -> str:
    """The beginning of a text that is too long to be read."""
    return text if len(text) <= longest else text[: longest - 3] + "..."


@dataclass(frozen=True)
class Context:
    """What a check gets to see.

    :param config: the keys that the caller asked for
    :param document: the whole file as it would be written
    :param version: of the engine, None where it is not known; checks for some versions hold back then
    :param facts: what is known of the host; checks that need more hold back
    :param allow_unknown: whether keys that the catalogue lacks are accepted
    :param allow_insecure_tcp: whether tcp sockets may be open to whoever reaches them
    """

    config: Document
    document: Document
    version: Version | None = None
    facts: Facts = field(default_factory=Facts)
    allow_unknown: bool = False
    allow_insecure_tcp: bool = False

    def since(self, version: str) -> bool:
        """Whether the engine is known to be as new as that."""
        return self.version is not None and not before(self.version, version)

    def before(self, version: str) -> bool:
        """Whether the engine is known to be older than that."""
        return self.version is not None and before(self.version, version)

    @property
    def engine(self) -> str:
        """The engine's version as a person would write it."""
        return ".".join(map(str, self.version or ()))

    def sets(self, key: str) -> bool:
        """Whether the file has a value for a key."""
        return self.document.get(key) is not None

    def value(self, key: str) -> t.Any:
        """An option's value, by the file or else by the command line; None where it has dockerd's default."""
        found = self.document.get(key)
        return self.facts.flags.get(key) if found is None else found

    def text(self, key: str) -> str:
        found = self.value(key)
        return found if isinstance(found, str) else ""

    def number(self, key: str) -> int | None:
        found = self.value(key)
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    def is_on(self, key: str, default: bool = False) -> bool:
        found = self.value(key)
        return found if isinstance(found, bool) else default

    def entries(self, key: str) -> list[tuple[str, str]]:
        """The strings of a list, each with where it stands: ``dns[0]``."""
        found = self.value(key)
        listed = found if isinstance(found, list) else []
        return [(f"{key}[{index}]", entry) for index, entry in enumerate(listed) if isinstance(entry, str)]

    def table(self, key: str) -> dict[str, t.Any]:
        found = self.value(key)
        return found if isinstance(found, dict) else {}

    def has(self, feature: str) -> bool:
        """Whether a feature is switched on in the file or on the command line."""
        return self.table("features").get(feature) in (True, "true")


Look = t.Callable[[Context], t.Iterable[Problem]]


@dataclass(frozen=True)
class Check:
    """One check.

    :param keys: it is made where the file has one of these; always where none is named
    :param since: first engine version that it holds for
    :param before: first engine version that it no longer holds for
    :param refuses: whether what it finds is refused; otherwise it is a warning
    :param anyones: whether it is refused in keys of others too, since nothing could be done with such a file
    """

    look: Look
    keys: tuple[str, ...] = ()
    since: str = ""
    before: str = ""
    refuses: bool = True
    anyones: bool = False

    @property
    def name(self) -> str:
        return self.look.__name__

    def applies(self, context: Context) -> bool:
        if self.keys and not any(context.sets(key) for key in self.keys):
            return False
        if self.since and not context.since(self.since):
            return False
        return not self.before or context.before(self.before)


REGISTRY: list[Check] = []


def refuses(*keys: str, since: str = "", before: str = "", anyones: bool = False) -> t.Callable[[Look], Look]:
    """Make a function a check whose findings are refused."""

    def register(look: Look) -> Look:
        REGISTRY.append(Check(look, keys, since, before, refuses=True, anyones=anyones))
        return look

    return register


def warns(*keys: str, since: str = "", before: str = "") -> t.Callable[[Look], Look]:
    """Make a function a check whose findings are legal, and bite."""

    def register(look: Look) -> Look:
        REGISTRY.append(Check(look, keys, since, before, refuses=False))
        return look

    return register
