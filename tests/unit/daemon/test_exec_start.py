# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ExecStart without some flags: what is not touched stays as written, and dockerd gets exactly the other arguments."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.systemd_launch import (
    SystemdLaunch as Launch,
)
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.systemd_launch import read_launch
from unit.trees import DEFAULTS, DROP_INS, SERVICE, Tree


def launch_of(tree: Tree, line: str, defaults: str = "") -> Launch:
    """The launch of a unit with this line, run through a real environment file."""
    tree.write(SERVICE, f"[Service]\nEnvironmentFile=-{DEFAULTS}\nExecStart={line}\n")
    tree.write(DEFAULTS, defaults)
    launch = read_launch(tree.host)
    assert isinstance(launch, Launch)
    return launch


def without(launch: Launch, *keys: str) -> str:
    return launch.exec_start_without([flag for flag in launch.flags if flag.key in keys])


@pytest.mark.parametrize(
    ("line", "defaults", "expected"),
    [
        pytest.param("/usr/bin/dockerd -H fd:// -D", "", "/usr/bin/dockerd -D", id="short"),
        pytest.param("/usr/bin/dockerd -H=fd:// -D", "", "/usr/bin/dockerd -D", id="short-equals"),
        pytest.param("/usr/bin/dockerd -Hfd:// -D", "", "/usr/bin/dockerd -D", id="short-glued"),
        pytest.param("/usr/bin/dockerd --host fd:// -D", "", "/usr/bin/dockerd -D", id="long"),
        pytest.param("/usr/bin/dockerd --host=fd:// -D", "", "/usr/bin/dockerd -D", id="long-equals"),
        pytest.param("/usr/bin/dockerd -D -H fd://", "", "/usr/bin/dockerd -D", id="last"),
        pytest.param(
            "/usr/bin/dockerd -H fd:// -D --host=tcp://127.0.0.1:2375 --ipv6 -Hunix://",
            "",
            "/usr/bin/dockerd -D --ipv6",
            id="three-scattered",
        ),
        pytest.param("/usr/bin/dockerd -DH fd:// --ipv6", "", "/usr/bin/dockerd -D --ipv6", id="grouped"),
        pytest.param("/usr/bin/dockerd -DHfd:// --ipv6", "", "/usr/bin/dockerd -D --ipv6", id="grouped-glued"),
        pytest.param("/usr/bin/dockerd \"-H\" 'fd://' -D", "", "/usr/bin/dockerd -D", id="quoted"),
        pytest.param("-/usr/bin/dockerd -H fd://", "", "-/usr/bin/dockerd", id="prefix"),
        pytest.param('"/opt/my docker/dockerd" -H fd://', "", '"/opt/my docker/dockerd"', id="program-quoted"),
        pytest.param("/usr/bin/dockerd -D", "", "/usr/bin/dockerd -D", id="none-there"),
        pytest.param(
            "/usr/bin/dockerd --label 'a b' -H fd:// --label=\"c\\x20d\" --log-opt tag={{.Name}} $X ${X} %n",
            "",
            "/usr/bin/dockerd --label 'a b' --label=\"c\\x20d\" --log-opt tag={{.Name}} $X ${X} %n",
            id="others-byte-for-byte",
        ),
        pytest.param(
            "/usr/bin/dockerd -H fd:// $DOCKER_OPTS",
            'DOCKER_OPTS="-D"\n',
            "/usr/bin/dockerd $DOCKER_OPTS",
            id="variable-without-the-flag-stays",
        ),
        pytest.param(
            "/usr/bin/dockerd -H fd:// $DOCKER_OPTS",
            "DOCKER_OPTS=\"-H tcp://127.0.0.1:2375 --label 'a b' --log-opt tag={{.Name}}% -D\"\n",
            '/usr/bin/dockerd --label "a b" --log-opt "tag={{.Name}}%%" -D',
            id="through-a-variable",
        ),
        pytest.param(
            "/usr/bin/dockerd $DOCKER_OPTS -D",
            "DOCKER_OPTS=-H=fd://\n",
            "/usr/bin/dockerd -D",
            id="variable-is-the-flag",
        ),
        pytest.param(
            "/usr/bin/dockerd -H $WHERE -D",
            "WHERE=tcp://127.0.0.1:1\n",
            "/usr/bin/dockerd -D",
            id="value-in-a-variable",
        ),
        pytest.param(
            "/usr/bin/dockerd -H tcp://${IP}:2375 -D",
            "IP=127.0.0.1\n",
            "/usr/bin/dockerd -D",
            id="value-with-a-variable",
        ),
        pytest.param("/usr/bin/dockerd ${FLAG} -D", "FLAG=--host=fd://\n", "/usr/bin/dockerd -D", id="braces"),
        pytest.param(
            "/usr/bin/dockerd -DH $WHERE --ipv6",
            "WHERE=fd://\n",
            "/usr/bin/dockerd -D --ipv6",
            id="grouped-and-variable",
        ),
        pytest.param(
            "/usr/bin/dockerd $A --ipv6",
            'A="-D -H"\n',
            "/usr/bin/dockerd -D",
            id="value-is-the-next-word-of-the-unit",
        ),
        pytest.param(
            "/usr/bin/dockerd -H fd:// --label=$$HOME $$", "", "/usr/bin/dockerd --label=$$HOME $$", id="dollars"
        ),
        pytest.param("/usr/bin/dockerd -D -- -H fd://", "", "/usr/bin/dockerd -D -- -H fd://", id="behind-the-end"),
    ],
)
def test_hosts_taken_out(tree: Tree, line: str, defaults: str, expected: str) -> None:
    assert without(launch_of(tree, line, defaults), "hosts") == expected


