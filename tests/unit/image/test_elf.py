# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a program needs, read from its headers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image.files.elf import read_elf

SHELL = "/bin/sh"


def test_a_program_of_this_machine() -> None:
    program = read_elf(SHELL)
    assert program is not None
    assert Path(program.interpreter).exists()
    # the loader itself is the witness: it lists the same libraries, and those that they need
    listed = subprocess.run([program.interpreter, "--list", SHELL], capture_output=True, text=True, check=True).stdout
    assert program.needed
    assert all(name in listed for name in program.needed)


def test_a_loader_needs_nothing() -> None:
    program = read_elf(SHELL)
    assert program is not None
    loader = read_elf(program.interpreter)
    assert loader is not None
    assert (loader.kind, loader.interpreter, loader.needed) == (program.kind, "", ())


@pytest.mark.parametrize("length", [0, 3, 16, 40, 64, 100, 400, 1000])
def test_what_breaks_off_is_none(tmp_path: Path, length: int) -> None:
    path = tmp_path / "program"
    path.write_bytes(Path(SHELL).read_bytes()[:length])
    assert read_elf(str(path)) is None


def test_what_is_none(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text(f"#!{sys.executable}\n")
    assert read_elf(str(script)) is None
    assert read_elf(str(tmp_path)) is None


def test_a_table_that_cannot_be(tmp_path: Path) -> None:
    data = bytearray(Path(SHELL).read_bytes())
    data[32:40] = (1 << 62).to_bytes(8, sys.byteorder)  # where the program headers are
    path = tmp_path / "program"
    path.write_bytes(data)
    assert read_elf(str(path)) is None
