# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Edits that would change more than the flags are refused; what a flag hides may be kept."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.shell.edit import Removal, take_out
from ansible_collections.slipway.docker.plugins.module_utils.host.shell.errors import ShellError
from ansible_collections.slipway.docker.plugins.module_utils.host.shell.trace import trace
from unit.host.shell.running import edited, removals_of

REFUSED = {
    "flag and another option out of one variable": (
        'F="-D -H"\ndockerd $F x\n',
        "script:1: '-H x' is put together at run time from $F, so it cannot be taken out safely; take it out by hand",
    ),
    "value and another option out of one variable": (
        'A="a -D"\ndockerd -H $A\n',
        "script:2: '-H a' is put together at run time from $A, so it cannot be taken out safely; take it out by hand",
    ),
    "one quoted word with another value": (
        'X=--host=a\ncmp a b && X=-D\ndockerd "$X"\n',
        (
            "script:1: '--host=a' is put together at run time from \"$X\", so it cannot be taken out safely; "
            "take it out by hand"
        ),
    ),
    "in a substitution": (
        "X=$(dockerd -H a -D)\n",
        "script:1: '-H a' is within a command substitution, so it cannot be taken out safely; take it out by hand",
    ),
    "in backquotes": (
        "X=1\nX=`\ndockerd -H a -D`\n",
        "script:3: '-H a' is within a command substitution, so it cannot be taken out safely; take it out by hand",
    ),
    "another value in another branch": (
        "cmp a b && X=-H || X=-D\ndockerd ${X}a\n",
        "script:1: '-Ha' is put together at run time from ${X}, so it cannot be taken out safely; take it out by hand",
    ),
    "part of a value that is cut": (
        "X='a -H'; dockerd ${X%q} b\n",
        (
            "script:1: '-H b' is put together at run time from ${X%q}, so it cannot be taken out safely; "
            "take it out by hand"
        ),
    ),
    "each of a list's words": (
        'for X in -D -Ha; do dockerd "$X"; done\n',
        (
            "script:1: '-Ha' is put together at run time from \"$X\", so it cannot be taken out safely; "
            "take it out by hand"
        ),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_taken_out_safely_is_refused(name: str) -> None:
    text, message = REFUSED[name]
    with pytest.raises(ShellError) as caught:
        edited({"script": text.encode()})
    assert str(caught.value) == message


def removal(text: str, *words: int, keep: tuple[str, ...] = ()) -> dict[str, bytes]:
    files = {"script": text.encode()}
    command = trace(files.get, "script").commands[-1]
    return take_out(files.get, [Removal(tuple(command.ways[0][word] for word in words), keep)])


def test_words_are_kept_in_place_of_others() -> None:
    assert removal("X='-DH x -l'\ndockerd $X\n", 1, 2, keep=("-D",)) == {"script": b"X='-D -l'\ndockerd $X\n"}
    assert removal("dockerd -DH x\n", 1, 2, keep=("-D", "-l=1")) == {"script": b"dockerd -D -l=1\n"}
    with pytest.raises(ShellError, match="script:1: '-DH x' is to be replaced by what would have to be quoted"):
        removal("dockerd -DH x\n", 1, 2, keep=("$D",))
    files = {"script": b"dockerd -DH x\n"}
    words = trace(files.get, "script").commands[0].ways[0][1:]
    with pytest.raises(ShellError, match="script:1: '-DH x' is to be replaced in two ways"):
        take_out(files.get, [Removal(words, ("-D",)), Removal(words)])


def test_a_file_that_was_changed_meanwhile_is_not_edited() -> None:
    script = trace({"script": b"dockerd -H a\n"}.get, "script")
    with pytest.raises(ShellError, match="script:1: it was changed since it was read"):
        take_out({"script": b"dockerd  -H a\n"}.get, removals_of(script))
