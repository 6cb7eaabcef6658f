# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables set and removed byte for byte. What is written is sourced by sh and read as systemd does."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.assignments import (
    Edited,
    Reader,
    put_back,
    remove_variable,
    set_variable,
)
from ansible_collections.slipway.docker.plugins.module_utils.host.environment import parse_environment_file
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from unit.host.assignment_files import DEBIAN, FILES, RED_HAT, source

PATH = "/etc/default/docker"
SHELL: set[Reader] = {"shell"}
SYSTEMD: set[Reader] = {"systemd"}
BOTH: set[Reader] = {"shell", "systemd"}


def set_in(
    text: str, readers: set[Reader], value: str = "--new", *, name: str = "DOCKER_OPTS", export: bool = False
) -> Edited:
    return set_variable(text, PATH, name, value, readers=readers, export=export)


def change(text: str, edited: Edited) -> tuple[str, str]:
    """What went and what came, the text before and behind it being the same."""
    new = edited.text
    start = next((i for i, (a, b) in enumerate(zip(text, new, strict=False)) if a != b), min(len(text), len(new)))
    behind = 0
    while behind < min(len(text), len(new)) - start and text[-1 - behind] == new[-1 - behind]:
        behind += 1
    return text[start : len(text) - behind], new[start : len(new) - behind]


@pytest.mark.parametrize(
    ("name", "readers", "how", "went", "came"),
    [
        ("double", BOTH, "replaced", "H unix:// --debug", "-new"),
        ("single", BOTH, "replaced", "'--debug --label x=\"y z\"'", '"--new"'),
        ("nested", SHELL, "replaced", "label='a b' --exec-opt \\\"c\\\"", "new"),
        ("concatenated", SHELL, "replaced", 'H "\'unix://\'" --debug"\\ x', '-new"'),
        ("multi-line", BOTH, "replaced", "debug \\\n  --ipv6 \\\n  --label x", "new"),
        ("multi-line-in-quotes", BOTH, "replaced", "'--debug\n  --ipv6'", '"--new"'),
        ("continued", BOTH, "replaced", "--debug\\\n--ipv6", '"--new"'),
        ("blanks-around", BOTH, "replaced", " --debug ", "--new"),
        ("blanks-at-equals", SYSTEMD, "replaced", "--debug", '"--new"'),
        ("no-quotes-with-blanks", SYSTEMD, "replaced", "--debug --ipv6", '"--new"'),
        ("no-final-newline", BOTH, "replaced", "--debug", '"--new"'),
        ("comment-behind", SHELL, "replaced", "debug", "new"),
        ("comment-behind", SYSTEMD, "replaced", 'debug" # why not', 'new"'),
        ("comment-behind", BOTH, "appended", "", 'DOCKER_OPTS="--new"\n'),
        ("semicolon", SHELL, "replaced", "debug", "new"),
        ("self-append", BOTH, "appended", "", 'DOCKER_OPTS="--new"\n'),
        ("self-append", SYSTEMD, "replaced", "${DOCKER_OPTS} --label x", "--new"),
        ("plus", BOTH, "appended", "", 'DOCKER_OPTS="--new"\n'),
        ("if", SHELL, "appended", "", 'DOCKER_OPTS="--new"\n'),
        ("default", SHELL, "appended", "", 'DOCKER_OPTS="--new"\n'),
        ("case", SHELL, "appended", "", 'DOCKER_OPTS="--new"\n'),
        ("loops", SHELL, "appended", "", 'DOCKER_OPTS="--new"\n'),
        ("function", SHELL, "appended", "", 'DOCKER_OPTS="--new"\n'),
        ("conditions", SHELL, "appended", "", 'DOCKER_OPTS="--new"\n'),
        ("for-one-command", SHELL, "appended", "", 'DOCKER_OPTS="--new"\n'),
        ("here-document", SHELL, "appended", "", 'DOCKER_OPTS="--new"\n'),
        ("commands", BOTH, "replaced", "label host=$(hostname -s) --mtu `echo 1400`", "new"),
        ("empty", BOTH, "appended", "", 'DOCKER_OPTS="--new"\n'),
        ("unset", BOTH, "appended", "", 'DOCKER_OPTS="--new"\n'),
        ("comment-without-newline", BOTH, "appended", "", '\nDOCKER_OPTS="--new"\n'),
        ("example-continued", BOTH, "appended", "", 'DOCKER_OPTS="--new"\n'),
        ("example-in-quotes", BOTH, "appended", "", 'DOCKER_OPTS="--new"\n'),
        ("carriage-returns", SYSTEMD, "replaced", "debug", "new"),
        ("carriage-returns", SHELL, "replaced", 'debug"\r', 'new"'),
        ("carriage-returns", BOTH, "replaced", 'debug"\r', 'new"'),
        ("unfinished-quote", SYSTEMD, "raises", "", ":2"),
        ("unfinished-line", SHELL, "raises", "", ""),
        ("unfinished-export", SHELL, "raises", "", ""),
        ("continued-in-name", SHELL, "replaced", "--debug", '"--new"'),
        ("left-early", SHELL, "replaced", "--debug", '"--new"'),
    ],
)
def test_set(name: str, readers: set[Reader], how: str, went: str, came: str) -> None:
    text = FILES[name]
    if how == "raises":
        with pytest.raises(HostError, match=f"^{PATH}{came}: .*would not be read as it is meant"):
            set_in(text, readers)
        return
    edited = set_in(text, readers)
    assert edited.how == how
    assert change(text, edited) == (went, came)


