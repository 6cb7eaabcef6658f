# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run at a time on a host."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.host.lock import locked
from unit.trees import Tree

LOCK = "/run/lock/slipway-docker.lock"
HOLDER = """
import fcntl, sys, time
with open(sys.argv[1]) as lock:
    fcntl.flock(lock, fcntl.LOCK_EX)
    print(flush=True)
    time.sleep(0.3)
    open(f"{sys.argv[1]}.done", "w").close()
"""


def test_held_and_let_go(tree: Tree) -> None:
    for _again in range(2):
        with locked(tree.host, LOCK, 0):
            assert tree.read(LOCK) == str(os.getpid()).encode()
    assert stat.S_IMODE(tree.at(LOCK).stat().st_mode) == 0o600


def test_let_go_after_a_failure(tree: Tree) -> None:
    with pytest.raises(ZeroDivisionError), locked(tree.host, LOCK, 0):
        raise ZeroDivisionError
    with locked(tree.host, LOCK, 0):
        pass


def test_whoever_holds_it_is_named(tree: Tree) -> None:
    with locked(tree.host, LOCK, 0), pytest.raises(HostError) as caught, locked(tree.host, LOCK, 0.1):
        pass
    assert str(caught.value) == (
        f"another run has been changing this host for 0.1 s (process {os.getpid()}, lock {LOCK}); "
        "wait for it, or see what keeps it"
    )


def test_somebody_elses_is_waited_for(tree: Tree) -> None:
    tree.write(LOCK, "")
    with subprocess.Popen([sys.executable, "-c", HOLDER, tree.at(LOCK)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        with locked(tree.host, LOCK, 30):
            assert tree.at(f"{LOCK}.done").exists()


def test_a_link_is_not_followed(tree: Tree) -> None:
    """/run/lock may be written by everybody."""
    tree.write("/etc/shadow", "precious")
    tree.link(LOCK, str(tree.at("/etc/shadow")))
    with pytest.raises(HostError) as caught, locked(tree.host, LOCK, 0):
        pass
    assert str(caught.value) == f"cannot lock {LOCK}: Too many levels of symbolic links"
    assert tree.read("/etc/shadow") == b"precious"
