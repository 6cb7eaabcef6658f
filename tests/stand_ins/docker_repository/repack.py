# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Debian packages made of files of other Debian packages (deb(5), deb-control(5))."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from .contents import Package

_CACHE = Path("/var/cache/apt/archives")


def unpack(name: str, target: Path) -> None:
    """Lay out the files of the newest package of this name that lies in apt's cache."""
    archive = max(_CACHE.glob(f"{name}_*.deb"), key=lambda path: path.stat().st_mtime)
    subprocess.run(["dpkg-deb", "--extract", archive, target], check=True)


def build(package: Package, source: Path, tree: Path, architecture: str, pool: Path) -> None:
    """Make a package.

    :param source: where the files to take lie
    :param tree: scratch folder
    """
    shutil.rmtree(tree, ignore_errors=True)
    for origin, place in package.taken.items():
        (tree / place).parent.mkdir(parents=True, exist_ok=True)
        os.link(source / origin, tree / place)
    for place, text in package.written.items():
        _write(tree / place, text)
    _write(tree / "DEBIAN/md5sums", _checksums(tree))
    configuration = sorted(f"/{place}\n" for place in package.written if place.startswith("etc/"))
    if configuration:
        _write(tree / "DEBIAN/conffiles", "".join(configuration))
    for script, text in package.scripts.items():
        _write(tree / "DEBIAN" / script, text, 0o755)
    fields = {
        "Package": package.name,
        "Version": package.version,
        "Architecture": architecture,
        "Maintainer": "Stand-in <stand-in@example.org>",
        "Section": "admin",
        "Priority": "optional",
        **package.fields,
    }
    _write(tree / "DEBIAN/control", "".join(f"{field}: {value}\n" for field, value in fields.items()))
    pool.mkdir(parents=True, exist_ok=True)
    file_name = f"{package.name}_{package.version.rpartition(':')[2]}_{architecture}.deb"
    # they travel from one container to its neighbour: packing them well would only cost time
    packing = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z1", "--build"]
    subprocess.run([*packing, tree, pool / file_name], check=True, stdout=subprocess.DEVNULL)


def _checksums(tree: Path) -> str:
    """What ``dpkg --verify`` compares with; configuration files are known to dpkg in another way."""
    files = sorted(path for path in tree.rglob("*") if path.is_file() and tree / "etc" not in path.parents)
    return "".join(f"{hashlib.md5(path.read_bytes()).hexdigest()}  {path.relative_to(tree)}\n" for path in files)


def _write(path: Path, text: str, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
