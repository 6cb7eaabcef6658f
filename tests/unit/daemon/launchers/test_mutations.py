# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are broken in every way: flags are taken out and nothing else, or it is said why not.

``SLIPWAY_MUTATIONS`` says how many files are tried for each format. They are small, so that each byte is hit often.
"""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.daemon.arguments import parse_flags
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launch import Launch
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.base import Launcher
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.openrc import OpenRc
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.runit import Runit
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.shell_launch import ShellLaunch
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.systemd import Systemd
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.systemd_launch import SERVICE_DROP_IN
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.sysvinit import Sysvinit
from ansible_collections.slipway.docker.plugins.module_utils.daemon.launchers.upstart import Upstart
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Completed, Host
from unit.daemon.launchers.scripts import CONF_D, DEBIAN, DEFAULTS, OPENRC, RUNIT, UPSTART
from unit.mutations import mutated
from unit.trees import DROP_INS, SERVICE, Tree

IN_BETWEEN = b" \t\r\n\\'\""
MUTATIONS = int(os.environ.get("SLIPWAY_MUTATIONS", "10000"))
DROP_IN = f"{DROP_INS}/a.conf"

PIECES = [
    *" \t\n\r'\"\\`$;&|(){}#=<>-%",
    *("\\\n", "$(", "${", "$((", "`x`", "<<E\n", "&&", ";;", "\r\n", "\udcff", "\x01"),
    *(" -H", " -H x", "-H=", " --host=y ", "--host", " -D", " -DHx", "--", " exec ", "dockerd "),
    *(
        "DOCKER_OPTS=",
        "$DOCKER_OPTS",
        "if ",
        "fi\n",
        "case x in",
        "esac\n",
        "[Service]\n",
        "ExecStart=",
        "\nend script\n",
    ),
]


@dataclass(frozen=True)
class Format:
    """Files of one init system.

    :param fixed: files that stay as they are
    :param path: of the file that is broken
    :param texts: what may stand in it before that
    """

    launcher: Launcher
    fixed: Mapping[str, str]
    path: str
    texts: Sequence[str]


FORMATS = {
    "unit": Format(
        Systemd(),
        {},
        SERVICE,
        [
            "[Service]\nExecStart=/usr/bin/dockerd -H fd:// -D\n",
            "[Service]\nEnvironment='A=-D -H x'\nExecStart=dockerd -DH 'fd://' $A\n",
            '[Service]\nExecStart=-dockerd \\\n  --host="x" \\\n  -D',
        ],
    ),
    "drop-in": Format(
        Systemd(),
        {SERVICE: "[Service]\nExecStart=dockerd -H fd://\n"},
        DROP_IN,
        [
            "[Service]\nExecStart=\nExecStart=dockerd -Hx --ipv6\n",
            '[Service]\nExecStart=\nExecStart=@dockerd d "-H" \\\n x -D\n',
        ],
    ),
    "environment-file": Format(
        Systemd(),
        {SERVICE: f"[Service]\nEnvironmentFile={DEFAULTS}\nExecStart=dockerd $OPTIONS\n"},
        DEFAULTS,
        [
            "# -H\nOPTIONS=\"-D -H 'x' \\\n --label 'a b'\"\nC='d'\n",
            "OPTIONS=--host=x -D\n",
            "OPTIONS=-D\nOPTIONS='-H x -H y'",
        ],
    ),
    "debian": Format(
        Sysvinit(),
        {DEFAULTS: "A='-Hb -D'\n"},
        DEBIAN,
        [
            ". /etc/default/docker\nstart-stop-daemon -S -x dockerd -- -H a $A\n",
            'f() {\ndockerd -H "$1" >&2 &\n}\ncase $1 in\nstart) f x; esac\n',
        ],
    ),
    "default": Format(
        Sysvinit(),
        {DEBIAN: ". /etc/default/docker\ndockerd $A\n"},
        DEFAULTS,
        [
            "# -H\nA=\"-H 'a' -D\"\n",
            "A='-D \\\n --host=b'\nexport A # -H",
            'A=-D\nif [ x ]; then\n A="$A -H x"\nfi\n',
            ": ${A:='-H a'}\n",
        ],
    ),
    "openrc": Format(
        OpenRc(),
        {CONF_D: 'A="-H y"\n'},
        OPENRC,
        ['#!/sbin/openrc-run\ncommand=dockerd\ncommand_args="-H a $A"\n'],
    ),
    "conf.d": Format(
        OpenRc(),
        {OPENRC: '#!/sbin/openrc-run\ncommand=dockerd\ncommand_args="$A"\n'},
        CONF_D,
        ["A='-D -Hb'\n", "A=\"-H 'x' --label=a\"\n"],
    ),
    "upstart": Format(
        Upstart(),
        {},
        UPSTART,
        [
            "pre-start script\nx -H\nend script\nscript\nexec dockerd -H a -D\nend script\n",
            "start on x\nexec dockerd -D \\\n -H a\n",
        ],
    ),
    "runit": Format(
        Runit(),
        {},
        RUNIT,
        [
            '#!/bin/sh\nexec chpst dockerd -H b \\\n --host="c" 2>&1\n',
            "A=x\nexec dockerd -D -H tcp://$A\n",
            '[ -f x ] || set -- -D -H a\ndockerd "$@"',
        ],
    ),
}
# A format's files share what there is to try.
OF_A_PAIR = {"unit", "drop-in", "debian", "default", "openrc", "conf.d"}


def yes(argv: Sequence[str], *, data: str | None = None, env: Mapping[str, str] | None = None) -> Completed:
    """A runner for which every script is one: whether it is, is another test's matter."""
    return Completed(tuple(argv), 0, "", "")


