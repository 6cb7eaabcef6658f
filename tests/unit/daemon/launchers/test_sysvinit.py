# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""dockerd started by a script in /etc/init.d: run before and after its flags for hosts are taken out."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.sysvinit import Sysvinit
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from unit.daemon.launchers.running import (
    LSB_FUNCTIONS,
    RED_HAT_FUNCTIONS,
    Machine,
    check,
    difference,
    hosts,
    launch_of,
)
from unit.daemon.launchers.scripts import DEBIAN, DEBIAN_SCRIPT, DEFAULTS, RED_HAT, RED_HAT_SCRIPT, SYSCONFIG
from unit.trees import Tree

OPTIONS = "\t\t\t\t$DOCKER_OPTS \\\n"


def debian(tmp_path: Path, defaults: str | None, *changes: tuple[str, str], script: str = DEBIAN_SCRIPT) -> Machine:
    """A host of Debian's with the script changed in some places."""
    for old, new in changes:
        assert script.count(old) == 1, old
        script = script.replace(old, new)
    machine = Machine(tmp_path)
    machine.write({DEBIAN: script, "/lib/lsb/init-functions": LSB_FUNCTIONS, "/etc/debian_version": "12.1\n"})
    if defaults is not None:
        machine.write({DEFAULTS: defaults})
    return machine


def red_hat(tmp_path: Path, sysconfig: str, *changes: tuple[str, str]) -> Machine:
    script = RED_HAT_SCRIPT
    for old, new in changes:
        assert script.count(old) == 1, old
        script = script.replace(old, new)
    machine = Machine(tmp_path)
    machine.write({RED_HAT: script, "/etc/rc.d/init.d/functions": RED_HAT_FUNCTIONS, SYSCONFIG: sysconfig})
    return machine


def run_debian(machine: Machine) -> list[str]:
    return ["sh", machine.at(DEBIAN), "start"]


def run_red_hat(machine: Machine) -> list[str]:
    return ["sh", machine.at(RED_HAT), "start"]


