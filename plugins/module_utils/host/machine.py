# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The machine that logic works on: a root directory and a way to run commands."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import typing as t
from dataclasses import dataclass

from .errors import HostError

# Seconds for an interrupted command to clean up.
_PATIENCE = 20


@dataclass(frozen=True)
class Completed:
    """A command that has ended."""

    argv: tuple[str, ...]
    rc: int
    out: str
    err: str

    @property
    def last_words(self) -> str:
        """What a person would read first: the end of stderr, or of stdout where that is empty."""
        return (self.err.strip() or self.out.strip())[-2000:]


class Runner(t.Protocol):
    """Runs one command to its end, without a shell. Never raises for a non-zero exit."""

    def __call__(
        self, argv: t.Sequence[str], *, data: str | None = None, env: t.Mapping[str, str] | None = None
    ) -> Completed: ...


class Host:
    """A machine, or a root filesystem that is not booted.

    :param run: how commands are run; on a root other than ``/`` none is run unless the caller asks
    :param root: directory that stands for ``/``
    """

    def __init__(self, run: Runner, root: str = "/") -> None:
        self._run = run
        self.root = root

    @property
    def booted(self) -> bool:
        """Whether this is the running machine, so that its services can be asked and started."""
        return self.root == "/"

    def path(self, absolute: str) -> str:
        """Where an absolute path of the host lies for this process."""
        return absolute if self.booted else os.path.join(self.root, absolute.lstrip("/"))

    def exists(self, absolute: str) -> bool:
        return os.path.exists(self.path(absolute))

    def run(
        self, argv: t.Sequence[str], *, data: str | None = None, env: t.Mapping[str, str] | None = None
    ) -> Completed:
        """Run a command to its end; a non-zero exit is the caller's to judge."""
        return self._run(argv, data=data, env=env)

    def check(
        self, argv: t.Sequence[str], *, data: str | None = None, env: t.Mapping[str, str] | None = None
    ) -> Completed:
        """Run a command that has to succeed.

        :raises HostError: with the command and its last words
        """
        done = self.run(argv, data=data, env=env)
        if done.rc != 0:
            raise HostError(f"{shlex.join(argv)} failed (exit {done.rc}): {done.last_words}")
        return done

    def find_program(self, name: str) -> str | None:
        """Path of a program as the host's services would find it, or None."""
        for directory in ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"):
            if os.access(self.path(f"{directory}/{name}"), os.X_OK):
                return f"{directory}/{name}"
        return None


def module_runner(run_command: t.Callable[..., tuple[int, str, str]]) -> Runner:
    """A :class:`Runner` on top of ``AnsibleModule.run_command``."""

    def run(argv: t.Sequence[str], *, data: str | None = None, env: t.Mapping[str, str] | None = None) -> Completed:
        started: list[t.Any] = []
        try:
            rc, out, err = run_command(
                list(argv),
                data=data,
                environ_update={"LC_ALL": "C.UTF-8", **(env or {})},
                handle_exceptions=False,
                expand_user_and_vars=False,  # an argument is what it is, dollar signs and tildes included
                before_communicate_callback=started.append,
            )
        except BaseException:
            for process in started:
                _end(process)
            raise
        return Completed(tuple(argv), rc, out, err)

    return run


def _end(process: t.Any) -> None:
    """End a command whose caller was interrupted: politely, so that it can clean up after itself, then for sure.

    What it started is ended with it: a program may wait for its children without passing the signal on.
    """
    _signal_tree(process.pid, signal.SIGTERM)
    try:
        process.wait(_PATIENCE)
    except Exception:
        _signal_tree(process.pid, signal.SIGKILL)
        process.wait()


def _signal_tree(pid: int, number: int) -> None:
    for each in (pid, *descendants(pid)):  # the first one first: it shall know before its children are gone
        with contextlib.suppress(ProcessLookupError):
            os.kill(each, number)


def descendants(pid: int) -> list[int]:
    """The processes that descend from one, parents before their children."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with (
                contextlib.suppress(OSError, ValueError, IndexError),
                open(f"/proc/{name}/stat", encoding="latin-1") as file,
            ):
                parent = int(file.read().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(name))
    found = [pid]
    for each in found:
        found += children.get(each, [])
    return found[1:]
