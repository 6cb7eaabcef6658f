# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""What this collection remembers of a host: the keys it set, and what the running daemon has loaded."""

from __future__ import annotations

import hashlib
import json
import typing as t
from dataclasses import asdict, dataclass, field, replace

from ..host.errors import HostError
from ..host.files import FileChange, FileState
from .document import Document
from .merge import Owned
from .variables import OwnedVariables

RECORD_PATH = "/var/lib/slipway/daemon.json"
_VERSION = 1


@dataclass(frozen=True)
class Loaded:
    """What a certain process was started with, or has loaded since.

    :param process: its identity
    :param document: what stood in daemon.json at that moment
    :param launch: digest of its command line as the unit files give it
    """

    process: str = ""
    document: Document = field(default_factory=dict)
    launch: str = ""


@dataclass(frozen=True)
class Record:
    """The record on the host.

    :param created: whether daemon.json was not there before we wrote it
    :param edits: files of others that we took flags out of, with the digest of what we wrote
    :param variables: those that we set in a file of variables
    :param path: of the daemon.json that all this is about; empty in records of old
    :param bridge: the address that bip gave docker0, until another one has taken its place
    """

    owned: Owned = field(default_factory=Owned)
    created: bool = False
    loaded: Loaded = field(default_factory=Loaded)
    edits: dict[str, str] = field(default_factory=dict)
    variables: OwnedVariables = field(default_factory=OwnedVariables)
    bridge: str = ""
    path: str = ""

    def of(self, path: str) -> Record:
        """What it says about a file: nothing where it is about another one."""
        return self if self.path in ("", path) else replace(self, owned=Owned(), created=False, path=path)

    @property
    def says_something(self) -> bool:
        return bool(self.owned.config or self.edits or self.variables.values)

    def render(self) -> bytes:
        return (json.dumps({"version": _VERSION, **asdict(self)}, indent=2) + "\n").encode()


def parse_record(state: FileState) -> Record:
    """Read the record; a host without one is a host on which nothing was set.

    :raises HostError: where it is damaged, since ownership of keys would be lost silently
    """
    if state.content is None:
        return Record()
    try:
        found = json.loads(state.content)
        if found["version"] != _VERSION:
            raise ValueError(f"version {found['version']}, where {_VERSION} is known")
        record = Record(
            Owned(**found["owned"]),
            bool(found["created"]),
            Loaded(**found["loaded"]),
            found.get("edits") or {},
            OwnedVariables(**found.get("variables") or {}),
            str(found.get("bridge") or ""),
            str(found.get("path") or ""),
        )
        for document in (record.owned.config, record.owned.displaced, record.loaded.document, record.edits):
            if not isinstance(document, dict):
                raise ValueError(f"a map is needed; got: {document!r}")
        return record
    except (ValueError, KeyError, TypeError) as error:
        raise HostError(
            f"{state.path} is damaged ({error}); it says which keys of daemon.json are ours: restore it, "
            "or remove it and the keys that stand there count as somebody else's"
        ) from error


def change_record(state: FileState, record: Record) -> FileChange:
    """The change that writes the record; it may hold what daemon.json holds, so only root reads it."""
    private = FileState(state.path, state.real, state.content, 0o600, 0, 0, state.mtime)
    return FileChange(private, record.render())


def digest(value: t.Any) -> str:
    """A short fingerprint of a command line."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:32]
