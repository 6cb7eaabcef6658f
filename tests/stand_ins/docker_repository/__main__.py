# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for Docker's package repository, made of Debian's own packages, on the host that will serve it.

    python3 -m docker_repository --root /srv/www/linux/debian --suite bookworm 5:20.10.23-1~debian.12~bookworm ...

Each version is published as docker-ce, docker-ce-cli and containerd.io, besides those that were published before.
Debian's docker.io and all it needs must lie in apt's cache.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from pathlib import Path

from . import contents, repack, repository


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=Path, required=True, help="folder to serve")
    parser.add_argument("--suite", required=True)
    parser.add_argument(
        "--cache", type=Path, default=Path("/var/cache/apt/archives"), help="where Debian's packages lie"
    )
    parser.add_argument("versions", nargs="+")
    arguments = parser.parse_args()

    architecture = subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()
    target = repository.Repository(arguments.root, arguments.suite, architecture)
    with tempfile.TemporaryDirectory(dir="/var/tmp") as scratch:
        debian = Path(scratch, "debian")
        for name in contents.DEBIAN_PACKAGES:
            repack.unpack(name, debian)
        for version in arguments.versions:
            for package in contents.packages(version):
                repack.build(package, debian, Path(scratch, "build"), architecture, target.pool)
    target.publish()


if __name__ == "__main__":
    main()
