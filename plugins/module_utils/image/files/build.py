# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""An image of nothing but files, made and handed to the engine. No root filesystem is needed for that."""

from __future__ import annotations

from dataclasses import replace

from ...host.machine import Host
from ..engine import client as engine
from ..engine.client import Image
from ..engine.deliver import deliver
from ..engine.image_file import Configuration
from ..engine.layer import measure
from ..observe import State
from ..place import space
from ..place.scratch import held_scratch
from ..place.workplace import sweep
from ..plan import Plan
from ..progress import Phases
from ..provenance import Provenance
from ..request import Request
from .dates import parse_date
from .layer import accounts_among, files_layer


def build_of_files(
    host: Host, state: State, plan: Plan, request: Request, phases: Phases
) -> tuple[Image, Provenance, tuple[str, ...]]:
    """The image as the engine has it, what it is made from, and what a person should know.

    :raises HostError: with the names as they were before
    """
    date, entries = parse_date(request.date), state.tree.entries
    sweep(host, request.work_dir)
    data = engine.data_root(host, state.engine)
    if data:
        space.refuse_lack([space.engine_need(data, space.Estimate(0, state.tree.size))])
    phases.enter("pack")
    layer = measure(files_layer(entries, date, accounts_among(entries)))
    provenance = Provenance(plan.recipe, plan.after or {})
    told = [(name, value) for name, value in provenance.to_labels() if value]  # there are neither packages nor suites
    config = replace(request.config, labels=(*request.config.labels, *told))
    maker = "files by slipway.docker.base_image"
    configuration = Configuration(date, plan.platform, layer.diff_id, config, maker)
    phases.enter("load")
    with held_scratch(host, request.work_dir) as (notes, _handle):
        image, remarks = deliver(host, state, plan, request.familiar_names, configuration, layer, notes)
    phases.leave()
    return image, provenance, remarks
