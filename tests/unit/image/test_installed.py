# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The packages in a root filesystem's tar file."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image.listing.installed import Package, read_packages

STATUS = """\
Package: zlib1g
Status: install ok installed
Architecture: amd64
Version: 1:1.3-1
Description: compression
 Package: not-one
 Status: install ok installed

Package: gone
Status: deinstall ok config-files
Architecture: all
Version: 1

Package: apt
Status: hold ok installed
Architecture: amd64
Version: 3.0

"""


@pytest.mark.parametrize("name", ["./var/lib/dpkg/status", "var/lib/dpkg/status"])
def test_installed_ones_sorted(tmp_path: Path, name: str) -> None:
    tarball = tmp_path / "root.tar"
    with tarfile.open(tarball, "w") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(STATUS)
        archive.addfile(member, io.BytesIO(STATUS.encode()))
    assert read_packages(str(tarball)) == (Package("apt", "amd64", "3.0"), Package("zlib1g", "amd64", "1:1.3-1"))


def test_root_without_dpkg(tmp_path: Path) -> None:
    tarball = tmp_path / "root.tar"
    with tarfile.open(tarball, "w"):
        pass
    assert read_packages(str(tarball)) == ()
