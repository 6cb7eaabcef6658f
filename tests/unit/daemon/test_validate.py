# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""dockerd's own opinion, asked of stand-ins that answer in the words of real engines."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.validate import refusal
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Completed, Host
from unit.states import Doc
from unit.trees import DAEMON_JSON

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="20.10 is asked by becoming nobody")


def run(argv: Sequence[str], *, data: str | None = None, env: Mapping[str, str] | None = None) -> Completed:
    done = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)
    return Completed(tuple(argv), done.returncode, done.stdout, done.stderr)


class Dockerd:
    """A program that notes how it is called and what it could read, then says its lines."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.program = directory / "dockerd"
        self.notes = directory / "notes"

    def says(self, *, err: str, rc: int, old_err: str = "", old_rc: int = 0) -> None:
        """``old_*``: without ``--validate``, for engines that do not have it."""
        self.notes.mkdir(exist_ok=True)
        self.notes.chmod(0o777)
        self.program.write_text(
            "#!/bin/sh\n"
            f"cd {shlex.quote(str(self.notes))}\n"
            'case "$1" in --validate) kind=new; config=$3;; *) kind=old; config=$2;; esac\n'
            'printf "%s\\n" "$@" >$kind.argv; cat "$config" >$kind.json; id -u >$kind.uid; echo "$PATH" >$kind.path\n'
            f"said={shlex.quote(err)} rc={rc}\n"
            f'[ "$kind" = new ] || {{ said={shlex.quote(old_err)} rc={old_rc}; }}\n'
            'printf "%s\\n" "$said" | sed "s#CONFIG#$config#g" >&2; exit $rc\n'
        )
        self.program.chmod(0o755)

    def note(self, name: str) -> str:
        return (self.notes / name).read_text()


@pytest.fixture
def dockerd(tmp_path: Path) -> Dockerd:
    for directory in (tmp_path, *tmp_path.parents[:-2]):
        if directory.owner() == tmp_path.owner():
            directory.chmod(0o755)  # nobody has to come through
    return Dockerd(tmp_path)


def ask(dockerd: Dockerd, document: Doc, arguments: Sequence[str] = ()) -> str:
    return refusal(Host(run), str(dockerd.program), document, arguments, DAEMON_JSON)


def test_no_objection(dockerd: Dockerd) -> None:
    dockerd.says(err="configuration OK", rc=0)
    assert ask(dockerd, {"debug": True}, ["--containerd=/x", "--label", "a b"]) == ""
    argv = dockerd.note("new.argv").splitlines()
    assert argv[:2] == ["--validate", "--config-file"]
    assert argv[3:] == ["--containerd=/x", "--label", "a b"]
    assert json.loads(dockerd.note("new.json")) == {"debug": True}
    assert dockerd.note("new.path").strip() == "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    assert not Path(argv[2]).parent.exists()  # nothing is left behind


def test_userns_remap_is_not_asked_about(dockerd: Dockerd) -> None:
    """Validating it would create a user and a group."""
    dockerd.says(err="configuration OK", rc=0)
    ask(dockerd, {"debug": True, "userns-remap": "default"})
    assert json.loads(dockerd.note("new.json")) == {"debug": True}


FILE = "unable to configure the Docker daemon with file"


@pytest.mark.parametrize(
    ("err", "expected"),
    [
        (f"{FILE} CONFIG: invalid JSON: x", f"{FILE} {DAEMON_JSON}: invalid JSON: x"),
        (f'time="2026" level=warning msg="old"\n{FILE} CONFIG: EOF\n', f"{FILE} {DAEMON_JSON}: EOF"),
        (f"{FILE} CONFIG: bad http://user:secret@proxy:1", f"{FILE} {DAEMON_JSON}: bad http://***@proxy:1"),
        ("Status: unknown flag: --x\nSee 'dockerd --help'., Code: 125", "Status: unknown flag: --x"),
        ("one\ntwo", "two"),
        ("", "no reason given"),
    ],
)
def test_an_objection(dockerd: Dockerd, err: str, expected: str) -> None:
    dockerd.says(err=err, rc=1)
    assert ask(dockerd, {}) == expected


UNKNOWN = "Status: unknown flag: --validate\nSee 'dockerd --help'., Code: 125"
NOT_ROOT = "dockerd needs to be started with root privileges. To run dockerd in rootless mode, see the docs"


@ROOT_ONLY
def test_an_engine_that_cannot_validate_is_asked_as_nobody(dockerd: Dockerd) -> None:
    dockerd.says(err=UNKNOWN, rc=1, old_err=f'level=info msg="Starting up"\n{NOT_ROOT}', old_rc=1)
    assert ask(dockerd, {"debug": True}, ["-D"]) == ""
    assert dockerd.note("old.uid").strip() == "65534"
    assert json.loads(dockerd.note("old.json")) == {"debug": True}
    assert dockerd.note("old.argv").splitlines()[2:] == ["-D"]


@ROOT_ONLY
def test_its_objection(dockerd: Dockerd) -> None:
    dockerd.says(err=UNKNOWN, rc=1, old_err=f"{FILE} CONFIG: EOF", old_rc=1)
    assert ask(dockerd, {}) == f"{FILE} {DAEMON_JSON}: EOF"
