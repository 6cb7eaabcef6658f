# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A recorded process is known again, and a stranger with its number is not taken for it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from sandbox import pids

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_process_is_known_while_it_lives(tmp_path: Path) -> None:
    file = str(tmp_path / "pid.json")
    assert pids.running(file) is None
    with subprocess.Popen(SLEEPER) as process:
        pids.record(file, process.pid)
        found = pids.running(file)
        assert found is not None
        assert found.pid == process.pid
        pids.stop(found, patience=5)
        assert pids.running(file) is None


def test_number_that_went_to_another_process_is_not_ours(tmp_path: Path) -> None:
    file = tmp_path / "pid.json"
    with subprocess.Popen(SLEEPER) as process:
        pids.record(str(file), process.pid)
        known = json.loads(file.read_text())
        for change in ({"started": known["started"] + 1}, {"boot": "another"}):
            file.write_text(json.dumps({**known, **change}))
            assert pids.running(str(file)) is None
            pids.stop(pids.Process(**{**known, **change}), patience=0.1)
        time.sleep(0.05)
        assert process.poll() is None
        process.kill()


def test_spoilt_record_is_no_process(tmp_path: Path) -> None:
    file = tmp_path / "pid.json"
    for text in ("", "[]", "{}", '{"pid": 1}', "123"):
        file.write_text(text)
        assert pids.running(str(file)) is None
