# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Which commands are dockerd."""

from __future__ import annotations

import os
import re
import typing as t

from ..arguments import parse_flags

# dockerd, and what distributions called theirs (dockerd-current, dockerd-latest).
_DAEMON = re.compile(r"dockerd(?:-[a-z0-9]+)?")
SHELLS = frozenset({"sh", "bash", "dash", "ash", "busybox"})
# Before 1.12 the client's program was the daemon's as well, in one of these modes.
_MODES = frozenset({"-d", "--daemon", "-d=true", "--daemon=true"})


def is_daemon(program: str) -> bool:
    """Whether a program is dockerd by its name."""
    return bool(_DAEMON.fullmatch(os.path.basename(program)))


def launches_daemon(words: t.Sequence[str]) -> bool:
    """Whether a command line starts a daemon, the program being its first word.

    ``docker -H x run -d image`` does not: its mode stands in front of everything that is no flag.
    """
    if not words or is_daemon(words[0]):
        return bool(words)
    if os.path.basename(words[0]) != "docker":
        return False
    arguments = list(words[1:])
    taken = {index for flag in parse_flags(arguments) for index in range(flag.first, flag.last + 1)}
    plain = next((index for index in range(len(arguments)) if index not in taken), len(arguments))
    return not _MODES.isdisjoint(arguments[:plain]) or arguments[plain : plain + 1] == ["daemon"]
