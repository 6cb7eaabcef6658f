# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""dockerd's command line from the service's files, every word with the file and line it comes from."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.systemd_launch import (
    SERVICE_DROP_IN,
    read_launch,
)
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.systemd_launch import (
    SystemdLaunch as Launch,
)
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Completed, Host
from unit.trees import DEBIAN_UNIT, DEFAULTS, DROP_INS, SERVICE, UPSTREAM_UNIT, Tree


def launch_of(tree: Tree, instead: dict[str, bytes | None] | None = None) -> Launch:
    launch = read_launch(tree.host, instead)
    assert isinstance(launch, Launch)
    return launch


def arguments(tree: Tree) -> list[tuple[str, str, str]]:
    return [(argument.text, str(argument.source), argument.variable) for argument in launch_of(tree).arguments]


def flags(tree: Tree) -> list[tuple[str, str, str, str, str]]:
    launch = launch_of(tree)
    return [(f.key, f.name, f.value, str(launch.source_of(f)), launch.variable_of(f)) for f in launch.flags]


def refusal(tree: Tree) -> str:
    with pytest.raises(HostError) as caught:
        read_launch(tree.host)
    return str(caught.value)


def test_no_service(tree: Tree) -> None:
    assert read_launch(tree.host) is None


def test_a_masked_service(tree: Tree) -> None:
    tree.write(SERVICE, UPSTREAM_UNIT)
    tree.link("/etc/systemd/system/docker.service", "/dev/null")
    assert read_launch(tree.host) is None


def test_upstream_unit(tree: Tree) -> None:
    tree.write(SERVICE, UPSTREAM_UNIT)
    launch = launch_of(tree)
    assert launch.argv == ["/usr/bin/dockerd", "-H", "fd://", "--containerd=/run/containerd/containerd.sock"]
    assert launch.program == "/usr/bin/dockerd"
    assert flags(tree) == [
        ("hosts", "-H", "fd://", f"{SERVICE}:8", ""),
        ("containerd", "--containerd", "/run/containerd/containerd.sock", f"{SERVICE}:8", ""),
    ]


def test_debian_unit_through_its_environment_file(tree: Tree) -> None:
    tree.write(SERVICE, DEBIAN_UNIT)
    tree.write(DEFAULTS, "# Docker\n\nDOCKER_OPTS=\"--dns 9.9.9.9 -H tcp://127.0.0.1:2375 --label='a b'\"\n")
    assert arguments(tree) == [
        ("-H", f"{SERVICE}:8", ""),
        ("fd://", f"{SERVICE}:8", ""),
        ("--containerd=/run/containerd/containerd.sock", f"{SERVICE}:8", ""),
        ("--dns", f"{DEFAULTS}:3", "DOCKER_OPTS"),
        ("9.9.9.9", f"{DEFAULTS}:3", "DOCKER_OPTS"),
        ("-H", f"{DEFAULTS}:3", "DOCKER_OPTS"),
        ("tcp://127.0.0.1:2375", f"{DEFAULTS}:3", "DOCKER_OPTS"),
        ("--label=a b", f"{DEFAULTS}:3", "DOCKER_OPTS"),
    ]
    assert flags(tree)[2:] == [
        ("dns", "--dns", "9.9.9.9", f"{DEFAULTS}:3", "DOCKER_OPTS"),
        ("hosts", "-H", "tcp://127.0.0.1:2375", f"{DEFAULTS}:3", "DOCKER_OPTS"),
        ("labels", "--label", "a b", f"{DEFAULTS}:3", "DOCKER_OPTS"),
    ]


@pytest.mark.parametrize("content", [None, "", "# DOCKER_OPTS=-D\n", "DOCKER_OPTS=\n", "export DOCKER_OPTS=-D\n"])
def test_a_variable_that_is_not_set_is_no_word(tree: Tree, content: str | None) -> None:
    tree.write(SERVICE, DEBIAN_UNIT)
    if content is not None:
        tree.write(DEFAULTS, content)
    assert launch_of(tree).argv[-1] == "--containerd=/run/containerd/containerd.sock"


