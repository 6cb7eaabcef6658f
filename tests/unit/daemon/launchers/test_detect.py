# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which init system launches dockerd, by what lies in a root filesystem that is not booted."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.detect import detect
from unit.daemon.launchers.scripts import DEBIAN, OPENRC, OPENRC_SCRIPT, RED_HAT, RUNIT, UPSTART
from unit.trees import SERVICE, Tree

SCRIPT = "#!/bin/sh\n"

# Programs and files, a path with an arrow being a symbolic link, and who it is.
ROOTS: dict[str, tuple[list[str], str]] = {
    "nothing": ([], "systemd"),
    "debian-with-systemd": (["/sbin/init -> /lib/systemd/systemd", SERVICE, DEBIAN, "/usr/sbin/service"], "systemd"),
    "systemd-and-no-engine": (["/sbin/init -> ../lib/systemd/systemd"], "systemd"),
    "systemd-and-an-init-script-only": (["/sbin/init -> /lib/systemd/systemd", DEBIAN], "systemd"),
    "systemd-beside-tools-of-others": (
        ["/sbin/init -> /lib/systemd/systemd", SERVICE, RUNIT, "/sbin/openrc", UPSTART],
        "systemd",
    ),
    "debian-with-sysvinit": (["/sbin/init", DEBIAN, SERVICE], "sysvinit"),
    "red-hat-6": (["/sbin/init", RED_HAT], "sysvinit"),
    "sysvinit-and-no-engine": (["/sbin/init"], "systemd"),
    "alpine": (["/sbin/init -> /bin/busybox", "/sbin/openrc", OPENRC], "openrc"),
    "gentoo": (["/sbin/init", "/sbin/openrc", OPENRC], "openrc"),
    "openrc-and-no-engine": (["/sbin/init", "/sbin/openrc"], "openrc"),
    "openrc-in-usr": (["/sbin/init", "/usr/sbin/openrc", OPENRC], "openrc"),
    "devuan-with-openrc-and-its-script": (["/sbin/init", "/sbin/openrc", DEBIAN], "openrc"),
    "void": (["/sbin/init -> runit-init", RUNIT], "runit"),
    "void-in-full": (["/sbin/init -> /usr/bin/runit-init", RUNIT], "runit"),
    "runit-and-a-service-of-sysvinits": (["/sbin/init -> runit-init", DEBIAN], "sysvinit"),
    "ubuntu-14": (["/sbin/init", "/sbin/initctl", UPSTART, DEBIAN], "upstart"),
    "ubuntu-14-without-the-job": (["/sbin/init", "/sbin/initctl", DEBIAN], "sysvinit"),
    "container-with-the-unit": ([SERVICE, DEBIAN, UPSTART], "systemd"),
    "container-with-the-unit-in-usr": (["/usr/lib/systemd/system/docker.service", DEBIAN], "systemd"),
    "container-with-a-unit-in-etc": (["/etc/systemd/system/docker.service", RUNIT], "systemd"),
    "container-with-a-script": ([DEBIAN], "sysvinit"),
    "container-with-red-hats-script": ([RED_HAT], "sysvinit"),
    "container-with-openrcs-script": ([f"{OPENRC} openrc"], "openrc"),
    "container-with-a-job": ([UPSTART, DEBIAN], "upstart"),
    "container-with-a-supervised-service": ([RUNIT, DEBIAN], "runit"),
}


@pytest.mark.parametrize("name", ROOTS)
def test_a_root_that_is_not_booted(tree: Tree, name: str) -> None:
    things, expected = ROOTS[name]
    for thing in things:
        path, arrow, target = thing.partition(" -> ")
        path, _blank, kind = path.partition(" ")
        if arrow:
            tree.link(path, target)
        else:
            tree.write(path, OPENRC_SCRIPT if kind else SCRIPT)
    launcher = detect(tree.host)
    assert launcher.name == expected
    assert not launcher.acts(tree.host)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(["/etc/debian_version", "/etc/sysconfig/docker", DEBIAN], "/etc/default/docker", id="debian"),
        pytest.param(["/etc/sysconfig/network", RED_HAT], "/etc/sysconfig/docker", id="red-hat"),
        pytest.param([RUNIT], "/etc/default/docker", id="runit"),
        pytest.param([f"{OPENRC} openrc"], "/etc/conf.d/docker", id="openrc"),
        pytest.param([UPSTART], "/etc/default/docker", id="upstart"),
        pytest.param([SERVICE], "/etc/default/docker", id="systemd"),
        pytest.param([SERVICE, "/etc/sysconfig/network"], "/etc/sysconfig/docker", id="red-hat-with-systemd"),
    ],
)
def test_where_options_are_expected(tree: Tree, files: list[str], expected: str) -> None:
    for file in files:
        path, _blank, kind = file.partition(" ")
        tree.write(path, OPENRC_SCRIPT if kind else SCRIPT)
    assert detect(tree.host).options_file(tree.host, None) == expected


@pytest.mark.parametrize("head", ["#!/sbin/openrc-run\n", "#! /sbin/runscript\n", "#!/usr/bin/openrc-run -x\n"])
def test_heads_of_openrcs_scripts(tree: Tree, head: str) -> None:
    tree.write(OPENRC, head + "command=dockerd\n")
    assert detect(tree.host).name == "openrc"
