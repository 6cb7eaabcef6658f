# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check mode against the real run that follows it, on generated configurations and a real daemon."""

from __future__ import annotations

import collections
import json
import typing as t

from faults.target import Target
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

EXAMPLES = 100
FORETOLD = (
    "changed",
    "changed_keys",
    "changed_variables",
    "files",
    "activation",
    "activation_reasons",
    "conflicts",
    "diff",
    "pending",
)
SOCKET = "unix:///var/run/docker.sock"

# Valid values only: what is refused is the business of the scenarios. Few of them, so that configurations meet.
CONFIGS = st.fixed_dictionaries(
    {},
    optional={
        "bip": st.sampled_from(["10.9.0.1/24", "10.9.1.1/24"]),
        "debug": st.booleans(),
        "labels": st.lists(st.sampled_from(["a=1", "b=2", "c=3"]), unique=True),
        "live-restore": st.booleans(),
        "shutdown-timeout": st.integers(1, 3),
        "max-concurrent-downloads": st.integers(1, 4),
        "insecure-registries": st.lists(st.sampled_from(["10.0.0.0/8", "registry.internal:5000"]), unique=True),
        "registry-mirrors": st.lists(st.sampled_from(["https://one.internal", "https://two.internal"]), unique=True),
        "log-opts": st.fixed_dictionaries({}, optional={"max-size": st.sampled_from(["1m", "2m"])}),
        "log-level": st.sampled_from(["info", "warn"]),
        "hosts": st.sampled_from([[SOCKET], [SOCKET, "tcp://127.0.0.1:2375"], ["fd://"]]),
    },
)
VARIABLES = st.fixed_dictionaries(
    {}, optional={"no_proxy": st.sampled_from(["a", "b"]), "http_proxy": st.just("http://u:p$w@127.0.0.1:1")}
)
REQUESTS = st.fixed_dictionaries(
    {"config": CONFIGS, "variables": VARIABLES},
    optional={"merge": st.sampled_from(["owned", "replace"]), "disruption": st.just("reload"), "defer": st.just(True)},
)


def predictions(target: Target) -> tuple[int, str]:
    """Try generated configurations one after another on the host.

    :returns: how many came true, and a line for people
    """
    seen: collections.Counter[str] = collections.Counter()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(REQUESTS)
    def comes_true(request: dict[str, t.Any]) -> None:
        request = {**request, "settle": 0}
        foretold = target.configure({**request, "check_mode": True})
        real = target.configure(request)
        if foretold.get("failed") or real.get("failed"):
            assert foretold.get("msg") == real.get("msg"), (request, foretold, real)
            seen["refused both times"] += 1
            return
        for key in FORETOLD:
            assert foretold[key] == real[key], (json.dumps(request), key, foretold[key], real[key])
        seen[real["activation"] if real["changed"] else "nothing to do"] += 1

    comes_true()
    return seen.total(), ", ".join(f"{count} {what}" for what, count in sorted(seen.items()))
