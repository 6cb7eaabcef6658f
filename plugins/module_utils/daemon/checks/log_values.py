# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Values of log options. Some keep dockerd from starting; others let it start, and then no container does."""

from __future__ import annotations

import re
import typing as t

from .base import Context, Problem, refuses, warns
from .log_drivers import driver_of, options_of
from .naming import is_size

_FACILITIES = (
    "kern user mail daemon auth syslog lpr news uucp cron authpriv ftp "
    "local0 local1 local2 local3 local4 local5 local6 local7"
).split()
_FORMATS = ("rfc3164", "rfc5424", "rfc5424micro")
_BOOLEANS = frozenset("1 t T TRUE true True 0 f F FALSE false False".split())
_TRUE = frozenset("1 t T TRUE true True".split())
# What a tag can be made of (logger.Info and its methods).
_TAG_NAMES = frozenset(
    "Config ContainerID ContainerName ContainerEntrypoint ContainerArgs ContainerImageID ContainerImageName "
    "ContainerCreated ContainerEnv ContainerLabels LogPath DaemonName "
    "ID FullID Name ImageID ImageFullID ImageName Command Hostname ExtraAttributes".split()
)
_ACTION = re.compile(r"\{\{.*?\}\}")
_PLAIN_NAME = re.compile(r"\{\{-?\s*\.([A-Za-z]+)\s*-?\}\}")


def _rotates(context: Context) -> bool:
    return driver_of(context) in ("json-file", "local")


@refuses("log-opts")
def sizes(context: Context) -> t.Iterator[Problem]:
    """Of the drivers that write files; a container that is to use them does not start otherwise."""
    options = options_of(context)
    if not _rotates(context) or "max-size" not in options:
        return
    text = options["max-size"]
    if not is_size(text):
        yield Problem("log-opts.max-size", 'must be a size such as "10m": no container would start', text)
    elif driver_of(context) == "json-file" and not any(digit in text for digit in "123456789"):
        yield Problem("log-opts.max-size", "must be more than nothing: no container would start", text)


@refuses("log-opts")
def numbers_of_files(context: Context) -> t.Iterator[Problem]:
    """A whole number from 1, in quotes."""
    options = options_of(context)
    text = options.get("max-file")
    if _rotates(context) and text is not None and not (re.fullmatch(r"\+?\d+", text) and int(text) >= 1):
        reason = 'must be a number from 1, such as "3": no container would start'
        yield Problem("log-opts.max-file", reason, text)


@refuses("log-opts")
def compression(context: Context) -> t.Iterator[Problem]:
    """Only files that were rotated are compressed. The driver local compresses unless it is told not to."""
    options = options_of(context)
    text = options.get("compress")
    if not _rotates(context):
        return
    one_file = options.get("max-file") in ("1", "+1")
    if text is not None and text not in _BOOLEANS:
        yield Problem("log-opts.compress", 'must be "true" or "false": no container would start', text)
    elif driver_of(context) == "local" and one_file and (text is None or text in _TRUE):
        remedy = 'set log-opts.compress to "false", or max-file to "2"'
        yield Problem("log-opts.max-file", "leaves nothing to compress: no container would start", "1", remedy)
    elif (
        driver_of(context) == "json-file" and text in _TRUE and (one_file or not {"max-file", "max-size"} <= {*options})
    ):
        reason = "needs max-size, and max-file of at least 2: no container would start"
        yield Problem("log-opts.compress", reason, text)


@refuses("log-opts")
def modes(context: Context) -> t.Iterator[Problem]:
    """Options of all drivers; dockerd does not start otherwise (ValidateLogOpts)."""
    options = options_of(context)
    if driver_of(context) == "none":
        return
    mode = options.get("mode", "")
    if mode not in ("", "blocking", "non-blocking"):
        yield Problem("log-opts.mode", "must be blocking or non-blocking", mode)
    buffer = options.get("max-buffer-size")
    if buffer is not None and mode != "non-blocking":
        yield Problem("log-opts.max-buffer-size", "needs mode non-blocking", buffer, "set log-opts.mode")
    elif buffer is not None and not is_size(buffer):
        yield Problem("log-opts.max-buffer-size", 'must be a size such as "4m"', buffer)
    cached = options.get("cache-disabled", "")
    if cached and cached not in _BOOLEANS:
        yield Problem("log-opts.cache-disabled", 'must be "true" or "false"', cached)


