# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The packages in a root filesystem."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.slipway.docker.plugins.module_utils.image.listing.installed import Package, packages_of

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


def test_installed_ones_sorted(tmp_path: Path) -> None:
    (tmp_path / "var/lib/dpkg").mkdir(parents=True)
    (tmp_path / "var/lib/dpkg/status").write_text(STATUS)
    assert packages_of(str(tmp_path)) == (Package("apt", "amd64", "3.0"), Package("zlib1g", "amd64", "1:1.3-1"))


def test_root_without_dpkg(tmp_path: Path) -> None:
    assert packages_of(str(tmp_path)) == ()
