# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a program needs is added to it, and is enough for it to start."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Host
from ansible_collections.slipway.docker.plugins.module_utils.image.files.elf import read_elf
from ansible_collections.slipway.docker.plugins.module_utils.image.files.libraries import through_links, with_libraries
from ansible_collections.slipway.docker.plugins.module_utils.image.files.tree import Entry, look_at_files
from ansible_collections.slipway.docker.plugins.module_utils.image.files.wish import read_files
from unit.image.doubles import Commands

PROGRAM = "/bin/ls"  # it needs a library that needs another one
HOST = Host(Commands({}))


def test_a_program_of_this_machine(tmp_path: Path) -> None:
    tree = look_at_files(HOST, read_files([{"path": "/tool", "src": PROGRAM}]))
    entries, problems = with_libraries(HOST, tree.entries)
    assert problems == []
    program = read_elf(PROGRAM)
    assert program is not None
    assert program.interpreter in {entry.path for entry in entries}
    # the loader is the witness: all that it would load is there, by the same name
    listed = subprocess.run([program.interpreter, "--list", PROGRAM], capture_output=True, text=True, check=True).stdout
    wanted = {line.split()[0] for line in listed.splitlines() if "=>" in line}
    assert wanted <= {os.path.basename(entry.path) for entry in entries}
    assert with_libraries(HOST, entries)[0] == entries


def test_what_the_host_has_not_got(tmp_path: Path) -> None:
    data = Path(PROGRAM).read_bytes().replace(b"libc.so.6\0", b"libz.none\0")
    (tmp_path / "tool").write_bytes(data)
    tree = look_at_files(HOST, read_files([{"path": "/tool", "src": str(tmp_path / "tool")}]))
    _entries, problems = with_libraries(HOST, tree.entries)
    assert problems == ["files: /tool needs libz.none, which this host does not have where loaders look"]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/lib64/ld.so", "/usr/lib/ld.so"),
        ("/lib/x/y", "/usr/lib/x/y"),
        ("/etc/x", "/etc/x"),
        ("/round/x", "/round/x"),
    ],
)
def test_links_are_followed(path: str, place: str) -> None:
    links = {"/lib": "usr/lib", "/lib64": "/lib", "/round": "round"}
    assert through_links({at: Entry(at, "link", link=to) for at, to in links.items()}, path) == place