@refuses("log-opts")
def syslog(context: Context) -> t.Iterator[Problem]:
    """dockerd does not start otherwise."""
    options = options_of(context)
    if driver_of(context) != "syslog":
        return
    address = options.get("syslog-address", "")
    scheme, separator, rest = address.partition("://")
    if address and (not separator or scheme not in ("udp", "tcp", "tcp+tls", "unix", "unixgram")):
        reason = "must be of the form udp://host:port, tcp://host:port, tcp+tls://host:port or unix:///path"
        yield Problem("log-opts.syslog-address", reason, address)
    elif scheme.startswith("unix") and context.facts.files.get(rest) == "missing":
        yield Problem("log-opts.syslog-address", "is no socket of this host", address)
    facility = options.get("syslog-facility", "")
    if facility and facility not in _FACILITIES and not (facility.isdigit() and int(facility) <= 23):
        yield Problem("log-opts.syslog-facility", f"must be one of {', '.join(_FACILITIES)}", facility)
    form = options.get("syslog-format", "")
    if form not in ("", *_FORMATS):
        yield Problem("log-opts.syslog-format", f"must be one of {', '.join(_FORMATS)}", form)


@refuses("log-opts")
def gelf(context: Context) -> t.Iterator[Problem]:
    """dockerd does not start otherwise."""
    options = options_of(context)
    address = options.get("gelf-address", "")
    if driver_of(context) != "gelf" or not address:
        return
    if not re.fullmatch(r"(udp|tcp)://(\[[^\]]*\]|[^:/]*):\d*(/.*)?", address):
        yield Problem("log-opts.gelf-address", "must be of the form udp://host:port or tcp://host:port", address)
        return
    only = {"udp": ("gelf-compression-type", "gelf-compression-level")}
    only["tcp"] = ("gelf-tcp-max-reconnect", "gelf-tcp-reconnect-delay")
    scheme = address.partition("://")[0]
    for name in only["tcp" if scheme == "udp" else "udp"]:
        if name in options:
            yield Problem(f"log-opts.{name}", f"does not go with {scheme}", options[name], "take it out")
    kind = options.get("gelf-compression-type", "gzip")
    if scheme == "udp" and kind not in ("gzip", "zlib", "none"):
        yield Problem("log-opts.gelf-compression-type", "must be one of gzip, zlib, none", kind)


@refuses("log-opts")
def awslogs(context: Context) -> t.Iterator[Problem]:
    """dockerd does not start otherwise."""
    options = options_of(context)
    if driver_of(context) == "awslogs" and {"awslogs-datetime-format", "awslogs-multiline-pattern"} <= set(options):
        reason = "cannot be set together with awslogs-multiline-pattern"
        yield Problem("log-opts.awslogs-datetime-format", reason, remedy="keep one of the two")


@refuses("log-opts")
def tags(context: Context) -> t.Iterator[Problem]:
    """A Go template; with one that cannot be read no container starts."""
    tag = options_of(context).get("tag", "")
    opened, closed = tag.count("{{"), tag.count("}}")
    if driver_of(context) == "none" or not tag:
        return
    if opened > closed or len(_ACTION.findall(tag)) < opened:
        yield Problem("log-opts.tag", "opens an action that it does not close: no container would start", tag)
        return
    for name in _PLAIN_NAME.findall(tag):
        if name not in _TAG_NAMES:
            yield Problem("log-opts.tag", f"has .{name}, which no container has: none would start", tag)


@warns("log-opts")
def empty_tags(context: Context) -> t.Iterator[Problem]:
    """What a tag looks like whose braces a template engine has taken for its own."""
    tag = options_of(context).get("tag")
    if tag is not None and not tag.strip("/ "):
        remedy = "to get braces past Ansible, write !unsafe before the value"
        yield Problem("log-opts.tag", "is empty", tag, remedy)
