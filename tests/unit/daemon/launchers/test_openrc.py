# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""dockerd started by a script for openrc-run: run before and after its flags for hosts are taken out."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.openrc import OpenRc
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from unit.daemon.launchers.running import LSB_FUNCTIONS, Machine, check, difference, hosts, launch_of, stand_ins
from unit.daemon.launchers.scripts import CONF_D, DEBIAN_SCRIPT, DEFAULTS, OPENRC, OPENRC_SCRIPT

Change = tuple[str, str]
ARGUMENTS = 'command_args="-p ${pidfile} ${DOCKER_OPTS}"\n'
START = """
start() {
    ebegin "Starting docker, not -H x"
    start-stop-daemon --start --exec "${command}" --pidfile "${pidfile}" -- ${command_args} ${MORE}
    eend $?
}
"""


def openrc(tmp_path: Path, conf_d: str | None, *changes: Change) -> Machine:
    """A host with the script changed in some places."""
    script = OPENRC_SCRIPT
    for old, new in changes:
        assert script.count(old) == 1, old
        script = script.replace(old, new)
    machine = Machine(tmp_path)
    machine.write({OPENRC: script})
    if conf_d is not None:
        machine.write({CONF_D: conf_d})
    return machine


def run(machine: Machine) -> list[str]:
    return ["sh", str(stand_ins() / "openrc-run"), machine.at(OPENRC), "start"]


FILES: dict[str, tuple[str, str]] = {
    "double-quotes": ('DOCKER_OPTS="-H tcp://10.0.0.1:2375 -D"\n', 'DOCKER_OPTS="-D"\n'),
    "single-quotes": ("DOCKER_OPTS='-D --host=unix:///x --ipv6'\n", "DOCKER_OPTS='-D --ipv6'\n"),
    "several": ('DOCKER_OPTS="-Hx -D -H y --host z -H=fd://"\n', 'DOCKER_OPTS="-D"\n'),
    "quotes-that-are-read-later": (
        "DOCKER_OPTS=\"-H 'tcp://10.0.0.1:2375' --label 'a b'\"\n",
        "DOCKER_OPTS=\"--label 'a b'\"\n",
    ),
    "variables-that-are-read-later": ("DOCKER_OPTS='-D -H unix://$pidfile'\n", "DOCKER_OPTS='-D'\n"),
    "continued": ('DOCKER_OPTS="-D \\\n  -H fd:// \\\n  --ipv6"\n', 'DOCKER_OPTS="-D \\\n  --ipv6"\n'),
    "self-append": (
        'DOCKER_OPTS="-D"\nDOCKER_OPTS="${DOCKER_OPTS} -H fd://"\n',
        'DOCKER_OPTS="-D"\nDOCKER_OPTS="${DOCKER_OPTS}"\n',
    ),
    "arguments-of-its-own": ('MORE="x"\nDOCKER_OPTS="${MORE:+-H fd:// -D}"\n', 'MORE="x"\nDOCKER_OPTS="${MORE:+-D}"\n'),
    "in-the-background": ('command_args_background="-H fd:// -D"\n', 'command_args_background="-D"\n'),
}


@pytest.mark.parametrize("name", FILES)
def test_in_conf_d(tmp_path: Path, name: str) -> None:
    before, after = FILES[name]
    assert check(openrc(tmp_path, before), OpenRc(), run) == {CONF_D: after}


