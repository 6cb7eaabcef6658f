# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Package sources that a task asks for besides the suite's own archive."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

URI = re.compile(r"https?://[^\s\[\]#\"'<>]+\Z")
_SUITE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*\Z|\./\Z")
_COMPONENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*\Z")


@dataclass(frozen=True)
class FurtherSource:
    """One item of the option ``sources``, as it was given.

    :ivar suites: one with a slash at its end is a path, and has no components
    :ivar keyring: file on the host; empty for the one of the suite's own archive
    """

    uri: str
    suites: tuple[str, ...]
    components: tuple[str, ...] = ()
    keyring: str = ""
    allow_unsigned: bool = False

    def problems(self) -> t.Iterator[str]:
        """What is wrong with it, each beginning with an option's name."""
        if re.search(r"//[^/]*@", self.uri):
            yield "uri: must not hold credentials: they would get into the image"
        elif not URI.match(self.uri):
            yield f"uri: must be an http or https address; got: {self.uri}"
        if not self.suites:
            yield "suites: must name at least one"
        yield from (f"suites: {name!r} is no name for one" for name in self.suites if not _SUITE.match(name))
        yield from (
            f"components: {name!r} is no name for one" for name in self.components if not _COMPONENT.match(name)
        )
        exact = [name for name in self.suites if name.endswith("/")]
        if exact and self.components:
            yield f"components: a suite that is a path has none; got: {exact[0]}"
        if len(exact) < len(self.suites) and not self.components:
            yield "components: must name at least one, such as main"
        if self.keyring and not self.keyring.startswith("/"):
            yield f"keyring: must be an absolute path on the host; got: {self.keyring}"
        if self.keyring and self.allow_unsigned:
            yield "keyring: is of no use with allow_unsigned"

    def fields(self) -> dict[str, t.Any]:
        """The wish in words; its keys are told elsewhere."""
        fields = {
            "uri": self.uri,
            "suites": list(self.suites),
            "components": list(self.components),
            "allow_unsigned": self.allow_unsigned,
        }
        return {name: value for name, value in fields.items() if value}


def read_further(items: t.Sequence[t.Mapping[str, t.Any]]) -> tuple[FurtherSource, ...]:
    """The option ``sources``."""
    return tuple(
        FurtherSource(
            uri=item["uri"].rstrip("/"),
            suites=tuple(dict.fromkeys(item["suites"])),
            components=tuple(dict.fromkeys(item.get("components") or ())),
            keyring=item.get("keyring") or "",
            allow_unsigned=bool(item.get("allow_unsigned")),
        )
        for item in items
    )
