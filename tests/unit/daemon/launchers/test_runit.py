# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""dockerd supervised by runit: its script is run before and after its flags for hosts are taken out."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.runit import Runit
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from unit.daemon.launchers.running import Machine, check, hosts, launch_of
from unit.daemon.launchers.scripts import DEFAULTS, RUNIT, RUNIT_SCRIPT


def run(machine: Machine) -> list[str]:
    return ["sh", "-c", 'cd "${1%/*}" && exec sh ./run', "sh", machine.at(RUNIT)]


def runit(tmp_path: Path, script: str, **files: str) -> Machine:
    """A host with this script and with more files in its folder."""
    machine = Machine(tmp_path)
    machine.write({RUNIT: script, DEFAULTS: "DOCKER_OPTS='-D'\n"})
    machine.write({f"/etc/sv/docker/{name}": text for name, text in files.items()})
    return machine


SCRIPTS = {
    "on-the-line": ("exec dockerd -H fd:// -D 2>&1\n", "exec dockerd -D 2>&1\n"),
    "nothing-else": ("exec dockerd -H fd://\n", "exec dockerd\n"),
    "nothing-else-and-no-newline": ("exec dockerd -H fd://", "exec dockerd"),
    "before-a-redirection": ("exec dockerd -D -H fd:// >&2\n", "exec dockerd -D >&2\n"),
    "before-a-comment": ("exec dockerd -H fd:// # -H x\n", "exec dockerd # -H x\n"),
    "continued": ("exec dockerd \\\n  -H fd:// \\\n  -D\n", "exec dockerd \\\n  -D\n"),
    "continued-at-column-zero": ("exec dockerd \\\n-H fd:// \\\n-D\n", "exec dockerd \\\n-D\n"),
    "continued-at-the-end": ("exec dockerd \\\n\t-D \\\n\t-H fd://\n", "exec dockerd \\\n\t-D \\\n\n"),
    "wrapped": ("exec chpst -u root -o 1024 dockerd -Hfd:// -D\n", "exec chpst -u root -o 1024 dockerd -D\n"),
    "daemon-of-old": ("exec docker -d --host=x -D\n", "exec docker -d -D\n"),
    "variable-of-its-own": ("OPTS='-H x -D'\nexec dockerd $OPTS\n", "OPTS='-D'\nexec dockerd $OPTS\n"),
    "default": ('exec dockerd ${OPTS:-"-Hx"} -D\n', "exec dockerd ${OPTS:-} -D\n"),
    "one-of-two-branches": (
        'if [ -e /etc/nothing ]; then set -- -H a; else set -- --ipv6 -H b; fi\nexec dockerd "$@"\n',
        'if [ -e /etc/nothing ]; then set --; else set -- --ipv6; fi\nexec dockerd "$@"\n',
    ),
    "several": (
        "exec dockerd -H a --host=b -Hc -H=d --host e -D\n",
        "exec dockerd -D\n",
    ),
    "crlf-in-a-comment": ("# -H x\r\nexec dockerd -H x -D\n", "# -H x\r\nexec dockerd -D\n"),
    "waits-for-something-first": (
        "docker -H unix:///x version || true\ngenerate_cert --host=a\nexec dockerd -D -H x\n",
        "docker -H unix:///x version || true\ngenerate_cert --host=a\nexec dockerd -D\n",
    ),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_in_the_script(tmp_path: Path, name: str) -> None:
    before, after = (f"#!/bin/sh\n{text}" for text in SCRIPTS[name])
    assert check(runit(tmp_path, before), Runit(), run) == {RUNIT: after}


def test_in_the_file_of_variables(tmp_path: Path) -> None:
    machine = runit(tmp_path, RUNIT_SCRIPT)
    machine.write({DEFAULTS: "export TMPDIR=/mnt\nDOCKER_OPTS='-H fd:// -D'\n"})
    launch = launch_of(machine, Runit())
    assert [(a.text, str(a.source), a.variable) for a in launch.arguments] == [
        ("-H", f"{DEFAULTS}:2", "DOCKER_OPTS"),
        ("fd://", f"{DEFAULTS}:2", "DOCKER_OPTS"),
        ("-D", f"{DEFAULTS}:2", "DOCKER_OPTS"),
    ]
    assert launch.environment == {"TMPDIR": "/mnt"}
    assert launch.environment_files == (DEFAULTS,)
    assert check(machine, Runit(), run) == {DEFAULTS: "export TMPDIR=/mnt\nDOCKER_OPTS='-D'\n"}


def test_a_file_in_the_services_folder(tmp_path: Path) -> None:
    """Void Linux has its services' variables there."""
    script = "#!/bin/sh\n[ -r conf ] && . ./conf\nexec dockerd ${OPTS:=-D} 2>&1\n"
    machine = runit(tmp_path, script, conf='OPTS="-H fd:// --ipv6"\n')
    assert check(machine, Runit(), run) == {"/etc/sv/docker/conf": 'OPTS="--ipv6"\n'}


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    machine = runit(tmp_path, "#!/bin/sh\n[ -r conf ] && . ./conf\nexec dockerd -H x $OPTS\n")
    assert check(machine, Runit(), run) == {RUNIT: "#!/bin/sh\n[ -r conf ] && . ./conf\nexec dockerd $OPTS\n"}


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("exec socat UNIX-LISTEN:/run/docker.sock TCP:x:1\n", id="socat"),
        pytest.param("exec docker -H tcp://x:1 run --rm app\n", id="client"),
        pytest.param("exec sv start docker\n", id="other"),
        pytest.param("", id="empty"),
    ],
)
def test_a_service_that_starts_no_dockerd(tmp_path: Path, script: str) -> None:
    with pytest.raises(HostError, match=rf"^{RUNIT} starts dockerd in no way"):
        launch_of(runit(tmp_path, script), Runit())


def test_put_together_at_run_time(tmp_path: Path) -> None:
    launch = launch_of(runit(tmp_path, "A='x -D'\nexec dockerd -H tcp://$A\n"), Runit())
    with pytest.raises(HostError, match=rf"^{RUNIT}:2: .*take it out by hand$"):
        hosts(launch)


def test_no_service(tmp_path: Path) -> None:
    assert Runit().read(Machine(tmp_path).host) is None
