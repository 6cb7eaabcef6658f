# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An image of nothing but files: what it is asked for decides what it is, and nothing else."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError, InvalidInput
from ansible_collections.slipway.docker.plugins.module_utils.image.build import apply
from ansible_collections.slipway.docker.plugins.module_utils.image.engine.client import Engine, Image
from ansible_collections.slipway.docker.plugins.module_utils.image.observe import State, observe
from ansible_collections.slipway.docker.plugins.module_utils.image.plan import Plan, plan
from ansible_collections.slipway.docker.plugins.module_utils.image.provenance import Provenance
from unit.image.doubles import NO_IMAGE, Commands, host_of, with_programs
from unit.image.wishes import request
from unit.trees import Tree

FILES: list[dict[str, Any]] = [{"path": "/bin/tool", "src": "/src/tool"}, {"path": "/etc/x", "content": "secret"}]


@pytest.fixture
def host(tree: Tree) -> Tree:
    tree.write("/src/tool", "#!")
    with_programs(tree, "/usr/bin/docker")
    return tree


def looked(host: Tree, **options: Any) -> tuple[State, Plan]:
    wanted = request(source="files", **{"files": FILES, "architecture": "amd64", **options})
    state = observe(host_of(host, Commands({"docker image inspect": NO_IMAGE})), wanted)
    return state, plan(state, wanted)


def test_it_needs_nothing_of_a_bootstrap(host: Tree) -> None:
    state, found = looked(host)
    assert state.origin is None
    assert (found.action, found.pending, found.backend, found.platform) == ("build", (), "", "linux/amd64")
    assert found.after is not None
    assert set(found.after) == {"source", "architecture", "files"}
    assert "secret" not in str(found.after)


def test_the_architecture_is_the_machines(host: Tree) -> None:
    state, _found = looked(host, architecture=None)
    assert state.architecture != ""


@pytest.mark.parametrize(
    "options",
    [
        {"files": FILES[:1]},
        {"files": [FILES[0], {"path": "/etc/x", "content": "other"}]},
        {"files": [FILES[0], {**FILES[1], "mode": "0600"}]},
        {"architecture": "arm64"},
        {"date": "1"},
        {"cmd": ["x"]},
        {"entrypoint": ["x"]},
        {"user": "1"},
        {"ports": ["80"]},
        {"labels": {"a": "b"}},
    ],
    ids=str,
)
def test_what_counts(host: Tree, options: dict[str, Any]) -> None:
    assert looked(host, **options)[1].recipe != looked(host)[1].recipe


@pytest.mark.parametrize("options", [{"files": FILES[::-1]}, {"date": "1970-01-01"}, {"tags": ["x"]}], ids=str)
def test_what_does_not(host: Tree, options: dict[str, Any]) -> None:
    assert looked(host, **options)[1].recipe == looked(host)[1].recipe


def test_what_makes_no_sense_with_it(host: Tree) -> None:
    with pytest.raises(InvalidInput) as caught:
        looked(host, suite="trixie", slim=True, packages=["curl"], commands=[["true"]], date="tomorrow", files=[])
    assert [problem.split(" ")[0] for problem in caught.value.problems] == [
        "suite",
        "packages",
        "slim",
        "commands",
        "files",
        "date",
    ]


def test_what_makes_no_sense_without_it() -> None:
    assert request(date="1", libraries=True).problems() == [
        "date is for source files only",
        "libraries is for source files only",
    ]


def test_an_owner_nobody_knows(host: Tree) -> None:
    with pytest.raises(InvalidInput) as caught:
        looked(host, files=[{**FILES[0], "owner": "box"}])
    assert caught.value.problems == [
        "files: owner of /bin/tool: the image has no user box in its /etc/passwd: give the number, or the file",
    ]


def loader_of_shell(host: Tree) -> str:
    """A program that is not static, in place of the tool; gives its loader."""
    shutil.copy("/bin/sh", host.at("/src/tool"))
    (remark,) = looked(host)[1].remarks
    assert remark.startswith("/bin/tool will not start: it needs /")
    assert remark.endswith(", which is not among the files")
    return remark.split(" needs ")[1].split(",")[0]


def test_a_program_without_its_loader(host: Tree) -> None:
    loader = loader_of_shell(host)
    name, directory = os.path.basename(loader), os.path.dirname(loader)
    assert looked(host, files=[*FILES, {"path": loader, "content": "it"}])[1].remarks == ()
    linked = [{"path": directory, "link": "usr/lib"}, {"path": f"/usr/lib/{name}", "content": "it"}]
    assert looked(host, files=[*FILES, *linked])[1].remarks == ()
    astray = [{"path": directory, "link": directory.rsplit("/", 1)[-1]}]
    assert len(looked(host, files=[*FILES, *astray])[1].remarks) == 1


def test_no_engine(host: Tree) -> None:
    os.unlink(host.at("/usr/bin/docker"))
    state, found = looked(host)
    assert isinstance(state.engine, Engine)
    assert found.pending == (state.engine.trouble,)


def test_a_file_that_differs_is_named(host: Tree) -> None:
    _state, made = looked(host)
    host.write("/src/tool", "#!new")
    wanted = request(source="files", files=FILES, architecture="amd64")
    state, _found = looked(host)
    provenance = Provenance(made.recipe, made.after or {})
    found = plan(replace(state, image=Image("sha256:1"), provenance=provenance), wanted)
    assert found.reasons == ("what is asked for has changed: files (/bin/tool)",)


def test_room_is_looked_for_first(host: Tree, tmp_path: Path) -> None:
    wanted = request(source="files", files=FILES, architecture="amd64", work_dir=str(tmp_path))
    commands = Commands(
        {
            "docker image inspect": NO_IMAGE,
            "docker context inspect": (0, "unix:///var/run/docker.sock", ""),
            "docker info": (0, "/", ""),
        }
    )
    state = observe(host_of(host, commands), wanted)
    large = replace(state, tree=replace(state.tree, entries=(replace(state.tree.entries[0], size=1 << 60),)))
    with pytest.raises(HostError, match=r"not enough disk space, nothing was done: / \(for the image in the engine\)"):
        apply(host_of(host, commands), large, plan(large, wanted), wanted, None)
