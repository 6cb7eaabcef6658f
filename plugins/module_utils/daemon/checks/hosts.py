# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""The sockets in ``hosts``: what dockerd can listen on at all, by whose means, and where."""

from __future__ import annotations

import os
import typing as t

from ..sockets import DEFAULT_SOCKET, Address, checks_clients, parse_address
from .base import Context, Problem, refuses, warns

# sun_path in the kernel, less the zero at its end.
_LONGEST_PATH = 107


def listed(context: Context) -> list[tuple[str, Address]]:
    """The entries of ``hosts`` in the file that can be read, each with where it stands."""
    found = []
    for path, raw in context.entries("hosts") if context.sets("hosts") else []:
        try:
            if raw.strip():
                found.append((path, parse_address(raw)))
        except ValueError:
            continue  # told by unusable_hosts
    return found


@refuses("hosts", anyones=True)
def unusable_hosts(context: Context) -> t.Iterator[Problem]:
    """Schemes of other systems, relative paths, ports out of range (ParseDaemonHost, loadListeners)."""
    for path, raw in context.entries("hosts") if context.sets("hosts") else []:
        try:
            if raw.strip():
                parse_address(raw)
        except ValueError as error:
            reason = str(error).removeprefix(raw).replace("{", "(").replace("}", ")")
            if "@" in raw:
                reason = " has a user or a password, which no socket asks for"
            yield Problem(path, "{value}" + reason, raw)


@refuses("hosts")
def open_tcp(context: Context) -> t.Iterator[Problem]:
    """tcp sockets that others can reach and that ask for no certificate: root for whoever connects."""
    if context.allow_insecure_tcp or _asks_for_certificates(context):
        return
    for path, address in listed(context):
        if not address.loopback:
            yield Problem(
                path,
                "{value} would make everybody who reaches it root on this host",
                address.raw,
                "listen on 127.0.0.1, or set tlsverify with tlscacert, tlscert and tlskey, "
                "or allow it with allow_insecure_tcp",
            )


def _asks_for_certificates(context: Context) -> bool:
    """By the file, or else by the command line."""
    flags = {key: value for key, value in context.facts.flags.items() if key in ("tls", "tlsverify")}
    return checks_clients({**flags, **context.document})


@warns("hosts", since="20.10")
def insecure_tcp_is_slow(context: Context) -> t.Iterator[Problem]:
    """dockerd sleeps on purpose, unless tls is set to false in so many words (loadListeners)."""
    if not context.allow_insecure_tcp or _asks_for_certificates(context) or "tlsverify" in context.document:
        return
    for path, address in listed(context):
        if not address.loopback and context.document.get("tls") is not False:
            reason = "{value} delays every start of the daemon by 15 seconds"
            yield Problem(path, reason, address.raw, "set tls to false to say that this is meant")


@refuses("hosts")
def tcp_with_a_path(context: Context) -> t.Iterator[Problem]:
    """Up to 20.10 it is taken for a part of the port, later it is refused for what it is."""
    for path, address in listed(context):
        if address.kind == "tcp" and address.raw.strip().endswith("/"):
            yield Problem(path, "{value} has a path", address.raw, "take the slash at its end out")


@refuses("hosts")
def abstract_sockets(context: Context) -> t.Iterator[Problem]:
    """dockerd makes one and then fails to set its owner (20.10 to 28.5)."""
    for path, address in listed(context):
        if address.path.startswith("@"):
            yield Problem(path, "{value} is an abstract socket, which dockerd cannot own", address.raw)


@refuses("hosts")
def long_paths(context: Context) -> t.Iterator[Problem]:
    """The kernel's limit for the name of a socket."""
    for path, address in listed(context):
        if address.kind == "unix" and len(os.fsencode(address.path)) > _LONGEST_PATH:
            yield Problem(path, f"{{value}} is longer than {_LONGEST_PATH} bytes", address.raw)


