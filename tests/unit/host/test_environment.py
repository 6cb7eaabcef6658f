# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environment files and variables as systemd reads them. Expected values are those of systemd 252."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.host.environment import (
    Assignment,
    expand_word,
    parse_environment_file,
)

VARIABLES = {
    "OPTS": '-H  fd:// --label \'a b\' "c\\"d" e\\tf\\ g',
    "EMPTY": "",
    "BLANK": " ",
    "OPEN": 'x "y z',
    "X": "1 2",
    "NESTED": "$X ${X} $$",
}


def read(text: str) -> dict[str, str]:
    return {a.name: a.value for a in parse_environment_file(text, "/etc/default/docker")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", {}, id="empty"),
        pytest.param("A=1", {"A": "1"}, id="no-final-newline"),
        pytest.param("A=1\n\n# A=2\n; A=3\n  # A=4\nB=5\n", {"A": "1", "B": "5"}, id="comments-and-blank-lines"),
        pytest.param("A=\"x y\"\nB='x y'\nC=x y  \n", {"A": "x y", "B": "x y", "C": "x y"}, id="quotes-or-none"),
        pytest.param('A=" x "\nB= " x " \n', {"A": " x ", "B": " x "}, id="blanks-inside-of-quotes"),
        pytest.param("  A = x\n", {"A": "x"}, id="blanks-around"),
        pytest.param('A=\nB=""\n', {"A": "", "B": ""}, id="empty-values"),
        pytest.param("A=x=y\n", {"A": "x=y"}, id="equals-in-value"),
        pytest.param("A=1\nA=2\n", {"A": "2"}, id="last-one-counts"),
        pytest.param("A=1 # no comment\n", {"A": "1 # no comment"}, id="no-comment-behind-a-value"),
        pytest.param('A="-H fd:// \\\n  -D"\n', {"A": "-H fd://   -D"}, id="continued-in-quotes"),
        pytest.param("A=-H fd:// \\\n  -D\n", {"A": "-H fd://   -D"}, id="continued"),
        pytest.param('A="two\nlines"\nB=1\n', {"A": "two\nlines", "B": "1"}, id="newline-in-double-quotes"),
        pytest.param("A='two\\\nlines'\nB=1\n", {"A": "two\\\nlines", "B": "1"}, id="newline-in-single-quotes"),
        pytest.param('A="open\n', {"A": "open\n"}, id="quote-never-closed"),
        pytest.param("A=x\\", {"A": "x"}, id="backslash-at-the-end"),
        pytest.param('A="x\\', {"A": "x"}, id="backslash-at-the-end-in-quotes"),
        pytest.param('A="a" b\n', {"A": "ab"}, id="plain-behind-quotes"),
        pytest.param("A=\"a\"'b'c\n", {"A": "abc"}, id="quotes-side-by-side"),
        pytest.param('A=a"b"\n', {"A": 'a"b"'}, id="quotes-behind-plain-are-text"),
        pytest.param('A="\\$X \\` \\" \\\\ \\n"\n', {"A": '$X ` " \\ \\n'}, id="escapes-in-double-quotes"),
        pytest.param('A=\\$X\\"\\n\n', {"A": '$X"n'}, id="escapes-without-quotes"),
        pytest.param("A='\\n'\n", {"A": "\\n"}, id="no-escapes-in-single-quotes"),
        pytest.param('A="$A -D"\nB=`id`\n', {"A": "$A -D", "B": "`id`"}, id="no-shell"),
        pytest.param("A={{.Name}}\n", {"A": "{{.Name}}"}, id="braces"),
        pytest.param("A\n=\n=1\nB=2\n", {"B": "2"}, id="no-assignments"),
        pytest.param("1A=1\nA-B=1\nexport C=1\nD=1\n", {"D": "1"}, id="no-names"),
        pytest.param("\ufeffA=1\nB=2\n", {"B": "2"}, id="byte-order-mark-spoils-the-name"),
        pytest.param('A=x\r\nB="y"\r\n# c\r\nC= \r\n', {"A": "x", "B": "y", "C": ""}, id="carriage-returns"),
        pytest.param("A=x \\\r\ny\r\nB=1\r\n", {"A": "x ", "B": "1"}, id="continuation-is-lost-to-a-carriage-return"),
        pytest.param('A="x \\\r\ny"\r\n', {"A": "x \\\r\ny"}, id="carriage-return-in-quotes"),
    ],
)
def test_parse(text: str, expected: dict[str, str]) -> None:
    assert read(text) == expected


