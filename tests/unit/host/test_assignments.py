# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What sh and systemd see in a file of assignments. The files are also sourced, to compare with a real sh."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.host.assignments import (
    Found,
    Reader,
    read_assignments,
    value_of,
)
from ansible_collections.slipway.docker.plugins.module_utils.host.environment import parse_environment_file
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from unit.host.assignment_files import FILES, RED_HAT, source

PATH = "/etc/default/docker"
UNREADABLE = {"unfinished-quote", "unfinished-export"}


def read(text: str, reader: Reader) -> dict[str, str | None]:
    found = read_assignments(text, PATH, reader)
    return {each.name: value_of(found, each.name) for each in found}


def kinds(text: str) -> list[tuple[str, int, str | None, str]]:
    """Name, line and value as sh sees them, and flags: exported, plain, whole, certain, refers to itself, unset."""

    def letters(each: Found) -> str:
        flags = (each.exported, each.plain, each.whole, each.certain, each.refers_to_itself, each.unset)
        return "".join(letter for letter, flag in zip("epwcru", flags, strict=True) if flag)

    return [(each.name, each.line, each.value, letters(each)) for each in read_assignments(text, PATH, "shell")]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("empty", []),
        ("debian", []),
        (
            "red-hat",
            [
                ("OPTIONS", 3, '--selinux-enabled --log-driver=journald --label "a b"', "pwc"),
                ("DOCKER_CERT_PATH", 5, "/etc/docker", ""),
                ("ADD_REGISTRY", 9, "", "pwc"),
                ("INSECURE_REGISTRY", 10, "--insecure-registry=10.0.0.0/8", "pwc"),
                ("DOCKER_TMPDIR", 11, "/var/tmp", "pwc"),
            ],
        ),
        ("no-final-newline", [("A", 1, "1", "pwc"), ("DOCKER_OPTS", 2, "--debug", "pwc")]),
        ("no-quotes-with-blanks", [("B", 2, "2", "pwc")]),
        ("nested", [("DOCKER_OPTS", 1, "--label='a b' --exec-opt \"c\"", "pwc"), ("B", 2, "it's", "pwc")]),
        ("concatenated", [("DOCKER_OPTS", 1, "-H unix:// --debug x", "pwc")]),
        (
            "multi-line",
            [("A", 1, "1", "pwc"), ("DOCKER_OPTS", 2, "--debug   --ipv6   --label x", "pwc"), ("B", 5, "2", "pwc")],
        ),
        ("multi-line-in-quotes", [("DOCKER_OPTS", 1, "--debug\n  --ipv6", "pwc"), ("B", 3, "2", "pwc")]),
        ("continued", [("DOCKER_OPTS", 1, "--debug--ipv6", "pwc"), ("B", 3, "2", "pwc")]),
        ("blanks-at-equals", [("B", 2, "2", "pwc")]),
        ("semicolon", [("DOCKER_OPTS", 1, "--debug", "pwc"), ("B", 2, "2", "c"), ("C", 2, "3", "c")]),
        (
            "self-append",
            [("DOCKER_OPTS", 1, "--debug", "pwc"), ("DOCKER_OPTS", 2, None, "wcr"), ("DOCKER_OPTS", 3, None, "wcr")],
        ),
        ("plus", [("DOCKER_OPTS", 1, "--debug", "pwc"), ("DOCKER_OPTS", 2, None, "wcr"), ("B", 3, "2", "pwc")]),
        ("if", [("DOCKER_OPTS", 2, "--debug", ""), ("B", 4, "2", ""), ("C", 6, "3", "pwc")]),
        ("default", [("DOCKER_OPTS", 1, None, ""), ("B", 2, None, "pwc")]),
        ("case", [("DOCKER_OPTS", 2, "--debug", ""), ("B", 3, None, ""), ("C", 5, "3", "pwc")]),
        (
            "loops",
            [
                ("B", 1, None, ""),
                ("DOCKER_OPTS", 1, None, ""),
                ("C", 2, "3", ""),
                ("C", 4, "4", ""),
                ("D", 6, "5", "pwc"),
            ],
        ),
        (
            "function",
            [("DOCKER_OPTS", 2, "--debug", ""), ("function_like", 4, "1", "pwc"), ("C", 5, "3", ""), ("D", 6, "4", "")],
        ),
        (
            "conditions",
            [
                ("DOCKER_OPTS", 1, "--debug", ""),
                ("B", 3, "2", ""),
                ("C", 4, "3", ""),
                ("D", 4, "4", ""),
                ("E", 5, "5", "c"),
            ],
        ),
        ("for-one-command", [("B", 2, "2", "c"), ("C", 2, "3", "c")]),
        ("here-document", [("C", 7, "3", "pwc")]),
        ("commands", [("DOCKER_OPTS", 1, None, "pwc"), ("B", 2, None, "pwc"), ("C", 3, "$(id)", "pwc")]),
        (
            "expansions",
            [
                ("B", 1, None, "pwc"),
                ("C", 2, None, "pwc"),
                ("D", 3, None, "pwc"),
                ("E", 4, "a$ b", "pwc"),
                ("F", 5, "$", "pwc"),
                ("G", 6, None, "pwc"),
                ("DOCKER_OPTS", 7, None, "pwc"),
            ],
        ),
        (
            "export",
            [
                ("http_proxy", 1, "http://127.0.0.1:3128/", "epwc"),
                ("B", 2, "2", "ec"),
                ("C", 2, "3 4", "ec"),
                ("DOCKER_TMPDIR", 4, "/tmp", "epwc"),
            ],
        ),
        ("unset", [("DOCKER_OPTS", 1, "--debug", "pwc"), ("DOCKER_OPTS", 3, None, "u"), ("B", 4, "2", "pwc")]),
        ("carriage-returns", [("A", 2, "1\r", "pwc"), ("DOCKER_OPTS", 3, "--debug\r", "pwc"), ("B", 4, "2\r", "pwc")]),
        ("continued-in-name", [("DOCKER_OPTS", 1, "--debug", "pwc"), ("BB", 4, "2", "epwc")]),
        ("byte-order-mark", [("B", 2, "2", "pwc")]),
    ],
)
def test_what_sh_sees(name: str, expected: list[tuple[str, int, str | None, str]]) -> None:
    assert kinds(FILES[name]) == expected


