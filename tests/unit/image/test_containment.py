# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs die with who started them, and their mounts are their own; on this machine, as far as it permits that."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Completed, Host
from ansible_collections.slipway.docker.plugins.module_utils.image.place.containment import contained, own_mounts
from unit.image.doubles import Commands, host_of
from unit.trees import Tree


def really(argv: Sequence[str], *, data: str | None = None, env: Mapping[str, str] | None = None) -> Completed:
    done = subprocess.run(
        argv, input=data, env={**os.environ, **(env or {})}, capture_output=True, text=True, check=False
    )
    return Completed(tuple(argv), done.returncode, done.stdout, done.stderr)


HOST = Host(really)


def test_program_is_the_same_as_without() -> None:
    script = 'cat; echo "$1$A"; echo bad >&2; exit 7'
    with contained(HOST) as host:
        done = host.run(["sh", "-c", script, "sh", "$x y"], data="in\n", env={"A": "b"})
    assert (done.rc, done.out, done.err) == (7, "in\n$x yb\n", "bad\n")
    assert done.argv[0] == "sh"


def test_programs_after_each_other_are_in_one_place() -> None:
    asking = ["sh", "-c", "readlink /proc/self/ns/pid; readlink /proc/self/ns/mnt"]
    with contained(HOST) as host:
        first, second = host.check(asking).out, host.check(asking).out
    assert first == second
    assert first.split()[1] == HOST.check(asking).out.split()[1]  # what one of them mounts the next one sees


def test_nothing_is_put_around_the_programs_of_a_tree(tree: Tree) -> None:
    commands = Commands({"true": (0, "", "")})
    with contained(host_of(tree, commands)) as host:
        host.run(["true"])
    assert commands.asked == ["true"]


def test_host_that_permits_little() -> None:
    seen: list[Sequence[str]] = []

    def refusing(argv: Sequence[str], **_options: object) -> Completed:
        seen.append(argv)
        return Completed(tuple(argv), 1 if "nsenter" in argv else 0, "", "")

    with contained(Host(refusing)) as host:
        host.run(["it"])
    assert seen[-1] == ["setpriv", "--pdeathsig", "KILL", "it"]


@pytest.mark.skipif(os.geteuid() != 0, reason="namespaces need root")
def test_what_a_program_leaves_running_ends_with_the_build(tmp_path: Path) -> None:
    with contained(HOST) as host:
        host.run(["sh", "-c", f"setsid sleep 61 > {tmp_path}/open 2>&1 < /dev/null &"])
        wait_until(lambda: users_of(str(tmp_path)) != [])
    wait_until(lambda: users_of(str(tmp_path)) == [])


def users_of(path: str) -> list[str]:
    """The processes that have something below a directory open, and are not this one."""
    found = []
    for pid in os.listdir("/proc"):
        if pid.isdigit() and int(pid) != os.getpid():
            with contextlib.suppress(OSError):
                links = [os.readlink(f"/proc/{pid}/fd/{number}") for number in os.listdir(f"/proc/{pid}/fd")]
                found += [pid] if any(link.startswith(f"{path}/") for link in links) else []
    return found


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="latin-1") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(os.geteuid() != 0, reason="namespaces need root")
def test_all_that_a_program_started_dies_with_who_started_it(tmp_path: Path) -> None:
    started = tmp_path / "started"
    pid = os.fork()
    if pid == 0:
        script = f"exec 9> {tmp_path}/open; setsid sleep 61 & touch {started}; sleep 62"
        with contained(HOST) as host:
            host.run(["sh", "-c", script])
        os._exit(0)
    deadline = time.monotonic() + 30
    while not started.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    holding = [
        int(name)
        for name in os.listdir("/proc")
        if name.isdigit() and name != str(os.getpid()) and _holds(name, f"{tmp_path}/open")
    ]
    assert len(holding) > 1
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    while any(alive(each) for each in holding):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _holds(pid: str, path: str) -> bool:
    try:
        return any(os.readlink(f"/proc/{pid}/fd/{number}") == path for number in os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return False


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_mounts_are_seen_by_nobody_else_and_gone_afterwards(tmp_path: Path) -> None:
    with own_mounts(HOST) as private:
        if not private:
            pytest.skip("this machine does not permit it")
        HOST.check(["mount", "-t", "tmpfs", "x", str(tmp_path)])
        assert os.path.ismount(tmp_path)
        with open(f"/proc/{os.getppid()}/mountinfo", encoding="latin-1") as file:
            assert str(tmp_path) not in file.read()
    assert not os.path.ismount(tmp_path)
