# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine that logic works on."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.testing import patch_module_args

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Completed, Host, module_runner
from unit.trees import Tree, no_command


class Interrupted(Exception):
    """Somebody wants the run to stop."""


@pytest.fixture(scope="module")
def host() -> Host:
    """This machine, on which commands run as they do in a module."""
    with patch_module_args():
        return Host(module_runner(AnsibleModule({}).run_command))


def test_paths_of_the_booted_machine() -> None:
    machine = Host(no_command)
    assert machine.booted
    assert machine.path("/etc/docker") == "/etc/docker"


def test_paths_of_a_root_filesystem(tree: Tree) -> None:
    assert not tree.host.booted
    assert tree.host.path("/etc/docker") == str(tree.root / "etc/docker")
    assert not tree.host.exists("/etc")
    tree.write("/etc/docker", "")
    assert tree.host.exists("/etc/docker")


def test_find_program(tree: Tree) -> None:
    tree.write("/usr/sbin/dockerd", "#!/bin/sh\n")
    assert tree.host.find_program("dockerd") is None  # there, but no program
    os.chmod(tree.at("/usr/sbin/dockerd"), 0o755)
    assert tree.host.find_program("dockerd") == "/usr/sbin/dockerd"
    tree.write("/usr/local/bin/dockerd", "#!/bin/sh\n")
    os.chmod(tree.at("/usr/local/bin/dockerd"), 0o755)
    assert tree.host.find_program("dockerd") == "/usr/local/bin/dockerd"


def test_run_judges_nothing(host: Host) -> None:
    code = "import os, sys; print(sys.stdin.read(), os.environ['X'], os.environ['LC_ALL']); sys.exit(3)"
    argv = [sys.executable, "-c", code]
    assert host.run(argv, data="in", env={"X": "1"}) == Completed(tuple(argv), 3, "in\n 1 C.UTF-8\n", "")


def test_check_names_command_and_reason(host: Host) -> None:
    argv = ["sh", "-c", "echo talk; echo 'the reason' >&2; exit 4"]
    with pytest.raises(HostError) as caught:
        host.check(argv)
    assert (
        str(caught.value) == "sh -c 'echo talk; echo '\"'\"'the reason'\"'\"' >&2; exit 4' failed (exit 4): the reason"
    )
    assert host.check(["true"]).rc == 0


def test_the_command_of_an_interrupted_run_is_ended(host: Host, tmp_path: Path) -> None:
    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise Interrupted

    old = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with pytest.raises(Interrupted):
            host.run(["sh", "-c", f"trap 'echo tidy > {tmp_path}/tidy; exit' TERM; sleep 5 >/dev/null 2>&1 & wait"])
    finally:
        signal.signal(signal.SIGALRM, old)
    assert (tmp_path / "tidy").read_text() == "tidy\n"


@pytest.mark.parametrize(
    ("out", "err", "expected"),
    [("o\n", " e\n", "e"), ("o\n", "\n", "o"), ("", "", ""), ("", "x" * 3000 + "end", "x" * 1997 + "end")],
)
def test_last_words(out: str, err: str, expected: str) -> None:
    assert Completed(("x",), 1, out, err).last_words == expected
