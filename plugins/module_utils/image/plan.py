# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""From what is and what is wanted to what has to be done. Pure: nothing is asked or touched here."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ..host.errors import HostError, InvalidInput
from .compose import digest_of, fields_of
from .engine import Container, Image
from .observe import ARCH_TEST, State
from .provenance import Provenance
from .reference import parse_reference
from .request import Request

Action = t.Literal["none", "build", "remove"]


@dataclass(frozen=True)
class Plan:
    """What is going to happen.

    :ivar reasons: why; empty when nothing happens
    :ivar pending: what is missing on the host before it can happen
    :ivar before: what the image there was made from; None without an image, empty for one that is not of our making
    :ivar after: what is asked for; None when the image shall go
    :ivar recipe: digest of what is asked for
    :ivar image: what has the name now
    :ivar provenance: what it was made from
    """

    action: Action
    reasons: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    before: t.Mapping[str, t.Any] | None = None
    after: t.Mapping[str, t.Any] | None = None
    recipe: str = ""
    backend: str = ""
    image: Image | None = None
    provenance: Provenance | None = None

    @property
    def changes(self) -> bool:
        return self.action != "none"


def plan(state: State, request: Request) -> Plan:
    """Decide.

    :raises InvalidInput: with all that is wrong with the request
    :raises HostError: when a container needs the image that shall go
    """
    problems = request.name_problems() if request.state == "absent" else request.problems()
    problems += state.origin.problems if state.origin else ()
    if problems:
        raise InvalidInput(problems)
    return _plan_present(state, request) if request.state == "present" else _plan_absent(state, request)


def refuse_unready(plan: Plan, request: Request) -> None:
    """:raises HostError: with all that is missing on the host before a plan can be brought about"""
    if plan.pending:
        raise HostError(f"nothing was done about {request.familiar_name}: {'; '.join(plan.pending)}")


def _plan_absent(state: State, request: Request) -> Plan:
    if state.image is None:
        pending = (state.engine.trouble,) if state.engine.trouble and state.engine.installed else ()
        return Plan("none", pending=pending)
    users = _needing(state.image, request.familiar_name, state.containers)
    if users:
        names = ", ".join(container.name for container in users)
        raise HostError(
            f"{request.familiar_name} is not removed: it is the image of the container {names}; remove that first"
        )
    before = state.provenance.fields if state.provenance else {}
    return Plan("remove", ("it shall not be there",), (), before, None, image=state.image, provenance=state.provenance)


def _needing(image: Image, name: str, containers: t.Sequence[Container]) -> list[Container]:
    """The containers that would be left without their image, or without the name they know it by."""
    last = not [tag for tag in image.tags if _familiar(tag) != name]
    return [container for container in containers if last or _familiar(container.name_used) == name]


def _familiar(name: str) -> str:
    try:
        return parse_reference(name).familiar
    except ValueError:
        return name


def _plan_present(state: State, request: Request) -> Plan:
    origin = state.origin
    if origin is None:
        raise ValueError("observe() leaves the origin out only when the image shall go")
    after = fields_of(request, origin, state.architecture)
    recipe = digest_of(request, origin, state.architecture, state.apt.belief)
    before = state.provenance.fields if state.provenance else ({} if state.image else None)
    reasons = tuple(_reasons(state, request, recipe, after))
    if not reasons:
        return Plan("none", (), (), before, after, recipe, image=state.image, provenance=state.provenance)
    backend, missing = _backend(state, request)
    pending = [state.engine.trouble, *origin.lacking, missing, "" if state.privileged else "a build needs root: become"]
    return Plan(
        "build",
        reasons,
        tuple(reason for reason in pending if reason),
        before,
        after,
        recipe,
        backend,
        state.image,
        state.provenance,
    )


def _reasons(state: State, request: Request, recipe: str, after: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    if state.image is None:
        yield (
            "there is no image of that name" if state.engine.answers else "no engine answers that could have the image"
        )
    elif state.provenance is None:
        yield "the image of that name was not made by this module"
    elif state.provenance.recipe != recipe:
        before = state.provenance.fields
        names = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
        yield f"what is asked for has changed: {', '.join(names)}" if names else "the way of building has changed"
    elif request.force:
        yield "it was asked to be built again"


def _backend(state: State, request: Request) -> tuple[str, str]:
    """The program to use, or which package is missing."""
    fitting = ["mmdebstrap", "debootstrap"] if request.backend == "auto" else [request.backend]
    if request.variant == "apt":
        fitting = ["mmdebstrap"]
    found = next((program for program in state.programs if program in fitting), "")
    if not found:
        return "", f"{' or '.join(fitting)} is not installed: package {fitting[0]}"
    if state.foreign and found == "mmdebstrap" and ARCH_TEST not in state.programs:
        return (
            found,
            f"{ARCH_TEST} is not installed, which another architecture than the host's needs: package {ARCH_TEST}",
        )
    return found, ""
