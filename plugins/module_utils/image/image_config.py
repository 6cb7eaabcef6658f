# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What an image says about running it: command, environment, labels."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

# Labels that this collection gives an image itself.
RESERVED = "org.slipway."
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*\Z")


@dataclass(frozen=True)
class ImageConfig:
    """The image's configuration, as far as it can be chosen."""

    cmd: tuple[str, ...] = ()
    env: tuple[tuple[str, str], ...] = ()
    labels: tuple[tuple[str, str], ...] = ()

    def problems(self) -> list[str]:
        """What Docker would refuse, or would read as something else."""
        found = []
        for kind, pairs, pattern in (("env", self.env, _VARIABLE), ("labels", self.labels, _LABEL)):
            for name, value in pairs:
                if not pattern.match(name):
                    found.append(f"{kind}: {name!r} is no name for one")
                if re.search(r"[\n\r\0]", value):
                    found.append(f"{kind}.{name} must be a single line")
        found += [
            f"labels.{name}: labels below {RESERVED} are the collection's own"
            for name, _value in self.labels
            if name.startswith(RESERVED)
        ]
        found += [f"cmd[{index}] holds a null byte" for index, word in enumerate(self.cmd) if "\0" in word]
        return found

    def members(self) -> dict[str, t.Any]:
        """The same as the member ``config`` of an image's configuration; what is empty is left out."""
        members = {
            "Cmd": list(self.cmd),
            "Env": [f"{name}={value}" for name, value in self.env],
            "Labels": dict(self.labels),
        }
        return {name: value for name, value in members.items() if value}
