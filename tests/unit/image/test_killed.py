# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was killed is cleaned up after: by another process at once, or by the next build."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image.engine import replacing
from ansible_collections.slipway.docker.plugins.module_utils.image.engine.replacing import Replacing, note, read_note
from ansible_collections.slipway.docker.plugins.module_utils.image.place.scratch import PREFIX, scratch, stale
from ansible_collections.slipway.docker.plugins.module_utils.image.place.stragglers import end_all_within, within
from ansible_collections.slipway.docker.plugins.module_utils.image.place.watcher import watched
from ansible_collections.slipway.docker.plugins.module_utils.image.place.workplace import (
    sweep,
    temporary_files,
    unpacked_module,
    workplace,
)
from ansible_collections.slipway.docker.plugins.module_utils.image.progress import Phases
from unit.image.doubles import NO_IMAGE, Commands, host_of, image_json
from unit.trees import Tree


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def in_another_process(work: Callable[[], None]) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return pid


def killed_while(work: Callable[[], None], ready: Path) -> None:
    pid = in_another_process(work)
    wait_until(ready.exists)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def test_watcher_cleans_up_after_a_killed_process(tmp_path: Path) -> None:
    def work() -> None:
        with watched((tmp_path / "cleaned").touch):
            (tmp_path / "ready").touch()
            time.sleep(60)

    killed_while(work, tmp_path / "ready")
    wait_until((tmp_path / "cleaned").exists)


def test_watcher_is_not_misled_by_a_fork_that_lives_on(tmp_path: Path) -> None:
    def work() -> None:
        with watched((tmp_path / "cleaned").touch):
            child = in_another_process(lambda: time.sleep(60))
            (tmp_path / "ready.new").write_text(str(child))
            (tmp_path / "ready.new").rename(tmp_path / "ready")
            time.sleep(60)

    killed_while(work, tmp_path / "ready")
    wait_until((tmp_path / "cleaned").exists)
    os.kill(int((tmp_path / "ready").read_text()), signal.SIGKILL)


def fail_watched(clean: Callable[[], None]) -> None:
    with watched(clean):
        raise RuntimeError


def test_watcher_goes_with_a_process_that_ends_by_itself(tmp_path: Path) -> None:
    with watched((tmp_path / "cleaned").touch) as watcher:
        os.kill(watcher, signal.SIGTERM)  # as whoever ends a whole group of processes does
        os.kill(watcher, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(watcher, 0)
    with pytest.raises(RuntimeError):
        fail_watched((tmp_path / "cleaned").touch)
    assert not (tmp_path / "cleaned").exists()


def test_killed_workplace(tree: Tree, tmp_path: Path) -> None:
    parent = tmp_path / "work"
    parent.mkdir()

    def work() -> None:
        with workplace(tree.host, str(parent), 0) as place:
            (Path(place.directory) / "file").touch()
            (tmp_path / "ready").touch()
            time.sleep(60)

    killed_while(work, tmp_path / "ready")
    wait_until(lambda: list(parent.iterdir()) == [])


def test_killed_with_temporary_files(tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = tmp_path / "tmp"
    parent.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(parent))
    phases = Phases("it:1", str(tmp_path / "run"))

    def work() -> None:
        with temporary_files(tree.host, phases.file), phases:
            phases.enter("look")
            tempfile.mkdtemp()
            assert len(list(parent.iterdir())) == 1
            (tmp_path / "ready").touch()
            time.sleep(60)

    killed_while(work, tmp_path / "ready")
    wait_until(lambda: list(parent.iterdir()) == [] and list((tmp_path / "run").iterdir()) == [])


def test_temporary_files_of_a_run_that_ends(tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = tmp_path / "tmp"
    parent.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(parent))
    with temporary_files(tree.host, str(tmp_path / "phase")):
        assert Path(tempfile.mkdtemp()).parent.parent == parent
        sweep(tree.host, str(tmp_path))
        assert len(list(parent.iterdir())) == 1
    assert list(parent.iterdir()) == []
    assert tempfile.tempdir == str(parent)


def left_over(parent: Path, name: str = f"{PREFIX}x") -> Path:
    path = parent / name
    path.mkdir(mode=0o700)
    (path / "root").mkdir()
    (path / "root" / "file").touch()
    return path


def test_sweep_takes_what_is_left_over_and_nothing_else(tree: Tree, tmp_path: Path) -> None:
    gone = left_over(tmp_path)
    others = [left_over(tmp_path, "slipway-other"), left_over(tmp_path, f"{PREFIX}open")]
    others[1].chmod(0o755)  # not as we make them
    link = tmp_path / f"{PREFIX}link"
    link.symlink_to(others[0])
    with scratch(tree.host, str(tmp_path)) as held:
        sweep(tree.host, str(tmp_path))
        assert os.path.isdir(held)
    assert not gone.exists()
    assert all((other / "root" / "file").exists() for other in others)
    assert link.is_symlink()
    assert list(stale(str(tmp_path / "not-there"))) == []


def test_directory_is_held_by_whoever_was_forked(tree: Tree, tmp_path: Path) -> None:
    with scratch(tree.host, str(tmp_path)) as held:
        child = in_another_process(lambda: time.sleep(60))
    gone = left_over(tmp_path)
    assert list(stale(str(tmp_path))) == [str(gone)]
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert not os.path.exists(held)


def test_programs_of_a_build_are_ended_and_no_others(tmp_path: Path) -> None:
    given = {**os.environ, "TMPDIR": str(tmp_path / "root")}
    neighbour = {**os.environ, "TMPDIR": f"{tmp_path}-2"}
    with (
        open(tmp_path / "file", "wb") as file,
        subprocess.Popen(["sleep", "60"], env=given) as program,
        subprocess.Popen(["sleep", "60"], env=neighbour) as other,
        subprocess.Popen(["sleep", "60"], stdout=file, cwd=tmp_path) as looking,
    ):
        while not within(str(tmp_path)):  # until it has become the program
            time.sleep(0.01)
        assert within(str(tmp_path)) == [program.pid]
        end_all_within(str(tmp_path), but=(program.pid,))
        assert program.poll() is None
        end_all_within(str(tmp_path))
        assert program.wait() == -signal.SIGKILL
        assert (other.poll(), looking.poll()) == (None, None)
        for each in (other, looking):
            each.kill()


# --- The image whose name was to be taken.

REPLACING = Replacing.of("/usr/bin/docker", "it:1", "sha256:old")


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replacing, "PATIENCE", 2)
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)


