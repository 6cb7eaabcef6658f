# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words that commands get are known without running them: those that a shell gives them, in each way it may go."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.shell.edit import take_out
from ansible_collections.slipway.docker.plugins.module_utils.host.shell.errors import ShellError
from ansible_collections.slipway.docker.plugins.module_utils.host.shell.trace import (
    OPAQUE,
    Field,
    Place,
    Trace,
    split_again,
    trace,
)
from unit.host.shell.running import removals_of


def of(text: str) -> Trace:
    return trace({"script": text.encode()}.get, "script")


def words_of(text: str, **files: str) -> list[list[str]]:
    """All ways of the last command that starts the daemon."""
    contents = {f"/etc/{name}": content.encode() for name, content in files.items()} | {"/script": text.encode()}
    script = trace(contents.get, "/script", folder="/etc", known={"0": "/etc/init.d/docker", "K": "a b"})
    found = [command for command in script.commands if command.ways[0][0].text == "dockerd"]
    return [[word.text for word in way[1:]] for way in found[-1].ways]


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("cmp a b && X=a\ndockerd $X", [["a"]]),
        ("X=b\nif cmp a b; then X=a; fi\ndockerd $X", [["a"], ["b"]]),
        ("if cmp a b; then X=a; else X=longer; fi\ndockerd $X", [["longer"], ["a"]]),
        ('X=a\nif cmp a b; then X="$X b"; fi\ndockerd $X', [["a", "b"]]),
        ('X=a\nwhile cmp a b; do X="$X b"; done\ndockerd $X', [["a", "b"]]),
        ("X=a\nif cmp a b; then unset X; fi\ndockerd ${X:-d}", [["a"], ["d"]]),
        ("if cmp a b; then X=a; fi\n: ${X:=d}\ndockerd $X", [["a"], ["d"]]),
        ("case $1 in a) X=a ;; b) X=b ;; esac\ndockerd $X", [["a"], ["b"]]),
        ("case $1 in a) X=a ;; *) X=b ;; esac\ndockerd ${X:-c}", [["a"], ["b"]]),
        ("case $1 in a) X=a ;; esac\ndockerd ${X:-c}", [["a"], ["c"]]),
        ("for X in a b; do dockerd $X; done", [["a"], ["b"]]),
        ("for X; do dockerd $X; done", [[OPAQUE]]),
        ("cmp a b && X=a\ncmp a b && Y=b\ndockerd $X $Y", [["a", "b"]]),
        ("X=a; cmp a b && X=b\ndockerd $X $X", [["b", "b"], ["a", "a"]]),
        ("cmp a b && exit\ndockerd a", [["a"]]),
        ("if cmp a b; then return; fi\ndockerd a", [["a"]]),
        ("f() { dockerd $1; }\nf a\nf b", [["a"], ["b"]]),
        ("f() { dockerd $1 $X; }\nX=a", [[OPAQUE, "a"]]),
        ("h() { dockerd $1; }\nf() { h a; }", [["a"]]),
        ("f() { dockerd a; f; }\nf", [["a"]]),
        ("X=$(cat f)\ndockerd a$X", [[f"a{OPAQUE}"]]),
        ('dockerd $1 $# $? $$ $! $- $HOME $PATH "$@"', [[OPAQUE] * 9]),
        ("read -r X Y\ndockerd $X $Y", [[OPAQUE, OPAQUE]]),
        ("getopts ab: X\ndockerd $X", [[OPAQUE]]),
        ('Y=X\neval "X=a"\ndockerd $X', [[OPAQUE]]),
        ("A[1]=x\ndockerd $A ${B[1]}", [[OPAQUE, OPAQUE]]),
        ("dockerd ${#X} ${X/a/b} ${X:1:2} ${!X} $((1 + 2)) `cat f`", [[OPAQUE] * 6]),
        ("dockerd ${1:-d}", [[OPAQUE], ["d"]]),
        ('X=$(cat f)\nif [ -n "$X" ]; then Y=a; else Y=b; fi\ndockerd $Y', [["a"], ["b"]]),
        ('dockerd $(basename $0) ${0##*/} `basename "$0" .sh` $(dirname $0)', [["docker"] * 3 + ["/etc/init.d"]]),
        ("dockerd $(basename $1) $(basename a b c)", [[OPAQUE, OPAQUE]]),
        ('dockerd $K "$K"', [["a", "b", "a b"]]),
        (". ./conf\ndockerd $X", [["from", "conf"]]),
        (". /etc/conf\ndockerd $X", [["from", "conf"]]),
        ('X=a\n. /etc/none\n. $1\n. "$NONE"\n.\ndockerd $X', [["a"]]),
        ("cmp a b && F=conf || F=other\n. /etc/$F\ndockerd $X", [["from", "conf"], ["other"]]),
        ("X=a\n[ -f /etc/conf ] && . /etc/conf\ndockerd $X", [["from", "conf"]]),
        ("X=a\nif [ ! -r /etc/conf ]; then X=b; fi\ndockerd $X", [["a"]]),
        ("X=a\nif test -s /etc/none; then X=b; fi\ndockerd $X", [["a"]]),
        ("X=a\nif [ -f /usr/bin/none ]; then X=b; fi\ndockerd $X", [["b"], ["a"]]),
        ("X=a\nif [ -x /etc/conf ]; then X=b; fi\ndockerd $X", [["b"], ["a"]]),
        ("X=a\nif [ -f /run/docker.pid ]; then X=b; fi\ndockerd $X", [["b"], ["a"]]),
        ("X=a\n[ a = a -a b = c ] && X=b\ndockerd $X", [["b"], ["a"]]),
        ('set -- a\ncmp a b && set -- b c\ndockerd "$@"', [["b", "c"], ["a"]]),
        ('set -- $1 b\nshift $1\ndockerd "$@"', [[OPAQUE]]),
        ("exec >>log 2>&1\nexec 3<&-\ndockerd a", [["a"]]),
    ],
)
def test_each_way_that_a_script_may_go_is_followed(text: str, ways: list[list[str]]) -> None:
    assert words_of(text, conf="X='from conf'\n", other="X=other") == ways


