# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Files put into a root filesystem, which cannot lead out of it."""

from __future__ import annotations

import contextlib
import os

from ...host.errors import HostError
from ..recipe import RootFile


def put_file(root: str, file: RootFile) -> None:
    """Write a file of the recipe, replacing what is there."""
    path = inside(root, file.path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    if file.link is not None:
        os.symlink(file.link, path)
        return
    with open(path, "w", encoding="utf-8") as opened:
        opened.write(file.content)
    os.chmod(path, file.mode)


def inside(root: str, path: str) -> str:
    """A path of the root as this process sees it; a symbolic link in the root must not lead out of it.

    :raises HostError: when it would
    """
    parent = os.path.realpath(os.path.join(root, os.path.dirname(path).lstrip("/")))
    real_root = os.path.realpath(root)
    if parent != real_root and not parent.startswith(real_root + "/"):
        raise HostError(f"{path} leads out of the root filesystem, to {parent}")
    return os.path.join(parent, os.path.basename(path))