def test_parse_shell_code() -> None:
    """Where /etc/default/docker is written for a sysvinit script, systemd reads the same lines in another way."""
    text = (
        'if [ -z "$DOCKER_OPTS" ]; then\n'
        '  DOCKER_OPTS="-H unix://"\n'
        "fi\n"
        ". /etc/sysconfig/docker-network\n"
        'DOCKER_OPTS="$DOCKER_OPTS --debug"\n'
        'export http_proxy="http://127.0.0.1:3128/"\n'
        "#DOCKER_TMPDIR=/mnt/bigdrive/docker-tmp\n"
    )
    assert read(text) == {"DOCKER_OPTS": "$DOCKER_OPTS --debug"}


def test_an_assignment_knows_the_line_it_begins_on() -> None:
    text = '# one\nA=1\n\nB="two \\\n  three"\nC="four\nfive"\nD=6\n'
    assert parse_environment_file(text, "/etc/sysconfig/docker") == [
        Assignment("A", "1", "/etc/sysconfig/docker", 2),
        Assignment("B", "two   three", "/etc/sysconfig/docker", 4),
        Assignment("C", "four\nfive", "/etc/sysconfig/docker", 6),
        Assignment("D", "6", "/etc/sysconfig/docker", 8),
    ]


@given(st.dictionaries(st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,5}", fullmatch=True), st.text("ab $\\\"'`#;=\t\n%")))
def test_quoted_values_come_back(values: dict[str, str]) -> None:
    def quoted(value: str) -> str:
        for char in '\\"`$':
            value = value.replace(char, f"\\{char}")
        return f'"{value}"'

    assert read("".join(f"{name}={quoted(value)}\n" for name, value in values.items())) == values


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("plain", ["plain"]),
        ("$OPTS", ["-H", "fd://", "--label", "a b", 'c"d', "etf g"]),
        ("${OPTS}", ['-H  fd:// --label \'a b\' "c\\"d" e\\tf\\ g']),
        ("$EMPTY", []),
        ("${EMPTY}", [""]),
        ("$NONE", []),
        ("${NONE}", [""]),
        ("$BLANK", []),
        ("${BLANK}", [" "]),
        ("$OPEN", ["x", "y z"]),
        ("$NESTED", ["$X", "${X}", "$$"]),
        ("${NESTED}", ["$X ${X} $$"]),
        ("--label=$X", ["--label=$X"]),
        ("--label=${X}", ["--label=1 2"]),
        ("${X}${X}", ["1 21 2"]),
        ("$X$X", []),  # systemd looks for a variable with the name "X$X"
        ("$X-y", []),
        ("$", []),
        ("$$X", ["$X"]),
        ("$${X}", ["${X}"]),
        ("a$$b", ["a$b"]),
        ("cost$", ["cost$"]),
        ("${X-1}", [""]),
        ("${X", ["${X"]),
        ("--log-opt=tag={{.Name}}", ["--log-opt=tag={{.Name}}"]),
    ],
)
def test_expand_word(word: str, expected: list[str]) -> None:
    assert expand_word(word, VARIABLES) == expected


@given(st.text(), st.dictionaries(st.sampled_from("ABC"), st.text()))
def test_a_word_without_dollar_stays(text: str, variables: dict[str, str]) -> None:
    text = text.replace("$", "")
    assert expand_word(text, variables) == [text]
