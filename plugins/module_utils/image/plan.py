# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""From what is and what is wanted to what has to be done. Pure: nothing is asked or touched here."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, replace

from ..host.errors import HostError, InvalidInput
from .compose import digest_of, fields_of
from .engine.client import Container, Image
from .observe import ARCH_TEST, State
from .provenance import Provenance
from .request import PLATFORMS, Request, familiar
from .root.choice import fitting, program_of

if t.TYPE_CHECKING:
    from .current.latest import Change

Action = t.Literal["none", "build", "tag", "remove"]
# Of many files that differ, as many are named.
_SHOWN = 5


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
    :ivar names: those to give, or to take away
    :ivar platform: of the image that is asked for, as Docker writes it
    :ivar remarks: what a person should know though it is no reason to do anything
    :ivar package_changes: what a new image would have other versions of; looked for only with the state latest
    :ivar to_remember: whether a run that is no check mode would keep what was found for the next time
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
    names: tuple[str, ...] = ()
    platform: str = ""
    remarks: tuple[str, ...] = ()
    package_changes: tuple[Change, ...] = ()
    to_remember: bool = False

    @property
    def changes(self) -> bool:
        return self.action != "none"


def plan(state: State, request: Request) -> Plan:
    """Decide.

    :raises InvalidInput: with all that is wrong with the request
    :raises HostError: when a container needs the image that shall go
    """
    problems = request.name_problems() if request.state == "absent" else request.problems()
    problems += [*(state.origin.problems if state.origin else ()), *state.tree.problems]
    if request.state != "absent" and request.source == "files" and not state.architecture:
        problems.append("architecture has to be given: Debian has no name for this machine's")
    if problems:
        raise InvalidInput(problems)
    if request.state == "absent":
        return _plan_absent(state, request)
    platform = PLATFORMS.get(state.architecture, f"linux/{state.architecture}")
    return replace(_plan_present(state, request), platform=platform, remarks=(*request.remarks, *state.tree.remarks))


def refuse_unready(plan: Plan, request: Request) -> None:
    """:raises HostError: with all that is missing on the host before a plan can be brought about"""
    if plan.pending:
        raise HostError(f"nothing was done about {request.familiar_name}: {'; '.join(plan.pending)}")


def _plan_absent(state: State, request: Request) -> Plan:
    if not state.holders:
        pending = (state.engine.trouble,) if state.engine.trouble and state.engine.installed else ()
        return Plan("none", pending=pending)
    names = (*([request.familiar_name] if state.image else []), *(name for name, _image in state.tagged))
    users = [user for image in state.holders for user in _needing(image, names, state.containers)]
    if users:
        shown = ", ".join(dict.fromkeys(container.name for container in users))
        raise HostError(
            f"{request.familiar_name} is not removed: it is the image of the container {shown}; remove that first"
        )
    before = state.provenance.fields if state.provenance else {}
    reasons = ("it shall not be there",)
    return Plan("remove", reasons, (), before, None, image=state.image, provenance=state.provenance, names=names)


def _needing(image: Image, names: t.Collection[str], containers: t.Sequence[Container]) -> list[Container]:
    """The containers that would be left without their image, or without the name they know it by."""
    last = not [tag for tag in image.tags if familiar(tag) not in names]
    mine = [container for container in containers if container.image == image.id]
    return [container for container in mine if last or familiar(container.name_used) in names]


def _plan_present(state: State, request: Request) -> Plan:
    origin, entries = state.origin, state.tree.entries
    if origin is None and request.source != "files":
        raise ValueError("observe() leaves the origin out only where nothing is bootstrapped")
    after = fields_of(request, origin, state.architecture, entries)
    recipe = digest_of(request, origin, state.architecture, state.apt.belief, entries)
    before = state.provenance.fields if state.provenance else ({} if state.image else None)
    reasons = tuple(_reasons(state, request, recipe, after))
    if not reasons:
        return _plan_names(state, request, Plan("none", (), (), before, after, recipe))
    return rebuild(state, request, Plan("build", (), (), before, after, recipe), reasons)


def rebuild(state: State, request: Request, wanted: Plan, reasons: tuple[str, ...]) -> Plan:
    """The same, but to be built, and with what is missing for that."""
    origin = state.origin
    backend, missing = _backend(state, request) if origin else ("", "")
    lacking = origin.lacking if origin else ()
    pending = [state.engine.trouble, *lacking, missing, _lacks_root(state, backend) if origin else ""]
    return replace(
        wanted,
        action="build",
        reasons=reasons,
        pending=tuple(reason for reason in pending if reason),
        backend=backend,
        image=state.image,
        provenance=state.provenance,
        names=(),
    )


def _lacks_root(state: State, backend: str) -> str:
    """Only mmdebstrap does without device nodes, which root in a user namespace may not make."""
    if state.privileged:
        return ""
    if state.hindrance:
        return f"a build needs root: become; {state.hindrance}, so it cannot be had in a user namespace"
    return "" if backend in ("", "mmdebstrap") else f"{backend} needs root: become, or use the backend mmdebstrap"


def _plan_names(state: State, request: Request, kept: Plan) -> Plan:
    """An image that is what was asked for may lack further names."""
    own = {familiar(tag) for tag in state.image.tags} if state.image else set()
    names = tuple(name for name in request.familiar_tags if name not in own)
    kept = replace(kept, image=state.image, provenance=state.provenance)
    if not names:
        return kept
    return replace(kept, action="tag", reasons=(f"it lacks the name {', '.join(names)}",), names=names)


def _reasons(state: State, request: Request, recipe: str, after: t.Mapping[str, t.Any]) -> t.Iterator[str]:
    if state.image is None:
        yield (
            "there is no image of that name" if state.engine.answers else "no engine answers that could have the image"
        )
    elif state.provenance is None:
        yield "the image of that name was not made by this module"
    elif state.provenance.recipe != recipe:
        before = state.provenance.fields
        names = [_differing(name, before.get(name), after.get(name)) for name in sorted({*before, *after})]
        names = [name for name in names if name]
        yield f"what is asked for has changed: {', '.join(names)}" if names else "the way of building has changed"
    elif request.state == "latest" and state.provenance.counted:
        yield "the image does not tell its packages, so that they cannot be compared with the archive's"
    elif request.force:
        yield "it was asked to be built again"


def _differing(name: str, before: t.Any, after: t.Any) -> str:
    """A field that differs, with what in it does where it has names for that; empty for one that does not differ."""
    if before == after:
        return ""
    if name != "files" or not isinstance(before, dict) or not isinstance(after, dict):
        return name
    paths = [path for path in sorted({*before, *after}) if before.get(path) != after.get(path)]
    return f"{name} ({' '.join(paths[:_SHOWN])}{' ...' if len(paths) > _SHOWN else ''})"


def _backend(state: State, request: Request) -> tuple[str, str]:
    """The program to use, or which package is missing."""
    suite = state.origin.suite if state.origin else request.suite
    wanted = fitting(request.backend, suite, request.variant, state.foreign)
    if request.backend == "auto" and not state.privileged:
        wanted = ("mmdebstrap",)
    found = next((program for program in state.programs if program in wanted), "")
    if not found:
        missing = [program_of(name) for name in wanted]
        return (
            "",
            f"{' or '.join(missing)} is not installed: package {missing[-1] if len(missing) == 1 else 'mmdebstrap'}",
        )
    if state.foreign and found == "mmdebstrap" and ARCH_TEST not in state.programs:
        return (
            found,
            f"{ARCH_TEST} is not installed, which another architecture than the host's needs: package {ARCH_TEST}",
        )
    return found, ""
