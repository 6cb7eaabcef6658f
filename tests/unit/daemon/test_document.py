# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""daemon.json is parsed strictly, with the place of what is wrong, and printed so that it means the same."""

from __future__ import annotations

import re
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
from ansible_collections.slipway.docker.plugins.module_utils.daemon.json_faults import first_fault
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
            'line 3, column 3: expected a comma or }: "mtu": 1400',
            id="missing-comma",
        ),
        pytest.param(
            b'{\r\n  "debug": true\r\n  "mtu": 1400\r\n}\r\n',
            'line 3, column 3: expected a comma or }: "mtu": 1400',
            id="missing-comma-with-carriage-returns",
        ),
        pytest.param(
            b'{\n  // on\n  "debug": true\n}\n',
            "line 2, column 3: expected a name in double quotes or }; JSON has no comments: // on",
            id="comment",
        ),
        pytest.param(
            b'{\n  "debug": true  # on\n}\n',
            'line 2, column 18: expected a comma or }; JSON has no comments: "debug": true  # on',
            id="comment-behind-a-value",
        ),
        pytest.param(
            b"# Docker\n{}\n",
            "line 1, column 1: expected {: the file holds one object in braces; JSON has no comments: # Docker",
            id="comment-at-the-top",
        ),
        pytest.param(
            b"{\n  debug: true\n}\n",
            "line 2, column 3: expected a name in double quotes or }: debug: true",
            id="name-without-quotes",
        ),
        pytest.param(
            b'"debug": true\n',
            'line 1, column 1: expected {: the file holds one object in braces: "debug": true',
            id="no-braces",
        ),
        pytest.param(
            b'{"a": 1}\n{"b": 2}\n',
            'line 2, column 1: expected the end of the file: only one object is read: {"b": 2}',
            id="two-objects",
        ),
        pytest.param(
            b"root@host:~# cat /etc/docker/daemon.json\n{}\n",
            "line 1, column 1: expected {: the file holds one object in braces: "
            "root@host:~# cat /etc/docker/daemon.json",
            id="terminal-transcript",
        ),
        pytest.param(b'{"a": True}', 'line 1, column 7: expected true: {"a": True}', id="python"),
        pytest.param(
            b'{"a": {{ x }}}',
            "line 1, column 8: expected a name in double quotes or }; these are the braces of a template: "
            '{"a": {{ x }}}',
            id="template",
        ),
        pytest.param(
            b"{% if x %}\n{}\n",
            "line 1, column 2: expected a name in double quotes or }; these are the braces of a template: {% if x %}",
            id="template-at-the-top",
        ),
        pytest.param(b"[]", "line 1, column 1: expected {: the file holds one object in braces: []", id="list"),
        pytest.param(b'"x"', 'line 1, column 1: expected {: the file holds one object in braces: "x"', id="string"),
        pytest.param(b'{"a": NaN}', 'line 1, column 7: expected a number; NaN is none in JSON: {"a": NaN}', id="nan"),
        pytest.param(
            b'{"a": -Infinity}',
            'line 1, column 7: expected a number; -Infinity is none in JSON: {"a": -Infinity}',
            id="infinity",
        ),
        pytest.param(
            b'{"a": 1e999}', 'line 1, column 7: expected a smaller number: {"a": 1e999}', id="number-out-of-range"
        ),
        pytest.param(
            b'{"a": "\\ud800"}',
            'line 1, column 7: expected both halves of a pair of surrogates in this string: {"a": "\\ud800"}',
            id="half-a-surrogate-pair",
        ),
        pytest.param(
            b"[" * 100_000,
            f"line 1, column 1: expected {{: the file holds one object in braces: {'[' * 80}",
            id="no-end",
        ),
        pytest.param(
            b'{"a":' + b"[" * 100_000,
            f'line 1, column 206: expected no more than 200 levels of braces and brackets: {{"a":{"[" * 75}',
            id="too-deep",
        ),
        pytest.param(
            b'{"a": 1, "a": 1}',
            'line 1, column 10: expected each key once; "a" stands in line 1 already, and dockerd would take the last '
            'one: {"a": 1, "a": 1}',
            id="twice",
        ),
        pytest.param(
            b'{"log-opts": {"tag": "a", "tag": "b"}}',
            'line 1, column 27: expected each key once; "tag" stands in line 1 already, and dockerd would take the '
            'last one: {"log-opts": {"tag": "a", "tag": "b"}}',
            id="twice-inside",
        ),
        pytest.param(
            b'{\n"a": "\xe9"}',
            "line 2, column 7: expected UTF-8; byte 0xe9 is none: save the file as UTF-8",
            id="latin-1",
        ),
        pytest.param(
            b"\xef\xbb\xbf{}",
            "line 1, column 1: expected plain UTF-8; a byte order mark of UTF-8 stands there, which engine 20.10 "
            "refuses: save the file as UTF-8 without one",
            id="byte-order-mark",
        ),
        pytest.param(
            "{}".encode("utf-16"),
            "line 1, column 1: expected plain UTF-8; a byte order mark of UTF-16 stands there, which engine 20.10 "
            "refuses: save the file as UTF-8 without one",
            id="utf-16",
        ),
        pytest.param(
            "{}".encode("utf-16-le"),
            "line 1, column 1: expected UTF-8; save the file as that, not as UTF-16",
            id="utf-16-without-a-mark",
        ),
        pytest.param(
            "{}".encode("utf-16-be"),
            "line 1, column 1: expected UTF-8; save the file as that, not as UTF-16",
            id="utf-16-the-other-way-round",
        ),
        pytest.param(
            b'{\n  "debug": true,\n}\n',
            'line 2, column 16: expected no comma before }: "debug": true,',
            id="comma-too-many",
        ),
        pytest.param(b'{"a": [1,]}', 'line 1, column 9: expected no comma before ]: {"a": [1,]}', id="comma-in-a-list"),
        pytest.param(
            b'{"a": [1 2]}', 'line 1, column 10: expected a comma or ]: {"a": [1 2]}', id="no-comma-in-a-list"
        ),
        pytest.param(b'{"a" 1}', """line 1, column 6: expected : behind the name "a": {"a" 1}""", id="no-colon"),
        pytest.param(b'{"a": }', 'line 1, column 7: expected a value: {"a": }', id="no-value"),
        pytest.param(b'{"a": 1', 'line 1, column 8: expected a comma or }: {"a": 1', id="cut-off"),
        pytest.param(b'{"a": {"b": [', 'line 1, column 14: expected a value: {"a": {"b": [', id="cut-off-inside"),
        pytest.param(
            b"{'a': 1}",
            "line 1, column 2: expected a name in double quotes or }; single quotes are none: {'a': 1}",
            id="single-quotes",
        ),
        pytest.param(
            b"{\"a\": 'b'}",
            "line 1, column 7: expected a value; strings stand in double quotes: {\"a\": 'b'}",
            id="a-value-in-single-quotes",
        ),
        pytest.param(
            b'{"a": json-file}',
            'line 1, column 7: expected a value; strings stand in double quotes: {"a": json-file}',
            id="a-value-without-quotes",
        ),
        pytest.param(
            b'{"a": "b\n}',
            'line 1, column 7: expected " at the end of the string that begins here: {"a": "b',
            id="no-closing-quote",
        ),
        pytest.param(
            b'{"a": "C:\\x"}',
            "line 1, column 10: expected a known escape behind a backslash; two backslashes stand for one: "
            '{"a": "C:\\x"}',
            id="backslash",
        ),
        pytest.param(
            b'{"a": "x\ty"}',
            'line 1, column 9: expected \\u0009 instead of a control character in a string: {"a": "x\ty"}',
            id="tab-in-a-string",
        ),
        pytest.param(
            b'{"a": 010}',
            'line 1, column 7: expected a number without a plus, a leading zero, a bare point or letters: {"a": 010}',
            id="octal",
        ),
        pytest.param(
            b'{"a": 10m}',
            'line 1, column 7: expected a number without a plus, a leading zero, a bare point or letters: {"a": 10m}',
            id="a-size-without-quotes",
        ),
        pytest.param(
            b"{} trailing",
            "line 1, column 4: expected the end of the file: nothing may follow the object: {} trailing",
            id="trailing-garbage",
        ),
        pytest.param(
            b'{\n  "a": 1,\n  "b": {"c": 1},\n  "\\u0061": 2\n}',
            'line 4, column 3: expected each key once; "a" stands in line 2 already, and dockerd would take the last '
            'one: "\\u0061": 2',
            id="twice-in-disguise",
        ),
    ],
)
def test_what_cannot_be_read(content: bytes, expected: str) -> None:
    assert complaint(content) == expected


