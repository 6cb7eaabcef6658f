# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Registries: names and networks that are trusted without certificates, and mirrors (registry/config.go)."""

from __future__ import annotations

import re
import typing as t
from urllib.parse import urlsplit

from .base import Context, Problem, refuses, warns
from .cidr import address, interface

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*(?::\d+)?")
_SCHEME = re.compile(r"(?i)https?://")


@refuses("insecure-registries")
def insecure_registries(context: Context) -> t.Iterator[Problem]:
    """host, host:port or a network; dockerd does not start otherwise, and no version checks it before."""
    for path, entry in context.entries("insecure-registries"):
        plain = _SCHEME.sub("", entry, count=1) if _SCHEME.match(entry) else entry
        if entry.startswith("-") or entry.endswith("-"):
            yield Problem(path, "must not begin or end with a hyphen", entry)
        elif "://" in plain:
            yield Problem(path, "must be a host, host:port or a network", entry, "take the scheme out")
        elif interface(plain) is None and not _is_host(plain):
            slash = "/" in plain and interface(plain) is None
            remedy = "take out what follows the slash" if slash else "a registry is named without a wildcard or a path"
            yield Problem(path, "must be a host, host:port or a network", entry, remedy)
        elif _port(plain) > 65535:
            yield Problem(path, "must have a port up to 65535", entry)


def _is_host(text: str) -> bool:
    if _HOST.fullmatch(text):
        return True
    host = text
    if text.startswith("["):
        host, _bracket, port = text[1:].partition("]")
        if port and not re.fullmatch(r":\d+", port):
            return False
    return address(host) is not None


def _port(text: str) -> int:
    found = re.search(r"(?:^[^:]*|\]):(\d+)$", text)
    return int(found.group(1)) if found else 0


@warns("insecure-registries")
def registries_with_a_scheme(context: Context) -> t.Iterator[Problem]:
    """dockerd cuts it off and says so while it starts."""
    for path, entry in context.entries("insecure-registries"):
        if _SCHEME.match(entry):
            yield Problem(path, "has a scheme, which does nothing", entry, "take it out")


@refuses("registry-mirrors")
def mirrors(context: Context) -> t.Iterator[Problem]:
    """A URL with a scheme and without a user; up to 23.0 without a path as well."""
    for path, entry in context.entries("registry-mirrors"):
        scheme, separator, _rest = entry.partition("://")
        if not separator or scheme.lower() not in ("http", "https"):
            yield Problem(path, "must be a URL that begins with https:// or http://", entry)
            continue
        try:
            parts = urlsplit(entry)
            readable = parts.port is None or parts.port >= 0
        except ValueError:
            readable = False
        if not readable or re.search(r"[\s<>\"]", entry):
            yield Problem(path, "is no URL that can be read", entry)
        elif parts.username is not None:
            remedy = "let the mirror in without one, or by the address it is asked from"
            yield Problem(path, "must have no user and no password", entry, remedy)
        elif parts.query or parts.fragment:
            yield Problem(path, "must have no query and no fragment", entry)
        elif parts.path not in ("", "/") and context.before("24.0"):
            yield Problem(path, f"must have no path with engine {context.engine}", entry)


@warns("registry-mirrors")
def mirrors_without_a_host(context: Context) -> t.Iterator[Problem]:
    """dockerd takes it, and asks nobody."""
    for path, entry in context.entries("registry-mirrors"):
        if re.fullmatch(r"(?i)https?:///?", entry):
            yield Problem(path, "has no host", entry)