@pytest.mark.parametrize("export", [False, True])
@pytest.mark.parametrize("readers", [SHELL, SYSTEMD, BOTH], ids=["shell", "systemd", "both"])
@pytest.mark.parametrize("name", sorted(FILES))
def test_every_file_is_read_as_it_was_meant(name: str, readers: set[Reader], export: bool, tmp_path: Path) -> None:
    text = FILES[name]
    value = "--label 'a b' $x `y` \\ \"z\" #"
    try:
        edited = set_in(text, readers, value, export=export)
    except HostError:
        # The here-document holds a quotation that ends for sh only.
        assert name.startswith("unfinished") or (name, readers) == ("here-document", BOTH)
        return
    if "shell" in readers:
        own, exported = source(edited.text, "DOCKER_OPTS", tmp_path)
        assert own == value
        assert exported == value or not export
    if "systemd" in readers:
        read = {each.name: each.value for each in parse_environment_file(edited.text, PATH)}
        assert read["DOCKER_OPTS"] == value
    again = set_in(edited.text, readers, value, export=export)
    assert (again.text, again.how) == (edited.text, "kept")
    assert put_back(edited.text, PATH, "DOCKER_OPTS", edited.before, readers=readers) == text
    assert put_back(edited.text, PATH, "DOCKER_OPTS", edited.before) == text


def test_set_behind_the_example() -> None:
    edited = set_in(DEBIAN, BOTH)
    example = '#DOCKER_OPTS="--dns 192.0.2.1 --dns 192.0.2.2"\n'
    assert edited == Edited(DEBIAN.replace(example, f'{example}DOCKER_OPTS="--new"\n'), "appended", None)
    edited = set_in(DEBIAN, BOTH, "http://proxy.example.test/", name="http_proxy", export=True)
    example = '#export http_proxy="http://127.0.0.1:3128/"\n'
    ours = 'http_proxy="http://proxy.example.test/"\nexport http_proxy\n'
    assert edited.text == DEBIAN.replace(example, example + ours)


def test_set_behind_the_whole_example() -> None:
    assert set_in(FILES["example-continued"], BOTH).text == (
        '#DOCKER_OPTS="--debug \\\n#  --ipv6"\nDOCKER_OPTS="--new"\nB=2\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("#DOCKER_OPTS=1\nA=1\nDOCKER_OPTS=$A\nDOCKER_OPTS=$DOCKER_OPTS\n", id="assigned-later"),
        pytest.param("#DOCKER_OPTS=1\nA=1\nunset DOCKER_OPTS\n", id="unset-later"),
        pytest.param("if false; then\n#DOCKER_OPTS=1\nA=1\nfi\n", id="inside-of-a-block"),
        pytest.param("A='\n#DOCKER_OPTS=1\n'\n", id="inside-of-quotes"),
        pytest.param("A=1\n#DOCKER_OPTS_OLD=1\nB=2\n#XDOCKER_OPTS=1\nC=3\n", id="of-another"),
    ],
)
def test_set_at_the_end_and_not_behind_the_example(text: str) -> None:
    assert set_in(text, SHELL).text == f'{text}DOCKER_OPTS="--new"\n'


def test_a_missing_final_newline_comes_first_and_goes_with_our_line() -> None:
    edited = set_in("A=1", BOTH)
    assert edited == Edited('A=1\nDOCKER_OPTS="--new"\n', "appended", "")
    assert put_back(edited.text, PATH, "DOCKER_OPTS", "") == "A=1"
    assert put_back(f"{edited.text}B=2\n", PATH, "DOCKER_OPTS", "") == "A=1\nB=2\n"


def test_line_ends_of_the_file_are_kept_where_the_reader_bears_them() -> None:
    text = "A=1\r\nB=2\r\n"
    assert set_in(text, SYSTEMD).text == f'{text}DOCKER_OPTS="--new"\r\n'
    assert set_in(text, BOTH).text == f'{text}DOCKER_OPTS="--new"\n'
    assert set_in(f"{text}C=3\n", SYSTEMD).text == f'{text}C=3\nDOCKER_OPTS="--new"\n'


