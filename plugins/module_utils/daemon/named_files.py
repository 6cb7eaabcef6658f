# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The files that a configuration names: whether they are there, and the form of those that dockerd has to read."""

from __future__ import annotations

import os
import re
import stat
import typing as t

from ..host.machine import Host
from .document import Document

Kind = t.Literal["missing", "file", "program", "folder", "socket", "other"]

_TLS_KEYS = ("tlscacert", "tlscert", "tlskey")
_BEGIN = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----")
_LARGE = 1 << 20


def kinds(host: Host, document: Document) -> dict[str, Kind]:
    """What lies at every absolute path in a configuration, and at the folders above those."""
    found: dict[str, Kind] = {}
    for value in _strings(document):
        path = value.partition("://")[2] if value.startswith("unix://") else value
        if path.startswith("/") and "\0" not in path:
            for name in (path, os.path.dirname(path)):
                found[name] = kind(host, name)
    return found


def _strings(value: t.Any) -> t.Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from _strings(entry)


def kind(host: Host, path: str) -> Kind:
    """What lies at a path, symbolic links followed."""
    try:
        found = os.stat(host.path(path)).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return "missing"
    except OSError:
        return "other"
    if stat.S_ISREG(found):
        return "program" if found & 0o111 else "file"
    if stat.S_ISDIR(found):
        return "folder"
    return "socket" if stat.S_ISSOCK(found) else "other"


def marks(host: Host, document: Document) -> dict[str, frozenset[str]]:
    """Kinds of PEM blocks (``CERTIFICATE``, ``PRIVATE KEY``) in the files for TLS. What is in them is not kept."""
    found = {}
    for key in _TLS_KEYS:
        path = document.get(key)
        content = _content(host, path) if isinstance(path, str) else None
        if isinstance(path, str) and content is not None:
            encrypted = {"encrypted"} if "ENCRYPTED" in content else set()
            found[path] = frozenset({*_BEGIN.findall(content), *encrypted})
    return found


def contents(host: Host, document: Document) -> dict[str, str]:
    """The text of files that dockerd has to understand, as far as they can be read."""
    path = document.get("seccomp-profile")
    content = _content(host, path) if isinstance(path, str) else None
    return {path: content} if isinstance(path, str) and content is not None else {}


def _content(host: Host, path: str) -> str | None:
    if not path.startswith("/") or kind(host, path) not in ("file", "program"):
        return None
    try:
        with open(host.path(path), "rb") as handle:
            return handle.read(_LARGE).decode("utf-8", "replace")
    except OSError:
        return None
