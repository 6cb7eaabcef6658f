# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts that start a stand-in for a daemon: what it gets when they are run, and which of its words are taken out."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from ansible_collections.slipway.docker.plugins.module_utils.host.shell.edit import Removal, take_out
from ansible_collections.slipway.docker.plugins.module_utils.host.shell.trace import Field, Trace, trace

DAEMONS = ("dockerd", "start-stop-daemon")
_RECORD = '#!/bin/sh\n{ echo "$(($# + 1))"; printf "%s\\0" "${0##*/}" "$@"; } >>"$RECORD"\n'


def removals_in(words: Sequence[Field]) -> list[Removal]:
    """Each `-H` and `--host` with its value."""
    found = []
    at = 0
    while at < len(words):
        size = host_size([word.text for word in words[at : at + 2]])
        if size:
            found.append(Removal(tuple(words[at : at + size])))
        at += size or 1
    return found


def host_size(words: Sequence[str]) -> int:
    """How many words a flag at the beginning takes up, 0 if it is another."""
    if words[0] in ("-H", "--host"):
        return len(words)
    return 1 if words[0].startswith(("-H", "--host=")) else 0


def removals_of(script: Trace) -> list[Removal]:
    """The removals for each way of each command that starts the daemon."""
    return [
        removal
        for command in script.commands
        for way in command.ways
        if way and way[0].text in DAEMONS
        for removal in removals_in(way)
    ]


def edited(files: dict[str, bytes]) -> dict[str, bytes]:
    """What changes once each flag is taken out of what the file `script` runs."""
    return take_out(files.get, removals_of(trace(files.get, "script", folder="")))


def without_hosts(words: Sequence[str]) -> list[str]:
    """The words without each `-H` and `--host`."""
    kept = []
    at = 0
    while at < len(words):
        size = host_size(words[at : at + 2])
        if not size:
            kept.append(words[at])
        at += size or 1
    return kept


def run(folder: Path, files: dict[str, bytes], shell: str) -> list[list[str]]:
    """The words that the stand-ins get when the file `script` is run."""
    programs = folder / "programs"
    programs.mkdir(exist_ok=True)
    for name in DAEMONS:
        program = programs / name
        program.write_text(_RECORD)
        program.chmod(0o755)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    record = folder / "record"
    record.write_bytes(b"")
    environment = {"PATH": f"{programs}:{os.environ['PATH']}", "RECORD": str(record), "LC_ALL": "C.UTF-8"}
    subprocess.run([shell, "script", "start"], cwd=folder, env=environment, timeout=20, check=False)
    return _calls(record.read_bytes().decode("utf-8", "surrogateescape"))


def _calls(record: str) -> list[list[str]]:
    found = []
    while record:
        count, _newline, record = record.partition("\n")
        *words, record = record.split("\0", int(count))
        found.append(words)
    return found
