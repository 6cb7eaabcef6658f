# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""An image that takes the name of another one of ours: noted before, so that the other does not stay without a name."""

from __future__ import annotations

import dataclasses
import json
import os
import time
from dataclasses import dataclass

from ...host.machine import Host
from . import client as engine
from .client import Engine

# Seconds that an engine may take for what it has already got; loading all of an image took up to 4 on a busy machine.
PATIENCE = 10
_NOTE = "replaces.json"
# What decides which engine the client talks to.
_ENDPOINT = ("DOCKER_HOST", "DOCKER_CONTEXT")


@dataclass(frozen=True)
class Replacing:
    """What is about to happen.

    :ivar client: path of the docker command
    :ivar before: ID of the image that has the name until then
    :ivar endpoint: which engine that is
    """

    client: str
    name: str
    before: str
    endpoint: str

    @classmethod
    def of(cls, client: str, name: str, before: str) -> Replacing:
        return cls(client, name, before, _endpoint())


def _endpoint() -> str:
    return " ".join(os.environ.get(name, "") for name in _ENDPOINT).strip()


def note(directory: str, replacing: Replacing) -> None:
    """Leave word in a scratch directory, for whoever finds it after this process was killed."""
    handle = os.open(os.path.join(directory, _NOTE), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump(dataclasses.asdict(replacing), file)


def read_note(directory: str) -> Replacing | None:
    try:
        with open(os.path.join(directory, _NOTE), encoding="ascii") as file:
            return Replacing(**json.load(file))
    except (OSError, ValueError, TypeError):
        return None


def finish(host: Host, replacing: Replacing) -> None:
    """Wait for an engine that got the whole image: it goes on when its client is gone, and the name moves after all.

    Then the image that had it goes, as it would have gone.
    """
    if replacing.endpoint != _endpoint():
        return
    asked = Engine(replacing.client)
    for attempt in range(PATIENCE):
        if attempt:
            time.sleep(1)
        image = engine.inspect_image(host, asked, replacing.name)
        if image is not None and image.id != replacing.before:
            old = engine.inspect_image(host, asked, replacing.before)
            if old is not None and not old.tags:
                engine.remove(host, asked, old.id)
            return
