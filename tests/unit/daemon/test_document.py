# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""daemon.json is parsed strictly, with the place of what is wrong, and printed so that it means the same."""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.daemon.document import (
    UnreadableDocument,
    parse,
    render,
    without_credentials,
)
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from unit.trees import DAEMON_JSON

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=10,
)
DOCUMENTS = st.dictionaries(TEXTS, VALUES)


@given(DOCUMENTS)
def test_what_is_printed_is_what_is_read(document: dict[str, t.Any]) -> None:
    content = render(document)
    assert parse(content, DAEMON_JSON) == document
    assert list(parse(content, DAEMON_JSON)) == list(document)  # the order of keys is kept
    assert render(parse(content, DAEMON_JSON)) == content


def test_how_it_is_printed() -> None:
    document = {"log-opts": {"tag": "{{.Name}}"}, "labels": ["städtchen"], "debug": True}
    assert render(document).decode() == (
        '{\n  "log-opts": {\n    "tag": "{{.Name}}"\n  },\n  "labels": [\n    "städtchen"\n  ],\n  "debug": true\n}\n'
    )
    assert render({}) == b"{}\n"


@pytest.mark.parametrize("content", [b"", b" \n\t\r\n", b"null", b"null\n", b"{}", b"{ }\r\n"])
def test_nothing_in_it(content: bytes) -> None:
    assert parse(content, DAEMON_JSON) == {}


@pytest.mark.parametrize(
    "content",
    [
        b'{"debug": true, "log-opts": {"tag": "{{.Name}}"}}',
        b'{\r\n\t"debug": true,\r\n\t"log-opts": {\r\n\t\t"tag": "{{.Name}}"\r\n\t}\r\n}',
    ],
)
def test_odd_layout(content: bytes) -> None:
    assert parse(content, DAEMON_JSON) == {"debug": True, "log-opts": {"tag": "{{.Name}}"}}


def complaint(content: bytes) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        parse(content, DAEMON_JSON)
    assert isinstance(caught.value, HostError)
    text = str(caught.value)
    assert text.startswith(f"{DAEMON_JSON}: ")
    return text.removeprefix(f"{DAEMON_JSON}: ")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            b'{\n  "debug": true\n  "mtu": 1400\n}\n',
            "line 3, column 3: Expecting ',' delimiter: \"mtu\": 1400",
            id="missing-comma",
        ),
        pytest.param(
            b'{\r\n  "debug": true\r\n  "mtu": 1400\r\n}\r\n',
            "line 3, column 3: Expecting ',' delimiter: \"mtu\": 1400",
            id="missing-comma-with-carriage-returns",
        ),
        pytest.param(
            b'{\n  // on\n  "debug": true\n}\n',
            "line 2, column 3: Expecting property name enclosed in double quotes; JSON has no comments: // on",
            id="comment",
        ),
        pytest.param(
            b'{\n  "debug": true  # on\n}\n',
            "line 2, column 18: Expecting ',' delimiter; JSON has no comments: \"debug\": true  # on",
            id="comment-behind-a-value",
        ),
        pytest.param(
            b"# Docker\n{}\n",
            "line 1, column 1: Expecting value; JSON has no comments: # Docker",
            id="comment-at-the-top",
        ),
        pytest.param(
            b"{\n  debug: true\n}\n",
            "line 2, column 3: Expecting property name enclosed in double quotes; "
            "a comma too many before it, or a name without double quotes: debug: true",
            id="name-without-quotes",
        ),
        pytest.param(b'"debug": true\n', 'line 1, column 8: Extra data: "debug": true', id="no-braces"),
        pytest.param(b'{"a": 1}\n{"b": 2}\n', 'line 2, column 1: Extra data: {"b": 2}', id="two-objects"),
        pytest.param(
            b"root@host:~# cat /etc/docker/daemon.json\n{}\n",
            "line 1, column 1: Expecting value: root@host:~# cat /etc/docker/daemon.json",
            id="terminal-transcript",
        ),
        pytest.param(b'{"a": True}', 'line 1, column 7: Expecting value: {"a": True}', id="python"),
        pytest.param(b'{"a": {{ x }}}', None, id="template"),
        pytest.param(b"[]", "the top level must be an object in braces; got: list", id="list"),
        pytest.param(b'"x"', "the top level must be an object in braces; got: str", id="string"),
        pytest.param(b'{"a": NaN}', "NaN is no JSON value", id="nan"),
        pytest.param(b'{"a": -Infinity}', "-Infinity is no JSON value", id="infinity"),
        pytest.param(b'{"a": 1e999}', None, id="number-out-of-range"),
        pytest.param(b'{"a": "\\ud800"}', None, id="half-a-surrogate-pair"),
        pytest.param(b"[" * 100_000, None, id="without-end"),
        pytest.param(
            b'{"a": 1, "a": 1}',
            'key "a" stands twice in one object; dockerd would take the last one silently',
            id="twice",
        ),
        pytest.param(
            b'{"log-opts": {"tag": "a", "tag": "b"}}',
            'key "tag" stands twice in one object; dockerd would take the last one silently',
            id="twice-inside",
        ),
        pytest.param(b'{\n"a": "\xe9"}', "line 2: byte 8 is not UTF-8; save the file as UTF-8", id="latin-1"),
        pytest.param(
            b"\xef\xbb\xbf{}",
            "line 1: starts with a byte order mark, which dockerd 20.10 refuses; remove it",
            id="byte-order-mark",
        ),
        pytest.param("{}".encode("utf-16"), "line 1: byte 0 is not UTF-8; save the file as UTF-8", id="utf-16"),
    ],
)
def test_what_cannot_be_read(content: bytes, expected: str | None) -> None:
    found = complaint(content)
    assert expected is None or found == expected


