# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""dockerd started by a script in /etc/init.d: run before and after its flags for hosts are taken out."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.sysvinit import Sysvinit
from unit.daemon.launchers.running import check, difference, launch_of
from unit.daemon.launchers.scripts import DEBIAN, DEFAULTS, RED_HAT, SYSCONFIG
from unit.daemon.launchers.sysvinit_hosts import debian, red_hat, run_debian, run_red_hat
from unit.daemon.launchers.sysvinit_shapes import FILES, OPTIONS, SCRIPTS, Change
from unit.trees import Tree


@pytest.mark.parametrize("name", FILES)
def test_in_the_file_of_variables(tmp_path: Path, name: str) -> None:
    before, after = FILES[name]
    assert check(debian(tmp_path, before), Sysvinit(), run_debian) == {DEFAULTS: after}


@pytest.mark.parametrize("name", ["several-scattered", "multi-line-with-backslash", "self-append-in-an-if", "colon"])
def test_in_red_hats_file_of_variables(tmp_path: Path, name: str) -> None:
    before, after = (text.replace("DOCKER_OPTS", "other_args") for text in FILES[name])
    assert check(red_hat(tmp_path, before), Sysvinit(), run_red_hat) == {SYSCONFIG: after}


def test_in_a_file_that_the_file_of_variables_reads(tmp_path: Path) -> None:
    machine = debian(tmp_path, '. /etc/default/docker-hosts\nDOCKER_OPTS="$HOSTS -D"\n')
    machine.write({"/etc/default/docker-hosts": "HOSTS='-H y'\n"})
    assert check(machine, Sysvinit(), run_debian) == {"/etc/default/docker-hosts": "HOSTS=''\n"}


@pytest.mark.parametrize("name", SCRIPTS)
def test_in_the_script(tmp_path: Path, name: str) -> None:
    change, expected = SCRIPTS[name]
    machine = debian(tmp_path, "# none\nDOCKER_HOST_URL=tcp://0.0.0.0:2375\nSOCKET=/run/x.sock\n", change)
    before = machine.tree.read(DEBIAN).decode()
    changed = check(machine, Sysvinit(), run_debian)
    assert list(changed) == [DEBIAN]
    assert difference(before, changed[DEBIAN]) == expected


def test_in_the_script_and_in_the_file(tmp_path: Path) -> None:
    machine = debian(tmp_path, "DOCKER_OPTS='-D -H x'\n", (OPTIONS, f"-H fd:// {OPTIONS}"))
    assert set(check(machine, Sysvinit(), run_debian)) == {DEBIAN, DEFAULTS}


LOOK_ALIKES = """\
\t\tiptables -I INPUT -p tcp --dport 2375 -H tcp://x -j DROP
\t\tdocker -H tcp://10.0.0.9:2375 run -d -H x app < /dev/null
\t\tgenerate_cert --host=localhost --host x
\t\tdocker network create -o com.docker.network.bridge.name=br1 -H net
\t\tif echo "$DOCKER_OPTS" | grep -q -e '-H|--host'; then :; fi
\t\techo "$DOCKERD $DOCKER_OPTS -H x" >> "$LOG"
"""


def test_look_alikes_stay(tmp_path: Path) -> None:
    change = ("\t\tulimit -c 0\n", LOOK_ALIKES)
    machine = debian(tmp_path, "DOCKER_OPTS='-D -H x'\n", change)
    assert check(machine, Sysvinit(), run_debian) == {DEFAULTS: "DOCKER_OPTS='-D'\n"}


def test_no_script(tree: Tree) -> None:
    assert Sysvinit().read(tree.host) is None


