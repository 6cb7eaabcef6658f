# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the collection into build/, install it from the archive, and see that it is all there and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

BUILD = Path("build")
INSTALLED = BUILD / "installed"
BIN = Path(".venv/bin").absolute()
# Only what was installed from the archive, and what it depends on.
SEEN = f"{INSTALLED.absolute()}:{Path('.cache/collections').absolute()}"
ENVIRONMENT = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": SEEN}
SHIPPED = {
    "CHANGELOG.rst", "CONTRIBUTING.md", "LICENSE", "README.md", "FILES.json", "MANIFEST.json",
    "changelogs", "docs", "meta", "playbooks", "plugins", "requirements.txt", "roles",
}  # fmt: skip


def build() -> Path:
    shutil.rmtree(BUILD, ignore_errors=True)
    subprocess.run([BIN / "ansible-galaxy", "collection", "build", "--output-path", BUILD, "."], check=True)
    return next(BUILD.glob("slipway-docker-*.tar.gz"))


def install(archive: Path) -> Path:
    argv = ["collection", "install", "--offline", "--collections-path", str(INSTALLED), str(archive)]
    subprocess.run([str(BIN / "ansible-galaxy"), *argv], env=ENVIRONMENT, check=True)
    return INSTALLED / "ansible_collections" / "slipway" / "docker"


def listed(kind: str) -> set[str]:
    """Short names of what ansible-doc finds in the installed collection."""
    argv = ["--type", kind, "--list", "--json", "slipway.docker"]
    done = subprocess.run([str(BIN / "ansible-doc"), *argv], env=ENVIRONMENT, stdout=subprocess.PIPE, check=True)
    return {name.rpartition(".")[2] for name in json.loads(done.stdout)}


def problems(installed: Path) -> list[str]:
    """What is missing from the archive, or should not be in it."""
    found = []
    kinds = {
        "module": "plugins/modules/*.py",
        "filter": "plugins/filter/*.py",
        "role": "roles/*/meta/argument_specs.yml",
    }
    for kind, pattern in kinds.items():
        paths = [path for path in Path().glob(pattern) if path.name != "__init__.py"]
        there = {path.parts[1] if kind == "role" else path.stem for path in paths}
        if there != listed(kind):
            found.append(f"{kind}s in the tree {sorted(there)}, in the archive {sorted(listed(kind))}")
    strays = {path.name for path in installed.iterdir()} - SHIPPED
    if strays:
        found.append(f"not meant to be shipped: {sorted(strays)}")
    return found


def main() -> int:
    archive = build()
    found = problems(install(archive))
    for problem in found:
        print(problem)
    if not found:
        print(f"{archive}: {archive.stat().st_size // 1024} kB, installs, complete")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