SCRIPTS: dict[str, tuple[list[Change], list[Change]]] = {
    "on-the-line": (
        [("-p ${pidfile} ${DOCKER_OPTS}", "-p ${pidfile} -H fd:// ${DOCKER_OPTS} --host=x")],
        [
            (
                'command_args="-p ${pidfile} -H fd:// ${DOCKER_OPTS} --host=x"',
                'command_args="-p ${pidfile} ${DOCKER_OPTS}"',
            )
        ],
    ),
    "default": (
        [(ARGUMENTS, 'command_args="${DOCKER_OPTS:--H fd:// -D}"\n')],
        [('command_args="${DOCKER_OPTS:--H fd:// -D}"', 'command_args="${DOCKER_OPTS:--D}"')],
    ),
    "colon-default": (
        [(ARGUMENTS, ": ${MORE:='-H fd:// -D'}\ncommand_args=\"$MORE\"\n")],
        [(": ${MORE:='-H fd:// -D'}", ": ${MORE:='-D'}")],
    ),
    "self-append": (
        [(ARGUMENTS, ARGUMENTS + 'command_args="$command_args -H fd:// --ipv6"\n')],
        [('command_args="$command_args -H fd:// --ipv6"', 'command_args="$command_args --ipv6"')],
    ),
    "in-an-if": (
        [(ARGUMENTS, ARGUMENTS + 'if [ -d /etc ]; then\n\tcommand_args="$command_args --host fd://"\nfi\n')],
        [('\tcommand_args="$command_args --host fd://"', '\tcommand_args="$command_args"')],
    ),
    "words-in-the-command": (
        [('command="${DOCKERD_BINARY:-/usr/bin/dockerd}"', 'command="/usr/bin/dockerd"')],
        [],
    ),
    "supervise-daemon": (
        [(ARGUMENTS, 'supervisor=supervise-daemon\ncommand_args="-D"\ncommand_args_foreground="-H fd:// --ipv6"\n')],
        [('command_args_foreground="-H fd:// --ipv6"', 'command_args_foreground="--ipv6"')],
    ),
    "a-start-of-its-own": (
        [("depend() {", START.lstrip() + "\ndepend() {"), ("${DOCKER_OPTS}", "${DOCKER_OPTS} -H fd://")],
        [
            (
                'command_args="-p ${pidfile} ${DOCKER_OPTS} -H fd://"',
                'command_args="-p ${pidfile} ${DOCKER_OPTS}"',
            )
        ],
    ),
    "a-start-with-the-flag": (
        [("depend() {", START.lstrip().replace("-- ", "-- -H fd:// ") + "\ndepend() {")],
        [(START.splitlines()[3].replace("-- ", "-- -H fd:// "), START.splitlines()[3])],
    ),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_in_the_script(tmp_path: Path, name: str) -> None:
    changes, expected = SCRIPTS[name]
    machine = openrc(tmp_path, "# DOCKER_OPTS='-H x'\nDOCKER_ULIMIT='-c 0 -H x'\n", *changes)
    before = machine.tree.read(OPENRC).decode()
    changed = check(machine, OpenRc(), run)
    assert list(changed) == ([OPENRC] if expected else [])
    assert difference(before, changed.get(OPENRC, before)) == expected


def test_what_is_set_for_all_services(tmp_path: Path) -> None:
    machine = openrc(tmp_path, 'DOCKER_OPTS="$DOCKER_OPTS -D"\n')
    machine.write({"/etc/rc.conf": "rc_parallel=NO\nDOCKER_OPTS='-H fd://'\n"})
    assert check(machine, OpenRc(), run) == {"/etc/rc.conf": "rc_parallel=NO\nDOCKER_OPTS=''\n"}


def test_a_script_of_sysvinits(tmp_path: Path) -> None:
    """OpenRC runs such too; they read a file of their own."""
    machine = Machine(tmp_path)
    machine.write({OPENRC: DEBIAN_SCRIPT, DEFAULTS: "DOCKER_OPTS='-H fd:// -D'\n", CONF_D: "DOCKER_OPTS='-H x'\n"})
    machine.write({"/lib/lsb/init-functions": LSB_FUNCTIONS})
    changed = check(machine, OpenRc(), lambda machine: ["sh", machine.at(OPENRC), "start"])
    assert changed == {DEFAULTS: "DOCKER_OPTS='-D'\n"}
    assert OpenRc().options_file(machine.host, None) == DEFAULTS


def test_where_each_word_comes_from(tmp_path: Path) -> None:
    machine = openrc(tmp_path, "# more\nDOCKER_OPTS='-D -H x'\nexport HTTP_PROXY=y\n")
    launch = launch_of(machine, OpenRc())
    assert [(a.text, str(a.source), a.variable) for a in launch.arguments] == [
        ("-p", f"{OPENRC}:6", ""),
        ("/run/docker.pid", f"{OPENRC}:5", "pidfile"),
        ("-D", f"{CONF_D}:2", "DOCKER_OPTS"),
        ("-H", f"{CONF_D}:2", "DOCKER_OPTS"),
        ("x", f"{CONF_D}:2", "DOCKER_OPTS"),
    ]
    assert (launch.program, launch.exact) == ("/usr/bin/dockerd", True)
    assert launch.environment_files == (CONF_D, "/etc/rc.conf")
    assert launch.environment == {"HTTP_PROXY": "y"}
    assert "DOCKER_OPTS" in launch.variables
    assert OpenRc().options_file(machine.host, launch) == CONF_D


def test_another_service_called_docker(tmp_path: Path) -> None:
    machine = openrc(tmp_path, None, ('command="${DOCKERD_BINARY:-/usr/bin/dockerd}"', 'command="/usr/bin/socat"'))
    with pytest.raises(HostError, match=rf"^{OPENRC} starts dockerd in no way that can be followed"):
        launch_of(machine, OpenRc())


@pytest.mark.parametrize(
    ("conf_d", "where"),
    [
        pytest.param("A='x -D'\nDOCKER_OPTS=\"-H tcp://$A\"\n", CONF_D, id="half-of-a-variable"),
        pytest.param("DOCKER_OPTS='-D -H fd://;junk'\nDOCKER_OPTS=${DOCKER_OPTS%;*}\n", CONF_D, id="cut-off"),
    ],
)
def test_put_together_at_run_time(tmp_path: Path, conf_d: str, where: str) -> None:
    launch = launch_of(openrc(tmp_path, conf_d), OpenRc())
    with pytest.raises(HostError, match=rf"^{where}:\d+: .*take it out by hand$"):
        hosts(launch)


def test_words_that_only_exist_at_run_time(tmp_path: Path) -> None:
    launch = launch_of(openrc(tmp_path, 'DOCKER_OPTS="-D $(cat /etc/docker/opts)"\n'), OpenRc())
    assert [str(place) for place in launch.unknown] == [f"{CONF_D}:1"]