# The file of variables as it is, and as it is to be.
FILES: dict[str, tuple[str, str]] = {
    "short": ('DOCKER_OPTS="-H tcp://10.0.0.1:2375 -D"\n', 'DOCKER_OPTS="-D"\n'),
    "short-equals": ('DOCKER_OPTS="-H=10.0.0.1:2375 -D"\n', 'DOCKER_OPTS="-D"\n'),
    "short-equals-unix": ('DOCKER_OPTS="-D -H=unix:///var/run/docker.sock"\n', 'DOCKER_OPTS="-D"\n'),
    "short-glued": ('DOCKER_OPTS="-D -H10.0.0.1:2375 --mtu 1400"\n', 'DOCKER_OPTS="-D --mtu 1400"\n'),
    "long": ('DOCKER_OPTS="--host tcp://10.0.0.1:2375 -D"\n', 'DOCKER_OPTS="-D"\n'),
    "long-equals": ('DOCKER_OPTS="-D --host=tcp://10.0.0.1:2375"\n', 'DOCKER_OPTS="-D"\n'),
    "empty-path": ('DOCKER_OPTS="-H unix:// -D"\n', 'DOCKER_OPTS="-D"\n'),
    "two-slashes": ('DOCKER_OPTS="-D -H unix://var/run/docker.sock"\n', 'DOCKER_OPTS="-D"\n'),
    "schemeless": ('DOCKER_OPTS="-H :2375 -D"\n', 'DOCKER_OPTS="-D"\n'),
    "several-scattered": (
        'DOCKER_OPTS="-H unix:// --dns 9.9.9.9 --host=tcp://0.0.0.0:2375 -D -H=fd://"\n',
        'DOCKER_OPTS="--dns 9.9.9.9 -D"\n',
    ),
    "nothing-else": ('DOCKER_OPTS="-H tcp://10.0.0.1:2375"\n', 'DOCKER_OPTS=""\n'),
    "short-flags": (
        "DOCKER_OPTS='-g /srv/docker -s overlay2 -b br0 -D -G wheel -H x'\n",
        "DOCKER_OPTS='-g /srv/docker -s overlay2 -b br0 -D -G wheel'\n",
    ),
    "quotes-double": ('DOCKER_OPTS="-H x --dns 9.9.9.9"\n', 'DOCKER_OPTS="--dns 9.9.9.9"\n'),
    "quotes-single": ("DOCKER_OPTS='-H x --dns 9.9.9.9'\n", "DOCKER_OPTS='--dns 9.9.9.9'\n"),
    "quotes-none": ("DOCKER_OPTS=--host=x\n", "DOCKER_OPTS=\n"),
    "quotes-none-with-escaped-blanks": (
        "DOCKER_OPTS=-D\\ -H\\ x\\ --ipv6\n",
        "DOCKER_OPTS=-D\\ \\ \\ --ipv6\n",
    ),
    "quotes-nested": (
        "DOCKER_OPTS=\"--label 'a' -H 'x' -D\"\n",
        "DOCKER_OPTS=\"--label 'a' -D\"\n",
    ),
    "quotes-mixed": ('DOCKER_OPTS="-D "\'-H x\'" --ipv6"\n', 'DOCKER_OPTS="-D "\'\'" --ipv6"\n'),
    "blanks-around": ('DOCKER_OPTS=" -H x  -D "\n', 'DOCKER_OPTS=" -D "\n'),
    "tabs": ('DOCKER_OPTS="-D\t-H\tx\t--ipv6"\n', 'DOCKER_OPTS="-D\t--ipv6"\n'),
    "multi-line-with-backslash": (
        'DOCKER_OPTS="--dns 9.9.9.9 \\\n  -H tcp://0.0.0.0:2375 \\\n  -D"\n',
        'DOCKER_OPTS="--dns 9.9.9.9 \\\n  -D"\n',
    ),
    "multi-line-first": (
        'DOCKER_OPTS="-H x \\\n  --dns 9.9.9.9 \\\n  -D"\n',
        'DOCKER_OPTS="\\\n  --dns 9.9.9.9 \\\n  -D"\n',
    ),
    "multi-line-last": (
        'DOCKER_OPTS="--dns 9.9.9.9 \\\n  -D \\\n  -H x"\n',
        'DOCKER_OPTS="--dns 9.9.9.9 \\\n  -D \\\n"\n',
    ),
    "multi-line-without-backslash": (
        "DOCKER_OPTS='\n -D\n -H x\n --ipv6\n'\n",
        "DOCKER_OPTS='\n -D\n\n --ipv6\n'\n",
    ),
    "flag-and-value-on-two-lines": ('DOCKER_OPTS="-D -H \\\nx --ipv6"\n', 'DOCKER_OPTS="-D --ipv6"\n'),
    "self-append": (
        'DOCKER_OPTS="-D"\nDOCKER_OPTS="$DOCKER_OPTS -H x"\n',
        'DOCKER_OPTS="-D"\nDOCKER_OPTS="$DOCKER_OPTS"\n',
    ),
    "self-append-in-front": (
        'DOCKER_OPTS="-D"\nDOCKER_OPTS="-H x ${DOCKER_OPTS}"\n',
        'DOCKER_OPTS="-D"\nDOCKER_OPTS="${DOCKER_OPTS}"\n',
    ),
    "self-append-of-what-has-it": (
        'DOCKER_OPTS="-H x -D"\nDOCKER_OPTS="$DOCKER_OPTS --ipv6"\n',
        'DOCKER_OPTS="-D"\nDOCKER_OPTS="$DOCKER_OPTS --ipv6"\n',
    ),
    "self-append-in-an-if": (
        'DOCKER_OPTS="-D"\nif [ -d /etc/docker ]; then\n  DOCKER_OPTS="$DOCKER_OPTS -H x"\nfi\n',
        'DOCKER_OPTS="-D"\nif [ -d /etc/docker ]; then\n  DOCKER_OPTS="$DOCKER_OPTS"\nfi\n',
    ),
    "assigned-twice": (
        'DOCKER_OPTS="-H x -D"\nDOCKER_OPTS="-H y --ipv6"\n',
        'DOCKER_OPTS="-H x -D"\nDOCKER_OPTS="--ipv6"\n',
    ),
    "commented-one-beside": (
        '#DOCKER_OPTS="-H commented"\nDOCKER_OPTS="-H x -D" # -H behind\n',
        '#DOCKER_OPTS="-H commented"\nDOCKER_OPTS="-D" # -H behind\n',
    ),
    "exported": ('export DOCKER_OPTS="-H x -D"\n', 'export DOCKER_OPTS="-D"\n'),
    "two-on-a-line": ('DOCKER_OPTS="-H x -D"; export DOCKER_OPTS\n', 'DOCKER_OPTS="-D"; export DOCKER_OPTS\n'),
    "in-a-condition": ('[ -d /nowhere ] || DOCKER_OPTS="-H x -D"\n', '[ -d /nowhere ] || DOCKER_OPTS="-D"\n'),
    "other-variables": (
        'export http_proxy="http://-H:1/"\nexport TMPDIR="/mnt/-H x"\nDOCKER_HOST="-H x"\nDOCKER_OPTS="-H x -D"\n',
        'export http_proxy="http://-H:1/"\nexport TMPDIR="/mnt/-H x"\nDOCKER_HOST="-H x"\nDOCKER_OPTS="-D"\n',
    ),
    "through-a-variable-of-its-own": (
        'WHERE=tcp://10.0.0.1:2375\nDOCKER_OPTS="-D -H $WHERE"\n',
        'WHERE=tcp://10.0.0.1:2375\nDOCKER_OPTS="-D"\n',
    ),
    "through-two-variables": (
        'A="-H x"\nB="$A -D"\nDOCKER_OPTS="$B --ipv6"\n',
        'A=""\nB="$A -D"\nDOCKER_OPTS="$B --ipv6"\n',
    ),
    "value-in-braces": ('IP=10.0.0.1\nDOCKER_OPTS="-H tcp://${IP}:2375 -D"\n', 'IP=10.0.0.1\nDOCKER_OPTS="-D"\n'),
    "address-of-the-machine": (
        'DOCKER_OPTS="-D -H tcp://$(hostname):2375 --ipv6"\n',
        'DOCKER_OPTS="-D --ipv6"\n',
    ),
    "default-of-a-variable": ('DOCKER_OPTS="${MORE:--H x} -D"\n', 'DOCKER_OPTS="${MORE:-} -D"\n'),
    "unless-set": ('DOCKER_OPTS="${DOCKER_OPTS:--H x -D}"\n', 'DOCKER_OPTS="${DOCKER_OPTS:--D}"\n'),
    "colon": (": ${DOCKER_OPTS:='-H x -D'}\n", ": ${DOCKER_OPTS:='-D'}\n"),
    "colon-in-quotes": (': "${DOCKER_OPTS:=-H x -D}"\n', ': "${DOCKER_OPTS:=-D}"\n'),
    "in-both-branches": (
        "if [ -d /etc/docker ]; then\n\tDOCKER_OPTS='-H a -D'\nelse\n\tDOCKER_OPTS='-H b'\nfi\n",
        "if [ -d /etc/docker ]; then\n\tDOCKER_OPTS='-D'\nelse\n\tDOCKER_OPTS=''\nfi\n",
    ),
    "in-a-case": (
        "case $(hostname) in\n  a*) DOCKER_OPTS='-D' ;;\n  *) DOCKER_OPTS='-H x' ;;\nesac\n",
        "case $(hostname) in\n  a*) DOCKER_OPTS='-D' ;;\n  *) DOCKER_OPTS='' ;;\nesac\n",
    ),
    "no-newline-at-the-end": ('DOCKER_OPTS="-D -H x"', 'DOCKER_OPTS="-D"'),
    "no-newline-and-no-quotes": ("DOCKER_OPTS=-Hx", "DOCKER_OPTS="),
    "bytes-that-are-no-text": ('# caf\\351\nDOCKER_OPTS="-H x -D"\n', '# caf\\351\nDOCKER_OPTS="-D"\n'),
    "echoed-behind": (
        'DOCKER_OPTS="-H x -D"\necho "options: $DOCKER_OPTS, not -H y"\n',
        'DOCKER_OPTS="-D"\necho "options: $DOCKER_OPTS, not -H y"\n',
    ),
    "guard-of-what-is-in-it": (
        'DOCKER_OPTS="-H x -D"\nif echo "$DOCKER_OPTS" | grep -q -e \'-H|--host\'; then :; fi\n',
        'DOCKER_OPTS="-D"\nif echo "$DOCKER_OPTS" | grep -q -e \'-H|--host\'; then :; fi\n',
    ),
}


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


