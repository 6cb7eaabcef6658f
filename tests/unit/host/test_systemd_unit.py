# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Unit files and command lines as systemd reads them. The expected values are those of systemd 252."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.host.environment import expand_word
from ansible_collections.slipway.docker.plugins.module_utils.host.systemd_unit import (
    Setting,
    Word,
    parse_unit,
    quote_word,
    split_words,
)

# Whatever can be an argument of a process and stand in a file that is UTF-8.
ARGUMENTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def values(text: str, section: str = "Service") -> list[tuple[str, str, int]]:
    return [(s.name, s.value, s.line) for s in parse_unit(text, "/x.service") if s.section == section]


def test_a_setting_knows_where_it_stands() -> None:
    text = "[Unit]\nRequires=docker.socket\n\n[Service]\nExecStart = /usr/bin/dockerd -H fd:// \n"
    assert parse_unit(text, "/lib/systemd/system/docker.service") == [
        Setting("Unit", "Requires", "docker.socket", "/lib/systemd/system/docker.service", 2),
        Setting("Service", "ExecStart", "/usr/bin/dockerd -H fd://", "/lib/systemd/system/docker.service", 5),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("A=1\nA=2\nA=\n", [("A", "1", 2), ("A", "2", 3), ("A", "", 4)], id="order-and-empty"),
        pytest.param("A=x=y\n", [("A", "x=y", 2)], id="equals-in-value"),
        pytest.param("A=1", [("A", "1", 2)], id="no-final-newline"),
        pytest.param("# A=1\n; A=2\n  # A=3\n\t;A=4\n", [], id="comments"),
        pytest.param("A=1 # no comment\n", [("A", "1 # no comment", 2)], id="comment-behind-a-value-is-text"),
        pytest.param("  A=1\n\tB=2\n", [("A", "1", 2), ("B", "2", 3)], id="indented"),
        pytest.param("nonsense\nA=1\n", [("A", "1", 3)], id="no-assignment"),
        pytest.param("A=1 \\\n2\n", [("A", "1  2", 2)], id="continuation"),
        pytest.param("A=1\\\n\t2\\\n  3\nB=4\n", [("A", "1 \t2   3", 2), ("B", "4", 5)], id="continued-twice"),
        pytest.param("A=1 \\\n# comment\n 2\nB=3\n", [("A", "1   2", 2), ("B", "3", 5)], id="comment-in-continuation"),
        pytest.param("A=1 \\\n; comment \\\n2\n", [("A", "1  2", 2)], id="comment-with-backslash-in-continuation"),
        pytest.param("A=1 \\\n\nB=2\n", [("A", "1", 2), ("B", "2", 4)], id="blank-line-ends-a-continuation"),
        pytest.param("A=1 \\ \nB=2\n", [("A", "1 \\", 2), ("B", "2", 3)], id="blank-behind-the-backslash"),
        pytest.param("A=1\\\\\nB=2\n", [("A", "1\\\\", 2), ("B", "2", 3)], id="two-backslashes-are-no-continuation"),
        pytest.param("A=1\\\\\\\n2\n", [("A", "1\\\\ 2", 2)], id="three-backslashes-are-one"),
        pytest.param("A=1 \\", [("A", "1", 2)], id="continued-into-the-end"),
        pytest.param("A=1 \\\n[Install]\nB=2\n", [("A", "1  [Install]", 2), ("B", "2", 4)], id="continued-to-a-header"),
    ],
)
def test_parse(text: str, expected: list[tuple[str, str, int]]) -> None:
    assert values(f"[Service]\n{text}") == expected


def test_parse_with_carriage_returns() -> None:
    text = "[Service]\nExecStart=\nExecStart=/usr/bin/dockerd \\\n  -H fd://\n# x\nA=1\n"
    assert parse_unit(text.replace("\n", "\r\n"), "/x") == parse_unit(text, "/x")


def test_parse_behind_a_byte_order_mark() -> None:
    assert values("\ufeff[Service]\nA=1\n") == [("A", "1", 2)]


def test_sections_do_not_mix() -> None:
    text = "A=0\n[Service]\nA=1\n[X-Other]\nA=2\n[Service]\nA=3\n"
    assert values(text) == [("A", "1", 3), ("A", "3", 7)]
    assert values(text, "") == [("A", "0", 1)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", []),
        (" \t ", []),
        ("a b\tc", ["a", "b", "c"]),
        ("a  b ", ["a", "b"]),
        ("-H 'a b' \"c d\"", ["-H", "a b", "c d"]),
        ("--label='a b'c", ["--label=a bc"]),
        ("''", [""]),
        ('"it\'s" \'say "x"\'', ["it's", 'say "x"']),
        (r"a\ b", [r"a\ b"]),  # an escape that systemd does not know stays; the blank in it does not separate
        (r"a\tb \x41 \u00e4 \U0001f433", ["a\tb", "A", "ä", "🐳"]),
        (r"\s \\ \" \'", [" ", "\\", '"', "'"]),
        (r"'it\'s'", ["it's"]),
        (r"\101\040\7", [r"A \7"]),
        (r"\q \xg1", [r"\q", r"\xg1"]),
        ("a\\", ["a\\"]),
        ("${X} \"$X\" '$X'", ["${X}", "$X", "$X"]),
    ],
)
def test_split_words(value: str, expected: list[str]) -> None:
    assert [word.text for word in split_words(value)] == expected


def test_a_word_remembers_how_it_was_written() -> None:
    value = r'/usr/bin/dockerd   "-H" --label="a b"\x20c $OPTS'
    assert split_words(value) == [
        Word("/usr/bin/dockerd", "/usr/bin/dockerd"),
        Word('"-H"', "-H"),
        Word(r'--label="a b"\x20c', "--label=a b c"),
        Word("$OPTS", "$OPTS"),
    ]


@given(st.text("ab \t'\"\\x4"))
def test_raw_words_lose_nothing_but_blanks(value: str) -> None:
    words = split_words(value)
    rest = value
    for word in words:
        before, _found, rest = rest.partition(word.raw)
        assert before.strip(" \t") == ""
    assert rest.strip(" \t") == ""
    # Put together again they mean the same: this is what a drop-in relies on.
    assert split_words(" ".join(word.raw for word in words)) == words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("unix:///var/run/docker.sock", "unix:///var/run/docker.sock"),
        ("", '""'),
        ("a b", '"a b"'),
        ("100%", "100%%"),
        ("$HOME", '"$$HOME"'),
        ('say "x"', r'"say \"x\""'),
        ("C:\\x", r'"C:\\x"'),
        ("it's", '"it\'s"'),
        ("two\nlines\tand\rmore", r'"two\nlines\tand\rmore"'),
        (";", '";"'),
    ],
)
def test_quote_word(text: str, expected: str) -> None:
    assert quote_word(text) == expected


@given(ARGUMENTS)
def test_a_quoted_word_means_the_text(text: str) -> None:
    quoted = quote_word(text)
    (setting,) = parse_unit(f"[Service]\nExecStart=/x {quoted}\n", "/x.service")
    _program, word = split_words(setting.value)
    # systemd puts specifiers in when it reads the unit, variables when it starts the process.
    assert expand_word(word.text.replace("%%", "%"), {"HOME": "/root"}) == [text]
    assert "%" not in word.text.replace("%%", "")


@given(st.lists(ARGUMENTS))
def test_quoted_words_stay_apart(texts: list[str]) -> None:
    words = split_words(" ".join(quote_word(text) for text in texts))
    assert [word.text.replace("%%", "%").replace("$$", "$") for word in words] == texts
