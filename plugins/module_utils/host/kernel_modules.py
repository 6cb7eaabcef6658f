# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The modules of the running kernel: compiled in, installed, and loaded (modules.dep(5), kmod)."""

from __future__ import annotations

import os
from dataclasses import dataclass

from .machine import Host
from .peek import entries, text


@dataclass(frozen=True)
class Modules:
    """Modules by name, with underscores.

    :param folder: where they are installed; empty where nothing is installed for this kernel
    :param built_in: part of the kernel itself
    :param installed: files that can be loaded
    :param present: in the kernel now
    """

    folder: str = ""
    built_in: frozenset[str] = frozenset()
    installed: frozenset[str] = frozenset()
    present: frozenset[str] = frozenset()

    def has(self, name: str) -> bool:
        """Whether the kernel has a module or can load it."""
        return name in self.built_in or name in self.installed or name in self.present


def read_modules(host: Host, release: str) -> Modules:
    """Look at the modules of a kernel of the host."""
    present = frozenset(entries(host, "/sys/module")) | _names(text(host, "/proc/modules"))
    folder = f"/lib/modules/{release}"
    installed = text(host, f"{folder}/modules.dep")
    built_in = text(host, f"{folder}/modules.builtin")
    if not installed and not built_in:
        return Modules(present=present)
    return Modules(folder, _names(built_in), _names(installed), present)


def _names(listing: str) -> frozenset[str]:
    return frozenset(module_name(line) for line in listing.splitlines() if line.strip() and line[0] != "#")


def module_name(line: str) -> str:
    """The module that a line of modules.dep, modules.builtin or /proc/modules is about."""
    path = line.split(":", 1)[0].split()[0]
    return os.path.basename(path).partition(".ko")[0].replace("-", "_")
