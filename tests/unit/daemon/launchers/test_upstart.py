# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""dockerd started by a job of upstart: its main process is run before and after its flags for hosts are taken out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.upstart import Upstart
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from unit.daemon.launchers.running import Machine, check, difference, hosts, launch_of
from unit.daemon.launchers.scripts import DEFAULTS, UPSTART, UPSTART_JOB

Change = tuple[str, str]
EXEC = '\texec "$DOCKERD" $DOCKER_OPTS --raw-logs\n'
HEAD = 'description "containers"\nstart on filesystem\nrespawn\n'


def run(machine: Machine) -> list[str]:
    """What init does with a job: the text of its main process is a script that ends at the first failure."""
    lines = Path(machine.at(UPSTART)).read_text().split("\n")
    shell, inside, joined = [], "", ""
    for line in lines:
        if line.split()[:2] == ["end", "script"]:
            inside = ""
        elif inside:
            shell += [line] if inside == "main" else []
        elif line.strip() == "script":
            inside = "main"
        elif line.endswith(" script"):
            inside = "other"
        elif joined or re.match(r"\s*exec\s", line):
            joined += line.rstrip("\\")
            shell += [joined] if not line.endswith("\\") else []
            joined = joined if line.endswith("\\") else ""
    stanzas = dict(re.findall(r"^\s*env\s+(\w+)=\"?(.*?)\"?$", "\n".join(lines), re.MULTILINE))
    given = [f"{name}={value}" for name, value in {"UPSTART_JOB": "docker", **stanzas}.items()]
    return ["env", *given, "sh", "-e", "-c", "\n".join(shell)]


def upstart(tmp_path: Path, defaults: str | None, *changes: Change, job: str = UPSTART_JOB) -> Machine:
    """A host with the job changed in some places."""
    for old, new in changes:
        assert job.count(old) == 1, old
        job = job.replace(old, new)
    machine = Machine(tmp_path)
    machine.write({UPSTART: job})
    if defaults is not None:
        machine.write({DEFAULTS: defaults})
    return machine


def test_in_the_file_of_variables(tmp_path: Path) -> None:
    """The guard in the job that looks for -H, and the client behind it, stay as they are."""
    machine = upstart(tmp_path, '# -H\nDOCKER_OPTS="--dns 9.9.9.9 -H tcp://0.0.0.0:2375 -D"\n')
    assert check(machine, Upstart(), run) == {DEFAULTS: '# -H\nDOCKER_OPTS="--dns 9.9.9.9 -D"\n'}


def test_a_job_without_flags(tmp_path: Path) -> None:
    launch = launch_of(upstart(tmp_path, None), Upstart())
    assert launch.argv == ["/usr/bin/dockerd", "--raw-logs"]
    assert launch.exact
    assert launch.environment_files == (DEFAULTS,)


JOBS: dict[str, tuple[Change, list[Change]]] = {
    "set-in-the-job-and-then-replaced": (
        ("\tDOCKERD=/usr/bin/dockerd\n\tDOCKER_OPTS=\n", "\tDOCKERD=/usr/bin/dockerd\n\tDOCKER_OPTS='-H fd://'\n"),
        [],
    ),
    "on-the-line": (
        (EXEC, EXEC.replace("$DOCKER_OPTS", "-H fd:// $DOCKER_OPTS --host=x")),
        [(EXEC.replace("$DOCKER_OPTS", "-H fd:// $DOCKER_OPTS --host=x").rstrip("\n"), EXEC.rstrip("\n"))],
    ),
    "appended-behind-the-options": (
        (EXEC, '\tDOCKER_OPTS="$DOCKER_OPTS -H unix:///var/run/docker.sock"\n' + EXEC),
        [('\tDOCKER_OPTS="$DOCKER_OPTS -H unix:///var/run/docker.sock"', '\tDOCKER_OPTS="$DOCKER_OPTS"')],
    ),
    "in-a-branch": (
        (EXEC, '\tif [ -d /etc/docker ]; then\n\t\tDOCKER_OPTS="$DOCKER_OPTS -Hx"\n\tfi\n' + EXEC),
        [('\t\tDOCKER_OPTS="$DOCKER_OPTS -Hx"', '\t\tDOCKER_OPTS="$DOCKER_OPTS"')],
    ),
    "echoed-first": (
        (EXEC, '\techo "starting with $DOCKER_OPTS -H x"\n' + EXEC.replace("--raw", "-H x --raw")),
        [(EXEC.replace("--raw", "-H x --raw").rstrip("\n"), EXEC.rstrip("\n"))],
    ),
    "old-mode": (
        (EXEC, "\texec /usr/bin/docker -d -H fd:// $DOCKER_OPTS\n"),
        [("\texec /usr/bin/docker -d -H fd:// $DOCKER_OPTS", "\texec /usr/bin/docker -d $DOCKER_OPTS")],
    ),
    "stanza-env": (
        ("respawn\n", 'respawn\nenv WHERE="tcp://0.0.0.0:2375"\n'),
        [],
    ),
}


