# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""A root filesystem made without a bootstrap program: apt of the host chooses, and dpkg of the new root configures.

It does what mmdebstrap does, in the same order, so that the result is the same byte for byte.
"""

from __future__ import annotations

import os
import tempfile

from ...host.machine import Host
from ..apt.resolve import MERGED
from ..apt.room import apt_room
from ..place.space import refuse_root
from ..progress import Phases
from ..recipe import Recipe
from .builder import Builder
from .fetched import Fetched
from .runtime import running


def direct(host: Host, recipe: Recipe, root: str, keyring: str, *, cache: str | None, phases: Phases) -> Fetched | None:
    """Make a root.

    :raises NotProven: when a package needs what only dpkg can do
    """
    architecture = recipe.architecture or host.check(["dpkg", "--print-architecture"]).out.strip()
    phases.enter("resolve")
    os.mkdir(root, 0o755)
    room_of = apt_room(
        host,
        sources=recipe.sources,
        keyring=keyring,
        architecture=architecture,
        apt_options=recipe.apt_options,
        cache=cache,
        parent=os.path.dirname(root),
    )
    with tempfile.TemporaryDirectory(prefix="packages-", dir=os.path.dirname(root)) as downloads:
        with room_of as room:
            room.update()
            stages = room.stages(recipe.variant, recipe.packages)
            wanted = [one for stage in stages for one in stage.packages]
            refuse_root(
                os.path.dirname(root), sum(one.installed_size for one in wanted), sum(one.size for one in wanted)
            )
            phases.enter("download")
            files = dict(zip([one.key for one in wanted], room.download(wanted, downloads)))
            cached = [one for one in wanted if one.key not in room.fetched]
        phases.enter("unpack")
        builder = Builder(host, recipe, root, architecture, files)
        builder.prepare(merged=any(one.name == MERGED for one in wanted))
        essential = stages[0].steps[0]
        packages = builder.unpack_essential(essential)
        phases.enter("configure")
        with running(root):
            builder.configure_essential(essential, packages)
            for stage in stages[1:]:
                for step in stage.steps:
                    builder.install(step, "1" if stage.name == "merged" else "")
        builder.finish()
    return Fetched(len(wanted), len(cached), sum(one.size for one in wanted), sum(one.size for one in cached))
