# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Several files that change together: wholly or, at the latest after the next run, not at all.

What is to be written, and what was there, is noted on disk before the first file changes. A run that is killed in
between leaves that note, and the next one settles it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import typing as t
from dataclasses import dataclass

from .errors import HostError
from .files import FileChange, FileState, read_file, restore, write_change
from .machine import Host

UNDO_PATH = "/var/lib/slipway/undo.json"


@dataclass(frozen=True)
class Leftover:
    """What an interrupted run has left.

    :param put_back: files that were put back
    :param owed: what it had still wanted to do, in its own words
    """

    put_back: tuple[str, ...] = ()
    owed: t.Any = None


def note(
    host: Host,
    changes: t.Sequence[FileChange],
    finally_: FileChange,
    also_ours: t.Sequence[tuple[str, bytes]] = (),
    owed: t.Any = None,
) -> None:
    """Note changes before they are made.

    :param finally_: the file that is written when all others are; it may be written again later
    :param also_ours: contents that stand in a file for a moment on the way, with its path
    :param owed: what is to be done when the changes are made or undone, fit for JSON
    """
    entries = []
    for change in changes:
        contents = [change.after, *(content for path, content in also_ours if path == change.path)]
        entries.append({"before": _pack(change.before), "ours": [_fingerprint(content) for content in contents]})
    last = {"before": _pack(finally_.before), "after": _encode(finally_.after)}
    text = (json.dumps({"version": 1, "files": entries, "finally": last, "owed": owed}) + "\n").encode()
    write_change(host, FileChange(FileState(UNDO_PATH, UNDO_PATH, None, 0o600), text))


def forget(host: Host) -> None:
    """The changes are all made, or all undone."""
    if host.exists(UNDO_PATH):
        restore(host, FileState(UNDO_PATH, UNDO_PATH))


def settle(host: Host) -> Leftover | None:
    """Put back what an interrupted run had changed in part; a set of files that is all there stays.

    A file that is neither as it was nor as we wrote it has been changed by somebody else since, and is left alone.
    The note stays until :func:`forget`.

    :returns: None where no run was interrupted
    :raises HostError: where the note itself is damaged
    """
    state = read_file(host, UNDO_PATH)
    if state.content is None:
        return None
    try:
        found = json.loads(state.content)
        noted = [(_unpack(entry["before"]), list(entry["ours"])) for entry in found["files"]]
        last = FileChange(_unpack(found["finally"]["before"]), _decode(found["finally"]["after"]))
    except (ValueError, KeyError, TypeError) as error:
        raise HostError(f"{UNDO_PATH}, the note of an interrupted run, is damaged ({error}); remove it") from error
    now = [_fingerprint(read_file(host, before.path).content) for before, _ours in noted]
    done = all(there == ours[0] for there, (_before, ours) in zip(now, noted))
    there_last = read_file(host, last.path).content
    if done:
        if there_last == last.before.content:
            write_change(host, last)
        return Leftover((), found.get("owed"))
    put_back = []
    for there, (before, ours) in zip(now, noted):
        if there in ours and there != _fingerprint(before.content):
            restore(host, before)
            put_back.append(before.path)
    if there_last == last.after:
        restore(host, last.before)
    return Leftover(tuple(put_back), found.get("owed"))


def _fingerprint(content: bytes | None) -> str:
    return "absent" if content is None else hashlib.sha256(content).hexdigest()


def _encode(content: bytes | None) -> str | None:
    return None if content is None else base64.b64encode(content).decode("ascii")


def _decode(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text)


def _pack(state: FileState) -> dict[str, t.Any]:
    fields = {name: getattr(state, name) for name in ("path", "real", "mode", "uid", "gid")}
    return {**fields, "content": _encode(state.content)}


def _unpack(entry: dict[str, t.Any]) -> FileState:
    content = _decode(entry["content"])
    return FileState(entry["path"], entry["real"], content, entry["mode"], entry["uid"], entry["gid"])
