# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The Docker engine's images, through its own command line client."""

from __future__ import annotations

import json
from dataclasses import dataclass

from ...host.errors import HostError
from ...host.machine import Completed, Host
from ..place.pipes import feed
from .layer import Source

_FULL = "no space left on device"
_ABSENT = ("no such image", "no such object")


@dataclass(frozen=True)
class Image:
    """An image as the engine has it.

    :ivar digests: names with the digests that registries know it by
    """

    id: str
    tags: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    size: int = 0
    diff_ids: tuple[str, ...] = ()
    created: str = ""
    digests: tuple[str, ...] = ()


@dataclass(frozen=True)
class Container:
    """A container, running or not.

    :ivar image: ID of its image
    :ivar name_used: the name of the image that it was created with
    """

    name: str
    image: str
    name_used: str


@dataclass(frozen=True)
class Engine:
    """Whether there is an engine to talk to.

    :ivar client: path of the docker command
    :ivar trouble: why nothing can be asked of it; empty when all is well
    :ivar installed: whether anything of it is on the host
    """

    client: str = ""
    trouble: str = ""
    installed: bool = True

    @property
    def answers(self) -> bool:
        return not self.trouble


def look(host: Host, name: str) -> tuple[Engine, Image | None]:
    """Ask for an image; the answer also tells whether there is an engine."""
    client = host.find_program("docker")
    if client is None:
        installed = host.find_program("dockerd") is not None
        package = "docker-cli (docker.io where there is none)" if installed else "docker.io"
        return Engine(
            "", f"the docker command is not installed: package {package}, or Docker's docker-ce-cli", installed
        ), None
    done = host.run([client, "image", "inspect", name])
    if done.rc == 0:
        return Engine(client), parse_images(done.out)[0]
    if any(word in done.err.lower() for word in _ABSENT):
        return Engine(client), None
    return Engine(client, f"the Docker engine does not answer: {_last_line(done)}"), None


def _last_line(done: Completed) -> str:
    return done.last_words.splitlines()[-1] if done.last_words else f"exit {done.rc}"


def parse_images(text: str) -> list[Image]:
    """What ``docker image inspect`` prints."""
    return [
        Image(
            entry["Id"],
            tuple(entry.get("RepoTags") or ()),
            tuple(sorted(((entry.get("Config") or {}).get("Labels") or {}).items())),
            entry.get("Size", 0),
            tuple((entry.get("RootFS") or {}).get("Layers") or ()),
            entry.get("Created") or "",
            tuple(entry.get("RepoDigests") or ()),
        )
        for entry in json.loads(text)
    ]


def inspect_image(host: Host, engine: Engine, name: str) -> Image | None:
    """An image by name or ID, None where there is none."""
    done = host.run([engine.client, "image", "inspect", name])
    return parse_images(done.out)[0] if done.rc == 0 else None


def image_ids(host: Host, engine: Engine) -> tuple[str, ...]:
    """The IDs of all images; none where that cannot be told."""
    done = host.run([engine.client, "image", "ls", "--all", "--quiet", "--no-trunc"])
    return tuple(done.out.split()) if done.rc == 0 else ()


def containers_of(host: Host, engine: Engine, image: Image) -> tuple[Container, ...]:
    """The containers that were created from an image, not from one that is based on it."""
    ids = host.check(
        [engine.client, "ps", "--all", "--quiet", "--no-trunc", "--filter", f"ancestor={image.id}"]
    ).out.split()
    if not ids:
        return ()
    done = host.run([engine.client, "container", "inspect", *ids])  # not 0 where one has gone meanwhile
    found = [
        Container(entry["Name"].lstrip("/"), entry["Image"], (entry.get("Config") or {}).get("Image", ""))
        for entry in json.loads(done.out or "[]")
    ]
    return tuple(container for container in found if container.image == image.id)


def data_root(host: Host, engine: Engine) -> str:
    """Where an engine on this host keeps its images; empty for one elsewhere, or where that cannot be seen."""
    endpoint = host.run([engine.client, "context", "inspect", "--format", "{{.Endpoints.docker.Host}}"])
    if endpoint.rc != 0 or not endpoint.out.startswith("unix:"):
        return ""
    done = host.run([engine.client, "info", "--format", "{{.DockerRootDir}}"])
    path = done.out.strip()
    return path if done.rc == 0 and path.startswith("/") and host.exists(path) else ""


def load(host: Host, engine: Engine, image_file: Source) -> None:
    """Make an image from a file that holds all of it, its name included, which whatever has it now loses.

    The file is written to the engine as it is made. Where that fails the engine does not get the end of it.

    :raises HostError: with the engine's reason
    """
    done = feed([host.path(engine.client), "image", "load", "--quiet"], image_file)
    if done.rc != 0:
        said = _last_line(done)
        remedy = "; make room where it keeps its images, as with docker system prune" if _FULL in said else ""
        raise HostError(f"the engine refuses the image: {said}{remedy}")


def remove(host: Host, engine: Engine, name: str) -> str:
    """Take a name, or an image that has none, away; empty, or why that was refused."""
    done = host.run([engine.client, "image", "rm", name])
    return "" if done.rc == 0 else _last_line(done)


def tag(host: Host, engine: Engine, image: str, name: str) -> None:
    """Give an image a further name, which whatever has it now loses.

    :raises HostError: with the engine's reason
    """
    done = host.run([engine.client, "image", "tag", image, name])
    if done.rc != 0:
        raise HostError(f"{image} is not given the name {name}: {_last_line(done)}")
