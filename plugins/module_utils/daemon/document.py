# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""daemon.json: parsed strictly, printed canonically."""

from __future__ import annotations

import json
import re
import typing as t

from ..host.errors import HostError
from .json_faults import first_fault

Document = dict[str, t.Any]

# A password may have a slash in it, which it should not; a port before a path is none.
_CREDENTIALS = re.compile(r"(?P<scheme>://)(?:[^/\s\"]+|[^/\s\":@]+:(?!\d+/)[^\s\"@]+)@")
_MARKS = ((b"\xef\xbb\xbf", "UTF-8"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))


class UnreadableDocument(HostError):
    """daemon.json cannot be understood; it is never overwritten then."""


def parse(content: bytes, path: str) -> Document:
    """Parse the content of daemon.json.

    An empty or blank file counts as an empty document: engine 23 and newer read it so, and 20.10, which refuses
    it, gets a written ``{}`` from us.

    :raises UnreadableDocument: names file, line and column, and what is wrong there
    """
    text = _decode(content, path)
    if not text.strip():
        return {}
    try:
        document = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
        render(document)  # half a surrogate pair and 1e999 can be read, but not written
    except (ValueError, RecursionError) as error:
        raise UnreadableDocument(_explain(error, text, path)) from error
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise UnreadableDocument(_explain(ValueError("no object"), text, path))
    return t.cast("Document", document)


def _decode(content: bytes, path: str) -> str:
    """The text of a file in UTF-8, the one encoding that every engine reads."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            raise UnreadableDocument(
                f"{path}: line 1, column 1: expected plain UTF-8; a byte order mark of {name} stands there, which "
                "engine 20.10 refuses: save the file as UTF-8 without one"
            )
    if b"\0" in content[:4]:
        raise UnreadableDocument(f"{path}: line 1, column 1: expected UTF-8; save the file as that, not as UTF-16")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        raise UnreadableDocument(
            f"{path}: line {line}, column {column}: expected UTF-8; byte 0x{content[error.start]:02x} is none: "
            "save the file as UTF-8"
        ) from error


def render(document: Document) -> bytes:
    """Print a document as we write it: two blanks of indentation, keys in the document's own order."""
    return (json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def without_credentials(text: str) -> str:
    """The text with user names and passwords inside of URLs hidden, fit for a diff or a message."""
    return _CREDENTIALS.sub(r"\g<scheme>***@", text)


def _explain(error: Exception, text: str, path: str) -> str:
    """Where the fault is and what should stand there; in Python's words where only Python finds one."""
    fault = first_fault(text)
    if fault is None:
        return f"{path}: {error}"
    line = text.count("\n", 0, fault.offset) + 1
    column = fault.offset - text.rfind("\n", 0, fault.offset)
    here = without_credentials(text.split("\n")[line - 1].strip())
    return f"{path}: line {line}, column {column}: {without_credentials(fault.said)}: {here[:80]}"


def _no_duplicates(pairs: list[tuple[str, t.Any]]) -> Document:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _no_constant(name: str) -> t.NoReturn:
    raise ValueError(f"{name} is no JSON value")
