# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""TLS for tcp sockets: what switches it on, and the files that it needs."""

from __future__ import annotations

import typing as t

from .base import Context, Problem, refuses, warns
from .hosts import listed

_FILES = {"tlscacert": "CERTIFICATE", "tlscert": "CERTIFICATE", "tlskey": "PRIVATE KEY"}


def is_on(context: Context) -> bool:
    """tlsverify switches it on by being there, true or false, and whatever tls says (loadDaemonCliConfig)."""
    return context.sets("tlsverify") or context.is_on("tls")


@refuses("tls", "tlsverify")
def certificate_and_key(context: Context) -> t.Iterator[Problem]:
    """With TLS from the file, the files that flags would default to are not looked for (all versions)."""
    if not is_on(context):
        return
    missing = [key for key in ("tlscert", "tlskey") if not context.text(key)]
    if not missing:
        return
    wanted = " and ".join(missing)
    if context.document.get("tlsverify") is False:
        reason = f"switches TLS on even when it is false, which needs {wanted}"
        yield Problem("tlsverify", reason, False, "take tlsverify out for sockets without TLS", also=tuple(missing))
    elif context.document.get("tls") is False:
        reason = f"switches TLS on even when tls is false, which needs {wanted}"
        yield Problem("tlsverify", reason, True, "take tlsverify out for sockets without TLS", also=("tls", *missing))
    else:
        key = "tlsverify" if context.sets("tlsverify") else "tls"
        yield Problem(key, f"needs {wanted} in the file as well", True, also=tuple(missing))


@refuses("tls", "tlsverify")
def authority_of_clients(context: Context) -> t.Iterator[Problem]:
    """Without one the system's authorities count, so that everybody with a certificate of theirs is root."""
    reachable = [address.raw for _path, address in listed(context) if not address.loopback]
    asks = is_on(context) and context.value("tlsverify") is not False
    if asks and not context.text("tlscacert") and reachable and not context.allow_insecure_tcp:
        key = "tlsverify" if context.sets("tlsverify") else "tls"
        reason = (
            f"without tlscacert lets everybody in whose certificate a public authority has signed, at {reachable[0]}"
        )
        remedy = "set tlscacert to the authority of your clients, or allow it with allow_insecure_tcp"
        yield Problem(key, reason, remedy=remedy, also=("hosts", "tlscacert"))


@warns("tlsverify")
def switched_on_by_false(context: Context) -> t.Iterator[Problem]:
    """Certificate and key are there, so dockerd starts; clients have to speak TLS and need no certificate."""
    if context.document.get("tlsverify") is False and context.text("tlscert") and context.text("tlskey"):
        yield Problem("tlsverify", "switches TLS on even when it is false", False, "take it out, or set it to true")
    elif context.document.get("tls") is False and context.text("tlscert") and context.text("tlskey"):
        yield Problem("tls", "is overruled by tlsverify, so TLS is on", False, "take it out", also=("tlsverify",))


@warns("tls", "tlsverify")
def no_socket_but_tcp(context: Context) -> t.Iterator[Problem]:
    """With TLS and no hosts at all dockerd listens on tcp://localhost:2376 only."""
    if is_on(context) and not context.value("hosts"):
        key = "tls" if context.sets("tls") else "tlsverify"
        reason = "leaves the daemon on tcp://localhost:2376 alone, without its unix socket"
        yield Problem(key, reason, remedy="set hosts", also=("hosts",))


@refuses("tlscacert", "tlscert", "tlskey")
def files_are_there(context: Context) -> t.Iterator[Problem]:
    """They are read when the daemon starts, those of an unused TLS are not."""
    for key in _FILES if is_on(context) else ():
        path = context.text(key)
        found = context.facts.files.get(path)
        if context.sets(key) and found in ("missing", "folder"):
            what = "is not there" if found == "missing" else "is a folder"
            yield Problem(key, what, path, "put the file there first", also=("tls", "tlsverify"))


@refuses("tlscacert", "tlscert", "tlskey")
def files_are_what_they_should_be(context: Context) -> t.Iterator[Problem]:
    """dockerd reads PEM, and no key that wants a password."""
    for key, wanted in _FILES.items() if is_on(context) else ():
        path = context.text(key)
        marks = context.facts.marks.get(path)
        if marks is None or not context.sets(key):
            continue
        if not any(mark.endswith(wanted) for mark in marks):
            yield Problem(key, f"has no {wanted} in PEM", path, also=("tls", "tlsverify"))
        elif key == "tlskey" and "encrypted" in marks:
            yield Problem(key, "is encrypted, and dockerd asks nobody for a password", path, also=("tls", "tlsverify"))
