# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What dpkg leaves out of a package by its options path-exclude and path-include."""

from __future__ import annotations

import fnmatch
import re
import typing as t


class PathFilter:
    """dpkg's rules, as its src/filters.c has them: the last pattern that matches counts."""

    def __init__(self, options: t.Sequence[str]) -> None:
        self._rules: list[tuple[bool, re.Pattern[str]]] = []
        self._kept_starts: list[str] = []
        for line in options:
            kind, equals, pattern = line.partition("=")
            if equals and kind in ("path-exclude", "path-include"):
                self._rules.append((kind == "path-include", re.compile(fnmatch.translate(pattern))))
                if kind == "path-include":
                    wildcard = re.search(r"[*?\[\\]", pattern)
                    self._kept_starts.append(pattern[: wildcard.start() if wildcard else None].rstrip("/"))

    def leaves_out(self, path: str, may_hold: bool) -> bool:
        """Whether a path is left out.

        :param may_hold: whether it is a directory or a link, below which something included may lie
        """
        skip = False
        for include, pattern in self._rules:
            if include == skip and pattern.match(path):
                skip = not include
        return skip and not (may_hold and path.startswith(tuple(self._kept_starts)))