@refuses("hosts")
def sockets_from_systemd(context: Context) -> t.Iterator[Problem]:
    """``fd://`` takes what systemd hands over, ``fd://N`` one of it, counted from 3 (listenFD)."""
    given = context.facts.activated
    for path, address in listed(context):
        which = address.raw.strip().partition("://")[2]
        if address.kind != "fd":
            continue
        if which not in ("", "*") and not (which.isdigit() and int(which) >= 3):
            remedy = "write fd:// for all sockets, or fd://3 for the first"
            yield Problem(path, "{value} names no socket of systemd", address.raw, remedy)
        elif given is not None and not given:
            reason = "{value} needs a socket from systemd, and there is no docker.socket"
            yield Problem(path, reason, address.raw, f"install docker.socket, or write unix://{DEFAULT_SOCKET}")
        elif given is not None and which.isdigit() and int(which) - 3 >= len(given):
            reason = f"{{value}} is beyond the sockets of docker.socket, of which there are {len(given)}"
            yield Problem(path, reason, address.raw, f"write fd://{len(given) + 2} at most")


@refuses("hosts")
def places_of_sockets(context: Context) -> t.Iterator[Problem]:
    """dockerd makes the socket, but no folder for it, and takes away what lies there unless it is a folder."""
    own = [
        context.text("exec-root") or "/var/run/docker",
        context.text("data-root") or "/var/lib/docker",
        "/run/docker",
    ]
    for path, address in listed(context):
        if address.kind != "unix":
            continue
        folder = os.path.dirname(address.path)
        if context.facts.files.get(address.path) == "folder":
            yield Problem(path, "{value} is a folder", address.raw, "choose another path")
        elif context.facts.files.get(folder) == "missing" and not any(_is_in(folder, place) for place in own):
            yield Problem(
                path, f"{{value}} lies in {folder}, which is not there", address.raw, "make that folder first"
            )


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


@warns("hosts")
def files_in_the_way(context: Context) -> t.Iterator[Problem]:
    """dockerd unlinks whatever is no folder before it makes its socket."""
    for path, address in listed(context):
        if address.kind == "unix" and context.facts.files.get(address.path) in ("file", "program"):
            yield Problem(path, "{value} is a file, which dockerd will replace by its socket", address.raw)


@warns("hosts")
def entries_that_say_the_same(context: Context) -> t.Iterator[Problem]:
    """dockerd drops the later ones."""
    seen: dict[str, str] = {}
    for path, address in listed(context):
        raw = address.raw.strip()
        if raw in seen:
            yield Problem(path, f"{{value}} stands in {seen[raw]} already", address.raw, "take one out")
        seen.setdefault(raw, path)


@warns("hosts")
def socket_beside_the_units_own(context: Context) -> t.Iterator[Problem]:
    """dockerd takes the socket of docker.socket away and makes its own; that unit then waits at a path nobody finds."""
    addresses = listed(context)
    if not any(address.kind == "fd" for _path, address in addresses):
        return
    given = {_short(path) for path in context.facts.activated or ()}
    for path, address in addresses:
        if address.kind == "unix" and _short(address.path) in given:
            yield Problem(path, "{value} is what fd:// stands for here", address.raw, "take one of the two out")


def _short(path: str) -> str:
    """/var/run is a link to /run."""
    return path.removeprefix("/var") if path.startswith("/var/run/") else path


@refuses("group")
def group_of_the_socket(context: Context) -> t.Iterator[Problem]:
    """dockerd goes on without its default group, and does not start without another one (listeners.Init)."""
    group = context.text("group")
    accounts = context.facts.accounts
    if not group or group == "docker" or group.isdigit() or accounts is None:
        return
    opens_one = any(address.kind == "unix" for _path, address in listed(context)) or not context.value("hosts")
    if opens_one and accounts.groups.get(group) is False:
        yield Problem("group", "is no group of this host", group, "make the group first")
