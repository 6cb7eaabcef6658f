# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Authorization plugins (pkg/authorization)."""

from __future__ import annotations

import typing as t

from .base import Context, Problem, refuses


@refuses("authorization-plugins")
def authorization_plugins(context: Context) -> t.Iterator[Problem]:
    """dockerd looks for each for 15 seconds and then does not start; on a reload it ends (all versions)."""
    known = context.facts.plugins
    for path, entry in context.entries("authorization-plugins"):
        if not entry:
            yield Problem(path, "must be the name of a plugin", entry)
        elif known is not None and entry not in known:
            remedy = "install the plugin first, or start the service that has its socket in /run/docker/plugins"
            yield Problem(path, "is no plugin of this host", entry, remedy)
