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

Document = dict[str, t.Any]

_CREDENTIALS = re.compile(r"(?P<scheme>://)[^/\s\"]+@")


class UnreadableDocument(HostError):
    """daemon.json cannot be understood; it is never overwritten then."""


def parse(content: bytes, path: str) -> Document:
    """Parse the content of daemon.json.

    An empty or blank file counts as an empty document: engine 23 and newer read it so, and 20.10, which refuses
    it, gets a written ``{}`` from us.

    :raises UnreadableDocument: names file, line and column, and what is wrong there
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableDocument(
            f"{path}: line {line}: byte {error.start} is not UTF-8; save the file as UTF-8"
        ) from error
    if text.startswith("\ufeff"):
        raise UnreadableDocument(
            f"{path}: line 1: starts with a byte order mark, which dockerd 20.10 refuses; remove it"
        )
    if not text.strip():
        return {}
    try:
        document = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
        render(document)  # half a surrogate pair and 1e999 can be read, but not written
    except json.JSONDecodeError as error:
        raise UnreadableDocument(_explain(error, text, path)) from error
    except (ValueError, RecursionError) as error:
        raise UnreadableDocument(f"{path}: {error}") from error
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise UnreadableDocument(f"{path}: the top level must be an object in braces; got: {type(document).__name__}")
    return document


def render(document: Document) -> bytes:
    """Print a document as we write it: two blanks of indentation, keys in the document's own order."""
    return (json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()


def without_credentials(text: str) -> str:
    """The text with user names and passwords inside of URLs hidden, fit for a diff or a message."""
    return _CREDENTIALS.sub(r"\g<scheme>***@", text)


def _explain(error: json.JSONDecodeError, text: str, path: str) -> str:
    here = text.split("\n")[error.lineno - 1].strip()
    hint = ""
    if text.startswith(("//", "#", "/*"), error.pos):
        hint = "; JSON has no comments"
    elif "property name enclosed in double quotes" in error.msg:
        hint = "; a comma too many before it, or a name without double quotes"
    shown = without_credentials(here)[:80]
    return f"{path}: line {error.lineno}, column {error.colno}: {error.msg}{hint}: {shown}"


def _no_duplicates(pairs: list[tuple[str, t.Any]]) -> Document:
    found: Document = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f'key "{key}" stands twice in one object; dockerd would take the last one silently')
        found[key] = value
    return found


def _no_constant(name: str) -> t.NoReturn:
    raise ValueError(f"{name} is no JSON value")
