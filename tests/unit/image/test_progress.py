# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The phase of a build, as others on the host see it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image.progress import (
    PHASES,
    Phases,
    phase_file,
    read_phase,
)

NAME = "local/base:1"


def test_file_tells_the_phase_and_goes(tmp_path: Path) -> None:
    file = phase_file(NAME, str(tmp_path / "run" / "base_image"))
    with Phases(NAME, os.path.dirname(file)) as phases:
        assert not os.path.exists(file)
        for phase in ("bootstrap", "pack"):
            phases.enter(phase)
            told = read_phase(file)
            assert told is not None
            assert (told["name"], told["phase"], told["pid"]) == (NAME, phase, os.getpid())
            assert told["began"] <= told["since"]
        assert os.stat(file).st_mode & 0o777 == 0o600
    assert os.listdir(os.path.dirname(file)) == []
    assert set(phases.seconds) == {"bootstrap", "pack"}


def fail(directory: str) -> None:
    with Phases(NAME, directory) as phases:
        phases.enter("load")
        raise RuntimeError


def test_it_goes_also_when_the_build_fails(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        fail(str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_that_of_another_build_stays(tmp_path: Path) -> None:
    file = Path(phase_file(NAME, str(tmp_path)))
    with Phases(NAME, str(tmp_path)) as phases:
        phases.enter("load")
        file.write_text('{"pid": 1}')
    assert file.exists()


def test_phase_that_is_entered_again_adds_up(tmp_path: Path) -> None:
    with Phases(NAME, str(tmp_path)) as phases:
        for phase in ("bootstrap", "finish", "bootstrap"):
            phases.enter(phase)
    assert list(phases.seconds) == ["bootstrap", "finish"]


def test_without_a_name_or_a_place_nobody_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for phases in (Phases("", str(tmp_path / "new")), Phases(NAME, str(tmp_path / "file"))):
        with phases:
            phases.enter("look")
        assert set(phases.seconds) == {"look"}
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_unknown_phase(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="dance is not a phase"):
        Phases(NAME, str(tmp_path)).enter("dance")
    assert len(set(PHASES)) == len(PHASES)
