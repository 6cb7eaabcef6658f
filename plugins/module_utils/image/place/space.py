# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Whether there is room for a build, asked before anything is touched."""

from __future__ import annotations

import os
import typing as t
from dataclasses import dataclass

from ...host.errors import HostError
from ..root.failure import NO_SPACE, BootstrapFailed

_MIB = 1 << 20
# In MiB, of a root filesystem without further packages: the most that it takes while it is built, with the package
# lists and the downloaded packages, and its layer. Measured of bookworm, trixie and sid; the largest counts.
_MEASURED: t.Mapping[tuple[str, str, bool], tuple[int, int]] = {
    ("mmdebstrap", "apt", True): (274, 72),
    ("mmdebstrap", "apt", False): (303, 106),
    ("mmdebstrap", "minbase", True): (301, 77),
    ("mmdebstrap", "minbase", False): (315, 114),
    ("direct", "apt", True): (274, 72),
    ("direct", "apt", False): (303, 106),
    ("direct", "minbase", True): (301, 77),
    ("direct", "minbase", False): (315, 114),
    ("debootstrap", "minbase", True): (346, 77),
    ("debootstrap", "minbase", False): (346, 114),
}
# What is not measured, such as a variant that is new.
_UNKNOWN = (346, 114)
# For each package asked for besides, with those that it needs: nobody knows them before apt has looked.
_PACKAGE = (30, 20)
# Sizes differ from suite to suite and from day to day.
_MARGIN = 1.25
# A package tells the sizes of its files, which take whole blocks of a filesystem.
_BLOCKS = 1.1
# What memory is left for everything else on the host, in bytes.
_SPARED = 256 * _MIB


@dataclass(frozen=True)
class Estimate:
    """What a build needs, in bytes.

    :ivar root: the most that the root filesystem takes while it is built
    :ivar layer: its layer's size
    """

    root: int
    layer: int


@dataclass(frozen=True)
class Need:
    """Room that is needed somewhere.

    :ivar path: a directory; what of it is not there yet will be made
    :ivar what: for what, as it reads after "for"
    :ivar remedy: what to do about too little
    """

    path: str
    bytes: int
    what: str
    remedy: str


@dataclass(frozen=True)
class Filesystem:
    """Where something would be written.

    :ivar device: tells filesystems apart
    """

    device: int
    free: int


def estimate(backend: str, variant: str, slim: bool, packages: int, installed: int = 0) -> Estimate:
    """What a build is likely to need.

    :param packages: how many are asked for besides the variant's
    :param installed: the size of all packages once installed, where that is known
    """
    root, layer = _MEASURED.get((backend, variant, slim)) or _UNKNOWN
    if installed:
        # the root has the packages' archives and apt's lists besides
        root, layer = max(root, installed * 3 // 2 // _MIB), max(layer, installed // _MIB)
    else:
        root, layer = root + packages * _PACKAGE[0], layer + packages * _PACKAGE[1]
    return Estimate(int(root * _MARGIN) * _MIB, int(layer * _MARGIN) * _MIB)


def memory_for(wish: str, root: int, available: int) -> int:
    """How large a filesystem in memory for a root may become; 0 to work on disk.

    It is given half of what there is, so that a root larger than was thought has room as well: only what is in it
    takes memory.

    :param wish: ``auto``, ``always`` or ``never``
    :raises HostError: when it shall be in memory and there is not enough
    """
    half = max(available - _SPARED, 0) // 2
    if wish == "never":
        return 0
    if wish == "always" and root > available:
        raise HostError(
            f"not enough memory, nothing was done: in_memory: always needs {mib(root)}, available are {mib(available)};"
            " use in_memory: auto"
        )
    return half if half >= root else (root if wish == "always" else 0)


def work_need(path: str, needed: Estimate) -> Need:
    return Need(path, needed.root, "the root filesystem", "make room there, or name another place with work_dir")


def engine_need(path: str, needed: Estimate) -> Need:
    """An engine unpacks what it is handed beside its images before it makes one of it: the layer is there twice."""
    return Need(path, 2 * needed.layer, "the image in the engine", "make room there, as with docker system prune")


def cache_need(path: str, needed: Estimate) -> Need:
    """The packages of a root have together about the size of its layer with apt's lists."""
    return Need(path, needed.layer, "packages kept for the next build", "make room there, or use cache: false")


def refuse_root(directory: str, installed: int, archives: int) -> None:
    """Look again once it is known which packages a root will have.

    :param installed: what they have by their own word, in bytes
    :param archives: what is to be fetched
    :raises BootstrapFailed: as for a disk that is full
    """
    needed, free = int(installed * _BLOCKS) + archives, look(directory).free
    if needed > free:
        raise BootstrapFailed(f"{NO_SPACE}: the packages need {mib(needed)}, free are {mib(free)}", "")


def lacks(needs: t.Sequence[Need], filesystem: t.Callable[[str], Filesystem]) -> list[str]:
    """What to tell a person about each filesystem that has too little room for all that will be written to it."""
    together: dict[int, list[Need]] = {}
    free: dict[int, int] = {}
    for need in needs:
        found = filesystem(need.path)
        together.setdefault(found.device, []).append(need)
        free[found.device] = found.free
    told = []
    for device, wanted in together.items():
        total = sum(need.bytes for need in wanted)
        if total > free[device]:
            places = " and ".join(f"{need.path} (for {need.what})" for need in wanted)
            remedies = " or ".join(dict.fromkeys(need.remedy for need in wanted))
            told.append(f"{places}: needs {mib(total)}, free are {mib(free[device])}; {remedies}")
    return told


def mib(size: int) -> str:
    return f"{-(-size // _MIB) if size > 0 else 0} MiB"


def look(path: str) -> Filesystem:
    """The filesystem that a path lies on, or would once it is made."""
    there = os.path.realpath(path)
    while not os.path.exists(there):
        there = os.path.dirname(there)
    found = os.statvfs(there)
    return Filesystem(os.stat(there).st_dev, found.f_bavail * found.f_frsize)


def refuse_lack(needs: t.Sequence[Need], filesystem: t.Callable[[str], Filesystem] = look) -> None:
    """:raises HostError: naming each place without enough room, what it needs and has, and what to do about it"""
    told = lacks(needs, filesystem)
    if told:
        raise HostError(f"not enough disk space, nothing was done: {'; '.join(told)}")
