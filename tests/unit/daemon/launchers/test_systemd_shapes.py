# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Units, drop-ins and environment files in the shapes that are out there, without their flags for hosts."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.launch import Edits, Launch
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.systemd_launch import (
    SERVICE_DROP_IN,
    read_launch,
)
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from unit.daemon.launchers.running import Machine, without_hosts
from unit.trees import DEFAULTS, DROP_INS, SERVICE

D = "/usr/bin/dockerd"
OVERRIDE = f"{DROP_INS}/override.conf"
SYSCONFIG = "/etc/sysconfig/docker"
NETWORK = "/etc/sysconfig/docker-network"
Files = Mapping[str, str]


def unit(line: str, *before: str) -> Files:
    """A unit with this line, and others in front of it."""
    more = "".join(f"{each}\n" for each in before)
    return {SERVICE: f"[Unit]\nDescription=containers\n[Service]\nType=notify\n{more}ExecStart={line}\nDelegate=yes\n"}


def drop_in(text: str) -> Files:
    return {**unit(f"{D} -H fd:// --ipv6"), OVERRIDE: text}


# Files, and the line that our drop-in has then.
UNITS: dict[str, tuple[Files, str]] = {
    # spellings
    "short": (unit(f"{D} -H tcp://0.0.0.0:2375 -D"), f"{D} -D"),
    "short-equals": (unit(f"{D} -H=tcp://0.0.0.0:2375 -D"), f"{D} -D"),
    "short-glued": (unit(f"{D} -Hunix:///var/run/docker.sock -D"), f"{D} -D"),
    "long": (unit(f"{D} --host tcp://0.0.0.0:2375 -D"), f"{D} -D"),
    "long-equals": (unit(f"{D} --host=tcp://0.0.0.0:2375 -D"), f"{D} -D"),
    "schemeless": (unit(f"{D} -H 0.0.0.0:2375 -H :2376 -D"), f"{D} -D"),
    "empty-path": (unit(f"{D} -H unix:// -D"), f"{D} -D"),
    "two-slashes": (unit(f"{D} -H unix://var/run/docker.sock -D"), f"{D} -D"),
    "any-descriptor": (unit(f"{D} -H fd://* -D"), f"{D} -D"),
    "quoted": (unit(f'{D} "-H" \'fd://\' "--host=x" -D'), f"{D} -D"),
    "specifier": (unit(f"{D} -D -H unix://%t/docker.sock --label=h=%H"), f"{D} -D --label=h=%H"),
    # where they stand
    "three-scattered": (unit(f"{D} -H a -D --host=b --ipv6 -Hc"), f"{D} -D --ipv6"),
    "last": (unit(f"{D} -D --ipv6 -H fd://"), f"{D} -D --ipv6"),
    "nothing-else": (unit(f"{D} -H fd://"), D),
    "before-the-mode": (unit("/usr/bin/docker -H fd:// -d -D"), "/usr/bin/docker -d -D"),
    "behind-the-mode": (unit("/usr/bin/docker daemon -H fd:// -D"), "/usr/bin/docker daemon -D"),
    # programs
    "mode-d": (unit("/usr/bin/docker -d -H fd://"), "/usr/bin/docker -d"),
    "mode-daemon": (unit("/usr/bin/docker daemon -H fd://"), "/usr/bin/docker daemon"),
    "dockerd-current": (unit("/usr/bin/dockerd-current -H fd:// -D"), "/usr/bin/dockerd-current -D"),
    "other-directory": (unit("/opt/docker/bin/dockerd -H fd:// -D"), "/opt/docker/bin/dockerd -D"),
    "no-directory": (unit("dockerd -H fd:// -D"), "dockerd -D"),
    "program-may-fail": (unit(f"-{D} -H fd:// -D"), f"-{D} -D"),
    # lines that go on
    "tabs": (unit(f"{D} \\\n\t-H fd:// \\\n\t--dns 9.9.9.9\\\n\t-D"), f"{D} --dns 9.9.9.9 -D"),
    "column-zero": (unit(f"{D} \\\n-H fd:// \\\n-D"), f"{D} -D"),
    "comment-in-between": (unit(f"{D} \\\n# -H x\n  -H fd:// \\\n  ; -H y\n  -D"), f"{D} -D"),
    "trailing-space": (unit(f"{D} -H fd:// -D   "), f"{D} -D"),
    "lost-backslash": (unit(f"{D} -D \\\n  -H fd://\n  --ipv6"), f"{D} -D"),
    "in-a-shell": (unit("/bin/sh -c 'exec dockerd -H fd:// -D'"), '/bin/sh -c "exec dockerd -D"'),
    "in-a-shell-over-lines": (
        unit("/bin/sh -c 'exec dockerd \\\n  -H fd:// \\\n  -D'"),
        '/bin/sh -c "exec dockerd    -D"',
    ),
    "in-a-shell-with-a-variable": (
        unit('/bin/bash -c "dockerd -H tcp://$$(hostname -i):2375 $A"', "Environment=A=-D"),
        '/bin/bash -c "dockerd $$A"',
    ),
    # drop-ins and resets
    "reset": (drop_in(f"[Service]\nExecStart=\nExecStart={D} -H x -D\n"), f"{D} -D"),
    "reset-with-carriage-returns": (drop_in(f"[Service]\r\nExecStart=\r\nExecStart={D} -H x -D\r\n"), f"{D} -D"),
    "reset-in-the-unit": ({SERVICE: f"[Service]\nExecStart={D} -H a\nExecStart=\nExecStart={D} -H b -D\n"}, f"{D} -D"),
    "unit-in-etc": (
        {**unit(f"{D} -H a"), "/etc/systemd/system/docker.service": f"[Service]\nExecStart={D} -H b -D\n"},
        f"{D} -D",
    ),
    "drop-in-without-the-line": (drop_in("[Service]\nLimitNOFILE=1\n"), f"{D} --ipv6"),
    "no-final-newline": ({SERVICE: f"[Service]\nExecStart={D} -D -H fd://"}, f"{D} -D"),
    "carriage-returns": ({SERVICE: f"[Service]\r\nExecStart={D} -D \\\r\n -H fd://\r\n"}, f"{D} -D"),
    # variables
    "variable-beside": (unit(f"{D} -H fd:// $DOCKER_OPTS"), f"{D} $DOCKER_OPTS"),
    "variable-in-braces-beside": (unit(f'{D} -H fd:// "${{A}}" ${{B}}'), f'{D} "${{A}}" ${{B}}'),
    "environment-with-blanks": (
        unit(f"{D} $A -D", 'Environment="A=--dns 9.9.9.9 -H fd://" B=1'),
        f"{D} --dns 9.9.9.9 -D",
    ),
    "value-in-a-variable": (unit(f"{D} -H tcp://${{IP}}:2375 -D", "Environment=IP=10.0.0.1"), f"{D} -D"),
    "six-variables": (
        unit(f"{D} $OPTIONS $DOCKER_STORAGE_OPTIONS $DOCKER_NETWORK_OPTIONS -H x $ADD_REGISTRY $A $B"),
        f"{D} $OPTIONS $DOCKER_STORAGE_OPTIONS $DOCKER_NETWORK_OPTIONS $ADD_REGISTRY $A $B",
    ),
    # look-alikes around
    "look-alikes": (
        unit(
            f"{D} -H fd:// --label p=-H",
            "ExecStartPre=/sbin/iptables -I INPUT -p tcp -H x",
            "ExecStartPost=/usr/bin/docker -H unix:///x network create -o a=b net",
            "ExecStop=/usr/bin/docker -H x stop -t 1",
            "#ExecStart=dockerd -H commented",
        ),
        f"{D} --label p=-H",
    ),
}


