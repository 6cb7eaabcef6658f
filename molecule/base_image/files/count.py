# SPDX-License-Identifier: GPL-3.0-or-later
"""All that a build could leave on a host, as JSON. Runs on the host."""

from __future__ import annotations

import json
import os
import subprocess

PLACES = ("/var/tmp", "/tmp", "/run/slipway", "/run/slipway/base_image", "/mnt")
CACHE = "/var/cache/slipway"
# Below the engine's data directory: what it is being handed, and what it keeps of images.
ENGINE = ("tmp", "overlay2", "image/overlay2/layerdb/sha256", "image/overlay2/imagedb/content/sha256")


def names(directory: str) -> list[str]:
    return sorted(os.listdir(directory)) if os.path.isdir(directory) else []


def processes() -> list[str]:
    """Those of the host itself; not this one, nor what the connection to the host runs."""
    own, pid = set(), os.getpid()
    while pid > 1:
        own.add(pid)
        with open(f"/proc/{pid}/stat", encoding="latin-1") as file:
            pid = int(file.read().rpartition(")")[2].split()[1])
    found = []
    for number in (int(name) for name in os.listdir("/proc") if name.isdigit()):
        try:
            with open(f"/proc/{number}/cmdline", encoding="utf-8", errors="replace") as file:
                argv = file.read().replace("\0", " ").strip()
        except OSError:
            continue
        if argv and number not in own:
            found.append(f"{number} {argv}")
    return sorted(found)


def docker(*arguments: str) -> list[str]:
    return sorted(subprocess.check_output(["docker", *arguments], text=True).splitlines())


def main() -> None:
    # a build that was killed in the middle of a file of the cache must not leave the part
    parts = [os.path.join(place, name) for place, _names, files in os.walk(CACHE) for name in files if "part" in name]
    with open("/proc/1/mountinfo", encoding="latin-1") as file:
        mounts = sorted(line.split()[4] for line in file)
    (root,) = docker("info", "--format", "{{.DockerRootDir}}")
    print(
        json.dumps(
            {
                "mounts": mounts,
                "processes": processes(),
                "files": [f"{place}/{name}" for place in PLACES for name in names(place)],
                "parts": parts,
                "engine": [f"{place}/{name}" for place in ENGINE for name in names(os.path.join(root, place))],
                "images": docker("image", "ls", "--all", "--no-trunc", "--format", "{{.ID}} {{.Repository}}:{{.Tag}}"),
                "containers": docker("ps", "--all", "--quiet"),
            }
        )
    )


main()
