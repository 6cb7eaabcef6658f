# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Other ways in which an init script starts dockerd, and what only looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.sysvinit import Sysvinit
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from unit.daemon.launchers.running import check, difference, hosts, launch_of
from unit.daemon.launchers.scripts import DEBIAN, DEFAULTS
from unit.daemon.launchers.sysvinit_hosts import run_debian, with_start

# Other ways in which a script may start dockerd: each is put in place of the command that does.
STARTS: dict[str, tuple[str, str]] = {
    "plain": ("$DOCKERD -H fd:// $DOCKER_OPTS &", "$DOCKERD $DOCKER_OPTS &"),
    "quoted-words": ('"$DOCKERD" "-H" \'fd://\' "--host=x" $DOCKER_OPTS &', '"$DOCKERD" $DOCKER_OPTS &'),
    "old-mode-behind": ("/usr/bin/docker -H fd:// -d $DOCKER_OPTS &", "/usr/bin/docker -d $DOCKER_OPTS &"),
    "old-mode-in-front": ("/usr/bin/docker -d -H fd:// $DOCKER_OPTS &", "/usr/bin/docker -d $DOCKER_OPTS &"),
    "mode-daemon": ("docker daemon --host fd:// $DOCKER_OPTS &", "docker daemon $DOCKER_OPTS &"),
    "another-name": ("/usr/bin/dockerd-current -Hfd:// $DOCKER_OPTS", "/usr/bin/dockerd-current $DOCKER_OPTS"),
    "nice": ("nice -n 5 dockerd -H fd:// $DOCKER_OPTS", "nice -n 5 dockerd $DOCKER_OPTS"),
    "nohup": (
        "nohup $DOCKERD $DOCKER_OPTS -H fd:// >/dev/null 2>&1 &",
        "nohup $DOCKERD $DOCKER_OPTS >/dev/null 2>&1 &",
    ),
    "unshare": ("unshare -m -- $DOCKERD -H fd:// $DOCKER_OPTS", "unshare -m -- $DOCKERD $DOCKER_OPTS"),
    "setsid": ("setsid dockerd $DOCKER_OPTS -H fd:// < /dev/null &", "setsid dockerd $DOCKER_OPTS < /dev/null &"),
    "two-wrappers": ("ionice -n 3 nice -n 5 dockerd -H fd://", "ionice -n 3 nice -n 5 dockerd"),
    "environment-in-front": ("DOCKER_RAMDISK=yes $DOCKERD -H fd:// -D", "DOCKER_RAMDISK=yes $DOCKERD -D"),
    "env": ("env DOCKER_RAMDISK=yes dockerd -H fd:// -D", "env DOCKER_RAMDISK=yes dockerd -D"),
    "subshell": ("( cd / && exec $DOCKERD -H fd:// -D ) &", "( cd / && exec $DOCKERD -D ) &"),
    "if-not": ("if ! $DOCKERD -H fd:// -D; then exit 1; fi", "if ! $DOCKERD -D; then exit 1; fi"),
    "and-or": ("[ -x $DOCKERD ] && $DOCKERD -H fd:// || exit 1", "[ -x $DOCKERD ] && $DOCKERD || exit 1"),
    "pipe": ("$DOCKERD -D -H fd:// 2>&1 | logger -t docker &", "$DOCKERD -D 2>&1 | logger -t docker &"),
    "eval": ('eval "$DOCKERD -H fd:// $DOCKER_OPTS &"', 'eval "$DOCKERD $DOCKER_OPTS &"'),
    "sh-c": ("sh -c 'exec dockerd -H fd:// -D'", "sh -c 'exec dockerd -D'"),
    "su-c": ('su root -c "dockerd -D -H fd://"', 'su root -c "dockerd -D"'),
    "daemonize": ("daemonize -p /run/x dockerd -H fd:// -D", "daemonize -p /run/x dockerd -D"),
    "startas": (
        "start-stop-daemon -S -b -x /usr/bin/dockerd -a /usr/bin/dockerd-dev -- -H fd:// $DOCKER_OPTS",
        "start-stop-daemon -S -b -x /usr/bin/dockerd -a /usr/bin/dockerd-dev -- $DOCKER_OPTS",
    ),
    "exec-with-equals": (
        "start-stop-daemon --start --exec=$DOCKERD --pidfile=/run/x -- -H fd:// $DOCKER_OPTS",
        "start-stop-daemon --start --exec=$DOCKERD --pidfile=/run/x -- $DOCKER_OPTS",
    ),
    "start-stop-daemon-runs-a-shell": (
        "start-stop-daemon --start --exec /bin/sh -- -c 'exec dockerd -H fd:// -D'",
        "start-stop-daemon --start --exec /bin/sh -- -c 'exec dockerd -D'",
    ),
    "start-stop-daemon-runs-a-wrapper": (
        "start-stop-daemon --start --startas /usr/bin/unshare -- -m -- $DOCKERD -H fd:// -D",
        "start-stop-daemon --start --startas /usr/bin/unshare -- -m -- $DOCKERD -D",
    ),
    "positional": ('set -- -H fd:// -D; $DOCKERD "$@"', 'set -- -D; $DOCKERD "$@"'),
    "function-with-arguments": (
        'launch() { "$DOCKERD" "$@" $DOCKER_OPTS; }; launch -H fd:// -D',
        'launch() { "$DOCKERD" "$@" $DOCKER_OPTS; }; launch -D',
    ),
    "twice": (
        "if [ -d /nowhere ]; then $DOCKERD -H fd:// --ipv6; else $DOCKERD -H x -D; fi",
        "if [ -d /nowhere ]; then $DOCKERD --ipv6; else $DOCKERD -D; fi",
    ),
    "half-of-a-flag": ("A=H; $DOCKERD -$A fd:// -D", "A=H; $DOCKERD -D"),
    "printed-by-a-command": ("$DOCKERD $(basename /x/-Hfd) -D", "$DOCKERD -D"),
    "cut-off": ("A='-H fd://;junk'; $DOCKERD -D ${A%;*}", "A='-H fd://;junk'; $DOCKERD -D"),
    "eval-of-a-variable": ('A=\'-H "$B" -D\'; eval "$DOCKERD $A"', "A='-D'; eval \"$DOCKERD $A\""),
    "eval-with-redirections": (
        "eval '>>$LOG FOO=1 dockerd -D </dev/null -H x 2>&1; true'",
        "eval '>>$LOG FOO=1 dockerd -D </dev/null 2>&1; true'",
    ),
    "second-command-of-a-script": ("sh -ec 'cd /; exec dockerd -D -H x'", "sh -ec 'cd /; exec dockerd -D'"),
    "short-options-in-a-cluster": (
        "start-stop-daemon -Sbmp /run/x -x $DOCKERD -- -H fd:// -D",
        "start-stop-daemon -Sbmp /run/x -x $DOCKERD -- -D",
    ),
    "beside-what-stays-in-an-expansion": (
        "A=1 B=x; $DOCKERD ${A:+-H fd:// -D}$B",
        "A=1 B=x; $DOCKERD ${A:+-D}$B",
    ),
    "arguments-of-a-function-that-it-uses-twice": (
        'launch() { $DOCKERD $1 $2 --label "$2"; }; launch -H fd://',
        'launch() { $DOCKERD --label "$2"; }; launch -H fd://',
    ),
    "grouped-with-a-switch": ("$DOCKERD -DH fd:// --ipv6", "$DOCKERD -D --ipv6"),
    "behind-a-comment": ("$DOCKERD -H fd:// # -H x", "$DOCKERD # -H x"),
}


