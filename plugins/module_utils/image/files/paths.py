# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Paths in an image, as a task writes them."""

from __future__ import annotations

import posixpath
import re


def path_trouble(path: str, *, root: bool = False) -> str:
    """What is wrong with a path, to be put after its option's name; empty when nothing is.

    :param root: whether the root directory itself will do
    """
    if not path.startswith("/"):
        return "must be an absolute path"
    if ".." in path.split("/"):
        return "must not hold '..'"
    if re.search(r"[\0-\x1f\x7f]", path):
        return "must not hold control characters"
    if path != posixpath.normpath(path) or path.startswith("//"):
        return f"must be written plainly, as {posixpath.normpath('/' + path.lstrip('/'))}"
    if path == "/" and not root:
        return "must not be the root directory itself"
    return ""


def parents_of(path: str) -> list[str]:
    """The directories above a path, the topmost first, without the root."""
    parts = path.split("/")[1:-1]
    return ["/" + "/".join(parts[: number + 1]) for number in range(len(parts))]
