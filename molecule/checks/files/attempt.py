# SPDX-License-Identifier: GPL-3.0-or-later
"""Ask the module for configurations in check mode; then start dockerd with each of them as a person would: write the
file, restart, look; and put everything back in the end.

Reads the cases from stdin and writes what became of each into a file.
"""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys
import tarfile
import time
import typing as t
from collections.abc import Iterator

from ansible_collections.slipway.docker.plugins.module_utils.daemon.plan import Request
from ansible_collections.slipway.docker.plugins.module_utils.daemon.run import run
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Completed, Host

Case = dict[str, t.Any]

FILE = pathlib.Path("/etc/docker/daemon.json")
DROP_IN = pathlib.Path("/etc/systemd/system/docker.service.d/zzz-by-hand.conf")
# Without -H, which would clash with hosts in the file; once is enough, as a person would see it.
ALONE = "[Service]\nExecStart=\nExecStart=/usr/sbin/dockerd --containerd=/run/containerd/containerd.sock\nRestart=no\n"
IMAGE = pathlib.Path("/run/by_hand.tar")


def call(*argv: str, data: str | None = None, limit: float = 40) -> Completed:
    try:
        done = subprocess.run(argv, capture_output=True, text=True, input=data, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return Completed(argv, 124, "took too long", "")
    return Completed(argv, done.returncode, done.stdout, done.stderr)


# --- The module.


def runner(argv: t.Sequence[str], *, data: str | None = None, env: t.Mapping[str, str] | None = None) -> Completed:
    return call(*argv, data=data)


def ask(case: Case) -> str:
    """What the module says in check mode, empty where it has no objection."""
    try:
        run(Host(runner), Request(case["config"]), check_mode=True)
    except HostError as error:
        return str(error)
    return ""


# --- By hand.


def service(verb: str) -> int:
    call("systemctl", "reset-failed", "docker.service", "docker.socket")
    return call("systemctl", verb, "docker.service").rc


def journal(since: float) -> str:
    """What the daemon wrote but for its chatter; the journal may be a moment late."""
    for _attempt in range(20):
        lines = call("journalctl", "--unit=docker.service", f"--since=@{since:.3f}", "--output=cat", "--no-pager").out
        telling = [line for line in lines.splitlines() if "level=info" not in line]
        if any("docker.service" not in line for line in telling):
            break
        time.sleep(0.1)
    return "\n".join(telling)[:20000]


def words(*argv: str) -> str:
    done = call(*argv)
    return (done.out + done.err).strip()


def run_a_container() -> str:
    """An image of one program, made where the daemon has none: another storage driver has its own."""
    if call("docker", "image", "inspect", "by-hand").rc != 0:
        made = call("docker", "import", str(IMAGE), "by-hand")
        if made.rc != 0:
            return f"import: {made.last_words}"
    return words("docker", "run", "--rm", "by-hand", "/tini-static", "--version")


def start(case: Case) -> Case:
    service("stop")
    FILE.write_text(json.dumps(case["config"]))
    since = time.time()
    starts = service("start") == 0
    said: Case = {"starts": starts, "journal": "" if starts else journal(since)}
    if starts:
        said["saw"] = words(*case["look"]) if "look" in case else run_a_container()
    return said


def by_hand(cases: list[Case]) -> Iterator[Case]:
    with tarfile.open(IMAGE, "w") as archive:
        archive.add("/usr/bin/tini-static", "tini-static")
    before = FILE.read_text()
    DROP_IN.parent.mkdir(exist_ok=True)
    DROP_IN.write_text(ALONE)
    call("systemctl", "daemon-reload")
    try:
        for case in cases:
            yield start(case)
    finally:
        service("stop")
        FILE.write_text(before)
        DROP_IN.unlink()
        call("systemctl", "daemon-reload")
        call("systemctl", "restart", "docker.socket")
        service("start")


def main() -> None:
    cases = json.load(sys.stdin)
    asked = [ask(case) for case in cases]
    pathlib.Path(sys.argv[1]).write_text(json.dumps({"asked": asked, "by_hand": list(by_hand(cases))}))


main()
