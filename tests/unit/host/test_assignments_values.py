# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that sh and systemd read as the same, and option values that both take for the same words."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.host.assignments import (
    Reader,
    problems,
    put_back,
    quote,
    read_assignments,
    remove_variable,
    set_variable,
    value_of,
)
from ansible_collections.slipway.docker.plugins.module_utils.host.environment import expand_word, parse_environment_file
from unit.host.assignment_files import DEBIAN, FILES, RED_HAT, source

PATH = "/etc/default/docker"
PRINTABLE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
TRICKY = st.text("ab ~:=$`\\\"'#;&|<>()[]{}*?!@%^\u00e4\u4f60", max_size=20)
VALUES = PRINTABLE | TRICKY
READERS: tuple[Reader, ...] = ("shell", "systemd")
CALM = sorted(name for name in FILES if not name.startswith("unfinished") and name != "here-document")


@given(VALUES, st.sampled_from(CALM), st.booleans())
def test_set_and_put_back(value: str, name: str, export: bool) -> None:
    text = FILES[name]
    edited = set_variable(text, PATH, "DOCKER_OPTS", value, readers=READERS, export=export)
    for reader in READERS:
        assert value_of(read_assignments(edited.text, PATH, reader), "DOCKER_OPTS") == value
    assert {a.name: a.value for a in parse_environment_file(edited.text, PATH)}["DOCKER_OPTS"] == value
    again = set_variable(edited.text, PATH, "DOCKER_OPTS", value, readers=READERS, export=export)
    assert (again.text, again.how) == (edited.text, "kept")
    assert put_back(edited.text, PATH, "DOCKER_OPTS", edited.before) == text


@given(VALUES, st.sampled_from([DEBIAN, RED_HAT, ""]), st.booleans(), st.sampled_from(READERS))
def test_set_and_remove(value: str, text: str, export: bool, reader: Reader) -> None:
    edited = set_variable(text, PATH, "DOCKER_OPTS", value, readers=READERS, export=export)
    assert edited.how == "appended"
    assert remove_variable(edited.text, PATH, "DOCKER_OPTS", reader=reader).text == text


@given(VALUES)
@settings(max_examples=60)
def test_sh_reads_the_very_value(value: str) -> None:
    edited = set_variable(DEBIAN, PATH, "http_proxy", value, readers=READERS, export=True)
    with tempfile.TemporaryDirectory() as folder:
        assert source(edited.text, "http_proxy", Path(folder)) == (value, value)


def test_quote() -> None:
    assert quote("A", "a \"b\" \\ $c `d` 'e'") == 'A="a \\"b\\" \\\\ \\$c \\`d\\` \'e\'"'
    assert quote("A", "") == 'A=""'