def commands(now: str, old_tags: tuple[str, ...] = ()) -> Commands:
    return Commands(
        {
            "docker image inspect it:1": (0, image_json(now, ["it:1"]), ""),
            "docker image inspect sha256:old": (0, image_json("sha256:old", old_tags), ""),
            "docker image rm": (0, "", ""),
        }
    )


@pytest.mark.parametrize(
    ("asked", "removed"),
    [
        (commands("sha256:new"), ["docker image rm sha256:old"]),
        (commands("sha256:old"), []),
        (commands("sha256:new", ("keep:1",)), []),
        (Commands({"docker image inspect": NO_IMAGE}), []),
    ],
    ids=["the engine had all of it", "it had not", "the other has a further name", "somebody removed it"],
)
@pytest.mark.usefixtures("patient")
def test_note_is_brought_about(tree: Tree, tmp_path: Path, asked: Commands, removed: list[str]) -> None:
    directory = left_over(tmp_path)
    note(str(directory), REPLACING)
    assert read_note(str(directory)) == REPLACING
    assert (directory / "replaces.json").stat().st_mode & 0o777 == 0o600
    sweep(host_of(tree, asked), str(tmp_path))
    assert [line for line in asked.asked if " rm " in line] == removed
    assert not directory.exists()


def test_note_about_another_engine_is_not_for_us(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://192.0.2.1:2375")
    replacing.finish(host_of(tree, Commands({})), REPLACING)


def test_spoilt_note(tmp_path: Path) -> None:
    for content in ("", "[]", '{"x": 1}', "{"):
        (tmp_path / "replaces.json").write_text(content)
        assert read_note(str(tmp_path)) is None


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (["/tmp/ansible_a.b.c_payload_x1/ansible_a.b.c_payload.zip", "/usr/lib"], "/tmp/ansible_a.b.c_payload_x1"),
        (["/usr/lib/python311.zip", "/tmp/ansible_x_payload_y", "/home/a/ansible.zip"], ""),
    ],
    ids=["a module", "something else"],
)
def test_unpacked_module(search: list[str], found: str) -> None:
    assert unpacked_module(search) == found
