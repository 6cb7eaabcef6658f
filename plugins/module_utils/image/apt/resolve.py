# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Which packages a variant has, in mmdebstrap's steps: apt is asked the same questions in the same order."""

from __future__ import annotations

import dataclasses
import json
import re
import typing as t
from dataclasses import dataclass

from ...host.machine import Completed
from .packages import Candidate, candidate_of, field, file_name, parse_simulation, stanzas

MERGED = "usr-is-merged"
# Stands for the package until it is installed itself: without it apt would choose usrmerge, and all of perl with it.
DUMMY = f"Package: {MERGED}\nStatus: install ok installed\nPriority: optional\nSection: oldlibs\n"
DUMMY += "Maintainer: nobody\nArchitecture: all\nMulti-Arch: foreign\nVersion: 1\nDescription: stands for it\n"
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
class Step:
    """One thing dpkg is told.

    :ivar install: packages to unpack, in their order
    :ivar configure: names of packages to configure then, in their order
    :ivar pending: configure all that is not configured yet, in dpkg's own order
    """

    install: tuple[Candidate, ...] = ()
    configure: tuple[str, ...] = ()
    pending: bool = False


@dataclass(frozen=True)
class Stage:
    """Packages that are installed in one go.

    :ivar name: ``essential``, ``merged`` or ``further``
    """

    name: str
    steps: tuple[Step, ...]

    @property
    def packages(self) -> tuple[Candidate, ...]:
        return tuple(one for step in self.steps for one in step.install)


def pattern(suite: str, architecture: str, kind: str) -> str:
    """mmdebstrap's question for the packages of a kind; a suite has the name of its archive, or its code name."""
    return f"?narrow(?or(?archive(^{suite}$),?codename(^{suite}$)),?architecture({architecture}),{kind})"


def resolve_stages(room: Asked, variant: str, packages: t.Sequence[str]) -> tuple[Stage, ...]:
    """The packages of a recipe, in up to three stages.

    :raises BootstrapFailed: when apt cannot find them
    """
    offered = room.ask("apt-cache", "show", "--no-all-versions", MERGED)
    merged = list(stanzas(offered.out))[:1] if offered.rc == 0 else []
    known = {MERGED: DUMMY} if merged else {}
    stages = []

    def stage(name: str, told: t.Sequence[tuple[bool, str]]) -> None:
        found = describe(room, [key for installs, key in told if installs])
        known.update((one.name, stanza) for one, stanza in found.values())
        packages = {key: one for key, (one, _stanza) in found.items()}
        if name == "essential":
            # mmdebstrap calls dpkg for all of them at once, whatever apt would have done
            everything = tuple(packages.values())
            stages.append(Stage(name, (Step(everything, tuple(one.name for one in everything)),)))
        elif packages:
            stages.append(Stage(name, steps_of(told, packages)))

    def simulate(*wanted: str) -> tuple[tuple[bool, str], ...]:
        room.install_status("\n".join(known.values()))
        return parse_simulation(room.run("apt-get", "--simulate", "--yes", *wanted))

    essential = pattern(room.suite, room.architecture, "?essential")
    stage("essential", simulate("dist-upgrade") if variant == "apt" else simulate("install", essential))
    if known.get(MERGED) == DUMMY:
        stage("merged", [(True, f"{MERGED}:{field(merged[0], 'Architecture')}={field(merged[0], 'Version')}")])
    required = pattern(room.suite, room.architecture, "?and(?priority(required),?not(?essential))")
    further = [*packages, *([required] if variant == "minbase" else [])]
    if further:
        stage("further", simulate("install", *further))
    room.install_status("")
    return tuple(stages)


def stages_text(stages: t.Sequence[Stage]) -> str:
    """Stages to be kept, as JSON."""
    return json.dumps([dataclasses.asdict(stage) for stage in stages], sort_keys=True)


def stages_of(text: str) -> tuple[Stage, ...]:
    """The stages that were kept.

    :raises ValueError: for a text that holds none
    """
    try:
        return tuple(
            Stage(
                stage["name"],
                tuple(
                    Step(tuple(Candidate(**one) for one in step["install"]), tuple(step["configure"]), step["pending"])
                    for step in stage["steps"]
                ),
            )
            for stage in json.loads(text)
        )
    except (KeyError, TypeError, AttributeError) as exc:
        raise ValueError("these are no stages") from exc


def steps_of(told: t.Sequence[tuple[bool, str]], packages: t.Mapping[str, Candidate]) -> tuple[Step, ...]:
    """The calls of dpkg that come of what apt wants done: what it would configure last is left to dpkg's own order."""
    last = max(number for number, (installs, _key) in enumerate(told) if installs)
    steps: list[Step] = []
    install: list[Candidate] = []
    configure: list[str] = []
    for installs, key in told[: last + 1]:
        if installs and configure:
            steps.append(Step(tuple(install), tuple(configure)))
            install, configure = [], []
        if installs:
            install.append(packages[key])
        else:
            configure.append(key.partition(":")[0])
    return (*steps, Step(tuple(install), pending=True))


def describe(room: Asked, exact: t.Sequence[str]) -> dict[str, tuple[Candidate, str]]:
    """Packages and their stanzas as apt's status would have them, in the order they are asked for."""
    if not exact:
        return {}
    uris = room.uris(exact)
    found: dict[str, tuple[Candidate, str]] = {}
    for stanza in stanzas(room.run("apt-cache", "show", *exact)):
        name, version, architecture = (field(stanza, key) for key in ("Package", "Version", "Architecture"))
        uri = uris.get(file_name(name, version, architecture), "")
        # two archives may have the same version: the one that apt takes it from counts
        if f"{name}:{architecture}={version}" not in found or uri.endswith("/" + field(stanza, "Filename")):
            status = _OF_INDEX.sub("", stanza + "\n").replace("\n", "\nStatus: install ok installed\n", 1)
            found[f"{name}:{architecture}={version}"] = (candidate_of(stanza, uri), status)
    return {key: found[key] for key in exact}
