# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which engine a host has, by its own word or by its programs'."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon import engine_versions
from ansible_collections.slipway.docker.plugins.module_utils.daemon.engine_versions import (
    Answers,
    Versions,
    ask,
    by_engine,
    by_programs,
    version_in,
)
from ansible_collections.slipway.docker.plugins.module_utils.daemon.sockets import parse_address
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Completed, Host
from unit.engines import engine_on_tcp, engine_on_unix
from unit.trees import Tree

# Cut down from an engine's answer (Debian 12).
VERSION = {
    "Components": [
        {"Name": "Engine", "Version": "20.10.24+dfsg1", "Details": {"ApiVersion": "1.41"}},
        {"Name": "containerd", "Version": "1.6.20~ds1", "Details": {"GitCommit": "1.6.20~ds1-1+deb12u3"}},
        {"Name": "runc", "Version": "1.1.5+ds1", "Details": {"GitCommit": "1.1.5+ds1-1+deb12u1"}},
        {"Name": "docker-init", "Version": "0.19.0", "Details": {"GitCommit": ""}},
    ],
    "Version": "20.10.24+dfsg1",
    "ApiVersion": "1.41",
}
INFO = {"Driver": "overlay2", "DockerRootDir": "/var/lib/docker"}

# What the programs of Debian 12 and 13 and of docker-ce print.
WORDS = {
    "dockerd": "Docker version 20.10.24+dfsg1, build 5d6db84\n",
    "containerd": "containerd github.com/containerd/containerd 1.6.20~ds1 1.6.20~ds1-1+deb12u3\n",
    "runc": "runc version 1.1.5+ds1\ncommit: 1.1.5+ds1-1+deb12u1\nspec: 1.0.2-dev\ngo: go1.19.8\nlibseccomp: 2.5.4\n",
}


def printing(argv: Sequence[str], *, data: str | None = None, env: Mapping[str, str] | None = None) -> Completed:
    name = Path(argv[0]).name
    assert argv[1:] == ["--version"]
    return Completed(tuple(argv), 0, WORDS[name], "")


def with_programs(tree: Tree, *names: str) -> Host:
    for name in names:
        tree.write(f"/usr/bin/{name}", "")
        tree.at(f"/usr/bin/{name}").chmod(0o755)
    return Host(printing, str(tree.root))


def test_the_engine_s_own_word(tmp_path: Path) -> None:
    with engine_on_unix(tmp_path / "docker.sock") as engine:
        engine.says("/version", VERSION)
        engine.says("/info", INFO)
        answers = ask([engine.address], {})
    assert answers == Answers(engine.address.raw, VERSION, INFO)
    versions = by_engine(answers)
    assert versions == Versions("engine", "20.10.24+dfsg1", "1.41", "1.6.20~ds1", "1.1.5+ds1")
    assert versions.number == (20, 10, 24)


def test_the_unix_socket_is_asked_first(tmp_path: Path) -> None:
    with engine_on_unix(tmp_path / "docker.sock") as unix, engine_on_tcp() as tcp:
        unix.says("/version", VERSION)
        unix.says("/info", INFO)
        assert ask([tcp.address, unix.address], {}).address == unix.address.raw
        assert tcp.asked == []


def test_the_next_address_where_one_does_not_answer(tmp_path: Path) -> None:
    with engine_on_tcp() as tcp:
        tcp.says("/version", VERSION)
        tcp.says("/info", INFO)
        gone = parse_address(f"unix://{tmp_path}/gone.sock")
        assert ask([gone, tcp.address], {}).address == tcp.address.raw
        asked = list(tcp.asked)
        answers = ask([gone, tcp.address], {"tlsverify": True})
        assert tcp.asked == asked
    assert answers.version == {}
    assert "gone.sock" in answers.problem


def test_a_socket_that_this_user_may_not_connect_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_versions, "may_connect", lambda address: False)
    with engine_on_unix(tmp_path / "docker.sock") as engine:
        assert ask([engine.address], {}) == Answers(forbidden=(engine.address.raw,))
        assert engine.asked == []


def test_the_programs_word(tree: Tree) -> None:
    host = with_programs(tree, "dockerd", "containerd", "runc")
    assert by_programs(host, "/usr/bin/dockerd") == Versions(
        "programs", "20.10.24+dfsg1", "", "1.6.20~ds1", "1.1.5+ds1"
    )


def test_programs_that_are_not_there(tree: Tree) -> None:
    assert by_programs(tree.host, None) == Versions()
    assert by_programs(with_programs(tree, "dockerd"), "/usr/bin/dockerd").containerd == ""


def test_a_program_of_another_machine(tree: Tree) -> None:
    def refuse(argv: Sequence[str], *, data: str | None = None, env: Mapping[str, str] | None = None) -> Completed:
        raise OSError(8, "Exec format error")

    assert by_programs(Host(refuse, str(tree.root)), "/usr/bin/dockerd").engine == ""


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("Docker version 29.7.2, build 1a2b3c4\n", "29.7.2"),
        ("containerd containerd.io v2.1.9 abcdef\n", "2.1.9"),
        ("runc version 1.3.6\n", "1.3.6"),
        ("crun version 1.8.1\ncommit: f8a096b\n", "1.8.1"),
        ("Docker version dev, build unknown\n", ""),
        ("", ""),
    ],
)
def test_what_programs_print(text: str, version: str) -> None:
    assert version_in(text) == version
