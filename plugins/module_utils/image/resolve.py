# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Which packages a variant has, in mmdebstrap's steps: apt is asked the same questions in the same order."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

from ..host.machine import Completed
from .packages import Candidate, candidate_of, field, file_name, parse_simulation, stanzas

MERGED = "usr-is-merged"
# Stands for the package until it is installed itself: without it apt would choose usrmerge, and all of perl with it.
DUMMY = f"Package: {MERGED}\nStatus: install ok installed\nPriority: optional\nSection: oldlibs\n"
DUMMY += "Maintainer: nobody\nArchitecture: all\nMulti-Arch: foreign\nVersion: 1\nDescription: stands for it\n"
# apt counts itself as essential unless it is told otherwise, which only the variant of its name does not want. The
# answer is part of what apt remembers of the lists.
EXACT_CACHE = "exact.bin"
_WITH_APT = ("-o", "pkgCacheGen::ForceEssential=apt", "-o", "Dir::Cache::srcpkgcache=with-apt.bin")
_OF_INDEX = re.compile(
    r"^(?:Filename|Size|MD5sum|SHA1|SHA256|SHA512|Description-md5): .*\n", re.MULTILINE | re.IGNORECASE
)


class Asked(t.Protocol):
    """A room of apt's, as far as it is needed here."""

    suite: str
    architecture: str

    def run(self, *argv: str) -> str: ...
    def ask(self, *argv: str) -> Completed: ...
    def uris(self, exact: t.Sequence[str]) -> dict[str, str]: ...
    def install_status(self, text: str) -> None: ...


@dataclass(frozen=True)
class Stage:
    """Packages that are installed together.

    :ivar name: ``essential``, ``merged`` or ``further``
    :ivar packages: in the order in which dpkg gets them
    """

    name: str
    packages: tuple[Candidate, ...]


def pattern(suite: str, architecture: str, kind: str) -> str:
    """mmdebstrap's question for the packages of a kind; a suite has the name of its archive, or its code name."""
    return f"?narrow(?or(?archive(^{suite}$),?codename(^{suite}$)),?architecture({architecture}),{kind})"


def resolve_stages(room: Asked, variant: str, packages: t.Sequence[str]) -> tuple[Stage, ...]:
    """The packages of a recipe, in up to three stages.

    :raises BootstrapFailed: when apt cannot find them
    """
    options = _WITH_APT if variant == "apt" else ()
    offered = room.ask("apt-cache", *options, "show", "--no-all-versions", MERGED)
    merged = list(stanzas(offered.out))[:1] if offered.rc == 0 else []
    known = {MERGED: DUMMY} if merged else {}
    stages = []

    def stage(name: str, exact: t.Sequence[str]) -> None:
        found = describe(room, exact) if exact else []
        known.update((one.name, stanza) for one, stanza in found)
        if found:
            stages.append(Stage(name, tuple(one for one, _stanza in found)))

    def simulate(*wanted: str) -> list[str]:
        room.install_status("\n".join(known.values()))
        order = parse_simulation(room.run("apt-get", *options, "--simulate", "--yes", *wanted))
        return [f"{name}:{architecture}={version}" for name, version, architecture in order]

    essential = pattern(room.suite, room.architecture, "?essential")
    stage("essential", simulate("dist-upgrade") if variant == "apt" else simulate("install", essential))
    if known.get(MERGED) == DUMMY:
        stage("merged", [f"{MERGED}:{field(merged[0], 'Architecture')}={field(merged[0], 'Version')}"])
    required = pattern(room.suite, room.architecture, "?and(?priority(required),?not(?essential))")
    further = [*packages, *([required] if variant == "minbase" else [])]
    if further:
        stage("further", simulate("install", *further))
    room.install_status("")
    return tuple(stages)


def describe(room: Asked, exact: t.Sequence[str]) -> list[tuple[Candidate, str]]:
    """Packages and their stanzas as apt's status would have them, in the order they are asked for."""
    uris = room.uris(exact)
    found: dict[str, tuple[Candidate, str]] = {}
    for stanza in stanzas(room.run("apt-cache", "show", *exact)):
        name, version, architecture = (field(stanza, key) for key in ("Package", "Version", "Architecture"))
        uri = uris.get(file_name(name, version, architecture), "")
        # two archives may have the same version: the one that apt takes it from counts
        if f"{name}:{architecture}={version}" not in found or uri.endswith("/" + field(stanza, "Filename")):
            status = _OF_INDEX.sub("", stanza + "\n").replace("\n", "\nStatus: install ok installed\n", 1)
            found[f"{name}:{architecture}={version}"] = (candidate_of(stanza, uri), status)
    return [found[each] for each in exact]