def is_cut(before: bytes, after: bytes) -> bool:
    """Whether a text is what is left when characters are taken out of another."""
    rest = iter(before)
    return all(byte in rest for byte in after)


def words_of_hosts(launch: Launch) -> str:
    """All flags for hosts, with their values, in each way of starting dockerd."""
    ways = [[argument.text for argument in launch.arguments]]
    if isinstance(launch, ShellLaunch):
        ways = [[word.text for word in start.arguments] for start in launch.starts]
    found = [(way, flag) for way in ways for flag in parse_flags(way) if flag.key == "hosts"]
    return "".join(word for way, flag in found for word in way[flag.first : flag.last + 1])


def check_cut(before: bytes, after: bytes, flags: str) -> None:
    """See that nothing is gone but characters of flags, quotes, blanks and ends of lines that go on."""
    if re.search(r"-D+H", flags):  # what is left of such a word may stand where the word was used
        return
    assert is_cut(before, after), (before, after)
    gone = Counter(before.translate(None, IN_BETWEEN)) - Counter(after.translate(None, IN_BETWEEN))
    if not gone.keys() & frozenset(b"$`"):  # values that are not written where they are used
        assert gone <= Counter(flags.encode("utf-8", "surrogateescape")), (before, after)


def examine(shape: Format, host: Host, text: str, thoroughly: bool) -> bool:
    """Take hosts out of files; whether that could be done."""
    files = {shape.path: text.encode("utf-8", "surrogateescape")}
    try:
        launch = shape.launcher.read(host, files)
        if launch is None:
            return False
        flags = [flag for flag in launch.flags if flag.key == "hosts"]
        edits = launch.without(flags)
    except HostError:
        return False
    assert bool(edits.files) == bool(flags)
    for path, content in edits.files.items():
        if path != SERVICE_DROP_IN:
            before = files[path] if path in files else shape.fixed[path].encode()
            check_cut(before, content, words_of_hosts(launch))
    if thoroughly:
        after = shape.launcher.read(host, {**files, **edits.files})
        assert after is not None
        assert not [flag for flag in after.flags if flag.key == "hosts"], edits
        if launch.exact:
            assert after.argv == [launch.program, *launch.arguments_without(flags)], edits
    return bool(flags)


@pytest.mark.parametrize("name", FORMATS)
def test_broken_files(tree: Tree, name: str) -> None:
    """What comes of an edit is read again for some of them only: each edit has done that itself."""
    shape = FORMATS[name]
    for path, text in {**shape.fixed, shape.path: shape.texts[0]}.items():
        tree.write(path, text)
    host = Host(yes, str(tree.root))
    chance = random.Random(name)
    rounds = MUTATIONS // (2 if name in OF_A_PAIR else 1)
    done = 0
    for number in range(rounds):
        text = mutated(chance, shape.texts[number % len(shape.texts)], PIECES, 3)
        try:
            done += examine(shape, host, text, number % 10 == 0)
        except Exception as error:
            raise AssertionError(f"{type(error).__name__}: {error} with {text!r}") from error
    assert done > rounds // 10
