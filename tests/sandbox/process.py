# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the commands of the machine the tests are started on."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import time
import typing as t

from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Completed, Host, Runner

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def environment(extra: t.Mapping[str, str] | None = None) -> dict[str, str]:
    """Programs speak English and are found where an administrator has them; the caller's Docker context is left out."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DOCKER_", "DEBIAN_FRONTEND"))}
    kept["PATH"] = _PATH
    return {**kept, "LC_ALL": "C.UTF-8", **(extra or {})}


def runner(log: str | None = None) -> Runner:
    """:param log: file that gets what the commands say, as they say it"""

    def run(argv: t.Sequence[str], *, data: str | None = None, env: t.Mapping[str, str] | None = None) -> Completed:
        if log is None:
            return _run(argv, data, env, subprocess.PIPE)
        os.makedirs(os.path.dirname(log), exist_ok=True)
        with open(log, "ab") as opened:
            opened.write(f"{time.strftime('%H:%M:%S')} $ {shlex.join(argv)}\n".encode())
            opened.flush()
            start = opened.tell()
            done = _run(argv, data, env, opened)
            with open(log, "rb") as again:
                again.seek(start)
                said = again.read().decode(errors="replace")
            opened.write(done.out.encode() + f"exit {done.rc}\n".encode())
        return Completed(done.argv, done.rc, done.out, said)

    return run


def _run(argv: t.Sequence[str], data: str | None, env: t.Mapping[str, str] | None, stderr: t.Any) -> Completed:
    try:
        process = subprocess.Popen(
            list(argv),
            stdin=subprocess.DEVNULL if data is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=environment(env),
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
    except OSError as exc:
        return Completed(tuple(argv), 127, "", str(exc))
    try:
        out, err = process.communicate(data)
    except BaseException:
        _end(process)
        raise
    return Completed(tuple(argv), process.returncode, out or "", err or "")


def _end(process: subprocess.Popen[str]) -> None:
    """End a command with all it started: mmdebstrap waits for its children, and unmounts when they are gone."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)
            return


def machine(log: str | None = None) -> Host:
    """The machine itself as the collection's logic sees one."""
    return Host(runner(log))