def read(machine: Machine) -> Launch:
    launch = read_launch(machine.host)
    assert launch is not None
    return launch


def take_out(machine: Machine) -> Edits:
    """Take hosts out; dockerd gets all its other words as before."""
    launch = read(machine)
    edits = launch.without([flag for flag in launch.flags if flag.key == "hosts"])
    machine.write(edits.files)
    assert read(machine).argv == [launch.program, *without_hosts(launch.argv[1:])]
    assert read(machine).environment == launch.environment
    return edits


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize("name", UNITS)
def test_units(machine: Machine, name: str) -> None:
    files, line = UNITS[name]
    machine.write(files)
    edits = take_out(machine)
    assert list(edits.files) == [SERVICE_DROP_IN]
    settings = [each for each in edits.files[SERVICE_DROP_IN].decode().split("\n") if not each.startswith("#")]
    assert settings == ["[Service]", "ExecStart=", f"ExecStart={line}", ""]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze, which judges units, is not there")
@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_no_new_fault(machine: Machine, name: str) -> None:
    def faults() -> set[str]:
        argv = ["systemd-analyze", "verify", "--man=no", f"--root={machine.tree.root}", "docker.service"]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        return {re.sub(r"^\S+:\d+: ", "", each) for each in done.stderr.splitlines() if "docker.service" in each}

    machine.write(UNITS[name][0])
    before = faults()
    take_out(machine)
    assert faults() <= before


