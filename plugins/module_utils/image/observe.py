# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What is: the engine and its image, and what the host could build one from. Absence is a state, never an error."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace

from ..host.machine import Host
from .apt.origin import Origin, find_origin
from .apt.settings import AptSettings, read_apt_settings
from .engine import client as engine
from .engine.client import Container, Engine, Image
from .files.alone import alone, machine_architecture
from .files.tree import Tree, look_at_files
from .place.userns import hindrance
from .provenance import Provenance, read_provenance
from .request import Request, familiar
from .root.choice import BACKENDS, program_of

# mmdebstrap asks it whether this machine can run another architecture's programs.
ARCH_TEST = "arch-test"
_DPKG = "/usr/bin/dpkg"


@dataclass(frozen=True)
class State:
    """One host as it is, as far as one image is concerned.

    :ivar image: what has the name now
    :ivar provenance: what that was made from; None where it is not of our making
    :ivar containers: those that were created from it; looked for only when it shall go
    :ivar origin: where packages would come from; None when it shall go
    :ivar architecture: of the packages, as Debian names it
    :ivar foreign: whether that is another than the host's own
    :ivar programs: the bootstrap programs there are, the best first, and what they need
    :ivar tagged: what has its further names now, as far as that is another image; or any, when it shall go
    :ivar tree: the files that are wanted in it
    :ivar privileged: whether this process is root
    :ivar hindrance: why it cannot be root in a user namespace, empty where it can
    """

    engine: Engine
    image: Image | None = None
    provenance: Provenance | None = None
    containers: tuple[Container, ...] = ()
    origin: Origin | None = None
    apt: AptSettings = field(default_factory=AptSettings)
    architecture: str = ""
    foreign: bool = False
    programs: tuple[str, ...] = ()
    privileged: bool = True
    hindrance: str = ""
    tagged: tuple[tuple[str, Image], ...] = ()
    tree: Tree = field(default_factory=Tree)

    @property
    def holders(self) -> tuple[Image, ...]:
        """The images that have any of its names."""
        return (*([self.image] if self.image else []), *(image for _name, image in self.tagged))


def observe(host: Host, request: Request) -> State:
    """Look at a host.

    :raises HostError: where apt's sources cannot be understood
    """
    found, image = engine.look(host, request.familiar_name)
    provenance = read_provenance(dict(image.labels)) if image else None
    tagged = _tagged(host, found, request, image)
    if request.state == "absent":
        held = {each.id: each for each in (*([image] if image else []), *(each for _name, each in tagged))}
        containers = tuple(one for each in held.values() for one in engine.containers_of(host, found, each))
        return State(found, image, provenance, containers, tagged=tagged)
    own = _architecture(host)
    common = State(
        engine=found,
        image=image,
        provenance=provenance,
        architecture=request.architecture or own,
        tagged=tagged,
        tree=look_at_files(host, request.files),
    )
    if request.source == "files":
        return replace(
            common,
            architecture=request.architecture or own or machine_architecture(),
            tree=alone(host, common.tree, request),
        )
    return replace(
        common,
        origin=find_origin(host, request.wanted_origin),
        apt=read_apt_settings(host),
        foreign=request.architecture not in ("", own),
        programs=tuple(name for name in (*BACKENDS[1:], ARCH_TEST) if host.find_program(program_of(name))),
        privileged=os.geteuid() == 0,
        hindrance="" if os.geteuid() == 0 else hindrance(host),
    )


def _tagged(host: Host, found: Engine, request: Request, image: Image | None) -> tuple[tuple[str, Image], ...]:
    """What has the further names; of an image that shall stay, those that it has not got itself."""
    own = {familiar(tag) for tag in image.tags} if image and request.state != "absent" else set()
    names = [name for name in request.familiar_tags if name not in own] if found.answers else []
    held = ((name, engine.inspect_image(host, found, name)) for name in names)
    return tuple((name, holder) for name, holder in held if holder is not None)


def _architecture(host: Host) -> str:
    """The host's own, as Debian names it; empty where it has no dpkg."""
    return host.run([_DPKG, "--print-architecture"]).out.strip() if host.exists(_DPKG) else ""
