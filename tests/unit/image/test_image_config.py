# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An image's configuration as instructions that Docker gives back unchanged."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.slipway.docker.plugins.module_utils.image.image_config import ImageConfig, quoted


def docker_reads(text: str) -> str:
    """A value in double quotes as the engine's own word splitter reads it: backslashes, and no variable set."""
    assert text[0] == text[-1] == '"'
    out, index, inner = "", 0, text[1:-1]
    while index < len(inner):
        char = inner[index]
        if char == "\\" and inner[index + 1 : index + 2] in ('"', "$", "\\"):
            index += 1
            char = inner[index]
        else:
            assert char not in '"$', f"{text} is cut short or expanded"
        out += char
        index += 1
    return out


@given(st.text(st.characters(exclude_characters="\n\r\0")))
def test_a_value_comes_back(value: str) -> None:
    assert docker_reads(quoted(value)) == value


def test_instructions() -> None:
    config = ImageConfig(("sh", "-c", 'echo "$X"'), (("PATH", "/bin:$PATH"),), (("a.b", 'c "d"'),))
    assert config.changes() == [
        r'ENV PATH="/bin:\$PATH"',
        r'LABEL a.b="c \"d\""',
        'CMD ["sh", "-c", "echo \\"$X\\""]',
    ]
    assert json.loads(config.changes()[2].partition(" ")[2]) == list(config.cmd)
    assert ImageConfig().changes() == []


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        (ImageConfig(env=(("A B", "x"),)), "env: 'A B' is no name"),
        (ImageConfig(env=(("1A", "x"),)), "env: '1A' is no name"),
        (ImageConfig(env=(("", "x"),)), "env: '' is no name"),
        (ImageConfig(env=(("A", "x\ny"),)), "env.A must be a single line"),
        (ImageConfig(labels=(("a=b", "x"),)), "labels: 'a=b' is no name"),
        (ImageConfig(labels=(("org.slipway.base-image.recipe", "x"),)), "the collection's own"),
        (ImageConfig(cmd=("a\0",)), "null byte"),
    ],
)
def test_refused(config: ImageConfig, problem: str) -> None:
    (found,) = config.problems()
    assert problem in found


def test_nothing_wrong() -> None:
    assert ImageConfig(("bash",), (("LC_ALL", ""),), (("org.opencontainers.image.vendor", "ü"),)).problems() == []
