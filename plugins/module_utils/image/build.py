# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A plan brought about: bootstrap, load into the engine, and only then the name."""

from __future__ import annotations

import contextlib
import os
import signal
import time
import typing as t
from dataclasses import dataclass, field, replace

from ..host.errors import HostError
from ..host.machine import Host
from . import engine, settings
from .archive import SuiteSources
from .bootstrap import make_root
from .compose import compose
from .engine import Image
from .image_file import Configuration, write_image
from .installed import packages_of
from .layer import Layer, measure
from .observe import State
from .origin import Origin
from .packing import packing
from .plan import Plan
from .progress import Phases
from .provenance import Provenance
from .recipe import Recipe
from .request import PLATFORMS, Request
from .scratch import scratch

# On disk and meant for what is large; /tmp is often in memory, and may forbid device nodes and programs.
WORKDIR = "/var/tmp"
# Seconds that an engine may take for what it has already got; loading all of an image took up to 4 on a busy machine.
PATIENCE = 10


@dataclass(frozen=True)
class Outcome:
    """What was done.

    :ivar seconds: how long each phase took
    :ivar remarks: what a person should know though nothing went wrong
    """

    image: Image | None = None
    provenance: Provenance | None = None
    seconds: t.Mapping[str, float] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


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
        refusal = engine.remove(host, state.engine, request.familiar_name)
        if refusal:
            raise HostError(f"{request.familiar_name} is not removed: {refusal}")
        return Outcome()
    if state.origin is None or sources is None:
        raise ValueError("a build needs an origin and its sources")
    with interruptible():
        return _build(host, state, state.origin, plan, request, sources, phases or Phases())


def _build(
    host: Host,
    state: State,
    origin: Origin,
    plan: Plan,
    request: Request,
    sources: SuiteSources,
    phases: Phases,
) -> Outcome:
    recipe = compose(request, origin, state.architecture, sources, state.apt.belief)
    with scratch(host, WORKDIR) as directory:
        root = os.path.join(directory, "root")
        built = make_root(
            host,
            recipe,
            root,
            keyring=origin.archive.keyring,
            backend=plan.backend,
            apt_options=(*settings.APT_LINES, *state.apt.belief, *state.apt.transport),
            dpkg_options=settings.dpkg_lines(request.slim),
            phases=phases,
        )
        phases.enter("pack")
        layer = measure(packing(root))
        suites = tuple(suite for entry in sources.entries for suite in entry.suites)
        provenance = Provenance(plan.recipe, plan.after or {}, suites, packages_of(root), backend=built.backend)
        configuration = _configure(request, recipe, provenance, built.date, layer.diff_id)
        phases.enter("load")
        image = _load(host, state, plan, request, configuration, layer)
    remarks = (*sources.notes, *_clear_away(host, state, plan, image))
    phases.leave()
    return Outcome(image, provenance, phases.seconds, remarks)


def _configure(request: Request, recipe: Recipe, provenance: Provenance, date: int, diff_id: str) -> Configuration:
    config = replace(request.config, labels=(*request.config.labels, *provenance.to_labels()))
    platform = PLATFORMS.get(recipe.architecture, f"linux/{recipe.architecture}")
    return Configuration(date, platform, diff_id, config, f"bootstrap of {recipe.suite} by slipway.docker.base_image")


def _load(host: Host, state: State, plan: Plan, request: Request, configuration: Configuration, layer: Layer) -> Image:
    """The image, which the engine gives its name once it is complete."""
    try:
        engine.load(host, state.engine, lambda sink: write_image(sink, configuration, layer, request.familiar_name))
    except HostError:
        raise
    except BaseException:
        _finish_interrupted(host, state, plan, request)
        raise
    image = engine.inspect_image(host, state.engine, request.familiar_name)
    if image is None or image.diff_ids != (configuration.diff_id,):
        has = f"has {image.id} instead" if image else "does not have it"
        raise HostError(f"{request.familiar_name} was loaded as {configuration.image_id}, but the engine {has}")
    return image


def _finish_interrupted(host: Host, state: State, plan: Plan, request: Request) -> None:
    """Wait for an engine that got the whole file: it goes on when its client is gone, and the name moves after all."""
    before = plan.image.id if plan.image else ""
    for _attempt in range(PATIENCE):
        image = engine.inspect_image(host, state.engine, request.familiar_name)
        if image is not None and image.id != before:
            _clear_away(host, state, plan, image)
            return
        time.sleep(1)


def _clear_away(host: Host, state: State, plan: Plan, image: Image) -> list[str]:
    """Remove the image whose name was taken, if it is of our making and nothing uses it; else say that it stays."""
    if plan.image is None or plan.image.id == image.id:
        return []
    old = engine.inspect_image(host, state.engine, plan.image.id)
    if old is None or old.tags:
        return []
    if plan.provenance is None:
        return [f"the image that had the name, {old.id}, was not made by this module and stays without one"]
    refusal = engine.remove(host, state.engine, old.id)
    return [f"the image that had the name stays without one: {refusal}"] if refusal else []


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
