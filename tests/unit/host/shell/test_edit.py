# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Flags are taken out of scripts such that the daemon, when they are run, gets what it got before without the flags."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.shell.edit import Removal, take_out
from ansible_collections.slipway.docker.plugins.module_utils.host.shell.trace import split_again, trace
from unit.host.shell.running import edited, removals_in, removals_of, run, without_hosts

# Before, after. Each is run.
EDITS = {
    "words of the command": ("dockerd -D -H fd:// -l debug\n", "dockerd -D -l debug\n"),
    "last word": ("dockerd -D --host=fd://\n", "dockerd -D\n"),
    "last word without newline": ("dockerd -D -H fd://", "dockerd -D"),
    "only word": ("dockerd -Hfd:// # why\n", "dockerd # why\n"),
    "several": ("dockerd -H a -H b -D --host c -l x --host=d\n", "dockerd -D -l x\n"),
    "quoted words": ("dockerd \"-H\" 'fd://' '-D'\n", "dockerd '-D'\n"),
    "escaped words": ("dockerd \\-H f\\d:// -D\n", "dockerd -D\n"),
    "empty value": ("dockerd -H '' -D\n", "dockerd -D\n"),
    "empty value from a variable": ('dockerd -H "$NONE" -D\n', "dockerd -D\n"),
    "before a redirection": ("dockerd -D -H a>out 2>&1\n", "dockerd -D >out 2>&1\n"),
    "before an operator": ("dockerd -D -H a; true -H b\n", "dockerd -D; true -H b\n"),
    "in the background": ("dockerd -H a &\nwait\n", "dockerd &\nwait\n"),
    "around a redirection": ("dockerd -H >out a -D\n", "dockerd >out -D\n"),
    "over continued lines": (
        "dockerd -D \\\n\t-H a \\\n\t--host=b \\\n\t-l x\n",
        "dockerd -D \\\n\t-l x\n",
    ),
    "flag and value on two lines": ("dockerd -D \\\n -H \\\n a \\\n -l x\n", "dockerd -D \\\n -l x\n"),
    "continued line in column 0": ("dockerd -D \\\n-H a \\\n-l x\n", "dockerd -D \\\n-l x\n"),
    "last continued line": ("dockerd -D \\\n  -H a\n", "dockerd -D \\\n\n"),
    "continued line with something else": ("dockerd -D \\\n -H a -l \\\n x\n", "dockerd -D \\\n -l \\\n x\n"),
    "a line that keeps words apart": ('X="-D\\\n -H x \\\n-b"\ndockerd $X\n', 'X="-D\\\n \\\n-b"\ndockerd $X\n'),
    "single quotes": ("X='-H a'\ndockerd $X\n", "X=''\ndockerd $X\n"),
    "double quotes": ('X="-D -H a -l x"\ndockerd $X\n', 'X="-D -l x"\ndockerd $X\n'),
    "no quotes": ("X=-Hfoo # why\ndockerd -D $X\n", "X= # why\ndockerd -D $X\n"),
    "escaped blanks": ("X=-D\\ -H\\ a\ndockerd $X\n", "X=-D\\ \\ \ndockerd $X\n"),
    "continued lines in quotes": (
        'X="-D \\\n  -H a \\\n  -l x"\ndockerd $X\n',
        'X="-D \\\n  -l x"\ndockerd $X\n',
    ),
    "lines in quotes": ("X='-D\n-H a\n-l x'\ndockerd $X\n", "X='-D\n\n-l x'\ndockerd $X\n"),
    "assigned default": (": ${X:='-H a -D'}\ndockerd $X\n", ": ${X:='-D'}\ndockerd $X\n"),
    "assigned default that is all": (': "${X:=-H a}"\ndockerd $X\n', ': "${X:=}"\ndockerd $X\n'),
    "default": ("X=${X:--H fd://}\ndockerd $X\n", "X=${X:-}\ndockerd $X\n"),
    "quoted default": ('X=${X:-"-H a"}\ndockerd $X\n', 'X=${X:-""}\ndockerd $X\n'),
    "quoted default at the command": ("dockerd ${X:--H 'a'} ${X:-\"-Hb\"}\n", "dockerd ${X:-} ${X:-}\n"),
    "default at the command": ("dockerd ${X:--H fd://} -D\n", "dockerd ${X:-} -D\n"),
    "default that is not taken": ("X=-D\ndockerd ${X:--H a} -H b\n", "X=-D\ndockerd ${X:--H a}\n"),
    "quoted alternative": (
        'Y=1\ndockerd ${Y:+-H "$Y"} ${Y:+"--host=$Y" -D} ${Y:+-l \'x\'}\n',
        "Y=1\ndockerd ${Y:+} ${Y:+-D} ${Y:+-l 'x'}\n",
    ),
    "alternative": ("Y=1\ndockerd ${Y:+-H a} -D\n", "Y=1\ndockerd ${Y:+} -D\n"),
    "one of several branches": (
        "if [ -n \"$1\" ]; then X='-H a'; else X=-D; fi\ndockerd $X\n",
        "if [ -n \"$1\" ]; then X=''; else X=-D; fi\ndockerd $X\n",
    ),
    "all branches": (
        'if cmp -s a b; then X="-H a"; elif true; then X="-D -H b"; fi\ndockerd $X\n',
        'if cmp -s a b; then X=""; elif true; then X="-D"; fi\ndockerd $X\n',
    ),
    "appended to itself": (
        'X=-D\nif [ "$1" = start ]; then\n\tX="$X -H a"\nfi\ndockerd $X\n',
        'X=-D\nif [ "$1" = start ]; then\n\tX="$X"\nfi\ndockerd $X\n',
    ),
    "put before itself": (
        'X=-D\n[ -z "$Y" ] && X="-H a $X"\ndockerd $X\n',
        'X=-D\n[ -z "$Y" ] && X="$X"\ndockerd $X\n',
    ),
    "value from a variable": ("A=fd://\ndockerd -H $A -D\n", "A=fd://\ndockerd -D\n"),
    "value from a quoted variable": ('A=fd://\ndockerd -H "$A" -D\n', "A=fd://\ndockerd -D\n"),
    "value that is known at run time only": (
        'IP=$(echo 1)\nX="-D -H tcp://$IP:2375"\ndockerd $X\n',
        'IP=$(echo 1)\nX="-D"\ndockerd $X\n',
    ),
    "value from a substitution": ("dockerd -H `echo 1` -D\n", "dockerd -D\n"),
    "flag from a variable": ('F=-H; X="$F x"\ndockerd $X -D\n', 'F=-H; X=""\ndockerd $X -D\n'),
    "flag and value through two variables": ('A="-H a"\nX="$A -D"\ndockerd $X\n', 'A=""\nX="$A -D"\ndockerd $X\n'),
    "flag from a variable twice": ("F=-H\ndockerd $F a -D $F b\n", "F=-H\ndockerd -D\n"),
    "two commands share it": ("X='-H a -D'\ndockerd $X\ndockerd $X -l x\n", "X='-D'\ndockerd $X\ndockerd $X -l x\n"),
    "one quoted word": ('X=--host=a\ndockerd -D "$X" -l x\n', "X=--host=a\ndockerd -D -l x\n"),
    "one quoted word of two variables": ('X=--host=\ndockerd -D "$X$1"\n', "X=--host=\ndockerd -D\n"),
    "positional parameters": ('set -- -H a -D\ndockerd "$@"\n', 'set -- -D\ndockerd "$@"\n'),
    "positional parameters that are all": ('set -- "-H" a\ndockerd "$@" -D\n', 'set --\ndockerd "$@" -D\n'),
    "added positional parameters": (
        'set -- -D\nset -- "$@" -H a\ndockerd "$@"\n',
        'set -- -D\nset -- "$@"\ndockerd "$@"\n',
    ),
    "unquoted positional parameters": ("set -- -D '-H a'\ndockerd $*\n", "set -- -D\ndockerd $*\n"),
    "arguments of a function": (
        'start() {\n\tdockerd -D "$@"\n}\nstart -H a -l x\n',
        'start() {\n\tdockerd -D "$@"\n}\nstart -l x\n',
    ),
    "one argument of a function": ("go() { dockerd -H $1 -D; }\ngo a\n", "go() { dockerd -D; }\ngo a\n"),
    "in a function that is called twice": (
        "go() { dockerd -H a $1; }\ngo -D\ngo -l\n",
        "go() { dockerd $1; }\ngo -D\ngo -l\n",
    ),
    "function that is called by its name": (
        'start() { dockerd -H a -D; }\ncase "$1" in start|stop) "$1" ;; esac\n',
        'start() { dockerd -D; }\ncase "$1" in start|stop) "$1" ;; esac\n',
    ),
    "behind start-stop-daemon": (
        'start-stop-daemon --start --exec /usr/bin/dockerd \\\n\t-- \\\n\t\t-H fd:// \\\n\t\t$X \\\n\t\t>>"out" 2>&1\n',
        'start-stop-daemon --start --exec /usr/bin/dockerd \\\n\t-- \\\n\t\t$X \\\n\t\t>>"out" 2>&1\n',
    ),
    "in an arm": (
        'case "$1" in\n(start)\n\tX="-H a"; dockerd $X -D ;;\nstop) kill 0 ;;\nesac\n',
        'case "$1" in\n(start)\n\tX=""; dockerd $X -D ;;\nstop) kill 0 ;;\nesac\n',
    ),
    "in a subshell and a group": ("(X='-H a'; { dockerd $X -D; })\n", "(X=''; { dockerd $X -D; })\n"),
    "in a list of a loop": (
        'for X in -D "-H a" -l; do Y="$Y $X"; done\ndockerd -d $Y\n',
        'for X in -D -l; do Y="$Y $X"; done\ndockerd -d $Y\n',
    ),
    "in a loop": (
        'while read -r A; do dockerd -H "$A" -D; done <<E\nx\nE\n',
        "while read -r A; do dockerd -D; done <<E\nx\nE\n",
    ),
    "guard, texts and comments": (
        (
            "# -H x\ncat <<E >/dev/null\ndockerd -H a\nE\necho dockerd -H a >/dev/null # -H b\n"
            "if echo \"$X\" | grep -q -e '-H|--host'; then X=; fi\ndockerd -H c -D $X\n"
        ),
        (
            "# -H x\ncat <<E >/dev/null\ndockerd -H a\nE\necho dockerd -H a >/dev/null # -H b\n"
            "if echo \"$X\" | grep -q -e '-H|--host'; then X=; fi\ndockerd -D $X\n"
        ),
    ),
    "bytes that are no text": ("X='\udcff -H a \u00e9'\ndockerd $X\n", "X='\udcff \u00e9'\ndockerd $X\n"),
}
BASH_EDITS = {
    "ANSI quotes": ("X=$'-H\\x20a -D'\ndockerd $X\n", "X=$'\\x20-D'\ndockerd $X\n"),
    "array": ('A=(-D -H a)\ndockerd "${A[@]}"\n', 'A=(-D)\ndockerd "${A[@]}"\n'),
    "appended array": (
        'A=(-D)\nA+=("-H" "a b" -l)\ndockerd "${A[@]}"\n',
        'A=(-D)\nA+=(-l)\ndockerd "${A[@]}"\n',
    ),
    "array over several lines": (
        'A=(\n  -D # why\n  -H a # host\n  -l\n)\ndockerd "${A[@]}"\n',
        'A=(\n  -D # why\n  # host\n  -l\n)\ndockerd "${A[@]}"\n',
    ),
    "quoted item of an array": (
        'X=--host=a\nA=(-D "$X")\ndockerd "${A[@]}"\n',
        'X=--host=a\nA=(-D)\ndockerd "${A[@]}"\n',
    ),
    "local array": (
        'go() {\n  local -a A=(-H a)\n  dockerd -D "${A[@]}"\n}\ngo\n',
        'go() {\n  local -a A=()\n  dockerd -D "${A[@]}"\n}\ngo\n',
    ),
    "appended text": ('X=-D\nX+=" -H a"\ndockerd $X\n', 'X=-D\nX+=""\ndockerd $X\n'),
    "function keyword and double brackets": (
        "function go {\n  [[ -n $1 && ( $1 == s* ) ]] && dockerd -H a -D &>out\n}\ngo start\n",
        "function go {\n  [[ -n $1 && ( $1 == s* ) ]] && dockerd -D &>out\n}\ngo start\n",
    ),
}


