# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are broken in every way: edits either do what they say and touch nothing else, or refuse."""

from __future__ import annotations

import random
import typing as t

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.host.assignments import (
    Edited,
    Reader,
    put_back,
    read_assignments,
    remove_variable,
    set_variable,
    value_of,
)
from ansible_collections.slipway.docker.plugins.module_utils.host.errors import HostError
from unit.host.assignment_files import FILES
from unit.mutations import mutated

PATH = "/etc/default/docker"
ROUNDS = 10
MUTATIONS = 1_050
SMALL = [text for text in FILES.values() if len(text) < 200]
PIECES = [
    *" \t\n\r'\"\\`$;&|(){}#=<>",
    *("\\\n", "$(", "${", "$((", "$'", "<<E\n", "&&", ";;", "\r\n", "\udcff"),
    *("export ", "export A\n", "DOCKER_OPTS=", "#DOCKER_OPTS=", "if ", "fi\n", "case x in", "esac", "unset "),
]
ASKED: tuple[tuple[Reader, ...], ...] = (("shell",), ("systemd",), ("shell", "systemd"))
T = t.TypeVar("T")


def attempt(edit: t.Callable[[], T]) -> T | None:
    try:
        return edit()
    except HostError:
        return None


def check_set(text: str, readers: tuple[Reader, ...], export: bool) -> int:
    value = "--new $x"
    edited = attempt(lambda: set_variable(text, PATH, "DOCKER_OPTS", value, readers=readers, export=export))
    if edited is None:
        return 0
    for reader in readers:
        assert value_of(read_assignments(edited.text, PATH, reader), "DOCKER_OPTS") == value, (text, reader)
    if edited.how == "kept":
        assert edited.text == text
    else:
        assert untouched(text, edited), (text, readers, export)
        assert put_back(edited.text, PATH, "DOCKER_OPTS", edited.before, readers=readers) == text, (
            text,
            readers,
            export,
        )
    return 1


def untouched(text: str, edited: Edited) -> bool:
    """Whether all that is around the edited statement stands there as before."""
    before = edited.before or ""
    at = next((i for i, (a, b) in enumerate(zip(text, edited.text, strict=False)) if a != b), len(text))
    if edited.how == "replaced":
        start = text.rfind(before, 0, at + len(before))
        behind = text[start + len(before) :]
        return start >= 0 and text[:start] == edited.text[:start] and edited.text.endswith(behind)
    return edited.text.startswith(text[:at]) and edited.text.endswith(text[at:])


def check_remove(text: str, reader: Reader) -> int:
    edited = attempt(lambda: remove_variable(text, PATH, "DOCKER_OPTS", reader=reader))
    if edited is None:
        return 0
    assert len(edited.text) + len(edited.before or "") == len(text)
    rest = iter(text)
    assert all(char in rest for char in edited.text)
    assert not any(
        each.name == "DOCKER_OPTS" and not each.unset for each in read_assignments(edited.text, PATH, reader)
    )
    return 1


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_mutations(seed: int) -> None:
    """A fixed seed, so that a failure can be looked at again."""
    chance = random.Random(seed)
    done = 0
    for _turn in range(MUTATIONS):
        text = mutated(chance, chance.choice(SMALL), PIECES, 4)
        readers = chance.choice(ASKED)
        done += check_set(text, readers, chance.random() < 0.5)
        done += check_remove(text, readers[0])
        statement = chance.choice([None, "", "DOCKER_OPTS=1\n", "DOCKER_OPTS=1"])
        assert isinstance(put_back(text, PATH, "DOCKER_OPTS", statement), str)
    assert done > MUTATIONS, "most of these files can be edited"
