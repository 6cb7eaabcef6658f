# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Names and numbers whose form dockerd checks itself, one at a time: here they are told all at once."""

from __future__ import annotations

import re
import typing as t

from .base import Context, Problem, refuses, warns
from .cidr import address

_LETTER = re.compile(r"[A-Za-z]")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?\s*")
_SIZE = re.compile(r"\d+(?:\.\d+)* ?(?:[kKmMgGtTpP][iI]?)?[bB]?")
_RESERVED = ("com.docker.", "io.docker.", "org.dockerproject.")
_COUNTS = ("max-concurrent-downloads", "max-concurrent-uploads", "max-download-attempts")


def is_size(text: str) -> bool:
    """Whether it is a size as units.RAMInBytes reads it: ``64m``, ``1.5 GiB``."""
    return bool(_SIZE.fullmatch(text))


@refuses("dns")
def dns_servers(context: Context) -> t.Iterator[Problem]:
    """Addresses without a port; 20.10 cuts blanks off, later engines do not."""
    for path, entry in context.entries("dns"):
        given = entry.strip() if context.before("26.0") or context.version is None else entry
        if address(given) is None:
            yield Problem(path, "must be an IP address", entry)


@refuses("dns-search")
def search_domains(context: Context) -> t.Iterator[Problem]:
    """A single dot stands for no search domain at all (ValidateDNSSearch)."""
    for path, entry in context.entries("dns-search"):
        plain = entry.strip(" ")
        fits = plain == "." or (_LETTER.search(entry) and _DOMAIN.fullmatch(entry) and len(entry) < 255)
        if not fits:
            yield Problem(path, "must be a domain", entry)


@refuses("host-gateway-ips")
def gateways_of_the_host(context: Context) -> t.Iterator[Problem]:
    """At most one address for IPv4 and one for IPv6."""
    seen: dict[int, str] = {}
    for path, entry in context.entries("host-gateway-ips"):
        found = address(entry)
        if found is None:
            yield Problem(path, "must be an IP address", entry)
        elif found.version in seen:
            yield Problem(path, f"is a second IPv{found.version} address, after {seen[found.version]}", entry)
        else:
            seen[found.version] = entry


@refuses("labels")
def labels(context: Context) -> t.Iterator[Problem]:
    """key=value, each key once, and none that Docker keeps for itself."""
    seen: dict[str, str] = {}
    for path, entry in context.entries("labels"):
        key, equals, value = entry.partition("=")
        if not equals:
            yield Problem(path, "must be of the form key=value", entry)
        elif key.lower().startswith(_RESERVED):
            yield Problem(path, f"must not begin with {', '.join(_RESERVED)}", entry)
        elif seen.get(key, value) != value:
            yield Problem(path, f"contradicts {key}={seen[key]}", entry, "keep one of the two")
        seen.setdefault(key, value)


@refuses("node-generic-resources")
def generic_resources(context: Context) -> t.Iterator[Problem]:
    """kind=value: either a number of a kind, once, or several names of a kind."""
    numbers: dict[str, list[bool]] = {}
    for path, entry in context.entries("node-generic-resources"):
        kind, equals, value = entry.partition("=")
        if not equals or not kind or not value:
            yield Problem(path, "must be of the form kind=value", entry)
            continue
        is_number = value.lstrip("-").isdigit()
        if numbers.get(kind) and (is_number or any(numbers[kind])):
            yield Problem(path, f"must be the only entry of {kind}, or a name among names", entry)
        numbers.setdefault(kind, []).append(is_number)


@refuses("default-shm-size")
def shm_size(context: Context) -> t.Iterator[Problem]:
    text = context.text("default-shm-size")
    if text and not is_size(text):
        yield Problem("default-shm-size", 'must be a size such as "64M"', text)


@refuses(*_COUNTS)
def counts(context: Context) -> t.Iterator[Problem]:
    for key in _COUNTS:
        number = context.number(key)
        if number is not None and number < 0:
            yield Problem(key, "must not be negative", number)


@refuses("max-download-attempts", before="23.0")
def attempts(context: Context) -> t.Iterator[Problem]:
    """20.10 refuses 0, which newer engines take for their default."""
    if context.number("max-download-attempts") == 0:
        yield Problem("max-download-attempts", "must be at least 1", 0)


@refuses("network-diagnostic-port", since="23.0")
def diagnostic_port(context: Context) -> t.Iterator[Problem]:
    number = context.number("network-diagnostic-port")
    if number is not None and not 0 <= number <= 65535:
        yield Problem("network-diagnostic-port", "must be from 0 to 65535", number)


@warns("min-api-version")
def oldest_api(context: Context) -> t.Iterator[Problem]:
    """The environment's twin of this is checked, the file's is not (29.0 to 29.7)."""
    text = context.text("min-api-version")
    if text and not re.fullmatch(r"1\.\d+", text):
        yield Problem("min-api-version", "should be a version of the API such as 1.44", text)


@refuses("bridge-accept-fwmark", since="29.0")
def firewall_mark(context: Context) -> t.Iterator[Problem]:
    text = context.text("bridge-accept-fwmark")
    number = r"(?:0[xX][0-9a-fA-F]+|\d+)"
    if text and not re.fullmatch(rf"{number}(?:/{number})?", text):
        yield Problem("bridge-accept-fwmark", "must be a mark such as 0x1, or a mark and a mask such as 0x1/0xff", text)


@refuses("data-root", "exec-root")
def folders_of_the_daemon(context: Context) -> t.Iterator[Problem]:
    """20.10 does not start with a relative data-root; later engines do, and no container finds its files."""
    for key in ("data-root", "exec-root"):
        text = context.text(key)
        if context.sets(key) and text and not text.startswith("/"):
            yield Problem(key, "must be an absolute path: no container would start", text)


@refuses("data-root", "exec-root")
def folders_that_are_files(context: Context) -> t.Iterator[Problem]:
    for key in ("data-root", "exec-root"):
        text = context.text(key)
        if context.sets(key) and context.facts.files.get(text) not in (None, "missing", "folder"):
            yield Problem(key, "is not a folder", text, "choose another path")


@warns("containerd")
def containerd_is_there(context: Context) -> t.Iterator[Problem]:
    """dockerd waits for it and gives up after a while."""
    text = context.text("containerd")
    if context.sets("containerd") and context.facts.files.get(text) == "missing":
        yield Problem("containerd", "is not there: the daemon will wait for it, and end without it", text)


@warns("rootless")
def rootless_by_hand(context: Context) -> t.Iterator[Problem]:
    """It says that RootlessKit started the daemon; engine 28 does not start as root with it."""
    if context.is_on("rootless"):
        yield Problem("rootless", "is for a daemon that RootlessKit starts", True, "take it out")