def test_where_each_word_comes_from(tmp_path: Path) -> None:
    launch = launch_of(debian(tmp_path, '# more\nDOCKER_OPTS="-D \\\n -H x"\n'), Sysvinit())
    assert [(a.text, str(a.source), a.variable) for a in launch.arguments] == [
        ("-p", f"{DEBIAN}:61", ""),
        ("/var/run/docker.pid", f"{DEBIAN}:16", "PID_OF_DAEMON"),
        ("-D", f"{DEFAULTS}:2", "DOCKER_OPTS"),
        ("-H", f"{DEFAULTS}:3", "DOCKER_OPTS"),
        ("x", f"{DEFAULTS}:3", "DOCKER_OPTS"),
    ]
    assert launch.program == "/usr/bin/dockerd"
    assert str(launch.source) == f"{DEBIAN}:15"
    assert launch.exact
    assert launch.environment_files == (DEFAULTS,)
    assert launch.variable("LOG") == "/var/log/docker.log"
    assert "DOCKER_OPTS" in launch.variables


def test_the_environment_of_the_daemon(tmp_path: Path) -> None:
    text = "export http_proxy=http://p:3128/\nHTTPS_PROXY=x\nexport HTTPS_PROXY\nTMPDIR=/mnt\nDOCKER_OPTS=-D\n"
    launch = launch_of(debian(tmp_path, text), Sysvinit())
    assert launch.environment == {"http_proxy": "http://p:3128/", "HTTPS_PROXY": "x"}


RED_HATS: dict[str, tuple[Change, list[Change]]] = {
    "on-the-line": (
        ("$exec $other_args", "$exec -H fd:// $other_args --host=tcp://0.0.0.0:2375"),
        [
            (
                '        "$unshare" -m -- $exec -H fd:// $other_args --host=tcp://0.0.0.0:2375 >> $logfile 2>&1 &',
                '        "$unshare" -m -- $exec $other_args >> $logfile 2>&1 &',
            )
        ],
    ),
    "old-mode": (
        ("$exec $other_args", "/usr/bin/docker -d -H fd:// $other_args"),
        [
            (
                '        "$unshare" -m -- /usr/bin/docker -d -H fd:// $other_args >> $logfile 2>&1 &',
                '        "$unshare" -m -- /usr/bin/docker -d $other_args >> $logfile 2>&1 &',
            )
        ],
    ),
    "function-daemon": (
        ('"$unshare" -m -- $exec $other_args', "daemon --pidfile=$pidfile --user root $exec -H fd:// $other_args"),
        [
            (
                "        daemon --pidfile=$pidfile --user root $exec -H fd:// $other_args >> $logfile 2>&1 &",
                "        daemon --pidfile=$pidfile --user root $exec $other_args >> $logfile 2>&1 &",
            )
        ],
    ),
    "function-daemon-with-one-word": (
        ('"$unshare" -m -- $exec $other_args', 'daemon "$exec -H fd:// $other_args"'),
        [
            (
                '        daemon "$exec -H fd:// $other_args" >> $logfile 2>&1 &',
                '        daemon "$exec $other_args" >> $logfile 2>&1 &',
            )
        ],
    ),
}


@pytest.mark.parametrize("name", RED_HATS)
def test_in_red_hats_script(tmp_path: Path, name: str) -> None:
    change, expected = RED_HATS[name]
    machine = red_hat(tmp_path, "other_args='-D --label=a'\n", change)
    before = machine.tree.read(RED_HAT).decode()
    changed = check(machine, Sysvinit(), run_red_hat)
    assert list(changed) == [RED_HAT]
    assert difference(before, changed[RED_HAT]) == expected


def test_red_hats_two_files_of_variables(tmp_path: Path) -> None:
    change = (
        "prestart() {\n",
        "[ -e /etc/sysconfig/docker-network ] && . /etc/sysconfig/docker-network\nprestart() {\n",
    )
    use = ("$exec $other_args", "$exec $other_args $DOCKER_NETWORK_OPTIONS")
    machine = red_hat(tmp_path, "other_args='-H a -D'\n", change, use)
    machine.write({"/etc/sysconfig/docker-network": "DOCKER_NETWORK_OPTIONS='--mtu 1400 -H b'\n"})
    assert check(machine, Sysvinit(), run_red_hat) == {
        SYSCONFIG: "other_args='-D'\n",
        "/etc/sysconfig/docker-network": "DOCKER_NETWORK_OPTIONS='--mtu 1400'\n",
    }
