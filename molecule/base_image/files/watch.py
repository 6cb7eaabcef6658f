# SPDX-License-Identifier: GPL-3.0-or-later
"""Do something to a host as soon as the build of an image there is in some phase. Runs on the host."""

from __future__ import annotations

import glob
import json
import os
import signal
import sys
import time
import typing as t

# Is there once the build has ended.
ENDED = "/root/ended"


def told() -> dict[str, t.Any]:
    for path in glob.glob("/run/slipway/base_image/*.json"):
        try:
            with open(path, encoding="ascii") as file:
                return t.cast("dict[str, t.Any]", json.load(file))
        except (OSError, ValueError):
            continue
    return {}


def wait_for(phase: str, delay: float) -> int:
    """The build's process once it has been in a phase for so long."""
    while not os.path.exists(ENDED):
        seen = told()
        if seen.get("phase") == phase:
            time.sleep(delay)
            return int(seen["pid"])
        time.sleep(0.001)
    sys.exit(f"the build never came to the phase {phase}")


def fill(directory: str) -> None:
    """Leave no room in a filesystem."""
    with open(os.path.join(directory, "filler"), "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1 << 20))
        except OSError:
            return


def main() -> None:
    deed, phase, delay, *where = sys.argv[1:]
    pid = wait_for(phase, float(delay))
    if deed == "kill":
        os.kill(pid, signal.SIGKILL)
    else:
        fill(*where)
    print(phase)


main()
