# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the sandbox of one checkout keeps its things. Two checkouts share nothing."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import typing as t
from dataclasses import dataclass

from . import CHECKOUT


@dataclass(frozen=True)
class Paths:
    """Names that belong to one checkout, all made from its real path."""

    checkout: str = CHECKOUT

    @property
    def ident(self) -> str:
        return hashlib.sha256(self.checkout.encode()).hexdigest()[:8]

    @property
    def label(self) -> str:
        """Label of everything made in an engine."""
        return f"slipway.sandbox={self.ident}"

    @property
    def work(self) -> str:
        return os.path.join(self.checkout, ".sandbox")

    @property
    def inventory(self) -> str:
        return os.path.join(self.work, "inventory.yml")

    @property
    def log(self) -> str:
        return os.path.join(self.work, "log")

    @property
    def machine_data(self) -> str:
        """Shared by the sandboxes of all checkouts of the machine."""
        return "/var/lib/slipway-sandbox"

    @property
    def data(self) -> str:
        return f"{self.machine_data}/{self.ident}"

    @property
    def runtime(self) -> str:
        return f"/run/slipway-sandbox/{self.ident}"

    @property
    def socket(self) -> str:
        return f"{self.runtime}/docker.sock"

    @property
    def network(self) -> str:
        return f"slipway-{self.ident}"

    @property
    def engine_bridge(self) -> str:
        """The bridge of the engine's own default network; an interface's name has 15 characters at most."""
        return f"slwe-{self.ident}"

    @property
    def host_bridge(self) -> str:
        """The bridge the test hosts are on."""
        return f"slwh-{self.ident}"


@contextlib.contextmanager
def locked(paths: Paths, name: str) -> t.Iterator[None]:
    """One process at a time, of all that work with this checkout's sandbox."""
    directory = os.path.join(paths.work, "lock")
    os.makedirs(directory, exist_ok=True)
    with open(os.path.join(directory, name), "w", encoding="utf-8") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def machine_locked() -> t.Iterator[None]:
    """One process at a time, of all that work with any checkout's sandbox on this machine."""
    os.makedirs("/run/slipway-sandbox", exist_ok=True)
    with open("/run/slipway-sandbox/machine.lock", "w", encoding="utf-8") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
