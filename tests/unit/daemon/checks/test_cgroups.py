# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Control groups and helpers: what each check accepts and what it says, and the engines it holds for."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.checks import cgroups
from unit.verdicts import Row, row, table

ROWS = [
    row(
        cgroups.cgroup_driver,
        {"exec-opts": ["native.cgroupdriver=nosuch"]},
        (
            "config.exec-opts[0] must be native.cgroupdriver=cgroupfs or "
            'native.cgroupdriver=systemd; got: "native.cgroupdriver=nosuch"'
        ),
    ),
    row(
        cgroups.cgroup_driver,
        {"exec-opts": ["NATIVE.CgroupDriver = none"]},
        (
            "config.exec-opts[0] must be native.cgroupdriver=cgroupfs or "
            'native.cgroupdriver=systemd; got: "NATIVE.CgroupDriver = none"'
        ),
    ),
    row(cgroups.cgroup_driver, {"exec-opts": ["native.cgroupdriver=systemd"]}),
    row(
        cgroups.execution_options,
        {"exec-opts": ["nosuch=1", "native.cgroupdriver="]},
        (
            'config.exec-opts[0] is not known to engine 28.0.0; got: "nosuch=1"; the one option is '
            "native.cgroupdriver=systemd or native.cgroupdriver=cgroupfs"
        ),
        (
            'config.exec-opts[1] is not known to engine 28.0.0; got: "native.cgroupdriver="; the one '
            "option is native.cgroupdriver=systemd or native.cgroupdriver=cgroupfs"
        ),
        version="28.0.0",
    ),
    row(cgroups.execution_options, {"exec-opts": ["native.cgroupdriver=cgroupfs"]}, version="28.0.0"),
    row(cgroups.execution_options, {"exec-opts": ["nosuch=1"]}, version="27.5.1"),
    row(
        cgroups.ignored_execution_options,
        {"exec-opts": ["nosuch=1"]},
        (
            "config.exec-opts[0] is ignored by engine 27.5.1, and refused from 28.0 on; got: "
            '"nosuch=1"; the one option is native.cgroupdriver=systemd or '
            "native.cgroupdriver=cgroupfs"
        ),
        version="27.5.1",
    ),
    row(cgroups.ignored_execution_options, {"exec-opts": ["nosuch=1"]}, version="28.0.0"),
    row(cgroups.ignored_execution_options, {"exec-opts": ["native.cgroupdriver=cgroupfs"]}, version="20.10.24"),
    row(
        cgroups.drivers_that_differ,
        {"exec-opts": ["native.cgroupdriver=cgroupfs", "native.cgroupdriver=systemd"]},
        ('config.exec-opts has native.cgroupdriver more than once; got: ["cgroupfs", "systemd"]; keep one'),
    ),
    row(cgroups.drivers_that_differ, {"exec-opts": ["native.cgroupdriver=cgroupfs"]}),
    row(
        cgroups.systemd_is_not_there,
        {"exec-opts": ["native.cgroupdriver=systemd"]},
        "config.exec-opts asks systemd for control groups, which does not run on this host",
        systemd=False,
    ),
    row(cgroups.systemd_is_not_there, {"exec-opts": ["native.cgroupdriver=systemd"]}, systemd=True),
    row(
        cgroups.cgroup_parent,
        {"cgroup-parent": "foo", "exec-opts": ["native.cgroupdriver=systemd"]},
        (
            "config.cgroup-parent must be the name of a slice where systemd is asked for control "
            'groups; got: "foo"; write a name such as containers.slice, or set exec-opts to '
            "native.cgroupdriver=cgroupfs"
        ),
    ),
    row(
        cgroups.cgroup_parent,
        {"cgroup-parent": ".slice"},
        (
            "config.cgroup-parent must be the name of a slice where systemd is asked for control "
            'groups; got: ".slice"; write a name such as containers.slice, or set exec-opts to '
            "native.cgroupdriver=cgroupfs"
        ),
        cgroups="v2",
        systemd=True,
    ),
    row(cgroups.cgroup_parent, {"cgroup-parent": "foo.slice"}, cgroups="v2", systemd=True),
    row(cgroups.cgroup_parent, {"cgroup-parent": "/foo"}, cgroups="v1", systemd=True),
    row(
        cgroups.cgroup_parent,
        {"cgroup-parent": "/foo", "exec-opts": ["native.cgroupdriver=cgroupfs"]},
        cgroups="v2",
        systemd=True,
    ),
    row(cgroups.cgroup_parent, {"cgroup-parent": "/foo"}),
    row(
        cgroups.real_time,
        {"cpu-rt-period": 1000000, "cpu-rt-runtime": 950000},
        "config.cpu-rt-period needs cgroup v1, and this host has v2; got: 1000000; take it out",
        "config.cpu-rt-runtime needs cgroup v1, and this host has v2; got: 950000; take it out",
        cgroups="v2",
    ),
    row(cgroups.real_time, {"cpu-rt-period": 1000000}, cgroups="v1"),
    row(cgroups.real_time, {"cpu-rt-period": 0}, cgroups="v2"),
    row(
        cgroups.init_program,
        {"init": True, "init-path": "/x"},
        'config.init-path is not there, and init is on: no container would start; got: "/x"',
        files={"/x": "missing"},
    ),
    row(
        cgroups.init_program,
        {"init": True},
        (
            "config.init needs the program docker-init, which is not installed: no container would "
            "start; got: true; install it (package tini on Debian), or set init-path"
        ),
        programs={"docker-init": False},
    ),
    row(cgroups.init_program, {"init": True}, programs={"docker-init": True}),
    row(cgroups.init_program, {"init-path": "/x"}, files={"/x": "missing"}),
    row(
        cgroups.init_program_for_some,
        {"init-path": "/x"},
        'config.init-path is not there: containers with --init would not start; got: "/x"',
        files={"/x": "missing"},
    ),
    row(cgroups.init_program_for_some, {"init-path": "/x"}, files={"/x": "program"}),
    row(
        cgroups.proxy_program,
        {"userland-proxy-path": "docker-proxy"},
        'config.userland-proxy-path must be an absolute path; got: "docker-proxy"',
        version="25.0.0",
    ),
    row(
        cgroups.proxy_program,
        {"userland-proxy-path": "/x"},
        (
            'config.userland-proxy-path is no program of this host; got: "/x"; name the program '
            "docker-proxy, or set userland-proxy to false"
        ),
        version="25.0.0",
        files={"/x": "missing"},
    ),
    row(
        cgroups.proxy_program,
        {"userland-proxy-path": "/x", "userland-proxy": False},
        version="25.0.0",
        files={"/x": "missing"},
    ),
    row(cgroups.proxy_program, {"userland-proxy-path": "docker-proxy"}, version="24.0.9"),
    row(cgroups.proxy_program, {"userland-proxy-path": "/x"}, version="25.0.0", files={"/x": "program"}),
    row(
        cgroups.proxy_program_of_older_engines,
        {"userland-proxy-path": "docker-proxy"},
        'config.userland-proxy-path must be an absolute path; got: "docker-proxy"',
        version="24.0.9",
    ),
    row(cgroups.proxy_program_of_older_engines, {"userland-proxy-path": "docker-proxy"}, version="25.0.0"),
]


@pytest.mark.parametrize("case", table(ROWS))
def test_a_check(case: Row) -> None:
    assert case.sentences() == list(case.said)
