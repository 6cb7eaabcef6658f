# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Files that a task asks for in an image: where each comes from, and what it shall be there."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

from ..capabilities import parse_capabilities
from .paths import parents_of, path_trouble

_ORIGINS = ("content", "src", "link", "directory")
_MODE = re.compile(r"0?[0-7]{3,4}\Z")
_ACCOUNT = re.compile(r"(?:[0-9]{1,10}|[A-Za-z_][A-Za-z0-9_.-]{0,31})\Z")
_LARGEST_ID = 2**32 - 2


@dataclass(frozen=True)
class FileWish:
    """One item of the option ``files``, as it was given.

    :ivar content: text of a file
    :ivar src: file or directory on the host
    :ivar link: target of a symbolic link
    :ivar directory: whether it shall be a directory
    :ivar mode: octal digits; empty leaves it to what it is
    """

    path: str
    content: str | None = None
    src: str | None = None
    link: str | None = None
    directory: bool = False
    mode: t.Any = ""
    owner: str = "0"
    group: str = "0"
    capabilities: str = ""

    @property
    def bits(self) -> int | None:
        """The mode as a number, None where none is asked for."""
        return int(self.mode, 8) if self.mode else None

    def problems(self) -> t.Iterator[str]:
        """What is wrong with it, each beginning with an option's name."""
        if wrong := path_trouble(self.path, root=self.src is not None):
            yield f"path: {wrong}; got: {self.path}"
        given = [name for name in _ORIGINS if getattr(self, name) not in (None, False)]
        if len(given) != 1:
            yield f"{self.path}: one of {', '.join(_ORIGINS)} is needed; got: {' and '.join(given) or 'none'}"
        if self.src is not None and not self.src.startswith("/"):
            yield f"src: must be an absolute path on the host; got: {self.src}"
        if self.link is not None and (not self.link or re.search(r"[\0\n]", self.link)):
            yield "link: must name a target"
        if isinstance(self.mode, str):
            if self.mode and not _MODE.match(self.mode):
                yield f"mode: must be three or four octal digits, such as '0644'; got: {self.mode}"
            elif self.mode and self.link is not None:
                yield "mode: a symbolic link has none"
        else:
            yield f"mode: must be in quotes, as YAML makes another number of it; got the number {self.mode}"
        if self.capabilities and (self.link is not None or self.directory):
            yield "capabilities: only a file has them"
        try:
            parse_capabilities(self.capabilities)
        except ValueError as error:
            yield f"capabilities: {error}; got: {self.capabilities}"
        for option, account in (("owner", self.owner), ("group", self.group)):
            if not _ACCOUNT.match(account) or (account.isdigit() and int(account) > _LARGEST_ID):
                yield f"{option}: must be a name or a number; got: {account}"


def read_files(items: t.Sequence[t.Mapping[str, t.Any]]) -> tuple[FileWish, ...]:
    """The option ``files``."""
    return tuple(
        FileWish(
            path=item["path"],
            content=item.get("content"),
            src=item.get("src"),
            link=item.get("link"),
            directory=bool(item.get("directory")),
            mode="" if item.get("mode") is None else item["mode"],
            owner=item.get("owner") or "0",
            group=item.get("group") or "0",
            capabilities=item.get("capabilities") or "",
        )
        for item in items
    )


def problems_of_files(files: t.Sequence[FileWish]) -> list[str]:
    """All that is wrong with them, each on its own and together."""
    found = [f"files[{index}].{problem}" for index, wish in enumerate(files) for problem in wish.problems()]
    places: dict[str, int] = {}
    for index, wish in enumerate(files):
        if wish.path in places:
            found.append(f"files[{index}].path: {wish.path} is there already, as files[{places[wish.path]}]")
        places.setdefault(wish.path, index)
    solid = {wish.path: index for index, wish in enumerate(files) if wish.content is not None or wish.link is not None}
    for index, wish in enumerate(files):
        above = next((parent for parent in parents_of(wish.path) if parent in solid), None)
        if above is not None and not path_trouble(wish.path):
            found.append(f"files[{index}].path: {above} is no directory, but files[{solid[above]}]")
    return found
