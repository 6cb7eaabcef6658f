# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Errors of the domain. Only a module's main() turns them into fail_json."""

from __future__ import annotations


class HostError(Exception):
    """What went wrong on the host, where, and what to do about it, in one sentence."""


class InvalidInput(HostError):
    """The caller asked for something that cannot be; nothing was touched.

    All problems of one run are reported at once.
    """

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        numbered = [f"({number}) {problem}" for number, problem in enumerate(problems, start=1)]
        super().__init__(problems[0] if len(problems) == 1 else f"{len(problems)} problems: {'; '.join(numbered)}")
