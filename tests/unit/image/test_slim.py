# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a slim image leaves out: the same files, whether dpkg or find decides."""

from __future__ import annotations

import fnmatch
import subprocess

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image.slim import EXCLUDED, KEPT, prune_command
from unit.trees import Tree

GONE = [
    "/usr/share/doc/apt/changelog.gz",
    "/usr/share/doc/apt/examples/copyright-how-to",
    "/usr/share/doc/README",
    "/usr/share/info/dir",
    "/usr/share/lintian/overrides/apt",
    "/usr/share/locale/de/LC_MESSAGES/apt.mo",
    "/usr/share/man/man1/ls.1.gz",
    "/usr/share/man/de/man1/ls.1.gz",
]
STAYS = [
    "/usr/share/doc/apt/copyright",
    "/usr/share/locale/locale.alias",
    "/usr/share/common-licenses/GPL-3",
    "/usr/share/lintian/profiles/x",
    "/usr/share/zoneinfo/UTC",
    "/usr/bin/man",
]


def left_out(path: str) -> bool:
    """As dpkg decides: an asterisk matches slashes, and what is included again stays."""
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in EXCLUDED) and not any(
        fnmatch.fnmatchcase(path, pattern) for pattern in KEPT
    )


@pytest.mark.parametrize("path", GONE)
def test_gone(path: str) -> None:
    assert left_out(path)


@pytest.mark.parametrize("path", STAYS)
def test_stays(path: str) -> None:
    assert not left_out(path)


def test_find_prunes_the_same(tree: Tree) -> None:
    for path in (*GONE, *STAYS):
        tree.write(path, "x")
    tree.link("/usr/share/doc/libapt", "apt")  # its licence is that of apt
    tree.link("/usr/share/man/man1/dir.1.gz", "ls.1.gz")
    argv = [word.replace("/usr/share", str(tree.at("/usr/share"))) for word in prune_command()]
    subprocess.run(argv, check=True)
    assert tree.files() == sorted(STAYS)
    assert tree.at("/usr/share/doc/libapt/copyright").exists()
    assert not tree.at("/usr/share/man/man1/dir.1.gz").is_symlink()
    assert not tree.at("/usr/share/locale/de").exists()
    assert tree.at("/usr/share/man/man1").is_dir()  # packages' scripts make links in it
