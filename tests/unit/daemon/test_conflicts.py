# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Directives on the command line and in daemon.json at once, as dockerd finds them, whatever their values."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.conflicts import (
    Conflict,
    clashing_flags,
    describe,
)
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.systemd_launch import (
    SystemdLaunch as Launch,
)
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.systemd_launch import read_launch
from unit.trees import DEBIAN_UNIT, DEFAULTS, SERVICE, Tree


def launch_of(tree: Tree, options: str) -> Launch:
    tree.write(SERVICE, f"[Service]\nExecStart=/usr/bin/dockerd {options}\n")
    launch = read_launch(tree.host)
    assert isinstance(launch, Launch)
    return launch


@pytest.mark.parametrize(
    ("options", "document", "expected"),
    [
        ("-H fd://", {}, []),
        ("-H fd://", {"hosts": ["fd://"]}, ["-H"]),
        ("-H fd://", {"hosts": []}, ["-H"]),
        ("-H fd://", {"hosts": None}, ["-H"]),
        ("-H fd:// --host=unix:// -D", {"hosts": ["x"], "mtu": 1}, ["-H", "--host"]),
        ("--debug=false", {"debug": False}, ["--debug"]),
        ("--label a=1", {"labels": ["b=2"]}, ["--label"]),
        ("--log-opt max-size=1m", {"log-opts": {"tag": "x"}}, ["--log-opt"]),
        ("--log-opt max-size=1m", {"log-driver": "local"}, []),
        ("--containerd=/x", {"containerd": "/x"}, ["--containerd"]),
        ("-p /run/docker.pid", {"pidfile": "/x"}, ["-p"]),
        ("--add-runtime a=/b", {"runtimes": {"a": {"path": "/b"}}}, []),
        ("--default-runtime a", {"runtimes": {"a": {"path": "/b"}}}, []),
        ("--http-proxy http://p", {"proxies": {"http-proxy": "http://q"}}, ["--http-proxy"]),
        ("--http-proxy http://p", {"proxies": {"https-proxy": "http://q"}}, []),
        ("--http-proxy http://p", {"proxies": None}, []),
        ("--host-gateway-ip 10.0.0.1", {"host-gateway-ips": ["10.0.0.1"]}, ["--host-gateway-ip"]),
        ("--host-gateway-ip 10.0.0.1", {"host-gateway-ip": "10.0.0.1"}, ["--host-gateway-ip"]),
        ("--label a=1", {"label": "a=1"}, []),  # dockerd ignores the singular name in the file
        ("--config-file /x --no-such=1 -v", {"": 1, "config-file": 1, "no-such": 1, "version": 1}, []),
    ],
)
def test_clashing_flags(tree: Tree, options: str, document: dict[str, t.Any], expected: list[str]) -> None:
    assert [flag.name for flag in clashing_flags(launch_of(tree, options), document)] == expected


def test_without_a_service_nothing_clashes() -> None:
    assert clashing_flags(None, {"hosts": []}) == []
    assert describe(None, [], {}) == []


def test_where_they_stand(tree: Tree) -> None:
    tree.write(SERVICE, DEBIAN_UNIT)
    tree.write(DEFAULTS, "\nDOCKER_OPTS='-H=tcp://127.0.0.1:2375 -D'\n")
    launch = read_launch(tree.host)
    flags = clashing_flags(launch, {"hosts": [], "debug": True})
    found = describe(launch, flags, dict.fromkeys(flags, "taken out by a drop-in"))
    assert found == [
        Conflict("hosts", "-H fd://", SERVICE, 8, "", "taken out by a drop-in"),
        Conflict("hosts", "-H tcp://127.0.0.1:2375", DEFAULTS, 2, "DOCKER_OPTS", "taken out by a drop-in"),
        Conflict("debug", "-D", DEFAULTS, 2, "DOCKER_OPTS", "taken out by a drop-in"),
    ]
    assert [str(conflict) for conflict in found] == [
        f"-H fd:// in {SERVICE}:8",
        f"-H tcp://127.0.0.1:2375 in {DEFAULTS}:2 through $DOCKER_OPTS",
        f"-D in {DEFAULTS}:2 through $DOCKER_OPTS",
    ]
    assert found[2].to_result() == {
        "option": "debug",
        "flag": "-D",
        "file": DEFAULTS,
        "line": 2,
        "variable": "DOCKER_OPTS",
        "resolution": "taken out by a drop-in",
    }


def test_no_password_is_shown(tree: Tree) -> None:
    launch = launch_of(tree, "--http-proxy=http://user:secret@proxy:3128")
    (found,) = describe(launch, list(launch.flags), {})
    assert found.flag == "--http-proxy http://***@proxy:3128"
