# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A base image made by hand and by the module, on one host in one run: time, processor, disk, size.

The disk is that of the machine, as far as it can be seen from the host: another party that writes meanwhile is counted.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time
import typing as t
from dataclasses import dataclass
from pathlib import Path

from .host import CHECKOUT, HERE, NAME, Run, run, sandbox

SUITE = "bookworm"
ROUNDS = 3
DISK = "/var/lib/docker"
CACHE = "/var/cache/slipway/packages"
_INSIDE = HERE / "inside"
_PREPARE = "apt-get update -q && apt-get install -qy --no-install-recommends debootstrap mmdebstrap"


@dataclass(frozen=True)
class Cost:
    """What one way of making the image took.

    :ivar seconds: wall time
    :ivar cpu: seconds of processor time of the whole host, its engine included
    :ivar disk: bytes in use at most beyond those before
    :ivar size: bytes of the image
    """

    seconds: float
    cpu: float
    disk: int
    size: int


def on(*argv: str) -> str:
    return sandbox("exec", NAME, "--", *argv)


def processor() -> float:
    """Seconds of processor time that the host has used."""
    nanoseconds = "/sys/fs/cgroup/cpuacct/cpuacct.usage"
    said = on("sh", "-c", f"cat {nanoseconds} 2>/dev/null || grep usage_usec /sys/fs/cgroup/cpu.stat").split()
    return int(said[-1]) / (1e9 if len(said) == 1 else 1e6)


def cost(image: str, work: t.Callable[[], object]) -> Cost:
    """Measure a way of making an image. What the filesystem has not written yet is written before, not meanwhile."""
    on("sync")
    watch = [sys.executable, "tests/sandbox", "exec", NAME, "--", "python3", "/root/watch.py", DISK]
    with subprocess.Popen(watch, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as watching:
        if watching.stdin is None or watching.stdout is None or "ready" not in watching.stdout.readline():
            sys.exit("nobody watches the disk")
        before, began = processor(), time.monotonic()
        work()
        seconds, cpu = time.monotonic() - began, processor() - before
        watching.stdin.close()
        disk = int(watching.stdout.read())
    return Cost(seconds, cpu, disk, int(on("docker", "image", "inspect", "--format", "{{.Size}}", image)))


def measure(ping: float) -> None:
    """Print the table.

    :param ping: seconds of a play with one ping
    """
    prepare()
    ways: dict[str, list[Cost]] = {}
    idle: list[Run] = []
    for _round in range(ROUNDS):
        for program in ("debootstrap", "mmdebstrap"):
            ways.setdefault(f"{program} by hand", []).append(by_hand(program))
        on("rm", "-rf", CACHE)
        # mmdebstrap keeps no packages
        for way, backend in (("cold", "auto"), ("warm cache", "auto"), ("mmdebstrap", "mmdebstrap")):
            ways.setdefault(f"module, {way}", []).append(by_module(backend))
            idle.append(module(backend))
            forget(f"bench/module:{SUITE}")
    show(ways)
    nothing = statistics.median(one.seconds for one in idle)
    changed = sum(one.changed for one in idle)
    print(f"  nothing to do               {nothing:6.2f} s  {nothing / ping:5.2f} pings, {changed} changed")


def prepare() -> None:
    on("sh", "-c", _PREPARE)
    for script in ("watch.py", "by_hand.sh"):
        put(_INSIDE / script, f"/root/{script}")


def put(file: Path, target: str) -> None:
    argv = [
        sys.executable,
        "tests/sandbox",
        "exec",
        NAME,
        "--",
        "sh",
        "-c",
        'cat > "$1" && chmod 0755 "$1"',
        "sh",
        target,
    ]
    subprocess.run(argv, cwd=CHECKOUT, input=file.read_bytes(), check=True)


def by_hand(program: str) -> Cost:
    image = f"bench/{program}:{SUITE}"
    uri = mirror()
    found = cost(image, lambda: on("/root/by_hand.sh", program, SUITE, uri, "/var/tmp/by-hand", image))
    forget(image)
    return found


def by_module(backend: str) -> Cost:
    return cost(f"bench/module:{SUITE}", lambda: module(backend))


def module(backend: str) -> Run:
    return run(HERE / "image.yml", "-e", f"suite={SUITE}", "-e", f"backend={backend}")


def forget(image: str) -> None:
    on("docker", "image", "rm", image)


def mirror() -> str:
    """The one that the host's apt has."""
    found = re.search(r"^URIs: (\S+)", on("cat", "/etc/apt/sources.list.d/debian.sources"), re.MULTILINE)
    if found is None:
        sys.exit("the host's apt names no mirror")
    return found.group(1)


def show(ways: t.Mapping[str, t.Sequence[Cost]]) -> None:
    first = statistics.median(one.seconds for one in next(iter(ways.values())))
    print(f"base image of {SUITE}, minbase; medians of {ROUNDS}")
    print("                                 wall s   faster    CPU s  disk MB image MB")
    for way, costs in ways.items():
        seconds, cpu, disk, size = (
            statistics.median(getattr(one, field) for one in costs) for field in ("seconds", "cpu", "disk", "size")
        )
        print(f"  {way:30s} {seconds:6.2f} {first / seconds:7.2f}x {cpu:8.2f} {disk / 1e6:8.0f} {size / 1e6:8.1f}")
