# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A layer and its configuration handed to the engine, which then, and only then, gives the image its name."""

from __future__ import annotations

import typing as t

from ...host.errors import HostError
from ...host.machine import Host
from ..observe import State
from ..plan import Plan
from . import client as engine
from . import replacing
from .client import Image
from .displaced import clear_displaced
from .image_file import Configuration, write_image
from .layer import Layer
from .replacing import Replacing


def deliver(
    host: Host,
    state: State,
    plan: Plan,
    names: t.Sequence[str],
    configuration: Configuration,
    layer: Layer,
    directory: str,
) -> tuple[Image, tuple[str, ...]]:
    """The image as the engine has it, and what a person should know of those that had its names before.

    :param names: the image's own first
    :param directory: the scratch directory of the build, in which is noted what is about to happen
    :raises HostError: with the name as it was before
    """
    name, replaced = names[0], None
    if plan.image is not None and plan.provenance is not None:
        replaced = Replacing.of(state.engine.client, name, plan.image.id)
        replacing.note(directory, replaced)
    try:
        engine.load(host, state.engine, lambda sink: write_image(sink, configuration, layer, *names))
    except HostError:
        raise
    except BaseException:
        if replaced is not None:
            replacing.finish(host, replaced)
        raise
    image = engine.inspect_image(host, state.engine, name)
    if image is None or image.diff_ids != (configuration.diff_id,):
        has = f"has {image.id} instead" if image else "does not have it"
        raise HostError(f"{name} was loaded as {configuration.image_id}, but the engine {has}")
    return image, tuple(clear_displaced(host, state.engine, state.holders, image.id))