def test_several_keys_taken_out(tree: Tree) -> None:
    launch = launch_of(tree, "/usr/bin/dockerd -H fd:// --containerd=/x -Ds overlay2 --dns 9.9.9.9 --dns=1.1.1.1")
    assert without(launch, "hosts", "debug", "dns") == "/usr/bin/dockerd --containerd=/x -s overlay2"


def test_nothing_taken_out_is_the_line_as_it_is_written(tree: Tree) -> None:
    line = "-/usr/bin/dockerd   -H fd:// \\\n\t'--label=a b' ${X}   $Y %i --label=\\x41"
    assert launch_of(tree, line).exec_start_without([]) == (
        "-/usr/bin/dockerd -H fd:// '--label=a b' ${X} $Y %i --label=\\x41"
    )


# --- The same for lines of any shape.

VALUES = st.text("ab: /='\"\\$%;{}.~\t", max_size=6)
PROGRAM = "/usr/bin/dockerd"


def quoted(text: str) -> str:
    """A word of a unit, in double quotes."""
    for char in '\\"':
        text = text.replace(char, f"\\{char}")
    return '"' + text.replace("%", "%%").replace("$", "$$").replace("\t", "\\t") + '"'


def in_variable(text: str) -> str:
    """A word inside of a variable's value, in single quotes where it can be."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


FLAGS = st.one_of(
    st.sampled_from([["-D"], ["--debug=false"], ["-rD"], ["-rD=false"], ["--ipv6"], ["-DH", "fd://"], ["-DH=fd://"]]),
    VALUES.map(lambda value: ["-H", value]),
    VALUES.map(lambda value: [f"--host={value}"]),
    VALUES.map(lambda value: [f"-DHx{value}"]),
    VALUES.map(lambda value: ["--label", value]),
    VALUES.map(lambda value: [f"--log-opt={value}"]),
    st.sampled_from([["--no-such=1"], ["-s", "overlay2"], ["-soverlay2"]]),
)
# Each part of the line: its words, and whether they come through a variable.
PARTS = st.lists(st.tuples(FLAGS, st.booleans()), max_size=6)


@given(PARTS, st.sets(st.sampled_from(["hosts", "debug", "restart", "labels", "storage-driver", "log-opts"])))
def test_dockerd_gets_exactly_the_other_arguments(parts: list[tuple[list[str], bool]], keys: set[str]) -> None:
    line, defaults = [PROGRAM], []
    for number, (words, through_variable) in enumerate(parts):
        if through_variable:
            line.append(f"$V{number}")
            value = " ".join(in_variable(word) for word in words)
            for char in '\\"`$':
                value = value.replace(char, f"\\{char}")
            defaults.append(f'V{number}="{value}"\n')
        else:
            line += [quoted(word) for word in words]
    with tempfile.TemporaryDirectory() as root:
        tree = Tree(Path(root))
        launch = launch_of(tree, " ".join(line), "".join(defaults))
        assert launch.argv == [PROGRAM, *(word for words, _through in parts for word in words)]

        taken = [flag for flag in launch.flags if flag.key in keys]
        rest = launch.arguments_without(taken)
        tree.write(f"{DROP_INS}/zz.conf", f"[Service]\nExecStart=\nExecStart={launch.exec_start_without(taken)}\n")
        again = read_launch(tree.host)
        assert again is not None
        assert again.argv == [PROGRAM, *rest]
        left = [(flag.key, flag.name, flag.value) for flag in again.flags]
        assert left == [(flag.key, flag.name, flag.value) for flag in launch.flags if flag.key not in keys]
        if not taken:
            assert rest == launch.argv[1:]
