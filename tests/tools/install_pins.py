# SPDX-License-Identifier: GPL-3.0-or-later
"""Install a file of pinned packages into a virtual environment, which is made first where there is none.

Usage: install_pins.py ENVIRONMENT PINS, run by the Python that the environment shall have.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import time
import venv
from pathlib import Path

SYSTEM_PACKAGES = Path(__file__).with_name("system_packages.sh")


def works(python: Path) -> bool:
    """Whether the environment has a pip for exactly this Python (a system upgrade leaves one that has not)."""
    probe = "import pip, sys; print(sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", probe], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return done.stdout.strip() == str(sys.version_info[:2])


def create(environment: Path) -> None:
    """Make the environment anew; Debian keeps the part of Python that puts pip there in a package of its own."""
    print(f"==> virtual environment {environment} with Python {sys.version.split()[0]}", flush=True)
    if importlib.util.find_spec("ensurepip") is None:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        subprocess.run([SYSTEM_PACKAGES, package], check=True)
    venv.create(environment, clear=True, with_pip=True)


def install(python: Path, pins: Path) -> int:
    """Run pip, showing which package it is at; its whole output only when it fails."""
    total = sum(1 for line in pins.read_text().splitlines() if "==" in line)
    argv = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar=off"]
    argv += ["-r", str(pins)]
    output: list[str] = []
    seen, spoke = 0, time.monotonic()
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        for line in pip.stdout or ():
            output.append(line)
            seen += line.startswith(("Collecting ", "Processing ", "Requirement already satisfied"))
            if line.startswith("Installing "):
                print("    unpacking all", flush=True)
            elif line.startswith("Collecting ") and time.monotonic() - spoke > 3:
                spoke = time.monotonic()
                print(f"    {seen} of {total}: {line.split()[1]}", flush=True)
    if pip.returncode != 0:
        sys.stdout.writelines(output[-40:])
    return pip.returncode


def main(environment: Path, pins: Path) -> int:
    python = environment / "bin" / "python"
    if not works(python):
        create(environment)
    print(f"==> packages of {pins}", flush=True)
    return install(python, pins)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
