# SPDX-License-Identifier: GPL-3.0-or-later
"""Put the collections we build on under DESTINATION/ansible_collections, without Ansible Galaxy.

Usage: fetch_collections.py PINS DESTINATION. PINS names one release of the package `ansible` and its hash; of that
wheel only the trees we need are unpacked.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

COLLECTIONS = (
    "ansible/posix",
    "community/crypto",
    "community/docker",
    "community/general",
    "community/library_inventory_filtering_v1",
)


def download(pins: Path, directory: Path) -> Path:
    argv = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-input", "-qq"]
    argv += ["--no-deps", "--only-binary=:all:", "--require-hashes", "--dest", str(directory), "-r", str(pins)]
    subprocess.run(argv, check=True)
    return next(directory.glob("*.whl"))


def unpack(wheel: Path, directory: Path) -> None:
    wanted = tuple(f"ansible_collections/{name}/" for name in COLLECTIONS)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(directory, [name for name in archive.namelist() if name.startswith(wanted)])
    for name in COLLECTIONS:
        if not (directory / "ansible_collections" / name / "MANIFEST.json").is_file():
            raise SystemExit(f"{wheel.name} has no collection {name.replace('/', '.')}")


def main(pins: Path, destination: Path) -> None:
    print(f"==> collections from the wheel of {pins} (50 MB)", flush=True)
    destination.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=destination.parent) as scratch:
        unpacked = Path(scratch, "unpacked")
        unpack(download(pins, Path(scratch)), unpacked)
        shutil.rmtree(destination, ignore_errors=True)
        unpacked.rename(destination)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