@given(st.binary())
def test_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        document = parse(content, DAEMON_JSON)
    except UnreadableDocument:
        return
    assert parse(render(document), DAEMON_JSON) == document


def objection(text: str) -> str:
    """What is said of a text, empty where it can be read."""
    try:
        parse(text.encode(), DAEMON_JSON)
    except UnreadableDocument as error:
        return str(error)
    return ""


def has_its_place(text: str) -> bool:
    """What Python's json refuses, our own reading finds a fault in, and the other way round."""
    said = objection(text)
    if not said:
        return not text.strip() or first_fault(text) is None
    return bool(re.match(rf"{DAEMON_JSON}: line \d+, column \d+: expected ", said))


@given(st.text("{}[]:,\"\\/#'\n\r\t 0123.eE+-truefalsnNaIdu%", max_size=40))
def test_every_fault_has_a_place(text: str) -> None:
    assert has_its_place(text)


@given(DOCUMENTS, st.data())
def test_every_fault_of_a_damaged_document_has_a_place(document: dict[str, t.Any], data: st.DataObject) -> None:
    text = render(document).decode()
    assert first_fault(text) is None
    place = data.draw(st.integers(0, len(text) - 1))
    assert has_its_place(text[:place] + data.draw(st.sampled_from(["", *',}"x#0'])) + text[place + 1 :])


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