@pytest.mark.parametrize("name", sorted(set(FILES) - UNREADABLE))
def test_sh_agrees(name: str, tmp_path: Path) -> None:
    """Where we know a value, sh has that very value; what we take for exported, processes see."""
    found = read_assignments(FILES[name], PATH, "shell")
    assert all(each.name in FILES[name][each.line_start : each.line_end].replace("\\\n", "") for each in found)
    for variable in {each.name for each in found}:
        last = [each for each in found if each.name == variable][-1]
        own, exported = source(FILES[name], variable, tmp_path)
        if last.certain and last.value is not None:
            assert own == last.value
        if last.certain:
            assert exported == (own if last.exported else None)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("A=1\nB='\n", 2, id="single"),
        pytest.param('A="$(echo "x)\n', 1, id="double-in-command"),
        pytest.param("\nA=`id\n", 2, id="backquote"),
        pytest.param("A=${B\n", 1, id="brace"),
        pytest.param("\n\nA=$((1 + \n", 3, id="arithmetic"),
        pytest.param("A=$'x\n", 1, id="dollar-quote"),
        pytest.param("A=1\nif true; then\n  A=2\n", 2, id="if"),
        pytest.param("fi\n", 1, id="fi"),
        pytest.param("A=1 )\n", 1, id="parenthesis"),
        pytest.param("a (b)\n", 1, id="function"),
        pytest.param("case x in a) A=1 ;;\n", 1, id="case"),
        pytest.param("A=" + "$(" * 500, 1, id="deep"),
        pytest.param("A=" + "${A:-" * 500, 1, id="deep-braces"),
    ],
)
def test_what_sh_cannot_read(text: str, line: int) -> None:
    with pytest.raises(HostError, match=rf"^{PATH}:{line}: .*correct it by hand first$"):
        read_assignments(text, PATH, "shell")
    assert isinstance(read_assignments(text, PATH, "systemd"), list)


@pytest.mark.parametrize("name", sorted(FILES))
def test_systemd_sees_what_its_own_reader_does(name: str) -> None:
    compare_with_reader(FILES[name])


@given(st.text("A=1 \t\n\r\"'\\#;$x", max_size=60))
def test_systemd_sees_the_same_in_any_text(text: str) -> None:
    compare_with_reader(text)


def compare_with_reader(text: str) -> None:
    found = read_assignments(text, PATH, "systemd")
    read = parse_environment_file(text, PATH)
    assert [(each.name, each.value, each.line) for each in found] == [
        (each.name, each.value, each.line) for each in read
    ]
    for each in found:
        statement = text[each.line_start : each.line_end]
        assert [each.value] == [alone.value for alone in parse_environment_file(statement, PATH)]
        raw = text[each.start : each.end]
        assert (
            parse_environment_file(f"A={raw}" + ("" if raw.endswith("\\") or not each.plain else " \n"), PATH)[0].value
            == each.value
        )


def test_the_two_disagree() -> None:
    assert read("export A=1\nB=2 # c\nC=$B\nD=1; E=2\nF= x\n", "systemd") == {
        "B": "2 # c",
        "C": "$B",
        "D": "1; E=2",
        "F": "x",
    }
    assert read("export A=1\nB=2 # c\nC=$B\nD=1; E=2\nF= x\n", "shell") == {
        "A": "1",
        "B": "2",
        "C": None,
        "D": "1",
        "E": "2",
    }


def test_a_value_knows_where_it_stands() -> None:
    options, *_others, last = read_assignments(RED_HAT, PATH, "shell")
    assert RED_HAT[options.start : options.end] == "'--selinux-enabled --log-driver=journald --label \"a b\"'"
    assert RED_HAT[last.start : last.end] == "/var/tmp"
    assert RED_HAT[last.line_start : last.line_end] == "DOCKER_TMPDIR=/var/tmp   # big enough\n"
    last = read_assignments(RED_HAT, PATH, "systemd")[-1]
    assert RED_HAT[last.start : last.end] == "/var/tmp   # big enough"


def test_the_last_value_counts() -> None:
    found = read_assignments("A=1\nA=2\nB=3\n", PATH, "shell")
    assert value_of(found, "A") == "2"
    assert value_of(found, "C") is None


def test_an_array_of_bash_is_no_value() -> None:
    assert kinds("A=(1 2)\nB=3\n") == [("A", 1, None, ""), ("B", 2, "3", "pwc")]
