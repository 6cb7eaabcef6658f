# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The note of a network whose containers were taken off: private, and kept until all are back."""

from __future__ import annotations

import json
import typing as t
import urllib.parse
from dataclasses import dataclass, replace

from ..host.errors import HostError
from ..host.files import FileChange, read_file, write_change
from ..host.machine import Host
from ..host.peek import entries
from .endpoints import Attachment, read_attachment
from .engine import Engine

FOLDER = "/var/lib/slipway/networks"

_MODE = 0o600
_END = ".json"


@dataclass(frozen=True)
class Note:
    """What there was.

    :param definition: the network as the engine told of it
    :param engine: the ID of that engine; a host may have several, with networks of the same name
    :param root: its folder, as old engines of one host have the same ID
    :param docker_host: where it was reached
    """

    name: str
    definition: t.Mapping[str, t.Any]
    containers: tuple[Attachment, ...]
    engine: str = ""
    root: str = ""
    docker_host: str = ""

    @property
    def path(self) -> str:
        return path_of(self.name)

    def joined(self, found: t.Iterable[Attachment]) -> Note:
        """With containers that have come since; of the others the note knows better what they had at first."""
        known = {one.id for one in self.containers}
        return replace(self, containers=(*self.containers, *(one for one in found if one.id not in known)))


def path_of(name: str) -> str:
    """A name may hold anything, a slash as well; files that begin with a dot are those that are being written."""
    quoted = urllib.parse.quote(name, safe="")
    return f"{FOLDER}/{f'%2E{quoted[1:]}' if quoted.startswith('.') else quoted}{_END}"


def read_note(host: Host, name: str) -> Note | None:
    """The note of a network, None where there is none.

    :raises HostError: where it cannot be read
    """
    path = path_of(name)
    content = read_file(host, path).content
    if content is None:
        return None
    try:
        told = json.loads(content)
        containers = tuple(read_attachment(one) for one in told["containers"])
        engine, root, docker_host = (str(told.get(key) or "") for key in ("engine", "root", "docker_host"))
        return Note(str(told["name"]), dict(told["definition"]), containers, engine, root, docker_host)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        remedy = "connect by hand what is missing on the network, and remove the file"
        raise HostError(f"{path} is no note of containers to connect ({error}); {remedy}") from error


def read_notes(host: Host) -> dict[str, Note]:
    """Every note that a run left, by network."""
    found = {}
    for file in entries(host, FOLDER):
        if file.endswith(_END) and not file.startswith("."):
            note = read_note(host, urllib.parse.unquote(file[: -len(_END)]))
            if note is not None:
                found[note.name] = note
    return found


def elsewhere(note: Note, engine: Engine) -> str:
    """Why a note is none of an engine's business and what to do; empty where it is.

    An engine whose folder has moved is the same while it has any of the containers.
    """
    if not note.engine:
        return ""
    if note.engine == engine.id:
        here = {short["Id"] for short in engine.containers()} if note.root != engine.root else set()
        if note.root == engine.root or any(one.id in here for one in note.containers):
            return ""
    off = ", ".join(one.name for one in note.containers)
    reason = (
        f"{note.path} is of another engine, that of {note.docker_host} with its data in {note.root} (ID {note.engine})"
    )
    lacks = f"whose network {note.name} lacks containers that an interrupted run took off: {off}"
    remedy = (
        "have network_containers put them back there with state attached, or remove the file if that engine is gone"
    )
    return f"{reason}, {lacks}; this one has its data in {engine.root} (ID {engine.id}); {remedy}"


def write_note(host: Host, note: Note) -> None:
    told = {
        "name": note.name,
        "definition": note.definition,
        "containers": [one.as_dict() for one in note.containers],
        "engine": note.engine,
        "root": note.root,
        "docker_host": note.docker_host,
    }
    content = (json.dumps(told, indent=2, sort_keys=True) + "\n").encode()
    before = replace(read_file(host, note.path), mode=_MODE, uid=0, gid=0)
    write_change(host, FileChange(before, content))


def remove_note(host: Host, name: str) -> None:
    write_change(host, FileChange(read_file(host, path_of(name)), None))