def test_a_comma_too_many() -> None:
    """The words are those of Python's json, and newer ones say it in their own way."""
    assert "comma" in complaint(b'{\n  "debug": true,\n}\n')


@given(st.binary())
def test_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        document = parse(content, DAEMON_JSON)
    except UnreadableDocument:
        return
    assert parse(render(document), DAEMON_JSON) == document


def test_a_complaint_shows_no_password() -> None:
    text = b'{\n"registry-mirrors": ["https://user:secret@mirror.example.org" "x"]}'
    assert complaint(text).endswith('["https://***@mirror.example.org" "x"]}')


def test_a_long_line_is_cut() -> None:
    assert complaint(b'{"a": ' + b"x" * 500).endswith('{"a": ' + "x" * 74)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://user:pass@proxy:3128/", "http://***@proxy:3128/"),
        ("https://token@registry.example.org", "https://***@registry.example.org"),
        ("http://user:p@ss@proxy", "http://***@proxy"),  # the last @ counts, as in Go's net/url
        ('"a": "http://u:p@a", "b": "http://u:p@b"', '"a": "http://***@a", "b": "http://***@b"'),
        ("http://u:p@a,http://u:q@b", "http://***@a,http://***@b"),
        ("http://proxy:3128/path@x", "http://proxy:3128/path@x"),
        ("unix:///var/run/docker.sock", "unix:///var/run/docker.sock"),
        ("user@host no://x y@z", "user@host no://x y@z"),
        ("", ""),
    ],
)
def test_without_credentials(text: str, expected: str) -> None:
    assert without_credentials(text) == expected


PLAIN = st.text("abcXYZ019-._~%", min_size=1)


@given(PLAIN, st.text("abc:@%!$&'()*+,;=", min_size=1), PLAIN)
def test_no_part_of_a_password_stays(user: str, password: str, host: str) -> None:
    assert without_credentials(f"http://{user}:{password}@{host}/v2/") == f"http://***@{host}/v2/"