@pytest.mark.parametrize(
    ("text", "readers", "export", "kept"),
    [
        ("A=1\n", SHELL, False, True),
        ("A='1'\n", BOTH, False, True),
        ("export A=1\n", SHELL, True, True),
        ("export A=1\n", BOTH, False, False),
        ("A=1\n", SHELL, True, False),
        ("A=1\n", SYSTEMD, True, True),
        ("A=1\nexport A\n", BOTH, True, True),
        ("export A\nA=1\n", BOTH, True, True),
        ("if true; then A=1; fi\n", SHELL, False, False),
        ("true && A=1\n", SHELL, False, False),
        ("export A=1 B=2\n", SHELL, True, True),
        ("A=$(echo 1)\n", SHELL, False, False),
        ("A=1\r\n", SYSTEMD, False, True),
        ("A=1\r\n", SHELL, False, False),
        ("A=1\nunset A\n", SHELL, False, False),
    ],
)
def test_kept(text: str, readers: set[Reader], export: bool, kept: bool) -> None:
    edited = set_in(text, readers, "1", name="A", export=export)
    assert (edited.how == "kept") is (edited.text == text) is kept


@pytest.mark.parametrize(
    ("text", "readers", "expected"),
    [
        pytest.param("export A=1\nB=2\n", SHELL, 'export A="--new"\nB=2\n', id="stays-exported"),
        pytest.param("A=1 # c\nB=2\n", SHELL, 'A="--new" # c\nexport A\nB=2\n', id="line-behind"),
        pytest.param("A=--new\nB=2\n", SHELL, "A=--new\nexport A\nB=2\n", id="only-the-line"),
        pytest.param("A=1", SHELL, 'A="--new"\nexport A\n', id="line-behind-the-last"),
        pytest.param("export A=1\nB=2\n", BOTH, 'export A=1\nB=2\nA="--new"\n', id="systemd-ignores-exports"),
        pytest.param("export A\nB=2\n", BOTH, 'export A\nB=2\nA="--new"\n', id="exported-before"),
        pytest.param("#A=1\nexport A\nB=2\n", BOTH, '#A=1\nexport A\nB=2\nA="--new"\n', id="exported-behind-example"),
        pytest.param("B=2\n", BOTH, 'B=2\nA="--new"\nexport A\n', id="new"),
        pytest.param("A=1\nexport A#B\n", SHELL, 'A="--new"\nexport A\nexport A#B\n', id="export-of-no-name"),
        pytest.param("A=1\nexport A # c\n", BOTH, 'A="--new"\nexport A # c\n', id="exported-with-comment"),
        pytest.param("B=2\n", SYSTEMD, 'B=2\nA="--new"\n', id="new-for-systemd"),
        pytest.param(
            "if true; then export A; fi\n", SHELL, 'if true; then export A; fi\nA="--new"\nexport A\n', id="if"
        ),
    ],
)
def test_export(text: str, readers: set[Reader], expected: str) -> None:
    edited = set_in(text, readers, name="A", export=True)
    assert edited.text == expected
    assert put_back(edited.text, PATH, "A", edited.before) == text


def test_a_read_only_variable_is_replaced_or_refused() -> None:
    assert set_in("readonly A=1\n", SHELL, name="A").text == 'readonly A="--new"\n'
    with pytest.raises(HostError, match="forbids to set the variable"):
        set_in("readonly A=1 B=2\n", SHELL, name="A")


@pytest.mark.parametrize("leaves", ["return 0", "exit 0;", "return 0 2>/dev/null || exit 0", "exec true"])
def test_no_line_is_added_that_is_never_reached(leaves: str) -> None:
    with pytest.raises(HostError, match="ends the script"):
        set_in(f"A=1\n{leaves}\n", SHELL)


@pytest.mark.parametrize(
    "stays", ["[ -n x ] || return 0", "if false; then exit; fi", "leave() { return 0; }", "exec 2>&1"]
)
def test_a_line_is_added_behind_what_may_end_the_script(stays: str, tmp_path: Path) -> None:
    edited = set_in(f"A=1\n{stays}\n", SHELL)
    assert source(edited.text, "DOCKER_OPTS", tmp_path) == ("--new", None)


