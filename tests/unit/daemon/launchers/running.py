# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Root filesystems whose scripts are run for real, with stand-ins for dockerd and for the tools of init systems.

What a script starts is compared with what we say that it starts, word for word, before and after an edit. A script is
run as a copy in which paths lead into a folder of the test's, so that nothing of this machine is touched.
"""

from __future__ import annotations

import atexit
import functools
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ansible_collections.slipway.docker.plugins.module_utils.daemon.launch import Edits
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.shell import ShellLauncher
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.shell_launch import ShellLaunch
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Completed, Host
from ansible_collections.slipway.docker.plugins.module_utils.host.shell.trace import OPAQUE
from unit.trees import Tree

Call = tuple[str, ...]
Program = Callable[["Machine"], Sequence[str]]

_RECORD = """record() {
    printf '%s\\0' "$@" >> "$LAUNCH_RECORD"
    printf '\\001' >> "$LAUNCH_RECORD"
}
"""
_RECORDING = _RECORD + 'record "${0##*/}" "$@"\n'
_WRAPPING = """while [ $# -gt 0 ]; do
    case $1 in
        --) shift; break ;;
        -u | -n | -p | -o) shift 2 ;;
        -*) shift ;;
        *) break ;;
    esac
done
exec "$@"
"""
_START_STOP_DAEMON = """program= alias= starts=
while [ $# -gt 0 ]; do
    case $1 in
        -Sbmp) starts=yes; shift ;;
        --start | -S) starts=yes ;;
        --exec=*) program=${1#*=} ;;
        --startas=*) alias=${1#*=} ;;
        --exec | -x) program=$2; shift ;;
        --startas | -a) alias=$2; shift ;;
        --pidfile | -p | --chuid | -c | --chdir | -d | --stdout | -1 | --stderr | -2 | --name | -n) shift ;;
        --retry | -R | --signal | -s | --umask | -k | --user | -u | --group | -g | --wait | -w) shift ;;
        --) shift; break ;;
        -*) ;;
        *) break ;;
    esac
    shift
done
[ "$starts" ] || exit 0
exec "${alias:-$program}" "$@"
"""
_DAEMONIZE = """while getopts ac:e:o:p:l:u:v option; do :; done
shift $((OPTIND - 1))
exec "$@"
"""
_DOCKER = (
    _RECORD
    + """record docker "$@"
case " $* " in *" run "*) cat > /dev/null ;; esac
"""
)
# What openrc-run(8) does with a service, as far as that matters here.
_OPENRC_RUN = """script=$1
RC_SVCNAME=docker SVCNAME=docker RC_SERVICE=$script
for noop in ebegin eend einfo ewarn eerror checkpath mark_service_started yesno; do
    eval "$noop() { :; }"
done
[ ! -f "$LIVE/etc/rc.conf" ] || . "$LIVE/etc/rc.conf"
[ ! -f "$LIVE/etc/conf.d/docker" ] || . "$LIVE/etc/conf.d/docker"
. "$script"
if command -v start_pre > /dev/null; then start_pre; fi
if command -v start > /dev/null; then
    start
elif [ "$supervisor" = supervise-daemon ]; then
    eval exec $command $command_args $command_args_foreground
else
    eval start-stop-daemon --start --exec $command -- $command_args $command_args_background
fi
"""
_SU = """while [ $# -gt 0 ]; do
    case $1 in -c) exec sh -c "$2" ;; esac
    shift
