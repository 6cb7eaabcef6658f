# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What is: the engine and its image, and what the host could build one from. Absence is a state, never an error."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from ..host.machine import Host
from . import engine
from .apt_settings import AptSettings, read_apt_settings
from .bootstrap import BACKENDS
from .engine import Container, Engine, Image
from .origin import Origin, find_origin
from .provenance import Provenance, read_provenance
from .request import Request

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
    :ivar privileged: whether this process may make device nodes and mounts
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


def observe(host: Host, request: Request) -> State:
    """Look at a host.

    :raises HostError: where apt's sources cannot be understood
    """
    found, image = engine.look(host, request.familiar_name)
    provenance = read_provenance(dict(image.labels)) if image else None
    if request.state == "absent":
        return State(found, image, provenance, engine.containers_of(host, found, image) if image else ())
    own = _architecture(host)
    return State(
        engine=found,
        image=image,
        provenance=provenance,
        origin=find_origin(host, request.wanted_origin),
        apt=read_apt_settings(host),
        architecture=request.architecture or own,
        foreign=request.architecture not in ("", own),
        programs=tuple(name for name in (*BACKENDS[1:], ARCH_TEST) if host.find_program(name)),
        privileged=os.geteuid() == 0,
    )


def _architecture(host: Host) -> str:
    """The host's own, as Debian names it; empty where it has no dpkg."""
    return host.run([_DPKG, "--print-architecture"]).out.strip() if host.exists(_DPKG) else ""
