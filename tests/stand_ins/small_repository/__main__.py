# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A signed repository, on the host that will serve it: packages with next to nothing in them beside some of Debian's.

    python3 -m small_repository --root /srv/www --suite small --debian /srv/debian tool=1.0 helper=1.0

It has the packages that are named and no others of its own, whatever it had before.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
from datetime import timedelta
from pathlib import Path

from docker_repository.contents import Package
from docker_repository.repack import build
from docker_repository.repository import Repository


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=Path, required=True, help="folder to serve")
    parser.add_argument("--suite", required=True)
    parser.add_argument("--debian", type=Path, required=True, help="folder with Debian's packages")
    parser.add_argument("--valid-for", type=int, metavar="SECONDS", help="from now on; negative for expired")
    parser.add_argument("--spoil", choices=["changed", "unsigned"], help="what is done to the signed index afterwards")
    parser.add_argument("packages", nargs="*", metavar="NAME=VERSION")
    arguments = parser.parse_args()

    # the same version shall be the same package each time it is published
    os.environ["SOURCE_DATE_EPOCH"] = "1700000000"
    architecture = subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()
    target = Repository(arguments.root, arguments.suite, architecture)
    shutil.rmtree(target.pool, ignore_errors=True)
    target.pool.mkdir(parents=True)
    for archive in arguments.debian.glob("*.deb"):
        os.link(archive, target.pool / archive.name)
    with tempfile.TemporaryDirectory(dir="/var/tmp") as scratch:
        for word in arguments.packages:
            name, _equals, version = word.partition("=")
            package = Package(name, version, {"Description": "next to nothing"}, {}, {f"usr/share/{name}": version}, {})
            build(package, Path(scratch), Path(scratch, "build"), architecture, target.pool)
    valid = None if arguments.valid_for is None else timedelta(seconds=arguments.valid_for)
    target.publish(valid)
    _spoil(target.root / "dists" / target.suite, arguments.spoil)


def _spoil(dists: Path, way: str | None) -> None:
    """Let the index be something else than what was signed."""
    signed = dists / "InRelease"
    if way == "changed":
        signed.write_text(signed.read_text().replace("Origin: Stand-in", "Origin: Somebody else"))
    elif way == "unsigned":
        signed.unlink()
    if way:
        (dists / "Release.gpg").unlink()


if __name__ == "__main__":
    main()
