# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An image's configuration as far as it can be chosen."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image.engine.image_config import ImageConfig, read_config


def test_members() -> None:
    config = ImageConfig(("sh", "-c", 'echo "$X"'), (("PATH", "/bin:$PATH"),), (("a.b", 'c "d"'),))
    assert config.members() == {
        "Cmd": ["sh", "-c", 'echo "$X"'],
        "Env": ["PATH=/bin:$PATH"],
        "Labels": {"a.b": 'c "d"'},
    }
    assert ImageConfig().members() == {}


def test_members_of_running() -> None:
    config = ImageConfig(
        entrypoint=("/init", "--"),
        workdir="/srv",
        user="www-data:33",
        stop_signal="SIGRTMIN+3",
        ports=("53/udp", "80/tcp"),
        volumes=("/data",),
    )
    assert config.problems() == []
    assert config.members() == {
        "Entrypoint": ["/init", "--"],
        "ExposedPorts": {"53/udp": {}, "80/tcp": {}},
        "StopSignal": "SIGRTMIN+3",
        "User": "www-data:33",
        "Volumes": {"/data": {}},
        "WorkingDir": "/srv",
    }


@pytest.mark.parametrize(
    ("options", "cmd"),
    [({}, ("bash",)), ({"cmd": []}, ()), ({"entrypoint": ["x"]}, ()), ({"entrypoint": ["x"], "cmd": ["y"]}, ("y",))],
)
def test_command_by_default(options: dict[str, list[str]], cmd: tuple[str, ...]) -> None:
    assert read_config(options, ("bash",)).cmd == cmd


def test_ports_as_they_are_written() -> None:
    assert read_config({"ports": ["80", "53/udp", "80/tcp"]}).ports == ("53/udp", "80/tcp")


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        (ImageConfig(env=(("A B", "x"),)), "env: 'A B' is no name"),
        (ImageConfig(env=(("1A", "x"),)), "env: '1A' is no name"),
        (ImageConfig(env=(("", "x"),)), "env: '' is no name"),
        (ImageConfig(env=(("A", "x\ny"),)), "env.A must be a single line"),
        (ImageConfig(labels=(("a=b", "x"),)), "labels: 'a=b' is no name"),
        (ImageConfig(labels=(("org.slipway.base-image.recipe", "x"),)), "the collection's own"),
        (ImageConfig(cmd=("a\0",)), "null byte"),
        (ImageConfig(entrypoint=("a", "\0")), "entrypoint[1] holds a null byte"),
        (ImageConfig(workdir="srv"), "workdir must be an absolute path; got: srv"),
        (ImageConfig(user="a b"), "user must be a name or number"),
        (ImageConfig(user="a:"), "user must be a name or number"),
        (ImageConfig(stop_signal="INT"), "stop_signal must be a signal's name"),
        (ImageConfig(stop_signal="65"), "stop_signal must be a signal's name"),
        (ImageConfig(ports=("80/tcp", "x/tcp")), "ports[1] must be a port"),
        (ImageConfig(ports=("65536/tcp",)), "ports[0] must be a port"),
        (ImageConfig(ports=("80/icmp",)), "ports[0] must be a port"),
        (ImageConfig(volumes=("/", "/a")), "volumes[0] must not be the root directory itself"),
    ],
)
def test_refused(config: ImageConfig, problem: str) -> None:
    (found,) = config.problems()
    assert problem in found


def test_nothing_wrong() -> None:
    assert ImageConfig(("bash",), (("LC_ALL", ""),), (("org.opencontainers.image.vendor", "ü"),)).problems() == []
