# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a build is, as a person who waits for it is told."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image import watching
from ansible_collections.slipway.docker.plugins.module_utils.image.progress import phase_file
from ansible_collections.slipway.docker.plugins.module_utils.image.watching import (
    Progress,
    familiar_name,
    is_finished,
    watch,
)
from unit.trees import Tree

NAME = "local/debian:trixie"
JOB = "/root/.ansible_async/j123456.789"
RUNNING = json.dumps({"started": True, "finished": False, "ansible_job_id": "j123456.789"})
DONE = json.dumps({"changed": True, "action": "build"})


class Build:
    """A build on a host that is a directory tree."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        tree.write(JOB, RUNNING)
        tree.write("/proc/42/cmdline", "python3\0/root/async_wrapper.py\0j123456\0" + "3600\0")

    def tell(self, phase: str, pid: int = 42, **seconds: int) -> None:
        now = time.time()
        told = {key: now - ago for key, ago in {"since": 0, "began": 0, **seconds}.items()}
        self.tree.write(phase_file(NAME), json.dumps({"name": NAME, "phase": phase, "pid": pid, **told}))

    def watch(self, phase: str = "", timeout: float = 0) -> Progress:
        return watch(self.tree.host, NAME, JOB, phase, timeout)


@pytest.fixture
def build(tree: Tree) -> Build:
    return Build(tree)


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets things happen, one at a time, while the module waits."""

    def arrange(*events: Callable[[], Any]) -> None:
        left = list(events)
        monkeypatch.setattr(time, "sleep", lambda _seconds: left.pop(0)())

    return arrange


def test_phase_is_told_with_its_seconds(build: Build) -> None:
    build.tell("unpack", since=10, began=14)
    seen = build.watch()
    assert (seen.phase, seen.phase_seconds, seen.seconds, seen.finished) == ("unpack", 10, 14, False)
    assert seen.message == f"{NAME}: unpack for 10 s, 14 s in all"


@pytest.mark.parametrize(
    ("seen", "line"),
    [
        (Progress(NAME, "unpack", 0, 4), "unpack, 4 s"),
        (Progress(NAME, "look", 3, 3), "look, 3 s"),
        (Progress(NAME, "", 0, 3), "building, 3 s"),
        (Progress(NAME, seconds=31, finished=True), "finished, 31 s"),
        (
            Progress(NAME, seconds=9, finished=True, lost=True),
            "the build was killed after about 9 s; the host's journal may tell why",
        ),
    ],
)
def test_line(seen: Progress, line: str) -> None:
    assert seen.message == f"{NAME}: {line}"


def test_next_phase_is_waited_for(build: Build, meanwhile: Callable[..., None]) -> None:
    build.tell("unpack")
    meanwhile(lambda: None, lambda: build.tell("configure"))
    assert build.watch("unpack", timeout=3600).phase == "configure"


def test_end_is_waited_for_and_takes_the_seconds_along(build: Build, meanwhile: Callable[..., None]) -> None:
    build.tell("load", began=20)
    meanwhile(lambda: build.tree.write(JOB, DONE))
    seen = build.watch("load", timeout=3600)
    assert (seen.finished, seen.phase, seen.lost) == (True, "", False)
    assert seen.seconds >= 20


def test_same_phase_is_told_again_after_a_time(build: Build) -> None:
    build.tell("download")
    assert build.watch("download").phase == "download"


def test_build_that_tells_no_phase_has_its_seconds(build: Build) -> None:
    seen = build.watch()
    assert (seen.phase, seen.finished) == ("", False)


def test_phase_of_a_build_that_was_killed_once_is_none(build: Build) -> None:
    build.tell("load", pid=41)
    assert build.watch().phase == ""


def test_job_that_nobody_works_on_is_lost(build: Build) -> None:
    build.tell("unpack")
    build.tree.at("/proc/42/cmdline").write_text("sleep\0j1234567\0")
    seen = build.watch("unpack")
    assert (seen.finished, seen.lost) == (True, True)


def test_result_that_comes_when_the_job_ends_is_not_lost(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    def ends(*_: Any) -> bool:
        build.tree.write(JOB, DONE)
        return False

    monkeypatch.setattr(watching, "_runs", ends)
    seen = build.watch()
    assert (seen.finished, seen.lost) == (True, False)


@pytest.mark.parametrize(
    ("content", "finished"),
    [
        (RUNNING, False),
        ('{"started": 1, "finished": 0}', False),
        ("", False),
        (DONE, True),
        ('{"failed": true, "msg": "Timeout exceeded", "child_pid": 7}', True),
        (None, True),
    ],
)
def test_job_file(content: str | None, finished: bool) -> None:
    assert is_finished(content) is finished


def test_name_is_the_one_that_the_build_tells_its_phase_under() -> None:
    assert familiar_name("docker.io/library/debian") == "debian:latest"
    assert familiar_name("No Name") == "No Name"