done
"""

_PROGRAMS = {
    **dict.fromkeys(["dockerd", "dockerd-current", "dockerd-dev", "socat", "iptables", "generate_cert"], _RECORDING),
    **dict.fromkeys(["mount", "umount", "mountpoint", "modprobe", "chgrp", "chown", "initctl", "logger"], ""),
    **dict.fromkeys(["unshare", "nice", "ionice", "chpst", "setsid", "nohup", "softlimit"], _WRAPPING),
    "docker": _DOCKER,
    "docker-current": _DOCKER,
    "id": "echo 0\n",
    "start-stop-daemon": _START_STOP_DAEMON,
    "daemonize": _DAEMONIZE,
    "openrc-run": _OPENRC_RUN,
    "su": _SU,
}

LSB_FUNCTIONS = """\
log_begin_msg() { :; }
log_end_msg() { return "$1"; }
log_daemon_msg() { :; }
log_failure_msg() { :; }
log_success_msg() { :; }
status_of_proc() { :; }
init_is_upstart() { return 1; }
"""
RED_HAT_FUNCTIONS = """\
daemon() {
    while :; do
        case $1 in
            --pidfile | --user) shift 2 ;;
            -*) shift ;;
            *) break ;;
        esac
    done
    sh -c "$*"
}
success() { :; }
failure() { :; }
killproc() { :; }
status() { return 3; }
"""


@functools.cache
def stand_ins() -> Path:
    """The folder of programs; one for all tests, as they hold nothing of any of them."""
    folder = Path(tempfile.mkdtemp(prefix="stand-ins-"))
    atexit.register(shutil.rmtree, folder)
    for name, text in _PROGRAMS.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}")
        (folder / name).chmod(0o755)
    return folder


def really(argv: Sequence[str], *, data: str | None = None, env: Mapping[str, str] | None = None) -> Completed:
    """A runner of commands that runs them."""
    content = (data or "").encode("utf-8", "surrogateescape")
    done = subprocess.run(argv, input=content, capture_output=True, check=False)
    return Completed(tuple(argv), done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace"))


class Machine:
    """A root filesystem, and a copy of it to run scripts in."""

    def __init__(self, folder: Path) -> None:
        self.tree = Tree(folder / "root")
        self.tree.root.mkdir(exist_ok=True)
        self.host = Host(really, str(self.tree.root))
        self.live = folder / "live"
        self._record = folder / "record"
        names = "|".join(sorted(map(re.escape, _PROGRAMS), key=len, reverse=True))
        self._programs = re.compile(rf"(?<![\w./}}])(?:/usr|/usr/local|/opt)?/s?bin/(?={names}\b)")
        self._folders = re.compile(r"(?<![\w./}])/(?=(?:etc|var|run|lib|sys|usr/lib|usr/share|opt/etc)\b)")

    def write(self, files: Mapping[str, str | bytes]) -> None:
        for path, text in files.items():
            self.tree.write(path, text)

    def texts(self) -> dict[str, str]:
        """All files, without the functions that come with the distribution."""
        return {path: self.tree.read(path).decode() for path in self.tree.files()}

    def at(self, path: str) -> str:
        """Where a file lies when scripts are run."""
        return str(self.live / path.lstrip("/"))

    def start(self, program: Program) -> list[Call]:
        """Run a program on a copy of what is there; what it and all its descendants have called."""
        for path in self.tree.files():
            self.put(path, self.tree.read(path).decode("utf-8", "surrogateescape"))
        for folder in ("var/run", "var/log", "var/lock/subsys", "run", "etc/docker"):
            (self.live / folder).mkdir(parents=True, exist_ok=True)
        self._record.write_bytes(b"")
        environment = {
            "PATH": f"{stand_ins()}:/usr/sbin:/usr/bin:/sbin:/bin",
            "LAUNCH_RECORD": str(self._record),
            "LIVE": str(self.live),
        }
        self._to_the_end(program(self), environment)
        return self.calls()

    def put(self, path: str, text: str) -> None:
        """Write a file into the copy, with paths that lead there."""
        here = self._folders.sub(f"{self.live}/", self._programs.sub(f"{stand_ins()}/", text))
        target = self.live / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(here.encode("utf-8", "surrogateescape"))

    def _to_the_end(self, program: Sequence[str], environment: Mapping[str, str]) -> None:
        """Wait for what was put into the background too: each process has a pipe open as long as it lives."""
        ours, theirs = os.pipe()
        try:
            done = subprocess.run(
                program, env=environment, pass_fds=[theirs], cwd=self.live, capture_output=True, check=False
            )
        finally:
            os.close(theirs)
        with os.fdopen(ours, "rb") as pipe:
            assert pipe.read() == b""
        assert done.returncode == 0, done.stderr.decode(errors="replace")

    def calls(self) -> list[Call]:
        found = self._record.read_bytes().decode("utf-8", "surrogateescape").split("\001")[:-1]
        return [tuple(self._as_there(word) for word in call.split("\0")[:-1]) for call in found]

    def _as_there(self, word: str) -> str:
        """A word with the paths that the host has."""
        return word.replace(str(self.live), "")


def daemons(calls: Sequence[Call]) -> list[Call]:
    """Those calls that start dockerd."""
    return [
        call for call in calls if call[0].startswith("dockerd") or ({"daemon", "-d"} & set(call) and "run" not in call)
    ]


def without_hosts(words: Sequence[str]) -> Call:
    """Words without flags for hosts, in all spellings that fixtures have."""
    left, index = [], 0
    while index < len(words):
        word = words[index]
        if word in ("-H", "--host", "-DH"):
            left += ["-D"] if word == "-DH" else []
            index += 2
            continue
        if not word.startswith(("-H", "--host=")):
            left.append(word)
        index += 1
    return tuple(left)


def agrees(words: Sequence[str], said: Sequence[str]) -> bool:
    """Whether words are what was said of them, as far as that was known."""
    patterns = [".*".join(map(re.escape, word.split(OPAQUE))) for word in said]
    return len(words) == len(said) and all(
        re.fullmatch(p, word, re.DOTALL) for p, word in zip(patterns, words, strict=True)
    )


def hosts(launch: ShellLaunch) -> Edits:
    """Take the flags for hosts out."""
    return launch.without([flag for flag in launch.flags if flag.key == "hosts"])


def launch_of(machine: Machine, launcher: ShellLauncher) -> ShellLaunch:
    launch = launcher.read(machine.host)
    assert launch is not None
    return launch


def check(machine: Machine, launcher: ShellLauncher, program: Program) -> dict[str, str]:
    """Take hosts out, and hold what is started then against what was started before.

    What no longer has flags says so when it is read again, and then nothing is left to do.

    :return: the files that changed, as they are then
    """
    before = machine.start(program)
    launch = launch_of(machine, launcher)
    started = daemons(before)
    said = {tuple(field.text for field in start.arguments) for start in launch.starts}
    assert started
    assert all(any(agrees(call[1:], words) for words in said) for call in started), (started, said)
    edits = hosts(launch)
    texts = machine.texts()
    machine.write(edits.files)
    after = machine.start(program)
    assert after == [without_hosts(call) if call in started else call for call in before]
    again = launch_of(machine, launcher)
    assert not [flag for flag in again.flags if flag.key == "hosts"]
    changed = {path: content.decode() for path, content in edits.files.items()}
    assert all(changed[path] != texts.get(path) for path in changed)
    return changed


def difference(before: str, after: str) -> list[tuple[str, str]]:
    """The lines that differ between texts, each as it was and as it is; what is gone wholly is empty."""
    import difflib

    old, new = before.splitlines(), after.splitlines()
    found = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            found.append(("\n".join(old[a:b]), "\n".join(new[c:d])))
    return found