def through(name: str, text: str, path: str = DEFAULTS) -> Files:
    """A unit that reads a file of variables, as Debian's, Red Hat's and many others do."""
    return {**unit(f"{D} ${name} --ipv6", f"EnvironmentFile=-{path}"), path: text}


# Files, and what one of them is afterwards.
ENVIRONMENTS: dict[str, tuple[Files, str, str]] = {
    **{
        name: (through(name, f"{name}='-H fd:// -D'\n"), DEFAULTS, f"{name}='-D'\n")
        for name in "DOCKER_OPTS OPTIONS DOCKER_OPTIONS DAEMON_ARGS other_args DOCKER_NETWORK_OPTIONS".split()
    },
    "double-quotes": (through("A", 'A="-D -H=tcp://0.0.0.0:2375"\n'), DEFAULTS, 'A="-D"\n'),
    "no-quotes": (through("A", "A=-D -H fd:// --mtu 1400\n"), DEFAULTS, "A=-D --mtu 1400\n"),
    "no-quotes-glued": (through("A", "A=--host=fd://\n"), DEFAULTS, "A=\n"),
    "nested-quotes": (through("A", "A=\"--label 'a b' -H 'x'\"\n"), DEFAULTS, "A=\"--label 'a b'\"\n"),
    "several-lines": (
        through("A", 'A="--mtu 1400 \\\n  -H fd:// \\\n  -D"\n'),
        DEFAULTS,
        'A="--mtu 1400 \\\n  \\\n  -D"\n',
    ),
    "blanks-around": (through("A", "  A = '-D'\nA=  '  -H x -D'  \n"), DEFAULTS, "  A = '-D'\nA=  '  -D'  \n"),
    "assigned-twice": (through("A", "A='-H a'\nA='-H b -D'\n"), DEFAULTS, "A='-H a'\nA='-D'\n"),
    "commented-beside": (through("A", "#A='-H a'\n; A=-Hb\nA=-D -Hc\n"), DEFAULTS, "#A='-H a'\n; A=-Hb\nA=-D\n"),
    "legacy-flags": (
        through("A", "A=-g /srv -s overlay2 -b br0 -D -G wheel -H x\n"),
        DEFAULTS,
        "A=-g /srv -s overlay2 -b br0 -D -G wheel\n",
    ),
    "other-variables": (
        through("A", "export http_proxy=-H\nTMPDIR=/mnt\nDOCKER_HOST=-H x\nA=-H y -D\n"),
        DEFAULTS,
        "export http_proxy=-H\nTMPDIR=/mnt\nDOCKER_HOST=-H x\nA=-D\n",
    ),
    "shell-code-beside": (
        through("A", "if [ -f /x ]; then\n  B='-H x'\nfi\n. /etc/other\nA='-H y -D'\nC=$A\n"),
        DEFAULTS,
        "if [ -f /x ]; then\n  B='-H x'\nfi\n. /etc/other\nA='-D'\nC=$A\n",
    ),
    "a-dollar-is-a-dollar": (through("A", "A='$A -H x'\n"), DEFAULTS, "A='$A'\n"),
    "carriage-returns": (through("A", "A='-H x -D'\r\nB=1\r\n"), DEFAULTS, "A='-D'\r\nB=1\r\n"),
    "no-final-newline": (through("A", "A='-D -H x'"), DEFAULTS, "A='-D'"),
    "other-name": (
        through("A", "A='-H x -D'\n", "/etc/default/docker.io"),
        "/etc/default/docker.io",
        "A='-D'\n",
    ),
    "conf-d": (through("A", "A='-H x -D'\n", "/etc/conf.d/docker"), "/etc/conf.d/docker", "A='-D'\n"),
    "no-dash": ({**unit(f"{D} $A", f"EnvironmentFile={DEFAULTS}"), DEFAULTS: "A=-D -H x\n"}, DEFAULTS, "A=-D\n"),
    "file-named-behind-the-line": (
        {SERVICE: f"[Service]\nExecStart={D} $A\nEnvironmentFile=-{DEFAULTS}\n", DEFAULTS: "A=-D -H x\n"},
        DEFAULTS,
        "A=-D\n",
    ),
    "two-files-with-one-variable": (
        {
            **unit(f"{D} $A", f"EnvironmentFile=-{SYSCONFIG}", f"EnvironmentFile=-{NETWORK}"),
            SYSCONFIG: "A='-H a'\n",
            NETWORK: "A='-H b -D'\n",
        },
        NETWORK,
        "A='-D'\n",
    ),
    "file-over-environment": (
        {**unit(f"{D} $A", "Environment=A=-Ha", f"EnvironmentFile=-{DEFAULTS}"), DEFAULTS: "A=-Hb -D\n"},
        DEFAULTS,
        "A=-D\n",
    ),
    "braces": (
        {**unit(f"{D} ${{A}} -D", f"EnvironmentFile=-{DEFAULTS}"), DEFAULTS: "A=--host=x\n"},
        "",
        f"{D} -D",
    ),
    "quoted-in-the-unit": (
        {**unit(f'{D} "$A" -D', f"EnvironmentFile=-{DEFAULTS}"), DEFAULTS: "A=--host=x\n"},
        DEFAULTS,
        "A=\n",
    ),
}


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_files_of_variables(machine: Machine, name: str) -> None:
    files, path, after = ENVIRONMENTS[name]
    machine.write(files)
    edits = take_out(machine)
    assert list(edits.files) == [path or SERVICE_DROP_IN]
    text = edits.files[path or SERVICE_DROP_IN].decode()
    assert text == after if path else f"ExecStart={after}\n" in text


