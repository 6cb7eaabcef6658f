# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a script contains, it is understood or refused, and an edit takes nothing but flags and blanks."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.host.files import as_text
from ansible_collections.slipway.docker.plugins.module_utils.host.shell.edit import Removal, take_out
from ansible_collections.slipway.docker.plugins.module_utils.host.shell.errors import ShellError
from ansible_collections.slipway.docker.plugins.module_utils.host.shell.fields import split_again
from ansible_collections.slipway.docker.plugins.module_utils.host.shell.parser import tokens_of
from ansible_collections.slipway.docker.plugins.module_utils.host.shell.source import Source
from ansible_collections.slipway.docker.plugins.module_utils.host.shell.trace import trace
from ansible_collections.slipway.docker.plugins.module_utils.host.shell.values import Cell
from ansible_collections.slipway.docker.plugins.module_utils.host.shell.words import Array, Gap, Quoted, Word
from unit.host.shell.running import removals_of

MUTATIONS = 10_000
SCRIPTS = [
    b"X='-H a'; dockerd $X -D\n",
    b'X="-D -H a"\ndockerd $X >>l 2>&1\n',
    b": ${X:=-H a}\ndockerd \\\n -D \\\n $X \\\n -H b\n",
    b"dockerd -H tcp://$(i):1 --host=`j`\n",
    b'[ -f /c ] && . /c\ndockerd $C "$D" -Hx\n',
    b'f() {\n dockerd "$@" -H $1\n}\nf -H a\n',
    b'case "$1" in\na) dockerd -Ha ;;\nesac\n',
    b'if t; then X="$X -H a"; else X=-D; fi\ndockerd $X\n',
    b'A=(-H "a b" -D)\ndockerd "${A[@]}"\n',
    b'for i in -Ha -D; do X="$X $i"; done\ndockerd $X\n',
    b"cat <<E\n-H x\nE\ndockerd -H a # -H b\n",
    b'set -- -H a\ndockerd "$@"; (dockerd --host b) &\n',
    b'F=-H; X="$F x"; dockerd $X ${F%H} ${Y:--H q}\r\n',
]
CONF = b"C='-H c'\r\nD=--host=d\n"
PIECES = [
    b"'",
    b'"',
    b"\\\n",
    b"$X",
    b"${",
    b"}",
    b"$(",
    b")",
    b"`",
    b" -H ",
    b"\n",
    b";",
    b"{ ",
    b"((",
    b"\\",
    b"<<E\n",
    b"fi\n",
    b"\r",
    b"#",
]


def mutate(chance: random.Random, text: bytes) -> bytes:
    for _once in range(chance.randint(1, 3)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.randint(1, 6))
        kind = chance.randrange(6)
        if kind == 0:
            text = text[:start] + bytes([chance.randrange(256)]) + text[start + 1 :]
        elif kind == 1:
            text = text[:start] + text[end:]
        elif kind == 2:
            text = text[:start] + chance.choice(PIECES) + text[start:]
        elif kind == 3:
            text = text[:end] + text[start:]
        elif kind == 4:
            other = chance.choice(SCRIPTS)
            text = text[:start] + other[chance.randrange(len(other)) :]
        else:
            text = text[:start] + chance.choice(PIECES) + text[end:]
    return text


def is_subsequence(part: bytes, whole: bytes) -> bool:
    rest = iter(whole)
    return all(byte in rest for byte in part)


def must_stay(path: str, text: str, removals: list[Removal]) -> bytes:
    """What is neither a flag nor where one comes from, nor a blank or quote."""
    may_go: set[int] = set()
    for removal in removals:
        for word in removal.words:
            for cell in word.cells:
                level: Cell | None = cell
                while level is not None and level.frame is not None:
                    if level.frame.source.path == path:
                        may_go.update(range(level.start, level.end))
                        for raw in level.frame.words if level.frame.whole else ():
                            if raw.start <= level.start < raw.end:
                                may_go.update(range(raw.start, raw.end))
                    level = level.inner
    kept = "".join(sign for at, sign in enumerate(text) if at not in may_go and sign not in " \t\r\n\\'\"")
    return kept.encode("utf-8", "surrogateescape")


def check(text: bytes) -> bool:
    """Whether something was taken out of a script."""
    files = {"/s": text, "/c": CONF}
    try:
        script = trace(files.get, "/s")
        removals = removals_of(script)
        changed = take_out(files.get, removals)
    except ShellError as error:
        where = str(error)
    else:
        where = ""
    if where:
        assert where.startswith(("/s:", "/c:"))
        return False
    for path, new in changed.items():
        assert is_subsequence(new, files[path])
        assert is_subsequence(must_stay(path, as_text(files[path]), removals), new)
    if changed:
        trace({**files, **changed}.get, "/s")
    return bool(changed)


def test_a_changed_script_is_understood_or_refused_and_loses_only_its_flags() -> None:
    chance = random.Random(7)
    edited = sum(check(mutate(chance, chance.choice(SCRIPTS))) for _once in range(MUTATIONS))
    assert edited > MUTATIONS / 10


@given(st.text(st.sampled_from("ab$'\"`{}()[]\\\n\t\r ;&|<>#=!~*?:-+%/01é\ufffc\x00"), max_size=40))
def test_any_text_is_understood_or_refused(text: str) -> None:
    check(text.encode())
    try:
        value = trace({"/s": b""}.get, "/s", known={"X": text}).value("X")
        assert value is not None
        split_again(value)
    except ShellError:
        pass


def gaps(word: Word) -> None:
    """See that the parts of a word take up all of it."""
    at = word.start
    for part in word.parts:
        assert part.start == at
        assert part.end > at
        at = part.end
        if isinstance(part, Quoted):
            inside = part.start + 1
            for inner in part.parts:
                assert inside <= inner.start < inner.end < part.end
                inside = inner.end
        elif isinstance(part, Array):
            for item in part.words:
                gaps(item)
        else:
            assert isinstance(part, Gap) or part.end - part.start > 0
    assert at == word.end


@given(st.randoms(use_true_random=False), st.sampled_from(SCRIPTS))
def test_tokens_take_up_all_of_a_text(chance: random.Random, text: bytes) -> None:
    source = Source("/s", as_text(mutate(chance, text)))
    try:
        tokens, _body = tokens_of(source)
    except ShellError:
        return
    at = 0
    for token in tokens:
        assert token.start == at
        at = token.end
        if token.word is not None:
            gaps(token.word)
    assert at == len(source.text)