def test_values_are_in_no_message() -> None:
    with pytest.raises(HostError) as raised:
        set_in('A="x\n', SYSTEMD, "http://me:secret@proxy/", name="http_proxy")
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "reader", "removed"),
    [
        ("double", "shell", 'DOCKER_OPTS="-H unix:// --debug"\n'),
        ("multi-line", "shell", 'DOCKER_OPTS="--debug \\\n  --ipv6 \\\n  --label x"\n'),
        ("multi-line-in-quotes", "systemd", "DOCKER_OPTS='--debug\n  --ipv6'\n"),
        ("blanks-around", "shell", '  DOCKER_OPTS=" --debug "  \n'),
        ("comment-behind", "shell", 'DOCKER_OPTS="--debug" # why not\n'),
        ("semicolon", "shell", 'DOCKER_OPTS="--debug";\n'),
        ("self-append", "shell", FILES["self-append"]),
        ("self-append", "systemd", FILES["self-append"]),
        ("plus", "shell", "DOCKER_OPTS=--debug\nDOCKER_OPTS+=' --ipv6'\n"),
        ("no-final-newline", "shell", "DOCKER_OPTS=--debug"),
        ("export-behind", "shell", 'DOCKER_OPTS="--debug"\nexport DOCKER_OPTS\n'),
        ("export-behind", "systemd", 'DOCKER_OPTS="--debug"\nexport DOCKER_OPTS\n'),
        ("export-of-two", "shell", "DOCKER_OPTS=--debug\n"),
        ("carriage-returns", "systemd", 'DOCKER_OPTS="--debug"\r\n'),
        ("carriage-returns", "shell", 'DOCKER_OPTS="--debug"\r\n'),
        ("unset", "shell", "DOCKER_OPTS=--debug\nexport DOCKER_OPTS\n"),
        ("example-continued", "shell", None),
        ("here-document", "shell", None),
        ("for-one-command", "shell", None),
        ("blanks-at-equals", "shell", None),
    ],
)
def test_remove(name: str, reader: Reader, removed: str | None) -> None:
    text = FILES[name]
    edited = remove_variable(text, PATH, "DOCKER_OPTS", reader=reader)
    assert edited.how == ("removed" if removed else "kept")
    assert edited.before == removed
    assert len(edited.text) == len(text) - len(removed or "")
    assert remove_variable(edited.text, PATH, "DOCKER_OPTS", reader=reader).how == "kept"


@pytest.mark.parametrize(
    ("name", "reader", "line"),
    [
        ("if", "shell", 2),
        ("if", "systemd", 2),
        ("default", "shell", 1),
        ("case", "shell", 2),
        ("loops", "shell", 1),
        ("function", "shell", 2),
        ("conditions", "shell", 1),
        ("unfinished-quote", "systemd", 2),
    ],
)
def test_remove_refuses(name: str, reader: Reader, line: int) -> None:
    with pytest.raises(HostError, match=rf"^{PATH}:{line}: .*by hand"):
        remove_variable(FILES[name], PATH, "DOCKER_OPTS", reader=reader)


def test_remove_refuses_one_of_several() -> None:
    with pytest.raises(HostError, match=rf"^{PATH}:1: B is assigned here inside of .* another statement"):
        remove_variable("A=1; B=2\n", PATH, "B", reader="shell")


def test_an_export_that_systemd_does_not_see_stays_with_its_assignment() -> None:
    text = "A=1\nexport A=2\nexport A\n"
    assert remove_variable(text, PATH, "A", reader="systemd").text == "export A=2\nexport A\n"
    assert remove_variable(text, PATH, "A", reader="shell").text == ""


def test_put_back_into_a_file_that_was_changed_since() -> None:
    edited = set_in(RED_HAT, BOTH, name="OPTIONS")
    changed = f"# more\n{edited.text}C=3\n"
    assert put_back(changed, PATH, "OPTIONS", edited.before) == f"# more\n{RED_HAT}C=3\n"
    appended = set_in(RED_HAT, SHELL, name="A", export=True)
    assert put_back(f"{appended.text}C=3\n", PATH, "A", None) == f"{RED_HAT}C=3\n"


def test_put_back_leaves_a_file_alone_in_which_ours_is_gone() -> None:
    for statement in ("DOCKER_OPTS=1\n", None, ""):
        assert put_back(RED_HAT, PATH, "DOCKER_OPTS", statement) == RED_HAT


def test_put_back_never_glues_lines() -> None:
    edited = set_in("A=1", SHELL, name="A")
    assert put_back(f"{edited.text}\nB=2\n", PATH, "A", edited.before) == "A=1\nB=2\n"


def test_set_changes_what_was_asked_for_only(tmp_path: Path) -> None:
    """Another value goes over ours, and the first undo still leads back."""
    first = set_in(RED_HAT, BOTH, name="OPTIONS")
    second = set_in(first.text, BOTH, "--other", name="OPTIONS", export=True)
    assert second.how == "replaced"
    assert source(second.text, "OPTIONS", tmp_path) == ("--other", "--other")
    assert put_back(second.text, PATH, "OPTIONS", first.before) == RED_HAT