def test_flags_in_the_unit_and_in_two_files(machine: Machine) -> None:
    machine.write(unit(f"{D} -H a $A $B", f"EnvironmentFile=-{SYSCONFIG}", f"EnvironmentFile={NETWORK}"))
    machine.write({SYSCONFIG: "A='-H b -D'\n", NETWORK: "B='--mtu 1400 -H c'\n"})
    edits = take_out(machine)
    assert set(edits.files) == {SERVICE_DROP_IN, SYSCONFIG, NETWORK}
    assert (edits.files[SYSCONFIG], edits.files[NETWORK]) == (b"A='-D'\n", b"B='--mtu 1400'\n")
    assert f"ExecStart={D} $A $B\n" in edits.files[SERVICE_DROP_IN].decode()


# What is no unit of dockerd's: each names what is wrong.
REFUSED: dict[str, tuple[Files, str]] = {
    "typo-in-the-mode": (unit("/usr/bin/docker deamon -H fd://"), "ExecStart runs /usr/bin/docker, not dockerd"),
    "no-mode": (unit("/usr/bin/docker -H fd:// -D"), "ExecStart runs /usr/bin/docker, not dockerd"),
    "client": (unit("/usr/bin/docker -H x run -d app"), "ExecStart runs /usr/bin/docker, not dockerd"),
    "socat": (unit("/usr/bin/socat TCP-LISTEN:2375 UNIX:/x"), "ExecStart runs /usr/bin/socat, not dockerd"),
    "rootless": (unit("/usr/bin/dockerd-rootless.sh -H x"), "ExecStart runs /usr/bin/dockerd-rootless.sh, not dockerd"),
    "shell-that-runs-another": (unit("/bin/sh -c 'socat -H x'"), "a shell that starts dockerd in no way"),
    "no-reset": (drop_in(f"[Service]\nExecStart={D} -H x\n"), "has 2 ExecStart lines"),
    "two-lines": ({SERVICE: f"[Service]\nExecStart={D} -H a\nExecStart={D} -H b\n"}, "has 2 ExecStart lines"),
    "reset-only": (drop_in("[Service]\nExecStart=\n"), "has 0 ExecStart lines"),
    "bare-line": ({SERVICE: f"ExecStart={D} -H fd://\n"}, "has 0 ExecStart lines"),
    "heredoc-saved-as-unit": (
        {SERVICE: f"cat > /etc/systemd/system/docker.service << EOF\nExecStart={D} -H x\nEOF\n"},
        "has 0 ExecStart lines",
    ),
    "generator-appends": (
        drop_in(f"[Service]\nExecStart=\nExecStart={D} -H a\n[Service]\nExecStart={D} -H b\n"),
        "has 2 ExecStart lines",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(machine: Machine, name: str) -> None:
    files, message = REFUSED[name]
    machine.write(files)
    with pytest.raises(HostError) as caught:
        read(machine)
    assert message in str(caught.value)
    assert "docker.service" in str(caught.value)


def test_a_drop_in_that_is_not_called_conf(machine: Machine) -> None:
    """systemd does not read it, so its flags are none."""
    machine.write(unit(f"{D} -D"))
    machine.write({f"{DROP_INS}/docker.service": f"[Service]\nExecStart=\nExecStart={D} -H x\n"})
    assert read(machine).argv == [D, "-D"]


def test_a_variable_put_together_by_a_shell(machine: Machine) -> None:
    machine.write(unit("/bin/sh -c 'A=\"x -D\"; exec dockerd -H tcp://$$A'"))
    launch = read(machine)
    with pytest.raises(HostError, match=rf"^{SERVICE}:\d+: .*take it out by hand$"):
        launch.without([flag for flag in launch.flags if flag.key == "hosts"])
