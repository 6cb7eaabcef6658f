# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A plan brought about: bootstrap, load into the engine, and only then the name."""

from __future__ import annotations

import contextlib
import os
import signal
import typing as t
from dataclasses import dataclass, replace

from ..host.errors import HostError
from ..host.machine import Host
from . import settings
from .annotate import labels_of
from .apt.archive import SuiteSources
from .apt.origin import Origin
from .compose import compose
from .engine import client as engine
from .engine.deliver import deliver
from .engine.displaced import clear_displaced
from .engine.image_file import Configuration
from .engine.layer import measure
from .engine.packing import packing
from .files.build import build_of_files
from .listing.installed import packages_of
from .observe import State
from .outcome import Outcome
from .place import space
from .place.memory import available
from .place.userns import become_root
from .place.workplace import NoMemory, sweep, workplace
from .plan import Plan
from .progress import Phases
from .provenance import Provenance
from .recipe import Recipe
from .request import Request
from .root.bootstrap import make_root
from .root.failure import BootstrapFailed, with_place


@dataclass(frozen=True)
class Job:
    """All that decides how an image is built."""

    state: State
    origin: Origin
    plan: Plan
    request: Request
    sources: SuiteSources


def apply(
    host: Host,
    state: State,
    plan: Plan,
    request: Request,
    sources: SuiteSources | None,
    phases: Phases | None = None,
) -> Outcome:
    """Bring a plan about. When this fails, the name is what it was and nothing else is left.

    :param sources: where packages come from; not needed to remove an image
    :param phases: told of each phase as it begins
    :raises HostError: with the reason
    """
    if plan.action == "none":
        return Outcome(plan.image, plan.provenance)
    if plan.action == "remove":
        for name in reversed(plan.names):
            refusal = engine.remove(host, state.engine, name)
            if refusal:
                raise HostError(f"{name} is not removed: {refusal}")
        return Outcome()
    if plan.action == "tag" and plan.image is not None:
        for name in plan.names:
            engine.tag(host, state.engine, request.familiar_name, name)
        remarks = clear_displaced(host, state.engine, state.holders, plan.image.id)
        return Outcome(plan.image, plan.provenance, remarks=tuple(remarks))
    phases = phases or Phases()
    if request.source == "files":
        with interruptible():
            image, provenance, notes = build_of_files(host, state, plan, request, phases)
            return Outcome(image, provenance, phases.seconds, notes)
    if state.origin is None or sources is None:
        raise ValueError("a build needs an origin and its sources")
    with interruptible():
        if not state.privileged:
            become_root(host)
        return _build(host, Job(state, state.origin, plan, request, sources), phases)


def _build(host: Host, job: Job, phases: Phases) -> Outcome:
    memory = _make_room(host, job)
    if memory:
        try:
            return _build_in(host, job, phases, memory)
        except NoMemory:
            if job.request.in_memory != "auto":
                raise
        except BootstrapFailed as error:
            if job.request.in_memory != "auto" or not error.of_space:
                raise
    # it may not mount, or the root is larger than was thought: on disk there is more room
    return _build_in(host, job, phases, 0)


def _make_room(host: Host, job: Job) -> int:
    """How large a filesystem in memory to work in, 0 for none.

    :raises HostError: when there is no room for what is about to be made, neither there nor on disk
    """
    request = job.request
    sweep(host, request.work_dir)
    needed = space.estimate(job.plan.backend, request.variant, request.slim, len(request.packages))
    added = job.state.tree.size
    needed = space.Estimate(needed.root + added, needed.layer + added)
    memory = space.memory_for(request.in_memory, needed.root, available(host))
    needs = [] if memory else [space.work_need(request.work_dir, needed)]
    if request.cache and job.plan.backend == "direct":
        needs.append(space.cache_need(request.cache_dir, needed))
    data = engine.data_root(host, job.state.engine)
    if data:
        needs.append(space.engine_need(data, needed))
    space.refuse_lack(needs)
    return memory


def _build_in(host: Host, job: Job, phases: Phases, memory: int) -> Outcome:
    request, sources = job.request, job.sources
    state = job.state
    recipe = compose(request, job.origin, state.architecture, sources, state.apt.belief, state.tree.entries)
    with workplace(host, request.work_dir, memory) as place:
        root = os.path.join(place.directory, "root")
        try:
            built = make_root(
                place.host,
                recipe,
                root,
                keyring=job.origin.archive.keyring,
                backend=job.plan.backend,
                apt_options=(*settings.APT_LINES, *job.state.apt.belief, *job.state.apt.transport),
                dpkg_options=settings.dpkg_lines(request.slim),
                cache=request.cache_dir if request.cache else None,
                phases=phases,
            )
        except (OSError, BootstrapFailed) as error:
            told = with_place(error, place.directory, place.in_memory)
            raise told from (None if told is error else error)  # no error is its own cause
        phases.enter("pack")
        layer = measure(packing(root))
        suites = tuple(suite for entry in sources.entries for suite in entry.suites)
        provenance = Provenance(job.plan.recipe, job.plan.after or {}, suites, packages_of(root), backend=built.backend)
        configuration = _configure(job, recipe, provenance, built.date, layer.diff_id)
        phases.enter("load")
        image, remarks = deliver(host, job.state, job.plan, request.familiar_names, configuration, layer, place.notes)
    phases.leave()
    return Outcome(
        image, provenance, phases.seconds, (*sources.notes, *built.notes, *remarks), place.in_memory, built.fetched
    )


def _configure(job: Job, recipe: Recipe, provenance: Provenance, date: int, diff_id: str) -> Configuration:
    config = replace(job.request.config, labels=labels_of(job.request, job.origin, recipe, provenance))
    maker = f"bootstrap of {recipe.suite} by slipway.docker.base_image"
    return Configuration(date, job.plan.platform, diff_id, config, maker)


@contextlib.contextmanager
def interruptible() -> t.Iterator[None]:
    """Let a polite signal to end unwind what is under way, so that it is cleaned up; a second one waits for that."""
    caught = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)

    def end(number: int, _frame: t.Any) -> None:
        for each in caught:
            signal.signal(each, signal.SIG_IGN)
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in caught}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