def test_where_a_variable_gets_its_value(tree: Tree) -> None:
    """Files over Environment=, later files over earlier ones, wherever in the unit they stand."""
    unit = (
        "[Service]\n"
        "ExecStart=/usr/bin/dockerd $A $B $C $D\n"
        "EnvironmentFile=-/etc/sysconfig/docker\n"
        "EnvironmentFile=/etc/sysconfig/docker-network\n"
        "EnvironmentFile=-/etc/sysconfig/none\n"
        'Environment="A=--debug" B=--icc=false \\\n'
        '  "C=--label=x y"\n'
        "Environment=D=--mtu=1\n"
    )
    tree.write(SERVICE, unit)
    tree.write("/etc/sysconfig/docker", "A=--ipv6\nB=--ip-masq=false\n")
    tree.write("/etc/sysconfig/docker-network", "\nA=--selinux-enabled\n")
    assert arguments(tree) == [
        ("--selinux-enabled", "/etc/sysconfig/docker-network:2", "A"),
        ("--ip-masq=false", "/etc/sysconfig/docker:2", "B"),
        ("--label=x", f"{SERVICE}:6", "C"),
        ("y", f"{SERVICE}:6", "C"),
        ("--mtu=1", f"{SERVICE}:8", "D"),
    ]


def test_a_drop_in_may_forget_the_environment(tree: Tree) -> None:
    tree.write(SERVICE, DEBIAN_UNIT)
    tree.write(DEFAULTS, "DOCKER_OPTS=-D\n")
    tree.write(f"{DROP_INS}/a.conf", "[Service]\nEnvironmentFile=\nEnvironment=DOCKER_OPTS=--ipv6\n")
    assert launch_of(tree).argv[-1] == "--ipv6"


def test_variables_inside_of_words(tree: Tree) -> None:
    line = '/usr/bin/dockerd -H tcp://${IP}:2375 --label=${L} "${L}" a$L $${L}'
    unit = f'[Service]\nEnvironment=IP=10.0.0.1 "L=a b"\nExecStart={line}\n'
    tree.write(SERVICE, unit)
    assert arguments(tree) == [
        ("-H", f"{SERVICE}:3", ""),
        ("tcp://10.0.0.1:2375", f"{SERVICE}:2", "IP"),
        ("--label=a b", f"{SERVICE}:2", "L"),
        ("a b", f"{SERVICE}:2", "L"),
        ("a$L", f"{SERVICE}:3", ""),
        ("${L}", f"{SERVICE}:3", ""),
    ]


def test_continued_lines(tree: Tree) -> None:
    unit = "[Service]\r\nExecStart=/usr/bin/dockerd \\\r\n\t-H unix:///var/run/docker.sock \\\r\n# --tls\r\n--debug\r\n"
    tree.write(SERVICE, unit)
    launch = launch_of(tree)
    assert launch.argv == ["/usr/bin/dockerd", "-H", "unix:///var/run/docker.sock", "--debug"]
    assert str(launch.source) == f"{SERVICE}:2"


def test_a_drop_in_with_a_reset(tree: Tree) -> None:
    tree.write(SERVICE, UPSTREAM_UNIT)
    tree.write(f"{DROP_INS}/override.conf", "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd -H tcp://[::1]:2375\n")
    assert flags(tree) == [("hosts", "-H", "tcp://[::1]:2375", f"{DROP_INS}/override.conf:3", "")]


def test_instead(tree: Tree) -> None:
    tree.write(SERVICE, UPSTREAM_UNIT)
    tree.write(f"{DROP_INS}/zz.conf", "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd\n")
    assert launch_of(tree).argv == ["/usr/bin/dockerd"]
    assert launch_of(tree, {f"{DROP_INS}/zz.conf": None}).argv[1:3] == ["-H", "fd://"]


