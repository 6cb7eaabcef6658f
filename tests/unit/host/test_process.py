# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A running process is recognised for sure."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.process import Process, read_process


@pytest.fixture
def sleeper(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process of a program of its own, with a name and arguments that are no easy reading."""
    sleep = shutil.which("sleep")
    assert sleep is not None
    program = tmp_path / "a) b"
    shutil.copy(sleep, program)
    process = subprocess.Popen([program, "60", "0.5"])
    yield process
    process.kill()
    process.wait()


def look(pid: int) -> Process:
    found = read_process(pid)
    assert found is not None
    return found


def test_what_is_seen(sleeper: subprocess.Popen[bytes], tmp_path: Path) -> None:
    found = look(sleeper.pid)
    assert found.argv == (str(tmp_path / "a) b"), "60", "0.5")
    assert found.identity == f"{sleeper.pid}:{found.ticks}"
    assert found.started == pytest.approx(time.time(), abs=5)
    assert not found.outdated
    assert look(sleeper.pid) == found


def test_two_processes_differ(sleeper: subprocess.Popen[bytes]) -> None:
    assert look(sleeper.pid).identity != look(os.getpid()).identity


def test_a_replaced_program_is_noticed(sleeper: subprocess.Popen[bytes], tmp_path: Path) -> None:
    """A package manager writes the new program beside the old one and renames it."""
    (tmp_path / "new").write_bytes(b"")
    (tmp_path / "new").rename(tmp_path / "a) b")
    assert look(sleeper.pid).outdated


@pytest.mark.parametrize("pid", [0, -1, 2**22 + 1])
def test_nobody(pid: int) -> None:
    assert read_process(pid) is None
