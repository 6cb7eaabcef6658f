# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What a test in a script comes to, as far as it is known before the script runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Callable

from .values import OPAQUE

TESTS = ("[", "test", "[[")
# What is there may be gone, or come, by the time the script runs.
_PASSING = ("/run/", "/var/run/", "/var/lock/", "/proc/", "/sys/", "/dev/")
# Only here does it say something that a file is not given: elsewhere it may be a program that nobody reads.
_SETTINGS = ("/etc/",)


def decide(words: Sequence[str], content: Callable[[str], bytes | None]) -> bool | None:
    """Whether a test holds; None where that is not known.

    :param words: of the command, the closing bracket included
    :param content: gives the content of a file, None for one that does not exist or is not known
    """
    words = list(words)
    pattern = words[0] == "[["
    if words[0] != "test":
        if words[-1] not in ("]", "]]"):
            return None
        words.pop()
    words = words[1:]
    negated = len(words) > 1 and words[0] == "!"
    if negated:
        words = words[1:]
    holds = _holds(words, pattern, content)
    return holds if holds is None or not negated else not holds


def _holds(words: list[str], pattern: bool, content: Callable[[str], bytes | None]) -> bool | None:
    if any(OPAQUE in word for word in words):
        return None
    if len(words) == 1:
        return words[0] != ""
    if len(words) == 2:
        return _one_operand(words[0], words[1], content)
    if len(words) == 3 and words[1] in ("=", "==", "!="):
        if pattern and any(sign in words[2] for sign in "*?[(|\\"):
            return None
        return (words[0] == words[2]) == (words[1] != "!=")
    return None


def _one_operand(operator: str, operand: str, content: Callable[[str], bytes | None]) -> bool | None:
    if operator in ("-n", "-z"):
        return (operand == "") == (operator == "-z")
    if operator not in ("-f", "-e", "-r", "-s") or not operand.startswith("/"):
        return None
    if operand.startswith(_PASSING):
        return None
    found = content(operand)
    if found is not None:
        return operator != "-s" or found != b""
    return False if operator in ("-f", "-s") and operand.startswith(_SETTINGS) else None
