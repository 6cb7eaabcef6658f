# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What files and command line make of every option, and that no secret is shown with it."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.arguments import Flag, parse_flags
from ansible_collections.slipway.docker.plugins.module_utils.daemon.effective import Setting, effective, flag_value
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.systemd_launch import read_launch
from ansible_collections.slipway.docker.plugins.module_utils.daemon.redact import fit_to_show
from unit.trees import DAEMON_JSON, DEBIAN_UNIT, DEFAULTS, SERVICE, Tree


def placed(tree: Tree) -> list[tuple[Flag, str]]:
    launch = read_launch(tree.host)
    assert launch is not None
    return [(flag, str(launch.source_of(flag))) for flag in launch.flags]


def test_flags_and_keys(tree: Tree) -> None:
    tree.write(SERVICE, DEBIAN_UNIT)
    tree.write(DEFAULTS, "# ours\nDOCKER_OPTS='--debug --label a=1 --label b=2 --mtu 1400'\n")
    found = effective({"log-driver": "local", "proxies": {"no-proxy": "x"}}, DAEMON_JSON, placed(tree))
    assert found == {
        "containerd": Setting("/run/containerd/containerd.sock", "flag", (f"{SERVICE}:8",)),
        "debug": Setting(True, "flag", (f"{DEFAULTS}:2",)),
        "hosts": Setting(["fd://"], "flag", (f"{SERVICE}:8",)),
        "labels": Setting(["a=1", "b=2"], "flag", (f"{DEFAULTS}:2",)),
        "log-driver": Setting("local", "file", (DAEMON_JSON,)),
        "mtu": Setting(1400, "flag", (f"{DEFAULTS}:2",)),
        "proxies.no-proxy": Setting("x", "file", (DAEMON_JSON,)),
    }


def test_both(tree: Tree) -> None:
    tree.write(SERVICE, DEBIAN_UNIT)
    tree.write(DEFAULTS, "DOCKER_OPTS=--add-runtime=a=/bin/a\n")
    document = {"hosts": ["unix:///x"], "runtimes": {"b": {"path": "/bin/b"}}}
    found = effective(document, DAEMON_JSON, placed(tree))
    assert found["hosts"] == Setting(["fd://"], "both", (f"{SERVICE}:8", DAEMON_JSON))
    assert found["runtimes"].value == {"a": "/bin/a", "b": {"path": "/bin/b"}}


def test_without_a_service() -> None:
    assert effective({"debug": False}, DAEMON_JSON, []) == {"debug": Setting(False, "file", (DAEMON_JSON,))}


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("--debug", True),
        ("--debug=false", False),
        ("--debug=F", False),
        ("--debug=perhaps", "perhaps"),
        ("--mtu 1500", 1500),
        ("--mtu many", "many"),
        ("--log-opt max-size=1m --log-opt max-file=3", {"max-size": "1m", "max-file": "3"}),
        ("-H fd:// --host tcp://127.0.0.1:2375", ["fd://", "tcp://127.0.0.1:2375"]),
        ("--data-root /a --data-root /b", "/b"),
        ("--no-such-flag=x", "x"),
    ],
)
def test_values(words: str, value: t.Any) -> None:
    assert flag_value(parse_flags(words.split())) == value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("http://user:geheim@proxy:3128", "http://***@proxy:3128"),
        ({"splunk-token": "geheim", "splunk-url": "https://s"}, {"splunk-token": "***", "splunk-url": "https://s"}),
        (["--log-opt", "splunk-token=geheim"], ["--log-opt", "splunk-token=***"]),
        (("--log-opt=logentries-token=geheim",), ["--log-opt=logentries-token=***"]),
        ({"effective": {"log-opts": {"value": {"x.password": "geheim"}}}}, None),
        ({"tlskey": "/etc/docker/key.pem", "token": ""}, {"tlskey": "/etc/docker/key.pem", "token": ""}),
        ({"n": 1, "b": True, "none": None}, {"n": 1, "b": True, "none": None}),
        ("the tokens=of the realm", "the tokens=of the realm"),
        ('  "splunk-token": "geheim",', '  "splunk-token": "***",'),
        ('AWS_SECRET_ACCESS_KEY="geheim with words"', "AWS_SECRET_ACCESS_KEY=***"),
        ("export DOCKER_TOKEN='geheim' # x", "export DOCKER_TOKEN=*** # x"),
        ('http_proxy="user:geheim@proxy:3128"', 'http_proxy="***@proxy:3128"'),
        ("http://user:geh/geheim@proxy:3128", "http://***@proxy:3128"),
        ("http://mirror:5000/v2/a@sha256:b", "http://mirror:5000/v2/a@sha256:b"),
        ("unix:///var/run/docker.sock tcp://[::1]:2375", "unix:///var/run/docker.sock tcp://[::1]:2375"),
        ('"insecure-registries": ["10.0.0.1:5000"]', '"insecure-registries": ["10.0.0.1:5000"]'),
        ("docker@host.service user@1000.service", "docker@host.service user@1000.service"),
    ],
)
def test_secrets(value: t.Any, shown: t.Any) -> None:
    found = fit_to_show(value)
    assert "geheim" not in repr(found)
    assert shown is None or found == shown
