# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An image's configuration as far as it can be chosen."""

from __future__ import annotations

import pytest

from ansible_collections.slipway.docker.plugins.module_utils.image.image_config import ImageConfig


def test_members() -> None:
    config = ImageConfig(("sh", "-c", 'echo "$X"'), (("PATH", "/bin:$PATH"),), (("a.b", 'c "d"'),))
    assert config.members() == {
        "Cmd": ["sh", "-c", 'echo "$X"'],
        "Env": ["PATH=/bin:$PATH"],
        "Labels": {"a.b": 'c "d"'},
    }
    assert ImageConfig().members() == {}


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