@pytest.mark.parametrize("name", STARTS)
def test_other_ways_to_start(tmp_path: Path, name: str) -> None:
    before, after = STARTS[name]
    machine = with_start(tmp_path, before)
    text = machine.tree.read(DEBIAN).decode()
    changed = check(machine, Sysvinit(), run_debian)
    assert difference(text, changed[DEBIAN]) == [(f"\t\t{before}", f"\t\t{after}")]


# What is put together at run time: each names the line, and nothing is changed.
REFUSED: dict[str, tuple[str, str]] = {
    "half-of-a-variable": ("$DOCKERD -H tcp://$A$B -D", "A='x -D -' B='H y'\n"),
    "value-in-a-variable-with-more": ("$DOCKERD -H $A", "A='fd:// -D'\n"),
    "cut-off-with-more": ("$DOCKERD ${A%;*}", "A='-D -H fd://;junk'\n"),
    "spliced-with-a-default": ("$DOCKERD -H ${C:-tcp://}$A", "A='x -D'\n"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_put_together_at_run_time(tmp_path: Path, name: str) -> None:
    command, defaults = REFUSED[name]
    machine = with_start(tmp_path, command, defaults)
    launch = launch_of(machine, Sysvinit())
    with pytest.raises(HostError, match=r"^/etc/(init.d|default)/docker:\d+: .*take it out by hand$"):
        hosts(launch)


@pytest.mark.parametrize(
    ("command", "defaults", "line"),
    [
        pytest.param("$DOCKERD $(cat /etc/docker/opts) -D", "", f"{DEBIAN}:55", id="from-a-file"),
        pytest.param("$DOCKERD $DOCKER_OPTS", "DOCKER_OPTS=`cat /etc/opts`\n", f"{DEFAULTS}:1", id="backquotes"),
        pytest.param("$DOCKERD $A -D", "read A < /etc/docker/opts\n", f"{DEBIAN}:55", id="read"),
    ],
)
def test_words_that_only_exist_at_run_time(tmp_path: Path, command: str, defaults: str, line: str) -> None:
    """They may be flags: whoever decides is told so, with the place."""
    launch = launch_of(with_start(tmp_path, command, defaults), Sysvinit())
    assert [str(place) for place in launch.unknown] == [line]
    assert not launch.exact


@pytest.mark.parametrize(
    "command",
    [
        pytest.param("socat UNIX-LISTEN:/run/x -H tcp:10.0.0.1:2375", id="socat"),
        pytest.param("docker -H tcp://10.0.0.1:2375 run -d --name app app", id="client"),
        pytest.param("docker run -d -H dockerd app", id="container"),
        pytest.param("start-stop-daemon --start --exec /usr/bin/socat -- -H fd://", id="start-stop-daemon"),
        pytest.param('echo "dockerd -H fd://"', id="echo"),
        pytest.param("# dockerd -H fd://", id="comment"),
        pytest.param("docker deamon -H fd://", id="typo"),
        pytest.param("$UNKNOWN -H fd://", id="unknown-program"),
    ],
)
def test_a_service_that_starts_no_dockerd(tmp_path: Path, command: str) -> None:
    machine = with_start(tmp_path, command)
    with pytest.raises(HostError) as caught:
        launch_of(machine, Sysvinit())
    assert str(caught.value) == (
        f"{DEBIAN} starts dockerd in no way that can be followed, so its flags cannot be known; "
        "let it name dockerd itself in the command that starts it"
    )


def test_a_script_that_no_shell_reads(tmp_path: Path) -> None:
    machine = with_start(tmp_path, "if true; then $DOCKERD -H fd://")
    with pytest.raises(HostError, match=rf"^{DEBIAN}:\d+: "):
        launch_of(machine, Sysvinit())


def test_a_flag_on_one_of_several_ways(tmp_path: Path) -> None:
    """It is seen whichever way is the longest."""
    machine = with_start(tmp_path, "if [ -d /x ]; then $DOCKERD -D; else $DOCKERD -D -H fd://; fi")
    assert [flag.key for flag in launch_of(machine, Sysvinit()).flags] == ["debug", "hosts"]
    check(machine, Sysvinit(), run_debian)