def test_a_word_knows_where_it_comes_from() -> None:
    files = {
        "/script": b'A=x\n. /etc/conf\nset -- b\ndockerd "$X" \\\n  c$A "$@" ${Y:-d}\n',
        "/etc/conf": b"# settings\nX=-H\n",
    }
    (way,) = trace(files.get, "/script").commands[-1].ways
    assert [(word.text, str(word.place), word.variable, word.quoted) for word in way] == [
        ("dockerd", "/script:4", "", False),
        ("-H", "/etc/conf:2", "X", True),
        ("cx", "/script:5", "", False),
        ("b", "/script:3", "@", True),
        ("d", "/script:5", "Y", False),
    ]


def test_variables_are_known_after_the_script() -> None:
    script = of("X=a\nf() { X=c; }\nif cmp a b; then X='b  b'; fi\nY=\nA='x y'\nunset Z\nZ=1\nunset Z")
    assert script.value("X") == Field("b  b", Place("script", 3), "", False, (), script.value("X").kin)  # type: ignore[union-attr]
    assert [word.text for word in script.ways_of("X")] == ["b  b", "a"]
    assert [word.text for word in script.ways_of("Y")] == [""]
    assert [script.value(name) for name in ("Z", "NONE")] == [None, None]
    assert script.functions == {"f"}


def test_files_that_are_sourced_first_and_those_that_are_not_looked_into() -> None:
    files = {
        "/script": b"X=b\n. /lib/functions\n. /etc/conf\ndockerd $X $Y $Z",
        "/first": b"Y=y",
        "/lib/functions": b"Z=z",
        "/etc/conf": b"Z=c",
    }
    script = trace(files.get, "/script", before=["/none", "/first"], skip=lambda path: path.startswith("/lib/"))
    assert [word.text for word in script.commands[-1].ways[0]] == ["dockerd", "b", "y", "c"]
    assert script.read == ("/script", "/none", "/first", "/etc/conf")


