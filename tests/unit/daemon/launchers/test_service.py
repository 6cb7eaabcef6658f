# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which process is the daemon that a script has started: one whose number dockerd wrote down, and that is dockerd."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.programs import launches_daemon
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.sysvinit import Sysvinit
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Host
from unit.trees import no_command

WAIT = ["-c", "import sys; print(flush=True); sys.stdin.read()"]


@pytest.mark.parametrize(
    ("name", "runs"), [("dockerd", True), ("/usr/sbin/dockerd", True), ("docker", False), ("sleep", False)]
)
def test_a_number_may_be_somebody_elses_by_now(tmp_path: Path, name: str, runs: bool) -> None:
    host, file = Host(no_command), tmp_path / "docker.pid"
    pipe = subprocess.PIPE
    with subprocess.Popen([name, *WAIT, "logs"], executable=sys.executable, stdin=pipe, stdout=pipe) as process:
        assert process.stdout is not None
        process.stdout.readline()  # its words stand in /proc a moment after it was started only
        file.write_text(f"{process.pid}\n")
        status = Sysvinit().status(host, [str(tmp_path / "absent"), str(file)])
        assert (status.is_running, status.main_pid) == (runs, process.pid if runs else 0)
    assert not Sysvinit().status(host, [str(file)]).is_running


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["dockerd", "-D"], True),
        (["/usr/bin/dockerd-current"], True),
        (["docker", "-d"], True),
        (["docker", "-H", "tcp://127.0.0.1:2375", "-d"], True),
        (["docker", "daemon", "-D"], True),
        (["docker", "-D", "daemon"], True),
        (["docker", "-H", "tcp://127.0.0.1:2375", "run", "-d", "image"], False),
        (["docker", "logs", "--follow", "web"], False),
        (["docker"], False),
        ([], False),
    ],
)
def test_what_is_a_daemon(words: list[str], expected: bool) -> None:
    assert launches_daemon(words) is expected