@pytest.mark.parametrize("prefix", ["", "-", "+", "!", "!!", "-+", "|"])
def test_prefixes_of_the_program(tree: Tree, prefix: str) -> None:
    tree.write(SERVICE, f"[Service]\nEnvironment=X=-D\nExecStart={prefix}/usr/bin/dockerd $X\n")
    launch = launch_of(tree)
    assert (launch.prefix, launch.argv) == (prefix, ["/usr/bin/dockerd", "-D"])


def test_the_name_a_process_gives_itself_is_no_argument(tree: Tree) -> None:
    tree.write(SERVICE, "[Service]\nExecStart=@/usr/bin/dockerd docker-daemon -H fd://\n")
    launch = launch_of(tree)
    assert launch.argv == ["/usr/bin/dockerd", "-H", "fd://"]
    assert launch.exec_start_without(list(launch.flags)) == "@/usr/bin/dockerd docker-daemon"


def test_a_line_without_variables(tree: Tree) -> None:
    tree.write(SERVICE, "[Service]\nEnvironment=X=-D\nExecStart=:/usr/bin/dockerd $X $$ ${X} -DH=a$b\n")
    launch = launch_of(tree)
    assert launch.argv == ["/usr/bin/dockerd", "$X", "$$", "${X}", "-DH=a$b"]
    assert launch.exec_start_without([launch.flags[0]]) == ':/usr/bin/dockerd $X $$ ${X} "-H=a$b"'


def test_percent_signs(tree: Tree) -> None:
    """Two of them are one in a unit, and two in an environment file."""
    unit = (
        "[Service]\n"
        "Environment=A=1%%\n"
        "EnvironmentFile=/etc/default/docker\n"
        "ExecStart=/usr/bin/dockerd --label=u=%% --label=${A} --label=${B} $C\n"
    )
    tree.write(SERVICE, unit)
    tree.write(DEFAULTS, "B=2%%\nC=-D --label=%%\n")
    launch = launch_of(tree)
    assert launch.argv[1:] == ["--label=u=%", "--label=1%", "--label=2%%", "-D", "--label=%%"]
    debug = [flag for flag in launch.flags if flag.key == "debug"]
    assert launch.exec_start_without(debug) == ("/usr/bin/dockerd --label=u=%% --label=${A} --label=${B} --label=%%%%")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("/usr/bin/docker deamon -H fd://", "/usr/bin/docker"),
        ("/bin/sh /usr/local/bin/start-docker", "/bin/sh"),
        ("/usr/bin/dockerd-rootless.sh", "/usr/bin/dockerd-rootless.sh"),
        ("-", "nothing"),
    ],
)
def test_another_program(tree: Tree, value: str, shown: str) -> None:
    tree.write(SERVICE, f"[Service]\nExecStart={value}\n")
    assert refusal(tree) == (
        f"{SERVICE}:2: ExecStart runs {shown}, not dockerd, so its flags cannot be known; "
        "let ExecStart name dockerd itself"
    )


@pytest.mark.parametrize(
    "command",
    [
        "/usr/bin/dockerd-current -H fd://",
        "/usr/bin/docker daemon -H fd://",
        "/usr/bin/docker -d -H fd://",
        "/usr/bin/docker -H fd:// --daemon",
    ],
)
def test_names_that_dockerd_has_had(tree: Tree, command: str) -> None:
    tree.write(SERVICE, f"[Service]\nExecStart={command}\n")
    launch = read_launch(tree.host)
    assert isinstance(launch, Launch)
    assert [(flag.name, flag.value) for flag in launch.flags if flag.key == "hosts"] == [("-H", "fd://")]


def test_another_folder(tree: Tree) -> None:
    tree.write(SERVICE, '[Service]\nExecStart="/opt/my docker/dockerd" -D\n')
    assert launch_of(tree).argv == ["/opt/my docker/dockerd", "-D"]


def test_two_lines(tree: Tree) -> None:
    tree.write(SERVICE, UPSTREAM_UNIT)
    tree.write(f"{DROP_INS}/a.conf", "[Service]\nExecStart=/usr/bin/dockerd\n")
    assert refusal(tree) == (
        f"docker.service has 2 ExecStart lines ({SERVICE}:8, {DROP_INS}/a.conf:2); a daemon has one: "
        "in a drop-in, write an empty ExecStart= before the new one"
    )


