# SPDX-License-Identifier: GPL-3.0-or-later
"""The runner behind `make test`: its exit code, its count, and that it always tidies up."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PARTS = Path(__file__).resolve().parents[2] / "tools" / "parts.py"


def start(directory: Path, *parts: str) -> subprocess.Popen[str]:
    argv = [sys.executable, str(PARTS), "--logs", str(directory), "--finally", f"touch {directory}/tidy", *parts]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)


def wait_for(path: Path) -> None:
    end = time.monotonic() + 10
    while not path.exists() and time.monotonic() < end:
        time.sleep(0.02)


def test_success(tmp_path: Path) -> None:
    process = start(tmp_path, "one=echo fine", "two=true", "three=test $((1 + 1)) = 2")
    said = process.communicate()[0]
    assert process.returncode == 0
    assert "fine" in said
    assert said.splitlines()[-1] == "3 passed, 0 failed"
    assert (tmp_path / "tidy").exists()


def test_failure_shows_the_log_and_stops_no_other(tmp_path: Path) -> None:
    process = start(tmp_path, "bad=echo the reason; exit 3", f"good=sleep 0.3; touch {tmp_path}/done")
    said = process.communicate()[0]
    assert process.returncode == 1
    assert "exit 3" in said
    assert "| the reason" in said
    assert said.splitlines()[-1] == "1 passed, 1 failed"
    assert (tmp_path / "done").exists()
    assert (tmp_path / "tidy").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupt_ends_what_runs_and_tidies_up(tmp_path: Path, number: signal.Signals) -> None:
    process = start(tmp_path, f"long=trap 'touch {tmp_path}/told; exit' TERM; touch {tmp_path}/up; sleep 60 & wait")
    wait_for(tmp_path / "up")
    process.send_signal(number)
    said = process.communicate(timeout=10)[0]
    assert process.returncode == 130
    assert "passed" not in said
    assert (tmp_path / "told").exists()
    assert (tmp_path / "tidy").exists()


def test_interrupt_reaches_what_left_its_process_group(tmp_path: Path) -> None:
    escaped = f"trap 'touch {tmp_path}/told; exit' TERM; touch {tmp_path}/up; sleep 60 & wait"
    process = start(tmp_path, f'long=setsid --wait sh -c "{escaped}"')
    wait_for(tmp_path / "up")
    process.terminate()
    process.communicate(timeout=10)
    assert (tmp_path / "told").exists()


def test_tidying_up_that_fails_is_a_failure(tmp_path: Path) -> None:
    argv = [sys.executable, str(PARTS), "--logs", str(tmp_path), "--finally", "false", "one=true"]
    assert subprocess.run(argv, stdout=subprocess.DEVNULL, check=False).returncode == 1