@pytest.mark.parametrize(
    ("shell", "name"), [("sh", name) for name in EDITS] + [("bash", name) for name in {**EDITS, **BASH_EDITS}]
)
def test_only_the_flags_are_gone(tmp_path: Path, shell: str, name: str) -> None:
    before, after = ({**EDITS, **BASH_EDITS}[name][side].encode("utf-8", "surrogateescape") for side in (0, 1))
    changed = edited({"script": before})
    assert changed.get("script") == after
    calls = run(tmp_path, {"script": before}, shell)
    assert any(without_hosts(words) != words for words in calls)
    assert run(tmp_path, {"script": after}, shell) == [without_hosts(words) for words in calls]
    assert not removals_of(trace({"script": after}.get, "script", folder=""))


SOURCED = {
    "script": b"X=-D\nif [ -f ./conf ]; then\n\t. ./conf\nfi\ndockerd $X -H b\n",
    "conf": b'# settings\nX="$X -H a -l x"\n',
}


def test_a_sourced_file_is_edited_where_the_flag_is(tmp_path: Path) -> None:
    script = trace(SOURCED.get, "script", folder="")
    changed = edited(SOURCED)
    assert changed == {
        "script": b"X=-D\nif [ -f ./conf ]; then\n\t. ./conf\nfi\ndockerd $X\n",
        "conf": b'# settings\nX="$X -l x"\n',
    }
    assert script.read == ("script", "conf")
    assert run(tmp_path, SOURCED, "sh") == [["dockerd", "-D", "-H", "a", "-l", "x", "-H", "b"]]
    assert run(tmp_path, {**SOURCED, **changed}, "sh") == [["dockerd", "-D", "-l", "x"]]


