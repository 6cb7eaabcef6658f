# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real Docker hosts to test on: containers that boot an init system of their own. See docs/test_hosts.md."""

from __future__ import annotations

import contextlib
import os
import sys

CHECKOUT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))


def _import_collection() -> None:
    """Make this checkout importable as ansible_collections.slipway.docker, as Ansible itself would see it."""
    root = os.path.join(CHECKOUT, ".cache")
    link = os.path.join(root, "ansible_collections", "slipway", "docker")
    if not os.path.exists(link):
        os.makedirs(os.path.dirname(link), exist_ok=True)
        with contextlib.suppress(FileExistsError):  # another process was faster
            os.symlink("../../..", link)
    if root not in sys.path:
        sys.path.append(root)


_import_collection()
