# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Commands whose input or output is too large to be held: it is written to them, or read from them, as it comes."""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
import typing as t

from ...host.errors import HostError
from ...host.machine import Completed
from ..engine.layer import Sink, Source

_CHUNK = 1 << 20


def drain(argv: t.Sequence[str], sink: Sink) -> None:
    """All that a command prints, into a sink.

    :raises HostError: when it fails, with its last words
    """
    with _notes() as said, _ended(_start(argv, subprocess.DEVNULL, subprocess.PIPE, said)) as process:
        output = t.cast("t.IO[bytes]", process.stdout)
        for chunk in iter(lambda: output.read(_CHUNK), b""):
            sink.write(chunk)
        done = Completed(tuple(argv), process.wait(), "", _text(said))
    if done.rc != 0:
        raise HostError(f"{shlex.join(argv)} failed (exit {done.rc}): {done.last_words}")


def feed(argv: t.Sequence[str], source: Source) -> Completed:
    """Run a command with what a source writes as its input.

    When the source fails the command is killed before it can see the end of its input, and so take it for all of it.
    """
    with _notes() as said, _ended(_start(argv, subprocess.PIPE, subprocess.DEVNULL, said)) as process:
        taken = t.cast("t.IO[bytes]", process.stdin)
        with contextlib.suppress(BrokenPipeError):  # it ended before it had read all, and its last words tell why
            source(taken)
        taken.close()
        return Completed(tuple(argv), process.wait(), "", _text(said))


def _start(argv: t.Sequence[str], stdin: int, stdout: int, said: t.IO[bytes]) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    return subprocess.Popen(list(argv), bufsize=0, stdin=stdin, stdout=stdout, stderr=said, env=environment)


@contextlib.contextmanager
def _ended(process: subprocess.Popen[bytes]) -> t.Iterator[subprocess.Popen[bytes]]:
    """A command that is killed when what is done with it fails."""
    try:
        yield process
    except BaseException:
        process.kill()
        raise
    finally:
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


@contextlib.contextmanager
def _notes() -> t.Iterator[t.IO[bytes]]:
    """Where a command writes its errors, so that it never waits for them to be read: in memory, with no name."""
    with os.fdopen(os.memfd_create("said"), "w+b", buffering=0) as file:
        yield file


def _text(said: t.IO[bytes]) -> str:
    said.seek(0)
    return said.read().decode("utf-8", "replace")