def test_no_line(tree: Tree) -> None:
    tree.write(SERVICE, "[Unit]\nDescription=x\n")
    assert refusal(tree) == (
        f"docker.service has 0 ExecStart lines ({SERVICE}); a daemon has one: "
        "in a drop-in, write an empty ExecStart= before the new one"
    )


def test_look_alikes_are_no_flags(tree: Tree) -> None:
    unit = (
        "[Service]\n"
        "ExecStartPre=/sbin/iptables -I INPUT -p tcp --dport 2375 -H tcp://x\n"
        "ExecStart=/usr/bin/dockerd\n"
        "ExecStartPost=/usr/bin/docker -H unix:///x network create -o y z\n"
        "#ExecStart=/usr/bin/dockerd -H tcp://0.0.0.0:2375\n"
        "[X-Old]\n"
        "ExecStart=/usr/bin/dockerd -H fd://\n"
    )
    tree.write(SERVICE, unit)
    assert flags(tree) == []


def test_environment_files_by_wildcard(tree: Tree) -> None:
    """systemd.exec(5): EnvironmentFile= takes wildcards; the files count in the order of their names."""
    tree.write("/etc/docker-env.d/20.env", "OPTS=--label=b=2\n")
    tree.write("/etc/docker-env.d/10.env", "OPTS=--debug\n")
    tree.write(
        "/etc/systemd/system/docker.service",
        "[Service]\nEnvironmentFile=-/etc/docker-env.d/*.env\nExecStart=/usr/bin/dockerd $OPTS\n",
    )
    launch = read_launch(tree.host)
    assert isinstance(launch, Launch)
    assert launch.argv == ["/usr/bin/dockerd", "--label=b=2"]
    assert str(launch.source_of(launch.flags[0])) == "/etc/docker-env.d/20.env:1"


@pytest.mark.parametrize(
    ("line", "defaults", "argv", "after"),
    [
        pytest.param(
            "/bin/sh -c 'exec dockerd $DOCKER_OPTS -H fd:// -D'",
            "DOCKER_OPTS=--mtu=1400\n",
            ["dockerd", "--mtu=1400", "-H", "fd://", "-D"],
            '/bin/sh -c "exec dockerd $$DOCKER_OPTS -D"',
            id="variable",
        ),
        pytest.param(
            '-/bin/bash -ec "/usr/bin/dockerd -H fd:// \\\n  -H tcp://127.0.0.1:2375 --label 50%% >> /var/log/d 2>&1"',
            "",
            ["/usr/bin/dockerd", "-H", "fd://", "-H", "tcp://127.0.0.1:2375", "--label", "50%"],
            '-/bin/bash -ec "/usr/bin/dockerd --label 50%% >> /var/log/d 2>&1"',
            id="continued-with-redirections",
        ),
    ],
)
def test_a_unit_whose_shell_starts_dockerd(tree: Tree, line: str, defaults: str, argv: list[str], after: str) -> None:
    tree.write(SERVICE, f"[Service]\nEnvironmentFile=-{DEFAULTS}\nExecStart={line}\n")
    tree.write(DEFAULTS, defaults)
    launch = read_launch(Host(shell, str(tree.root)))
    assert launch is not None
    assert launch.argv == argv
    edits = launch.without([flag for flag in launch.flags if flag.key == "hosts"])
    assert f"\nExecStart={after}\n" in edits.files[SERVICE_DROP_IN].decode()
    again = launch.assuming(edits.files)
    assert again.argv == [word for word in argv if not word.startswith(("-H", "fd:", "tcp:"))]


def shell(argv: Sequence[str], *, data: str | None = None, env: Mapping[str, str] | None = None) -> Completed:
    assert list(argv) == ["sh", "-n", "-s"]
    done = subprocess.run(argv, input=data, text=True, capture_output=True, check=False)
    return Completed(tuple(argv), done.returncode, done.stdout, done.stderr)