def split_by_sh(value: str) -> list[str]:
    """The words sh makes of the variable where a file looks like what a pattern asks for."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "f").write_text(quote("X", value) + "\n", encoding="utf-8")
        script = '. ./f; rm f; : > ab; set -- $X; [ "$#" = 0 ] || printf "%s\\0" "$@"'
        done = subprocess.run(["sh", "-c", script], cwd=folder, capture_output=True, check=True)
    return done.stdout.decode("utf-8").split("\0")[:-1]


def split_by_systemd(value: str) -> list[str]:
    read = {each.name: each.value for each in parse_environment_file(quote("X", value) + "\n", PATH)}
    return expand_word("$X", read)


@given(st.text("ab-H=:/.,@%+~{}!^#;&|<>()] \u00e4", max_size=20))
@settings(max_examples=60)
def test_accepted_options_are_the_same_words_to_both(value: str) -> None:
    if not problems("X", value, options=True, path=PATH):
        assert split_by_sh(value) == split_by_systemd(value) == value.split()


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ('--label "a b"', "contains a double quote: systemd takes it away"),
        ("--label 'a b'", "contains a single quote: systemd takes it away"),
        ("--label a\\b", "contains a backslash: systemd takes it away"),
        ("--label a*", "contains an asterisk: sh puts the names of files"),
        ("--label a?", "contains a question mark: sh puts the names of files"),
        ("--label a[b]", "contains an opening bracket: sh puts the names of files"),
    ],
)
def test_refused_options_differ(value: str, says: str) -> None:
    [problem] = problems("DOCKER_OPTS", value, options=True, path=PATH)
    assert problem.startswith(f"{PATH}: the value of DOCKER_OPTS {says}")
    assert split_by_sh(value) != split_by_systemd(value)
    assert problems("DOCKER_OPTS", value, options=False, path=PATH) == []


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("--label $HOME", "contains a dollar sign: neither sh nor systemd puts a variable in there"),
        ("--label `id`", "contains a backquote: sh and systemd hand it to dockerd as it is"),
        ("--label a ~/b", "word of the value of DOCKER_OPTS begins with a tilde"),
        ("~/b", "word of the value of DOCKER_OPTS begins with a tilde"),
    ],
)
def test_options_that_mean_something_else_than_they_seem_to(value: str, says: str) -> None:
    """Both readers take them as they are, and the shell that OpenRC evaluates the command line with does not."""
    [problem] = problems("DOCKER_OPTS", value, options=True, path=PATH)
    assert says in problem
    assert split_by_sh(value) == split_by_systemd(value) == value.split()
    assert evaluated(value) != value.split()


def evaluated(value: str) -> list[str] | None:
    """The words that are left where the command line is evaluated, as OpenRC's start-stop-daemon.sh does."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "f").write_text(quote("X", value) + "\n", encoding="utf-8")
        script = '. ./f; words() { [ "$#" = 0 ] || printf "%s\\0" "$@"; }; eval words $X'
        done = subprocess.run(
            ["sh", "-c", script],
            cwd=folder,
            env={"HOME": "/root", "PATH": "/usr/bin:/bin"},
            capture_output=True,
            check=False,
        )
    return done.stdout.decode("utf-8").split("\0")[:-1] if done.returncode == 0 else None


@pytest.mark.parametrize("char", ";&|<>()#")
def test_options_that_openrc_evaluates(char: str) -> None:
    value = f"a {char}b c"
    assert problems("DOCKER_OPTS", value, options=True, path=PATH) == []
    [problem] = problems("DOCKER_OPTS", value, options=True, path="/etc/conf.d/docker")
    assert "OpenRC has the shell read the command line once more" in problem
    assert evaluated(value) != value.split()


def test_options_that_openrc_takes_as_they_are() -> None:
    value = "--debug -H unix:// --label=a --log-opt tag={{.Name}}/{{.ID}} --mtu=1400 --bip 10.0.0.1/24 x@y%z+w,v^u!]}"
    assert problems("DOCKER_OPTS", value, options=True, path="/etc/conf.d/docker") == []
    assert evaluated(value) == split_by_sh(value) == split_by_systemd(value) == value.split()


@pytest.mark.parametrize("name", ["", "1A", "A-B", "A B", "export A", "A=secret", "\u00c4", "A\n", "A+"])
def test_names_that_are_none(name: str) -> None:
    [problem] = problems(name, "1", options=False, path=PATH)
    assert "is no name of a variable" in problem
    assert "secret" not in problem
    for text in (f"{name}=1\n", f"{name}=\n"):
        assert name not in {each.name for each in parse_environment_file(text, PATH)}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a\nb", "a newline"),
        ("a\rb", "a carriage return"),
        ("a\tb", "a tab"),
        ("a\0b", "a NUL"),
        ("a\x1bb", "the control character 0x1b"),
        ("a\x7fb", "the control character 0x7f"),
        ("a\udcffb", "bytes that are not UTF-8"),
    ],
)
def test_values_that_cannot_be(value: str, shown: str) -> None:
    [problem] = problems("A", value, options=False, path=PATH)
    assert problem.startswith(f"{PATH}: the value of A contains {shown}")


def test_all_problems_are_told_and_no_value_is() -> None:
    value = "http://me:p*ss'w\\rd\n@proxy.example.test/ ~x"
    found = problems("1A", value, options=True, path=PATH)
    assert len(found) == 6
    assert not any(part in "".join(found) for part in ("http", "p*ss", "example", "~x"))


@pytest.mark.parametrize("value", ["http://user:pa$$@proxy.example.test:3128/", "a 'b' \"c\" \\ `d` * ? [ ~ ; & #", ""])
def test_ordinary_variables_hold_everything_printable(value: str) -> None:
    assert problems("http_proxy", value, options=False, path=PATH) == []