def test_a_part_of_a_file_is_read_as_a_script() -> None:
    text = 'description "\u00e9 it\'s"\nscript\n\tdockerd -H a\nend script\n'.encode()
    region = (text.index(b"\tdockerd"), text.index(b"end script"))
    script = trace({"job": text}.get, "job", region=region)
    assert str(script.commands[0].place) == "job:3"
    assert take_out({"job": text}.get, removals_of(script)) == {"job": text.replace(b" -H a", b"")}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('dockerd -H  \'a b\' "c\\"d" e\\ f', ["dockerd", "-H", "a b", 'c"d', "e f"]),
        ("a;b && c | d & (e)", ["a", ";", "b", "&", "&", "c", "|", "d", "&", "(", "e", ")"]),
        ("a >log 2>&1 >> x&", ["a", ">log", "2>&1", ">>x", "&"]),
        ('a $X "b$Y" ${Z:-q} $(foo bar) `x` $1 c', ["a", "?", "b?", "?", "?", "?", "?", "c"]),
        ("a # b\nc d#e", ["a", "c", "d#e"]),
        ("a \\\n b", ["a", "b"]),
        ("'' a", ["", "a"]),
        ("", []),
    ],
)
def test_a_text_is_read_once_more(text: str, words: list[str]) -> None:
    value = of("X='" + text.replace("'", "'\\''") + "'").value("X")
    assert value is not None
    assert [word.text.replace(OPAQUE, "?") for word in split_again(value)] == words


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a\n'b", "script:2: the single quote that begins here is not closed"),
        ('a "b', "script:1: the double quote that begins here is not closed"),
        ("$'b", "script:1: the quote that begins here is not closed"),
        ("a `b", "script:1: the backquote that begins here is not closed"),
        ("a ${b", "script:1: the expansion that begins here is not understood"),
        ("a ${b:-", "script:1: the expansion that begins here is not closed"),
        ("a ${?}\n${&}", "script:2: the expansion that begins here is not understood"),
        ("A=(a b", "script:1: the array that begins here is not closed, or not understood"),
        ("if a; then b", "script:1: the end stands where elif or else or fi is expected"),
        ("a\nfi", "script:2: 'fi' stands where it means nothing"),
        ("if a; fi", "script:1: 'fi' stands where then is expected"),
        ("a $(b", "script:1: the end stands where ) is expected"),
        ("a; ;b", "script:1: ';' stands where it means nothing"),
        ("case a in b", "script:1: the end stands where ) is expected"),
        ("case a", "script:1: the end stands where in is expected"),
        ("case ; in", "script:1: ';' stands where a word is expected"),
        ("case a in ;; esac", "script:1: ';;' stands where a pattern is expected"),
        ("for ; do", "script:1: ';' stands where a name is expected"),
        ("for (a", "script:1: '(' stands where a name is expected"),
        ("f() a", "script:1: 'a' stands where { is expected"),
        ("function ;", "script:1: ';' stands where a name is expected"),
        ("a >", "script:1: the end stands where it means nothing"),
        ("a >\n", "script:1: the end of the line stands where it means nothing"),
        ("a && )", "script:1: ')' stands where it means nothing"),
        ("[[ a", "script:1: the end stands where ]] is expected"),
        ("(" * 100, "script:1: it is nested more than 60 levels deep"),
        ('"$(' * 100, "script:1: it is nested more than 60 levels deep"),
        ("${a:-" * 100, "script:1: it is nested more than 60 levels deep"),
        ("X=a\n" + "X=$X$X\n" * 30, "script:19: what the script does with its variables is too much to follow"),
        (
            "f() { a; a; }\n"
            + "".join(f"{'f' * n}() {{ {'f' * (n - 1)}; {'f' * (n - 1)}; }}\n" for n in range(2, 19))
            + "f" * 18,
            "script:1: the script does too much to follow",
        ),
        (
            "".join(f"cmp a b && X={number}\n" for number in range(70)),
            "script:64: X may have more than 64 values, too many to follow",
        ),
    ],
)
def test_what_is_not_understood_is_refused(text: str, message: str) -> None:
    with pytest.raises(ShellError) as caught:
        of(text)
    assert str(caught.value) == message


def test_a_script_that_cannot_be_read() -> None:
    with pytest.raises(ShellError, match="script:1: it cannot be read"):
        trace(lambda path: None, "script")


def test_many_variables_with_several_values_each_come_once() -> None:
    names = "ABCDEFGHIJ"
    text = "".join(f"{name}=1; cmp a b && {name}={name}{name}\n" for name in names)
    ways = daemons_ways(of(text + "dockerd " + " ".join(f"${name}" for name in names)))
    assert len(ways) == len(names) + 1
    assert {word for way in ways for word in way} == {"dockerd", "1", *(name * 2 for name in names)}


def daemons_ways(script: Trace) -> list[list[str]]:
    return [[word.text for word in way] for way in script.commands[-1].ways]


def test_a_loop_over_known_words_is_followed_turn_by_turn() -> None:
    text = 'for word in -H fd:// -D; do OPTIONS="$OPTIONS $word"; done\ndockerd $OPTIONS\n'
    assert daemons_ways(of(text))[0] == ["dockerd", "-H", "fd://", "-D"]
