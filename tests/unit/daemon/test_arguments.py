# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""dockerd's command line as pflag reads it. The tables were checked against dockerd itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.daemon.arguments import (
    Flag,
    parse_flags,
    remaining_words,
)

# Every way to write a flag of dockerd: words that may follow each other in any order.
SPELLINGS = [
    ["-H", "fd://"],
    ["-H=tcp://127.0.0.1:2375"],
    ["-Hunix:///run/x.sock"],
    ["--host", "tcp://[::1]:2375"],
    ["--host=unix:///var/run/docker.sock"],
    ["-D"],
    ["-D=false"],
    ["--debug"],
    ["--debug=true"],
    ["-DH", "fd://"],
    ["-DHfd://"],
    ["-DH=fd://"],
    ["-rD"],
    ["-rD=false"],
    ["-rDs", "overlay2"],
    ["-Dsoverlay2"],
    ["-l", "warn"],
    ["--label", "a=1"],
    ["--label=a b"],
    ["--label="],
    ["--exec-opt", "native.cgroupdriver=systemd"],
    ["--storage-opt", "-D"],
    ["--icc=false"],
    ["--no-such-flag"],
    ["--no-such-flag=1"],
    ["--containerd=/run/containerd/containerd.sock"],
]
ARGUMENTS = st.lists(st.sampled_from(SPELLINGS)).map(lambda parts: [word for part in parts for word in part])


def found(words: list[str]) -> list[tuple[str, str, str, int, int]]:
    return [(flag.key, flag.name, flag.value, flag.first, flag.last) for flag in parse_flags(words)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], []),
        (["-H", "fd://"], [("hosts", "-H", "fd://", 0, 1)]),
        (["-H=fd://"], [("hosts", "-H", "fd://", 0, 0)]),
        (["-Hfd://"], [("hosts", "-H", "fd://", 0, 0)]),
        (["--host", "fd://"], [("hosts", "--host", "fd://", 0, 1)]),
        (["--host=fd://"], [("hosts", "--host", "fd://", 0, 0)]),
        (["--host="], [("hosts", "--host", "", 0, 0)]),
        (["-H"], [("hosts", "-H", "", 0, 0)]),
        (["-D"], [("debug", "-D", "true", 0, 0)]),
        (["--debug=false"], [("debug", "--debug", "false", 0, 0)]),
        (["--debug", "false"], [("debug", "--debug", "true", 0, 0)]),
        (["-DH", "x"], [("debug", "-D", "true", 0, 0), ("hosts", "-H", "x", 0, 1)]),
        (["-DHx"], [("debug", "-D", "true", 0, 0), ("hosts", "-H", "x", 0, 0)]),
        (["-DHD"], [("debug", "-D", "true", 0, 0), ("hosts", "-H", "D", 0, 0)]),
        (["-rD=false"], [("restart", "-r", "true", 0, 0), ("debug", "-D", "false", 0, 0)]),
        (["-H", "-D"], [("hosts", "-H", "-D", 0, 1)]),
        (["--label", "--debug", "-D"], [("labels", "--label", "--debug", 0, 1), ("debug", "-D", "true", 2, 2)]),
        (["-D", "--", "-H", "x"], [("debug", "-D", "true", 0, 0)]),
        (["-", "x", "-D"], [("debug", "-D", "true", 2, 2)]),
        (["", "-D"], [("debug", "-D", "true", 1, 1)]),
        (["--no-such", "value", "-D"], [("", "--no-such", "value", 0, 1), ("debug", "-D", "true", 2, 2)]),
        (["--no-such", "--debug"], [("", "--no-such", "true", 0, 0), ("debug", "--debug", "true", 1, 1)]),
        (["--no-such=1"], [("", "--no-such", "1", 0, 0)]),
        (["--config-file", "/x"], [("", "--config-file", "/x", 0, 1)]),
        (["--http-proxy=http://p"], [("proxies.http-proxy", "--http-proxy", "http://p", 0, 0)]),
        (["--add-runtime", "a=/b"], [("runtimes", "--add-runtime", "a=/b", 0, 1)]),
    ],
)
def test_parse(words: list[str], expected: list[tuple[str, str, str, int, int]]) -> None:
    assert found(words) == expected


@given(st.lists(st.text("-=DHrlx ", max_size=4)))
def test_flags_are_in_order_and_cover_words_that_exist(words: list[str]) -> None:
    last = 0
    for flag in parse_flags(words):
        assert last <= flag.first <= flag.last < len(words)
        last = flag.first


@pytest.mark.parametrize(
    ("words", "taken", "expected"),
    [
        (["-D", "-H", "x"], "hosts", [None, [], []]),
        (["-H=x", "-D"], "hosts", [[], None]),
        (["-DH", "x"], "hosts", [["-D"], []]),
        (["-DH", "x"], "debug", [["-H"], None]),
        (["-DHx"], "debug", [["-H=x"]]),
        (["-DH="], "debug", [["-H", ""]]),
        (["-DHx"], "hosts", [["-D"]]),
        (["-rD=false"], "restart", [["-D=false"]]),
        (["-rD"], "debug", [["-r"]]),
        (["-DD"], "debug", [[]]),
        (["-DZ"], "debug", [["-Z"]]),
        (["-DZH", "x"], "debug", [["-ZH"], None]),
        (["-D-H", "x"], "hosts", [None, None]),
    ],
)
def test_what_is_left_of_a_word(words: list[str], taken: str, expected: list[list[str] | None]) -> None:
    flags = parse_flags(words)
    gone = [flag for flag in flags if flag.key == taken]
    assert [remaining_words(flags, gone, index) for index in range(len(words))] == expected


def rest(words: list[str], taken: list[Flag]) -> list[str]:
    flags = parse_flags(words)
    left: list[str] = []
    for index, word in enumerate(words):
        words_left = remaining_words(flags, taken, index)
        left += [word] if words_left is None else words_left
    return left


@given(ARGUMENTS, st.data())
def test_taking_flags_out_leaves_exactly_the_others(words: list[str], data: st.DataObject) -> None:
    flags = parse_flags(words)
    keys = data.draw(st.sets(st.sampled_from(sorted({flag.key for flag in flags}))) if flags else st.just(set()))
    taken = [flag for flag in flags if flag.key in keys]
    kept = [(flag.key, flag.name, flag.value) for flag in flags if flag.key not in keys]
    left = rest(words, taken)
    assert [(flag.key, flag.name, flag.value) for flag in parse_flags(left)] == kept
    if not taken:
        assert left == words