# What differs in the script, and the lines of it that change when the flags go.
Change = tuple[str, str]
SCRIPTS: dict[str, tuple[Change, list[Change]]] = {
    "behind-the-dashes": (
        (OPTIONS, OPTIONS + "\t\t\t\t-H tcp://0.0.0.0:2375 \\\n"),
        [("\t\t\t\t-H tcp://0.0.0.0:2375 \\", "")],
    ),
    "behind-the-dashes-on-one-line": (
        (OPTIONS, "\t\t\t\t-H fd:// $DOCKER_OPTS --host='tcp://0.0.0.0:2375' \\\n"),
        [("\t\t\t\t-H fd:// $DOCKER_OPTS --host='tcp://0.0.0.0:2375' \\", "\t\t\t\t$DOCKER_OPTS \\")],
    ),
    "behind-the-options": (
        (OPTIONS, '\t\t\t\t$DOCKER_OPTS "-H" "fd://" \\\n'),
        [('\t\t\t\t$DOCKER_OPTS "-H" "fd://" \\', "\t\t\t\t$DOCKER_OPTS \\")],
    ),
    "value-on-the-next-line": (
        (OPTIONS, OPTIONS + "\t\t\t\t-H \\\n\t\t\t\tfd:// \\\n"),
        [("\t\t\t\t-H \\\n\t\t\t\tfd:// \\", "")],
    ),
    "through-a-variable": (
        (OPTIONS, OPTIONS + "\t\t\t\t-H $DOCKER_HOST_URL \\\n"),
        [("\t\t\t\t-H $DOCKER_HOST_URL \\", "")],
    ),
    "through-a-quoted-variable": (
        (OPTIONS, OPTIONS + '\t\t\t\t-H "unix://$SOCKET" \\\n'),
        [('\t\t\t\t-H "unix://$SOCKET" \\', "")],
    ),
    "set-in-the-script": (
        ("DOCKER_OPTS=\n", "DOCKER_OPTS='-H fd:// -D'\n"),
        [("DOCKER_OPTS='-H fd:// -D'", "DOCKER_OPTS='-D'")],
    ),
    "default-expansion": (
        ("DOCKER_OPTS=\n", ": ${DOCKER_OPTS:='-H fd:// -D'}\n"),
        [(": ${DOCKER_OPTS:='-H fd:// -D'}", ": ${DOCKER_OPTS:='-D'}")],
    ),
    "default-of-itself": (
        ("DOCKER_OPTS=\n", "DOCKER_OPTS=${DOCKER_OPTS:--H fd:// -D}\n"),
        [("DOCKER_OPTS=${DOCKER_OPTS:--H fd:// -D}", "DOCKER_OPTS=${DOCKER_OPTS:--D}")],
    ),
    "default-expansion-behind-the-file": (
        ("need_root() {\n", 'DOCKER_OPTS="${DOCKER_OPTS:--H fd://}"\n\nneed_root() {\n'),
        [('DOCKER_OPTS="${DOCKER_OPTS:--H fd://}"', 'DOCKER_OPTS="${DOCKER_OPTS:-}"')],
    ),
    "in-a-branch": (
        (
            "need_root() {\n",
            'if [ -d /etc/docker ]; then\n\tDOCKER_OPTS="-H fd:// $DOCKER_OPTS"\nfi\n\nneed_root() {\n',
        ),
        [('\tDOCKER_OPTS="-H fd:// $DOCKER_OPTS"', '\tDOCKER_OPTS="$DOCKER_OPTS"')],
    ),
    "in-one-of-two-branches": (
        (
            "need_root() {\n",
            "if [ -S /x ]; then\n\tDOCKER_OPTS='--mtu 1400'\nelse\n\tDOCKER_OPTS='-H fd:// -D'\nfi\n\nneed_root() {\n",
        ),
        [("\tDOCKER_OPTS='-H fd:// -D'", "\tDOCKER_OPTS='-D'")],
    ),
    "appended": (
        ("need_root() {\n", 'DOCKER_OPTS="$DOCKER_OPTS -H fd://"\n\nneed_root() {\n'),
        [('DOCKER_OPTS="$DOCKER_OPTS -H fd://"', 'DOCKER_OPTS="$DOCKER_OPTS"')],
    ),
    "in-a-function": (
        ("mount_groups() {\n", 'mount_groups() {\n\tDOCKER_OPTS="$DOCKER_OPTS --host fd://"\n'),
        [('\tDOCKER_OPTS="$DOCKER_OPTS --host fd://"', '\tDOCKER_OPTS="$DOCKER_OPTS"')],
    ),
    "echoed": (
        (
            "\t\tulimit -c 0\n",
            '\t\tDOCKER_OPTS="$DOCKER_OPTS -H fd://"\n\t\techo "$DOCKERD $DOCKER_OPTS, once -H x" >> "$LOG"\n',
        ),
        [('\t\tDOCKER_OPTS="$DOCKER_OPTS -H fd://"', '\t\tDOCKER_OPTS="$DOCKER_OPTS"')],
    ),
    "local-variable-of-a-function": (
        (
            "need_root() {\n",
            'need_root() {\n\tlocal more="-H fd:// --ipv6"\n\tDOCKER_OPTS="$DOCKER_OPTS $more"\n',
        ),
        [('\tlocal more="-H fd:// --ipv6"', '\tlocal more="--ipv6"')],
    ),
}


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


def with_start(tmp_path: Path, command: str, defaults: str = "DOCKER_OPTS='--mtu 1400'\n") -> Machine:
    first = DEBIAN_SCRIPT.index("\t\tstart-stop-daemon --start")
    last = DEBIAN_SCRIPT.index("\t\tlog_end_msg", first)
    script = f"{DEBIAN_SCRIPT[:first]}\t\t{command}\n{DEBIAN_SCRIPT[last:]}"
    return debian(tmp_path, defaults, script=script)


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


def test_a_flag_on_one_of_several_ways(tmp_path: Path) -> None:
    """It is seen whichever way is the longest."""
    machine = with_start(tmp_path, "if [ -d /x ]; then $DOCKERD -D; else $DOCKERD -D -H fd://; fi")
    assert [flag.key for flag in launch_of(machine, Sysvinit()).flags] == ["debug", "hosts"]
    check(machine, Sysvinit(), run_debian)


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
