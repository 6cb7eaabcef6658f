# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""All checks on a wanted configuration, in one go.

They come before dockerd's own validation, because that one stops at its first problem, and never looks at some things.
"""

from __future__ import annotations

from . import (
    builder,
    cgroups,
    features,
    host_network,
    hosts,
    keys,
    live_restore,
    log_drivers,
    log_values,
    naming,
    network,
    plugins,
    pools,
    ports,
    registries,
    runtimes,
    security,
    shapes,
    storage,
    storage_options,
    tls,
    ulimits,
    versions,
)
from .base import REGISTRY, Check, Context, Problem

OURS = "config."
THEIRS = "daemon.json, by others: "

# The order in which findings are told: what a key is called, what its value looks like, and then what it would do.
_SUBJECTS = (
    *(keys, versions, shapes, naming),
    *(hosts, ports, tls),
    *(network, host_network, pools),
    *(storage, storage_options, features),
    *(log_drivers, log_values, ulimits, runtimes, cgroups, security, plugins),
    *(registries, builder, live_restore),
)
_PLACES = {subject.__name__: place for place, subject in enumerate(_SUBJECTS)}


def every_check() -> list[Check]:
    """All checks, in the order in which their findings are told."""
    return sorted(REGISTRY, key=lambda check: _PLACES[check.look.__module__])


def problems(context: Context) -> list[str]:
    """Why a configuration is refused: every reason, each naming key, value, reason and remedy.

    What is wrong only with keys that the caller did not ask for is a warning: the file has them from somebody else.
    """
    return _refusals(context)[0]


def warnings(context: Context) -> list[str]:
    """What is legal and bites, and what is wrong with keys that others have written."""
    biting = [problem for _check, problem in _found(context, refuses=False) if _is_ours(problem, context)]
    return [*(problem.sentence(OURS) for problem in biting), *_refusals(context)[1]]


def about_file(context: Context) -> list[str]:
    """What is wrong with a file as it is, whoever wrote it."""
    return [problem.sentence("") for _check, problem in _found(context, refuses=True)]


def _refusals(context: Context) -> tuple[list[str], list[str]]:
    """Findings that are refused, and those that are not because of whose keys they are."""
    ours, theirs = [], []
    for check, problem in _found(context, refuses=True):
        if _is_ours(problem, context):
            ours.append(problem.sentence(OURS))
        elif check.anyones:
            ours.append(problem.sentence(THEIRS))
        else:
            theirs.append(problem.sentence(THEIRS))
    return ours, theirs


def _is_ours(problem: Problem, context: Context) -> bool:
    return not problem.key or any(key in context.config for key in problem.keys)


def _found(context: Context, *, refuses: bool) -> list[tuple[Check, Problem]]:
    """What the checks find, in their order and each once: two of them may see the same."""
    found: list[tuple[Check, Problem]] = []
    for check in every_check():
        if check.refuses is refuses and check.applies(context):
            said = [problem for _check, problem in found]
            found += [(check, problem) for problem in check.look(context) if problem not in said]
    return found
