# Copyright (c) 2026, slipway.docker contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host whose commands answer what a test says."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.slipway.docker.plugins.module_utils.host.machine import Completed, Host
from unit.trees import Tree

Answer = tuple[int, str, str]
NO_IMAGE: Answer = (1, "[]\n", "Error: No such image: it\n")


class Commands:
    """A runner. Commands are known by their first words; the longest that fits counts.

    :ivar asked: what was run, in order
    """

    def __init__(self, answers: Mapping[str, Answer | Callable[[Sequence[str]], Answer]]) -> None:
        self.answers = dict(answers)
        self.asked: list[str] = []

    def __call__(
        self, argv: Sequence[str], *, data: str | None = None, env: Mapping[str, str] | None = None
    ) -> Completed:
        line = " ".join([os.path.basename(argv[0]), *argv[1:]])
        self.asked.append(line)
        fitting = [start for start in self.answers if line.startswith(start)]
        if not fitting:
            raise AssertionError(f"nobody said what this answers: {line}")
        answer = self.answers[max(fitting, key=len)]
        rc, out, err = answer(argv) if callable(answer) else answer
        return Completed(tuple(argv), rc, out, err)


def with_programs(tree: Tree, *names: str) -> None:
    for name in names:
        tree.write(name, "#!/bin/sh\n")
        os.chmod(tree.at(name), 0o755)


def host_of(tree: Tree, commands: Commands) -> Host:
    return Host(commands, str(tree.root))


def image_json(
    image_id: str = "sha256:1",
    tags: Sequence[str] = (),
    labels: Mapping[str, str] | None = None,
    layers: Sequence[str] = (),
) -> str:
    """What ``docker image inspect`` prints, as far as it matters."""
    entry: dict[str, Any] = {"Id": image_id, "RepoTags": list(tags), "Size": 42, "Config": {"Labels": labels}}
    entry["RootFS"] = {"Type": "layers", "Layers": list(layers)}
    return json.dumps([entry])
