# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that are written to and read from as it comes."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.image.engine.layer import Sink
from ansible_collections.slipway.docker.plugins.module_utils.image.place.pipes import drain, feed

MUCH = b"0123456789abcdef" * 100_000


def test_all_of_it_goes_through(tmp_path: Path) -> None:
    (tmp_path / "much").write_bytes(MUCH)
    file = io.BytesIO()
    drain(["cat", str(tmp_path / "much")], file)
    assert file.getvalue() == MUCH
    done = feed(["sh", "-c", f"cat > {tmp_path}/taken"], lambda sink: sink.write(MUCH))
    assert (done.rc, (tmp_path / "taken").read_bytes()) == (0, MUCH)


def test_program_that_fails_tells_why() -> None:
    with pytest.raises(HostError, match=r"failed \(exit 3\): it is so"):
        drain(["sh", "-c", "echo it is so >&2; exit 3"], io.BytesIO())


def test_program_that_does_not_read_all() -> None:
    done = feed(["sh", "-c", "echo no room >&2; exit 1"], lambda sink: sink.write(MUCH))
    assert (done.rc, done.last_words) == (1, "no room")


def broken(sink: Sink) -> None:
    sink.write(b"part")
    raise RuntimeError


def test_program_whose_source_fails_never_sees_the_end_of_it(tmp_path: Path) -> None:
    ended, pid = tmp_path / "ended", tmp_path / "pid"
    with pytest.raises(RuntimeError):
        feed(["sh", "-c", f"echo $$ > {pid}; cat > /dev/null; touch {ended}"], broken)
    assert not ended.exists()
    # it may have been killed before it had told its number
    if number := pid.exists() and pid.read_text().strip():
        assert not os.path.exists(f"/proc/{number}")


class Refusing:
    def write(self, _data: bytes) -> None:
        raise RuntimeError


def test_program_whose_reader_fails_is_ended() -> None:
    began = time.monotonic()
    with pytest.raises(RuntimeError):
        drain(["sh", "-c", "echo a; exec sleep 60"], Refusing())
    assert time.monotonic() - began < 30