@pytest.mark.parametrize("name", JOBS)
def test_in_the_job(tmp_path: Path, name: str) -> None:
    change, expected = JOBS[name]
    machine = upstart(tmp_path, "DOCKER_OPTS='-D'\n", change)
    before = machine.tree.read(UPSTART).decode()
    changed = check(machine, Upstart(), run)
    assert difference(before, changed.get(UPSTART, before)) == expected
    assert DEFAULTS not in changed


LINES = {
    "one-line": ("exec /usr/bin/dockerd -H fd:// -D\n", "exec /usr/bin/dockerd -D\n"),
    "old-mode": ("exec /usr/bin/docker -d -H fd://\n", "exec /usr/bin/docker -d\n"),
    "continued": ("exec dockerd \\\n  -H fd:// \\\n  -D\n", "exec dockerd \\\n  -D\n"),
    "no-newline": ("exec dockerd -D -H fd://", "exec dockerd -D"),
    "more-behind": ("exec dockerd -D -H fd://\nconsole log\n", "exec dockerd -D\nconsole log\n"),
    "variable-of-a-stanza": (
        "env WHERE=fd://\nexec dockerd -D -H $WHERE\n",
        "env WHERE=fd://\nexec dockerd -D\n",
    ),
    "behind-another-process": (
        "pre-start exec docker -H x version\nexec dockerd -H fd://\n",
        "pre-start exec docker -H x version\nexec dockerd\n",
    ),
}


@pytest.mark.parametrize("name", LINES)
def test_an_exec_line(tmp_path: Path, name: str) -> None:
    before, after = LINES[name]
    machine = upstart(tmp_path, None, job=HEAD + before)
    assert check(machine, Upstart(), run) == {UPSTART: HEAD + after}


def test_flags_in_a_stanza_cannot_be_taken_out(tmp_path: Path) -> None:
    machine = upstart(tmp_path, None, job=f'{HEAD}env OPTS="-H fd:// -D"\nexec dockerd $OPTS\n')
    launch = launch_of(machine, Upstart())
    assert [flag.name for flag in launch.flags] == ["-H", "-D"]
    with pytest.raises(HostError, match=rf"^{UPSTART}:5: .*take it out by hand$"):
        hosts(launch)


def test_which_line_a_word_stands_in(tmp_path: Path) -> None:
    launch = launch_of(upstart(tmp_path, "\nDOCKER_OPTS=-D\n"), Upstart())
    assert [(a.text, str(a.source)) for a in launch.arguments] == [
        ("-D", f"{DEFAULTS}:2"),
        ("--raw-logs", f"{UPSTART}:25"),
    ]
    assert str(launch.source) == f"{UPSTART}:20"


@pytest.mark.parametrize(
    ("job", "message"),
    [
        pytest.param("start on filesystem\n", "has neither a script block nor an exec line", id="no-process"),
        pytest.param("# exec dockerd -H x\n", "has neither a script block nor an exec line", id="commented"),
        pytest.param("pre-start script\nexec dockerd -H x\nend script\n", "has neither", id="another-block"),
        pytest.param("exec socat TCP-LISTEN:2375 UNIX:/x\n", "starts dockerd in no way", id="socat"),
        pytest.param("script\nexec docker -H x run -d app\nend script\n", "starts dockerd in no way", id="client"),
        pytest.param("script\n'\nend script\n", ":2: ", id="no-shell-reads-it"),
    ],
)
def test_a_job_that_starts_no_dockerd(tmp_path: Path, job: str, message: str) -> None:
    machine = upstart(tmp_path, None, job=job)
    with pytest.raises(HostError, match=re.escape(UPSTART) + ".*" + re.escape(message)):
        launch_of(machine, Upstart())


def test_put_together_at_run_time(tmp_path: Path) -> None:
    machine = upstart(tmp_path, None, (EXEC, "\tA='x -D'\n\texec dockerd -H tcp://$A\n"))
    with pytest.raises(HostError, match=rf"^{UPSTART}:\d+: .*take it out by hand$"):
        hosts(launch_of(machine, Upstart()))


def test_no_job(tmp_path: Path) -> None:
    assert Upstart().read(Machine(tmp_path).host) is None