def test_ends_of_lines_stay_as_they_are(tmp_path: Path) -> None:
    files = {"script": b". ./conf\ndockerd $X\n", "conf": b'# settings\r\nX="-H a -D"\r\nY=1\r\n'}
    changed = edited(files)
    assert changed == {"conf": b'# settings\r\nX="-D"\r\nY=1\r\n'}
    assert run(tmp_path, {**files, **changed}, "sh") == [["dockerd", "-D\r"]]


def test_a_text_that_is_read_once_more_can_be_edited(tmp_path: Path) -> None:
    before = b"""X="dockerd -H 'a b' -D"\neval "$X -l x >out"\n"""
    files = {"script": before}
    script = trace(files.get, "script")
    words = split_again(script.commands[-1].ways[0][1])
    assert [word.text for word in words] == ["dockerd", "-H", "a b", "-D", "-l", "x", ">out"]
    changed = take_out(files.get, [Removal(words[1:3])])
    assert changed == {"script": b"""X="dockerd -D"\neval "$X -l x >out"\n"""}
    assert run(tmp_path, files, "sh") == [["dockerd", "-H", "a b", "-D", "-l", "x"]]
    assert run(tmp_path, changed, "sh") == [["dockerd", "-D", "-l", "x"]]


def test_a_variable_that_something_else_uses_can_be_edited() -> None:
    files = {
        "/etc/conf.d/docker": b'# -H here\nOPTS="-D \\\n  -H tcp://1:2375"\n',
        "/etc/init.d/docker": b"#!/sbin/openrc-run\ncommand=dockerd\ncommand_args=\"${OPTS:-} -H 'a b' -l x\"\n",
    }
    script = trace(files.get, "/etc/init.d/docker", before=["/etc/conf.d/docker"])
    value = script.value("command_args")
    assert value is not None
    changed = take_out(files.get, removals_in(split_again(value)))
    assert changed == {
        "/etc/conf.d/docker": b'# -H here\nOPTS="-D \\\n"\n',
        "/etc/init.d/docker": b'#!/sbin/openrc-run\ncommand=dockerd\ncommand_args="${OPTS:-} -l x"\n',
    }
