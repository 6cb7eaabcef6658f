# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runtimes: what each check accepts and what it says, and the engines it holds for."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks import runtimes
from unit.verdicts import Row, row, table

ROWS = [
    row(
        runtimes.own_name,
        {"runtimes": {"runc": {"path": "/x"}}},
        "config.runtimes.runc is the engine's own and cannot be set; give it another name",
    ),
    row(runtimes.own_name, {"runtimes": {"crun": {"path": "/x"}}}),
    row(
        runtimes.what_a_runtime_is_made_of,
        {
            "runtimes": {
                "a": {},
                "b": {"path": "/x", "runtimeType": "y"},
                "c": {"path": "/x", "options": {"a": 1}},
                "d": {"runtimeType": "y", "runtimeArgs": ["a"]},
            }
        },
        "config.runtimes.a must have path or runtimeType; got: {}",
        ('config.runtimes.b must not have path and runtimeType together; got: {"path": "/x", "runtimeType": "y"}'),
        "config.runtimes.c.options goes with runtimeType only; use runtimeArgs",
        "config.runtimes.d.runtimeArgs goes with path only; use options",
        version="24.0.0",
    ),
    row(runtimes.what_a_runtime_is_made_of, {"runtimes": {"a": {}}}, version="23.0.0"),
    row(
        runtimes.what_a_runtime_is_made_of,
        {"runtimes": {"a": {"path": "/x", "runtimeArgs": ["--x"]}, "b": {"runtimeType": "y", "options": {"a": 1}}}},
        version="24.0.0",
    ),
    row(
        runtimes.shims_before_their_time,
        {"runtimes": {"a": {"runtimeType": "y"}}},
        'config.runtimes.a.runtimeType is ignored by engine 23.0.0; got: "y"',
        'config.runtimes.a has no path, so that it runs runc; got: {"runtimeType": "y"}',
        version="23.0.0",
    ),
    row(runtimes.shims_before_their_time, {"runtimes": {"a": {"runtimeType": "y"}}}, version="24.0.0"),
    row(runtimes.shims_before_their_time, {"runtimes": {"a": {"path": "/x"}}}, version="20.10.24"),
    row(
        runtimes.default_is_defined,
        {"default-runtime": "nvidia"},
        (
            'config.default-runtime is not defined; got: "nvidia"; define it in runtimes, or choose '
            "one of io.containerd.runc.v2, runc"
        ),
    ),
    row(
        runtimes.default_is_defined,
        {"default-runtime": "io.containerd.kata.v2"},
        (
            'config.default-runtime is not defined; got: "io.containerd.kata.v2"; define it in '
            "runtimes, or choose one of io.containerd.runc.v2, runc"
        ),
        version="20.10.24",
    ),
    row(runtimes.default_is_defined, {"default-runtime": "io.containerd.kata.v2"}, version="23.0.0"),
    row(
        runtimes.default_is_defined,
        {"default-runtime": "/usr/bin/crun"},
        (
            'config.default-runtime is not defined; got: "/usr/bin/crun"; define it in runtimes, or '
            "choose one of io.containerd.runc.v2, runc"
        ),
        version="28.5.2",
    ),
    row(runtimes.default_is_defined, {"default-runtime": "io.containerd.runtime.v1.linux"}, version="20.10.24"),
    row(runtimes.default_is_defined, {"default-runtime": "runc"}),
    row(runtimes.default_is_defined, {"default-runtime": "nvidia", "runtimes": {"nvidia": {"path": "/x"}}}),
    row(runtimes.default_is_defined, {"default-runtime": "nvidia"}, flags={"runtimes": {"nvidia": "/x"}}),
    row(
        runtimes.program_of_the_default,
        {"default-runtime": "x", "runtimes": {"x": {"path": "/x"}}},
        (
            "config.runtimes.x.path is the program of the default runtime x, and is not there; got: "
            '"/x"; install it first'
        ),
        files={"/x": "missing"},
    ),
    row(
        runtimes.program_of_the_default,
        {"default-runtime": "x", "runtimes": {"x": {"path": "/x"}}},
        (
            "config.runtimes.x.path is the program of the default runtime x, and is no program that "
            'can be run; got: "/x"; install it first'
        ),
        files={"/x": "file"},
    ),
    row(
        runtimes.program_of_the_default,
        {"default-runtime": "x", "runtimes": {"x": {"path": "/x"}}},
        files={"/x": "program"},
    ),
    row(runtimes.program_of_the_default, {"runtimes": {"x": {"path": "/x"}}}, files={"/x": "missing"}),
    row(runtimes.program_of_the_default, {"default-runtime": "x", "runtimes": {"x": {"path": "crun"}}}),
    row(
        runtimes.programs_of_others,
        {"runtimes": {"x": {"path": "/x"}}},
        'config.runtimes.x.path is not there; got: "/x"; install it',
        files={"/x": "missing"},
    ),
    row(runtimes.programs_of_others, {"runtimes": {"x": {"path": "/x"}}}, files={"/x": "program"}),
]


@pytest.mark.parametrize("case", table(ROWS))
def test_a_check(case: Row) -> None:
    assert case.sentences() == list(case.said)
