# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The running kernel: what it can do, by its configuration, or else by what can be seen of it."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, field

from .kernel_config import KernelConfig, read_kernel_config
from .kernel_modules import Modules, read_modules
from .kernel_options import MODULES
from .kernel_seen import read_filesystems, seen_options
from .machine import Host
from .peek import text

# ``uninstalled`` is a module that the kernel was built with, and whose file this host lacks.
Presence = t.Literal["built-in", "module", "uninstalled", "missing", "unknown"]


@dataclass(frozen=True)
class Kernel:
    """The running kernel.

    :param seen: options that are set for sure
    :param filesystems: that it has loaded
    """

    release: str = ""
    config: KernelConfig = field(default_factory=KernelConfig)
    modules: Modules = field(default_factory=Modules)
    seen: frozenset[str] = frozenset()
    filesystems: frozenset[str] = frozenset()

    @property
    def version(self) -> tuple[int, int]:
        found = re.match(r"(\d+)\.(\d+)", self.release)
        return (int(found.group(1)), int(found.group(2))) if found else (0, 0)

    def option(self, name: str) -> Presence:
        """How an option of the kernel's configuration is set."""
        if self.config.source:
            return self._configured(name)
        return self._observed(name)

    def _configured(self, name: str) -> Presence:
        value = self.config.options.get(name, "")
        if value != "m":
            return "built-in" if value not in ("", "n") else "missing"
        known = MODULES.get(name, ())
        if self.modules.folder and known and name not in self.seen and not any(map(self.modules.has, known)):
            return "uninstalled"
        return "module"

    def _observed(self, name: str) -> Presence:
        known = MODULES.get(name, ())
        if any(module in self.modules.built_in for module in known):
            return "built-in"
        if any(map(self.modules.has, known)):
            return "module"
        if name in self.seen:
            return "built-in"
        return "missing" if known and self.modules.folder else "unknown"

    def lacks(self, name: str) -> str:
        """Why what an option brings cannot be had; empty when it can, or nobody knows."""
        presence = self.option(name)
        if presence == "missing":
            return f"the kernel was built without CONFIG_{name}"
        if presence == "uninstalled":
            return f"module {MODULES[name][0]} is not among the kernel's modules in {self.modules.folder}"
        return ""


def read_kernel(host: Host) -> Kernel:
    """Look at the running kernel."""
    release = text(host, "/proc/sys/kernel/osrelease")
    return Kernel(
        release,
        read_kernel_config(host, release),
        read_modules(host, release),
        seen_options(host),
        read_filesystems(host),
    )
