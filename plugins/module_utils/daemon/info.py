# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Everything about an engine and its host, as a module's result: only the parts that somebody asks for."""

from __future__ import annotations

import typing as t
from dataclasses import asdict

from ..host.machine import Host
from . import info_daemon, info_kernel, info_network
from .info_concerns import CONCERNS
from .inspection import Inspection
from .redact import fit_to_show

SECTIONS: dict[str, t.Callable[[Inspection], dict[str, t.Any]]] = {
    "engine": info_daemon.engine,
    "launch": info_daemon.launch,
    "configuration": info_daemon.configuration,
    "kernel": info_kernel.kernel,
    "storage": info_kernel.storage,
    "network": info_network.network,
}


def gather(host: Host, path: str, subset: t.Collection[str]) -> dict[str, t.Any]:
    """Look at a host. Nothing that is missing, broken or not for this user makes this fail.

    :param path: of daemon.json
    :param subset: names of sections, or ``all``
    """
    names = [name for name in SECTIONS if name in subset or "all" in subset]
    inspection = Inspection(host, path)
    result: dict[str, t.Any] = {name: SECTIONS[name](inspection) for name in names}
    concerns = [concern for name in names for concern in CONCERNS[name](inspection)]
    result["unreadable"] = [asdict(unread) for unread in inspection.unread()]
    result["concerns"] = list(dict.fromkeys(concerns))
    shown: dict[str, t.Any] = fit_to_show(result)
    return shown
