# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Files of others that we take flags out of: the original is kept, and comes back when nothing clashes any more.

An edit is known by the digest of what we wrote. A file that holds something else by now has been changed since, and
what it holds counts as its owner's will. A file that was not there before has no original, which its digest says.
"""

from __future__ import annotations

import hashlib
import typing as t

from ..host.files import FileChange, FileState, read_file
from ..host.machine import Host

FOLDER = "/var/lib/slipway/originals"
_NEW = "new:"


def kept_as(path: str) -> str:
    """Where the original of a file lies."""
    return f"{FOLDER}/{path.strip('/').replace('/', '-')}"


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def look_through(host: Host, edits: t.Mapping[str, str]) -> dict[str, bytes | None]:
    """What files were before we edited them, None for one that was not there.

    :param edits: paths with the digest of what we wrote
    """
    found: dict[str, bytes | None] = {}
    for path, digest in edits.items():
        content = read_file(host, path).content
        original = read_file(host, kept_as(path)).content
        known = original is not None or digest.startswith(_NEW)
        if content is not None and known and digest_of(content) == digest[len(_NEW) if original is None else 0 :]:
            found[path] = original
    return found


def changed_since(edits: t.Mapping[str, str], unedited: t.Mapping[str, bytes | None]) -> list[str]:
    """Warnings about files that somebody has changed since we took flags out of them, or removed."""
    return [
        f"{path} was changed by somebody since flags were taken out of it, so they do not come back by themselves; "
        f"what it was before is kept as {kept_as(path)}"
        for path in edits
        if path not in unedited
    ]


def states(host: Host, paths: t.Iterable[str]) -> dict[str, FileState]:
    """Files as they are, and where their originals are kept."""
    return {each: read_file(host, each) for path in paths for each in (path, kept_as(path))}


def changes(
    now: t.Mapping[str, FileState], unedited: t.Mapping[str, bytes | None], edited: t.Mapping[str, bytes]
) -> tuple[list[FileChange], dict[str, str]]:
    """The changes that bring edits about and take old ones back, and the digests to remember.

    :param now: files as they are
    :param unedited: those that we have edited or change in another way, as they are without edits
    :param edited: contents as they shall be
    """
    found, digests = [], {}
    for path in dict.fromkeys([*unedited, *edited]):
        state, kept = now[path], now[kept_as(path)]
        original = unedited.get(path, state.content)
        content = edited.get(path, original)
        keep = original if content != original else None
        if content is not None and content != original and path in edited:
            digests[path] = ("" if keep is not None else _NEW) + digest_of(content)
        private = FileState(kept.path, kept.real, kept.content, 0o600, 0, 0, kept.mtime)
        if path not in unedited and kept.content is not None and keep is not None and keep != kept.content:
            aside = f"{kept.path}.{digest_of(kept.content)[:8]}"  # somebody has changed the file since it was made
            found.append(FileChange(FileState(aside, aside, None, 0o600), kept.content))
        found += [FileChange(private, keep), FileChange(state, content)]
    return found, digests
