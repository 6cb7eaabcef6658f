# Copyright (c) 2026, slipway.docker contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""Make a configuration effective in the running service, and see that it is."""

from __future__ import annotations

import os
import stat
import time
import typing as t

from ..host import systemd
from ..host.errors import HostError
from ..host.machine import Host
from ..host.process import read_process
from . import proof
from .document import Document
from .engine_api import wait_for_event
from .launch import SERVICE, SOCKET
from .sockets import Address

_RELOADED = {"type": ["daemon"], "event": ["reload"]}
_RELOAD_PATIENCE = 20.0


def restart(host: Host, *, with_socket: bool, timeout: float) -> None:
    """(Re)start the service, and its socket unit where that moves: one job, which systemd ends also without us.

    The start limit (three starts in a minute) counts earlier failures and earlier runs of ours: it is reset first.

    :param timeout: seconds
    :raises HostError: where the service does not start
    """
    units = (SOCKET, SERVICE) if with_socket else (SERVICE,)
    systemd.control(host, "reset-failed", SERVICE, SOCKET)
    done = systemd.control(host, "restart", *units, timeout=timeout)
    if done.rc == 124:
        raise HostError(f"{SERVICE} has not started after {timeout:g} s")
    if done.rc != 0:
        raise HostError(f"{SERVICE} does not start")


def reload(host: Host, listens: t.Sequence[Address]) -> None:
    """Let the daemon read daemon.json again, and wait for it to say that it took it over.

    Neither systemctl's exit status nor the log line proves that; the daemon's reload event does, which it sends after
    all of it has succeeded.

    :raises HostError: where it did not
    """
    address = min((a for a in listens if a.loopback), key=lambda a: a.kind != "unix")  # of tcp, some speak TLS
    began = time.time()
    done = host.run(["systemctl", "kill", "--kill-who=main", "--signal=HUP", "--", SERVICE])
    if done.rc != 0:
        raise HostError(f"cannot send SIGHUP to {SERVICE}: {done.last_words}")
    if not wait_for_event(address, began, _RELOADED, _RELOAD_PATIENCE):
        raise HostError("the daemon did not take the new configuration over")


def prove(host: Host, listens: t.Sequence[Address], document: Document, timeout: float) -> None:
    """See that the daemon answers on every address and reports what the file says.

    :raises HostError: where it does not
    """
    silent = proof.unanswered(host, listens, document, timeout)
    if silent:
        raise HostError(f"the daemon does not answer: {silent}")
    wrong = proof.contradictions(listens, document)
    if wrong:
        raise HostError("; ".join(wrong))


def watch(host: Host, settle: float) -> None:
    """See that the daemon that has just been started stays: some die of their configuration only after a while.

    :param settle: seconds
    :raises HostError: where it ended
    """
    status = systemd.status(host, SERVICE).get(SERVICE)
    process = read_process(status.main_pid) if status else None
    began = time.monotonic()
    while process is not None and time.monotonic() - began < settle:
        time.sleep(0.1)
        found = read_process(process.pid)
        if found is None or found.identity != process.identity:
            process = None
    if process is None:
        raise HostError(f"the daemon ended {time.monotonic() - began:.1f} s after it had answered")


def remove_orphans(socket_paths: t.Sequence[str], listens: t.Sequence[Address]) -> None:
    """Take away the nodes that docker.socket leaves behind: a client should see at once that nobody listens."""
    wanted = {os.path.realpath(address.path) for address in listens if address.kind == "unix"}
    for path in socket_paths:
        real = os.path.realpath(path)
        try:
            if real not in wanted and stat.S_ISSOCK(os.stat(real).st_mode):
                os.unlink(real)
        except FileNotFoundError:
            continue
